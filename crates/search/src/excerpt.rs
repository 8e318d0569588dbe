//! The place in a text that speaks of what was asked.

/// Characters shown before the word, and in all.
const BEFORE: usize = 16;
const LENGTH: usize = 64;

/// The surroundings of the first place where the word stands. `plain` is `original` in plain
/// writing, character by character.
pub(crate) fn excerpt(original: &str, plain: &str, word: &str) -> Option<String> {
    let place = plain[..plain.find(word)?].chars().count();
    let begin = place.saturating_sub(BEFORE);
    let shown = original.chars().skip(begin).take(LENGTH);
    let shown: String =
        shown.map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    let before = if begin > 0 { "…" } else { "" };
    let after = if original.chars().count() > begin + LENGTH { "…" } else { "" };
    Some(format!("{before}{}{after}", shown.trim()))
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn short_texts_are_shown_whole() {
        assert_eq!(excerpt("施工\n许可 A1", "施工\n许可 a1", "a1").unwrap(), "施工 许可 A1");
        assert_eq!(excerpt("施工", "施工", "规划"), None);
    }

    #[test]
    fn long_texts_are_cut_around_the_word() {
        let text = format!("{}桩基{}", "前".repeat(50), "后".repeat(80));
        let expected = format!("…{}桩基{}…", "前".repeat(16), "后".repeat(46));
        assert_eq!(excerpt(&text, &text, "桩基"), Some(expected));
    }
}
