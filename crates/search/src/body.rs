//! How well words fit the passages of documents, by BM25.

use std::collections::HashMap;

use crate::{
    document::{Document, Weight},
    segment::Segmenter,
    text::plain,
};

/// The usual constants: how soon more of a word says no more, how much length counts.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// The passages of one document.
pub(crate) struct Body {
    /// Plain passages, at the places of the document's own.
    passages: Vec<(Weight, String)>,
    /// Words with how often they occur, weighted.
    words: HashMap<String, f64>,
    length: f64,
}

/// What all bodies together tell about words.
pub(crate) struct Statistics {
    documents: f64,
    length: f64,
    /// In how many documents a word occurs.
    found_in: HashMap<String, f64>,
}

impl Weight {
    /// How often an occurrence counts.
    fn times(self) -> f64 {
        match self {
            Self::Strong => 3.0,
            Self::Plain => 2.0,
            Self::Weak => 1.0,
        }
    }

    /// How well a word fits that stands in a passage, on the scale of names.
    pub(crate) fn fit(self) -> u32 {
        match self {
            Self::Strong => 10,
            Self::Plain => 4,
            Self::Weak => 3,
        }
    }
}

impl Body {
    pub(crate) fn new(document: &Document, segmenter: &Segmenter) -> Self {
        let passages = document.body.iter().map(|(weight, text)| (*weight, plain(text)));
        let mut body = Self { passages: passages.collect(), words: HashMap::new(), length: 0.0 };
        for (weight, text) in &body.passages {
            for word in segmenter.words(text) {
                *body.words.entry(word.to_owned()).or_default() += weight.times();
                body.length += weight.times();
            }
        }
        body
    }

    /// The weightiest passage with the word in it: its weight and its place.
    pub(crate) fn passage(&self, word: &str) -> Option<(Weight, usize)> {
        let found = self.passages.iter().enumerate().filter(|(_, (_, text))| text.contains(word));
        // The first of equals.
        found.map(|(place, (weight, _))| (*weight, place)).rev().max_by_key(|(weight, _)| *weight)
    }

    /// The plain passage at a place.
    pub(crate) fn text(&self, place: usize) -> Option<&str> {
        self.passages.get(place).map(|(_, text)| text.as_str())
    }
}

impl Statistics {
    pub(crate) fn new<'a>(bodies: impl Iterator<Item = &'a Body>) -> Self {
        let mut all = Self { documents: 0.0, length: 0.0, found_in: HashMap::new() };
        for body in bodies {
            all.documents += 1.0;
            all.length += body.length;
            for word in body.words.keys() {
                *all.found_in.entry(word.clone()).or_default() += 1.0;
            }
        }
        all
    }

    /// How much the body speaks of the word: 0 for not at all, below 1000.
    pub(crate) fn relevance(&self, body: &Body, word: &str) -> u32 {
        let Some(often) = body.words.get(word) else { return 0 };
        let found_in = self.found_in.get(word).copied().unwrap_or(0.0);
        let rarity = (1.0 + (self.documents - found_in + 0.5) / (found_in + 0.5)).ln();
        let length = body.length * self.documents / self.length;
        let tired = often + SATURATION * (1.0 - LENGTH + LENGTH * length);
        let score = rarity * often * (SATURATION + 1.0) / tired;
        // A float is cut off when it becomes a whole number; it is positive and small.
        (999.0 * score / (score + 5.0)) as u32
    }
}
