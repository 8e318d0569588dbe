//! How well a word fits a document's code and names.

use crate::{document::Document, sound::Sound, text::plain};

/// The code and the names of a document, as they are compared.
pub(crate) struct Names {
    id: String,
    title: String,
    aliases: Vec<String>,
    sounds: Vec<Sound>,
}

/// The least letters by which a sound is looked for.
const FEWEST_LETTERS: usize = 2;

impl Names {
    pub(crate) fn new(document: &Document) -> Self {
        let title = plain(&document.title);
        let aliases: Vec<String> = document.aliases.iter().map(|alias| plain(alias)).collect();
        let names = std::iter::once(&title).chain(&aliases);
        let sounds = names.map(|name| Sound::new(name)).collect();
        Self { id: plain(&document.id), title, aliases, sounds }
    }

    /// Title and aliases.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.title).chain(&self.aliases).map(String::as_str)
    }

    /// From 100, the code itself, down to 30, a part of it.
    pub(crate) fn fit(&self, word: &str) -> Option<u32> {
        let letters = word.is_ascii() && word.len() >= FEWEST_LETTERS;
        let sounds = |fits: fn(&Sound, &str) -> bool| {
            letters && self.sounds.iter().any(|sound| fits(sound, word))
        };
        let levels: [(u32, &dyn Fn() -> bool); 11] = [
            (100, &|| self.id == word),
            (95, &|| self.title == word),
            (90, &|| self.aliases.iter().any(|alias| alias == word)),
            (80, &|| self.title.starts_with(word)),
            (70, &|| self.title.contains(word)),
            (60, &|| self.aliases.iter().any(|alias| alias.contains(word))),
            (50, &|| sounds(|sound, word| sound.initials.starts_with(word))),
            (45, &|| sounds(Sound::starts_with)),
            (40, &|| sounds(|sound, word| sound.initials.contains(word))),
            (35, &|| sounds(Sound::contains)),
            (30, &|| self.id.contains(word)),
        ];
        levels.into_iter().find(|(_, fits)| fits()).map(|(level, _)| level)
    }

    /// The letters of the word stand in the title in order, such as 规划证 in 规划许可证.
    pub(crate) fn in_order(&self, word: &str) -> bool {
        let mut letters = self.title.chars();
        !word.is_ascii()
            && word.chars().count() >= 2
            && word.chars().all(|wanted| letters.any(|letter| letter == wanted))
    }
}
