//! Names by their sound: 施工许可 as sgxk and as shigongxuke.

use pinyin::ToPinyin as _;

/// The pinyin of one name; letters and digits stand for themselves, marks for nothing.
pub(crate) struct Sound {
    /// First letters.
    pub(crate) initials: String,
    full: String,
    /// Where syllables begin in `full`.
    begins: Vec<usize>,
}

impl Sound {
    /// The sound of a plain text.
    pub(crate) fn new(text: &str) -> Self {
        let mut sound = Self { initials: String::new(), full: String::new(), begins: Vec::new() };
        for letter in text.chars() {
            let syllable = match letter.to_pinyin() {
                // ü is typed as v.
                Some(pinyin) => pinyin.plain().replace('ü', "v"),
                None if letter.is_alphanumeric() => letter.to_string(),
                None => continue,
            };
            sound.initials.extend(syllable.chars().next());
            sound.begins.push(sound.full.len());
            sound.full.push_str(&syllable);
        }
        sound
    }

    /// The name begins with these syllables; the last one may be unfinished.
    pub(crate) fn starts_with(&self, letters: &str) -> bool {
        self.full.starts_with(letters)
    }

    /// The syllables stand somewhere in the name, from the beginning of one.
    pub(crate) fn contains(&self, letters: &str) -> bool {
        self.begins.iter().any(|begin| self.full[*begin..].starts_with(letters))
    }
}

#[cfg(test)]
mod tests {
    use super::Sound;

    #[test]
    fn initials_follow_the_pinyin() {
        assert_eq!(Sound::new("建筑工程施工许可证").initials, "jzgcsgxkz");
        assert_eq!(Sound::new("gh-02 规划").initials, "gh02gh");
    }

    #[test]
    fn syllables_are_found_from_their_beginning() {
        let sound = Sound::new("城市绿化（施工）许可");
        assert!(sound.starts_with("chengshilvh"));
        assert!(sound.contains("shigongxuke"));
        assert!(!sound.contains("hengshi"));
    }
}
