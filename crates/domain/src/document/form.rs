//! The wording of documents (文书格式), as the pack has it. A department edits words and the order
//! of rows; what can stand between the words is a closed list.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::DocumentKind;
use crate::{catalog::ItemKind, codes::LicenceKind};

/// How a document looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// A notice or decision (通知书、决定书), A4 upright.
    Letter,
    /// A licence (证照), A4 across: the grant on the left, what it covers on the right.
    Licence,
}

/// Something that is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placeholder {
    /// Name of the owner (建设单位).
    Owner,
    /// Its unified social credit code.
    OwnerCode,
    /// Name of the project.
    Project,
    /// Code of the project.
    ProjectCode,
    /// Region of the site, from the province down.
    Site,
    /// Name of the city or county of the site.
    Region,
    /// Name of the item.
    Item,
    /// Name of the result document.
    Result,
    /// Number of the document.
    Number,
    /// Number of the case.
    CaseNumber,
    /// Number of the joint application.
    ApplicationNumber,
    /// Name of the department.
    Department,
    /// The day it was handed in.
    Received,
    /// The day it was accepted.
    Accepted,
    /// The day of the decision.
    Decided,
    /// The last day a result holds.
    Until,
    /// The last day for an answer, such as corrections.
    AnswerBy,
    /// The coded reason, in words.
    Reason,
    /// What the officer wrote.
    Words,
    /// Legal basis of the item.
    Basis,
    /// Calendar days for asking for administrative review (行政复议).
    ReviewDays,
    /// Months for bringing a suit (行政诉讼).
    SuitMonths,
    /// Papers that still have to be brought (容缺材料).
    Owed,
    /// A field of the form, by key.
    Field(String),
}

/// Every placeholder but fields, with the word by which wordings name it.
pub const PLACEHOLDERS: [(&str, Placeholder); 23] = [
    ("owner", Placeholder::Owner),
    ("owner-code", Placeholder::OwnerCode),
    ("project", Placeholder::Project),
    ("project-code", Placeholder::ProjectCode),
    ("site", Placeholder::Site),
    ("region", Placeholder::Region),
    ("item", Placeholder::Item),
    ("result", Placeholder::Result),
    ("number", Placeholder::Number),
    ("case-number", Placeholder::CaseNumber),
    ("application-number", Placeholder::ApplicationNumber),
    ("department", Placeholder::Department),
    ("received", Placeholder::Received),
    ("accepted", Placeholder::Accepted),
    ("decided", Placeholder::Decided),
    ("until", Placeholder::Until),
    ("answer-by", Placeholder::AnswerBy),
    ("reason", Placeholder::Reason),
    ("words", Placeholder::Words),
    ("basis", Placeholder::Basis),
    ("review-days", Placeholder::ReviewDays),
    ("suit-months", Placeholder::SuitMonths),
    ("owed", Placeholder::Owed),
];

/// A wording that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceholderError {
    /// A brace without its other half.
    #[error("a brace has no other half")]
    Brace,
    /// Not one of the list.
    #[error("there is nothing called {{{0}}} to fill in")]
    Unknown(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Value(Placeholder),
}

/// Words with places that are filled in, such as `{owner}：`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording(Vec<Piece>);

impl Wording {
    /// The words with every place filled in. None when it has places and all of them are empty:
    /// such a row or sentence is left out.
    #[must_use]
    pub fn fill(&self, value: impl Fn(&Placeholder) -> String) -> Option<String> {
        let (mut filled, mut places, mut empty) = (String::new(), 0, 0);
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => filled.push_str(words),
                Piece::Value(placeholder) => {
                    let value = value(placeholder);
                    places += 1;
                    empty += usize::from(value.is_empty());
                    filled.push_str(&value);
                }
            }
        }
        (places == 0 || empty < places).then_some(filled)
    }

    /// Whether it has this place.
    #[must_use]
    pub fn has(&self, place: &Placeholder) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Value(known) if known == place))
    }

    /// The fields it names.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value(Placeholder::Field(key)) => Some(key.as_str()),
            Piece::Value(_) | Piece::Words(_) => None,
        })
    }
}

impl FromStr for Wording {
    type Err = PlaceholderError;

    fn from_str(text: &str) -> Result<Self, PlaceholderError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (words, from) = rest.split_at(at);
            let (name, after) = from
                .strip_prefix('{')
                .and_then(|inside| inside.split_once('}'))
                .ok_or(PlaceholderError::Brace)?;
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            pieces.push(Piece::Value(name.parse()?));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        Ok(Self(pieces))
    }
}

