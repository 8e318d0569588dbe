//! Cutting Chinese text into words.

use std::collections::HashSet;

use jieba_rs::Jieba;

/// Longer names are built of words; only shorter ones are words themselves.
const LONGEST_NAME: usize = 6;

const STOP_WORDS: &str = include_str!("stop-words.txt");

/// The words that are known.
pub(crate) struct Segmenter {
    words: Jieba,
    stop_words: HashSet<&'static str>,
}

impl Segmenter {
    /// Knows general Chinese (with the feature `general-dictionary`), these names, and what is
    /// said in questions.
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut words = Jieba::empty();
        #[cfg(feature = "general-dictionary")]
        words.load_default_dict();
        let names: HashSet<&str> = names.collect();
        let lines = STOP_WORDS.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        // What is called by such a word must still be found by it.
        let stop_words: HashSet<&str> = lines.filter(|line| !names.contains(line)).collect();
        let short = names.iter().copied().filter(|name| name.chars().count() <= LONGEST_NAME);
        // In order, so that the same documents always know words equally well.
        let mut known: Vec<&str> = short.chain(stop_words.iter().copied()).collect();
        known.sort_unstable();
        known.dedup();
        for word in known {
            if !words.has_word(word) && word.chars().count() > 1 {
                words.add_word(word, None, None);
            }
        }
        Self { words, stop_words }
    }

    /// Says nothing about what is asked.
    pub(crate) fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }

    /// All words of a plain text, also the shorter ones within longer ones.
    pub(crate) fn words<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let words = self.words.cut_for_search(text, false).into_iter().map(|token| token.word);
        words.filter(|word| says_something(word) && !self.is_stop_word(word)).collect()
    }

    /// The runs of words in a question between what every question says; each run is given
    /// whole and as its words. Empty when there is nothing else.
    pub(crate) fn runs(&self, question: &str) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut run = Run::default();
        for token in self.words.cut(question, false) {
            if self.is_stop_word(token.word) || !says_something(token.word) {
                runs.push(std::mem::take(&mut run));
            } else {
                run.whole.push_str(token.word);
                run.words.push(token.word.to_owned());
            }
        }
        runs.push(run);
        runs.retain(|run| !run.words.is_empty());
        runs
    }
}

/// Words that follow one another.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) whole: String,
    pub(crate) words: Vec<String>,
}

/// Not just marks and spaces.
fn says_something(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}
