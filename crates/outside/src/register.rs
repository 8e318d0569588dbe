//! Registers of others (登记系统): business licences, titles to land, social insurance … What they
//! hold is looked up instead of being asked of the owner.

use serde::Deserialize;
use tongban_domain::{
    codes::{ProjectCode, Uscc},
    time::Day,
};

use crate::client::{Asking, Client, OutsideError, guarded};

/// What a register is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Key of the paper that would otherwise be asked of the owner.
    pub paper: String,
    /// Whose it would be.
    pub owner: Uscc,
    /// For which project.
    pub project: ProjectCode,
}

/// A line of what a register holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// What a register answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it holds such a record.
    pub held: bool,
    /// The last day on which it is valid; none when it does not end.
    pub until: Option<Day>,
    /// What it says, in its own words.
    pub says: Vec<Said>,
}

/// A register that can be asked.
pub trait Register: Send {
    /// Asks it.
    ///
    /// # Errors
    /// When it is away, refuses, or its answer is not one to this question.
    fn ask(&self, question: &Question) -> Result<Answer, OutsideError>;
}

/// A register that is asked over HTTP, as `docs/REGISTERS.md` describes.
pub struct HttpRegister {
    address: String,
    client: Client,
}

impl HttpRegister {
    /// A register at an address such as `https://registers.example.gov.cn/answers`.
    ///
    /// # Errors
    /// When the address is not encrypted and not on this machine, or the certificates of its
    /// authority cannot be read.
    pub fn at(address: &str, asking: Asking) -> Result<Self, OutsideError> {
        guarded(address)?;
        Ok(Self { address: address.to_owned(), client: Client::new(asking)? })
    }
}

impl Register for HttpRegister {
    fn ask(&self, question: &Question) -> Result<Answer, OutsideError> {
        let query = [
            ("paper", question.paper.as_str()),
            ("owner", question.owner.as_str()),
            ("project", question.project.as_str()),
        ];
        // A 404 is a refusal: that it has no record a register says in so many words.
        read(&self.client.get(&self.address, &query)?, question)
    }
}

/// The answer as it travels. What it is about is repeated, so that an answer to another question
/// is not taken for one to this.
#[derive(Deserialize)]
struct Travelling {
    paper: String,
    owner: String,
    held: bool,
    #[serde(default)]
    until: Option<String>,
    #[serde(default)]
    says: Vec<Said>,
}

/// Most lines, and characters in each part of one.
const LINES: usize = 40;
const CHARACTERS: usize = 400;

fn read(body: &[u8], question: &Question) -> Result<Answer, OutsideError> {
    let unclear = |what: &str| OutsideError::Unclear(what.to_owned());
    let read: Travelling =
        serde_json::from_slice(body).map_err(|error| OutsideError::Unclear(error.to_string()))?;
    if read.paper != question.paper || read.owner != question.owner.as_str() {
        return Err(unclear("it is about something else"));
    }
    let until = read.until.map(|day| day.parse().map_err(|_| unclear("until is not a day")));
    let fits = |text: &str| {
        !text.trim().is_empty()
            && text.chars().count() <= CHARACTERS
            && !text.chars().any(char::is_control)
    };
    if read.says.len() > LINES || !read.says.iter().all(|it| fits(&it.name) && fits(&it.value)) {
        return Err(unclear("a line is empty, too long or not text"));
    }
    if !read.held && (until.is_some() || !read.says.is_empty()) {
        return Err(unclear("it holds nothing, and says something"));
    }
    Ok(Answer { held: read.held, until: until.transpose()?, says: read.says })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn question() -> Question {
        Question {
            paper: "business-licence".to_owned(),
            owner: "91350100M000100Y43".parse().unwrap(),
            project: "2509-320571-89-01-000123".parse().unwrap(),
        }
    }

    fn answer(more: &str) -> String {
        let owner = question().owner;
        format!(r#"{{"paper":"business-licence","owner":"{}",{more}}}"#, owner.as_str())
    }

    #[test]
    fn an_answer_is_to_the_question() {
        let body = answer(
            r#""held":true,"until":"2031-05-01","says":[{"name":"名称","value":"苏州某公司"}]"#,
        );
        let read = read(body.as_bytes(), &question()).unwrap();
        assert!(read.held);
        assert_eq!(read.until, Some("2031-05-01".parse().unwrap()));
        assert_eq!(read.says[0].value, "苏州某公司");
    }

    #[test]
    fn what_is_no_answer_to_it_is_not_taken() {
        for more in [
            r#""held":"yes""#,
            r#""held":true,"until":"soon""#,
            r#""held":false,"until":"2031-05-01""#,
            r#""held":true,"says":[{"name":"","value":"x"}]"#,
            r#""held":true,"says":[{"name":"a","value":"b\u0007"}]"#,
        ] {
            let outcome = read(answer(more).as_bytes(), &question());
            assert!(matches!(outcome, Err(OutsideError::Unclear(_))), "{more}");
        }
        let other = answer(r#""held":true"#).replace("business-licence", "land-title");
        assert!(read(other.as_bytes(), &question()).is_err());
    }

    proptest! {
        #[test]
        fn nothing_that_comes_back_makes_it_panic(body: Vec<u8>, more in "\\PC{0,80}") {
            let _ = read(&body, &question());
            let _ = read(answer(&more).as_bytes(), &question());
        }
    }
}