impl FromStr for Placeholder {
    type Err = PlaceholderError;

    fn from_str(name: &str) -> Result<Self, PlaceholderError> {
        if let Some(key) = name.strip_prefix("field:") {
            return Ok(Self::Field(key.to_owned()));
        }
        let known = PLACEHOLDERS.iter().find(|(word, _)| *word == name);
        let unknown = || PlaceholderError::Unknown(name.to_owned());
        known.map(|(_, placeholder)| placeholder.clone()).ok_or_else(unknown)
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Field(key) = self {
            return write!(f, "field:{key}");
        }
        let word = PLACEHOLDERS.iter().find(|(_, it)| it == self).map_or("", |(word, _)| word);
        f.write_str(word)
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Words(words) => f.write_str(words),
            Piece::Value(placeholder) => write!(f, "{{{placeholder}}}"),
        })
    }
}

/// How a kind of document is worded: for items, for kinds of items, or for all the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentForm {
    /// What for.
    pub kind: DocumentKind,
    /// The items it is for, by code; with none, and no kinds, all that have no form of their own.
    pub items: Vec<String>,
    /// The kinds of items it is for.
    pub item_kinds: Vec<ItemKind>,
    /// How it looks.
    pub layout: Layout,
    /// The kind of electronic licence (证照类型代码); none for letters.
    pub licence: Option<LicenceKind>,
    /// Title.
    pub title: Wording,
    /// How its number is printed.
    pub number: Wording,
    /// The body that issues it.
    pub issuer: Wording,
    /// The words of the grant or notice.
    pub paragraphs: Vec<Wording>,
    /// Labels and values.
    pub rows: Vec<(String, Wording)>,
    /// Remedies, duties and the like.
    pub closing: Vec<Wording>,
    /// Where it comes from.
    pub basis: String,
}

impl DocumentForm {
    /// What it is called in messages: its kind and what it is for.
    #[must_use]
    pub fn key(kind: DocumentKind, items: &[String], item_kinds: &[ItemKind]) -> String {
        let kinds = item_kinds.iter().map(|kind| kind.name());
        let of: Vec<&str> = items.iter().map(String::as_str).chain(kinds).collect();
        if of.is_empty() {
            kind.name().to_owned()
        } else {
            format!("{} {}", kind.name(), of.join("、"))
        }
    }

    /// Whether it is for everything that no other form of its kind is for.
    #[must_use]
    pub fn is_general(&self) -> bool {
        self.items.is_empty() && self.item_kinds.is_empty()
    }

    /// Every wording of it.
    pub fn wordings(&self) -> impl Iterator<Item = &Wording> {
        [&self.title, &self.number, &self.issuer]
            .into_iter()
            .chain(&self.paragraphs)
            .chain(self.rows.iter().map(|(_, wording)| wording))
            .chain(&self.closing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wording(text: &str) -> Wording {
        text.parse().unwrap()
    }

    fn fill(text: &str) -> Option<String> {
        wording(text).fill(|placeholder| {
            if let Placeholder::Field(key) = placeholder {
                return format!("<{key}>");
            }
            if *placeholder == Placeholder::Owner { "甲公司".to_owned() } else { String::new() }
        })
    }

    #[test]
    fn places_are_filled_and_a_sentence_of_empty_places_goes() {
        assert_eq!(fill("{owner}：").as_deref(), Some("甲公司："));
        assert_eq!(fill("{owner}（{field:scale}）").as_deref(), Some("甲公司（<scale>）"));
        assert_eq!(fill("没有空位").as_deref(), Some("没有空位"));
        assert_eq!(fill("有效期至{until}"), None);
        assert_eq!(fill("{owner}，有效期至{until}").as_deref(), Some("甲公司，有效期至"));
    }

    #[test]
    fn what_cannot_be_filled_in_is_refused() {
        assert_eq!("{own".parse::<Wording>(), Err(PlaceholderError::Brace));
        assert_eq!("own}".parse::<Wording>(), Err(PlaceholderError::Brace));
        let unknown = PlaceholderError::Unknown("#eval".to_owned());
        assert_eq!("{#eval}".parse::<Wording>(), Err(unknown));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_wording_that_writes_itself_or_refused(text in ".{0,30}") {
            if let Ok(read) = text.parse::<Wording>() {
                proptest::prop_assert_eq!(read.to_string(), text);
            }
        }
    }
}
