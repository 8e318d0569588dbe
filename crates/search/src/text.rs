//! One way of writing, so that what means the same compares equal.

/// Small letters, full-width ones as ASCII; as many characters as before, so that places
/// in the result are places in the original.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(plain_letter).collect()
}

fn plain_letter(letter: char) -> char {
    /// From the full-width letters to the same ones in ASCII.
    const FULL_WIDTH: u32 = 0xFEE0;
    let letter = match letter {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(u32::from(letter) - FULL_WIDTH).unwrap_or(letter),
        _ => letter,
    };
    letter.to_lowercase().next().unwrap_or(letter)
}

/// The words as typed: between spaces and the ends of sentences, without marks around them.
/// The marks that stand in official names, such as brackets and 、, do not end a word.
pub(crate) fn typed(text: &str) -> Vec<String> {
    let ends = |letter: char| letter.is_whitespace() || "。,?!;".contains(letter);
    let marks = |letter: char| !letter.is_alphanumeric();
    let text = plain(text);
    let words = text.split(ends).map(|word| word.trim_matches(marks));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_letters_are_letters() {
        assert_eq!(plain("ＳＧ－０９　施工"), "sg-09 施工");
    }

    #[test]
    fn words_end_with_spaces_and_sentences() {
        assert_eq!(typed(" 开工证，怎么办？ "), ["开工证", "怎么办"]);
        assert_eq!(typed("工程招标投标（施工、监理）"), ["工程招标投标(施工、监理"]);
        assert_eq!(typed("？！"), Vec::<String>::new());
    }
}
