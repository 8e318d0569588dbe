//! The index and the search.

use crate::{
    body::{Body, Statistics},
    document::{Document, Hit},
    excerpt::excerpt,
    names::Names,
    segment::{Run, Segmenter},
    text,
};

/// On the scale of names: below what stands in a strong passage, above the others.
const IN_ORDER: u32 = 5;
/// Room for the relevance of a passage below each step of the scale.
const STEP: u32 = 1000;
/// Characters of a query; whoever pastes more wants something else.
const LONGEST: usize = 100;

/// Documents, ready to be searched.
pub struct Index {
    entries: Vec<Entry>,
    statistics: Statistics,
    segmenter: Segmenter,
}

struct Entry {
    document: Document,
    names: Names,
    body: Body,
}

/// How one word fits one document.
#[derive(Clone, Default)]
struct Fit {
    score: u32,
    /// The passage in which the word stands, when the names do not have it.
    passage: Option<(usize, String)>,
}

/// How a word fits each document; none where it does not.
type Fits = Vec<Option<Fit>>;

impl Index {
    /// An index of these documents. Their order decides between equals.
    pub fn new(documents: Vec<Document>) -> Self {
        let named: Vec<(Names, Document)> =
            documents.into_iter().map(|document| (Names::new(&document), document)).collect();
        let segmenter = Segmenter::new(named.iter().flat_map(|(names, _)| names.all()));
        let entries: Vec<Entry> = named
            .into_iter()
            .map(|(names, document)| {
                let body = Body::new(&document, &segmenter);
                Entry { document, names, body }
            })
            .collect();
        let statistics = Statistics::new(entries.iter().map(|entry| &entry.body));
        Self { entries, statistics, segmenter }
    }

    /// The documents that fit, the best first, at most so many. All words must fit; what every
    /// question says is passed over unless nothing else was typed. Only the first hundred
    /// characters are looked at.
    pub fn find(&self, text: &str, most: usize) -> Vec<Hit> {
        let text: String = text.chars().take(LONGEST).collect();
        let Some(fits) = self.fits(&text::typed(&text)) else { return Vec::new() };
        let mut found: Vec<(usize, Fit)> = fits
            .into_iter()
            .enumerate()
            .filter_map(|(place, fit)| fit.map(|fit| (place, fit)))
            .collect();
        found.sort_by_key(|(place, fit)| (std::cmp::Reverse(fit.score), *place));
        found.truncate(most);
        found.into_iter().map(|(place, fit)| self.entries[place].hit(fit)).collect()
    }

    /// How everything that was typed fits; none when nothing was.
    fn fits(&self, typed: &[String]) -> Option<Fits> {
        let asked = typed.iter().filter(|word| !self.segmenter.runs(word).is_empty());
        let asked: Vec<&String> = asked.collect();
        if asked.is_empty() {
            return all(typed.iter().map(|word| self.as_it_stands(word)));
        }
        all(asked.into_iter().map(|word| {
            let whole = self.as_it_stands(word);
            if some(&whole) { whole } else { self.question(word).unwrap_or(whole) }
        }))
    }

    /// A word that is not to be cut.
    fn as_it_stands(&self, word: &str) -> Fits {
        self.entries.iter().map(|entry| entry.fit(word, &self.statistics)).collect()
    }

    /// What a question is about. Words that no document knows are passed over, as long as they
    /// are not the greater part: 小区里挖掘道路 is about 挖掘道路, 小孩上学登记 is about nothing here.
    fn question(&self, question: &str) -> Option<Fits> {
        let runs = self.segmenter.runs(question);
        let asked: Vec<(usize, Fits)> = runs.iter().flat_map(|run| self.run(run)).collect();
        let letters = |(letters, _): &(usize, Fits)| *letters;
        let said: usize = asked.iter().map(letters).sum();
        let known: Vec<(usize, Fits)> = asked.into_iter().filter(|(_, fits)| some(fits)).collect();
        let understood = known.iter().map(letters).sum::<usize>() * 2 >= said;
        all(known.into_iter().map(|(_, fits)| fits)).filter(|_| understood)
    }

    /// A run as it stands, or word by word where it stands nowhere; with the numbers of
    /// letters. Single letters say too little.
    fn run(&self, run: &Run) -> Vec<(usize, Fits)> {
        let asked = |word: &str| (word.chars().count(), self.as_it_stands(word));
        let whole = asked(&run.whole);
        if whole.0 > 1 && some(&whole.1) {
            return vec![whole];
        }
        let words = run.words.iter().map(|word| asked(word));
        words.filter(|(letters, _)| *letters > 1).collect()
    }
}

/// A document fits what fits all words; its scores add up.
fn all(words: impl Iterator<Item = Fits>) -> Option<Fits> {
    words.reduce(|sum, next| {
        let both = |(sum, next): (Option<Fit>, Option<Fit>)| {
            let (sum, next) = sum.zip(next)?;
            Some(Fit { score: sum.score + next.score, passage: sum.passage.or(next.passage) })
        };
        sum.into_iter().zip(next).map(both).collect()
    })
}

fn some(fits: &Fits) -> bool {
    fits.iter().any(Option::is_some)
}

impl Entry {
    fn fit(&self, word: &str, statistics: &Statistics) -> Option<Fit> {
        let relevance = statistics.relevance(&self.body, word);
        if let Some(level) = self.names.fit(word) {
            return Some(Fit { score: level * STEP, passage: None });
        }
        let passage = self.body.passage(word);
        let in_text = passage.map_or(0, |(weight, _)| weight.fit());
        let level = if self.names.in_order(word) { in_text.max(IN_ORDER) } else { in_text };
        let passage = passage.map(|(_, place)| (place, word.to_owned()));
        (level > 0).then(|| Fit { score: level * STEP + relevance, passage })
    }

    fn hit(&self, fit: Fit) -> Hit {
        let excerpt = fit.passage.and_then(|(place, word)| {
            let (_, original) = self.document.body.get(place)?;
            excerpt(original, self.body.text(place)?, &word)
        });
        Hit { id: self.document.id.clone(), score: fit.score, excerpt }
    }
}
