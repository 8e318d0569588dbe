//! What is put on paper: words only, in the order of the layout.

use serde::{Deserialize, Serialize};
use tongban_domain::document::Layout;

/// A certificate or notice, ready to be set. Texts are plain: nothing in them is markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// How it looks.
    pub layout: Layout,
    /// 标题.
    pub title: String,
    /// 文号 or 证照编号, as printed.
    pub number: String,
    /// To whom it is addressed.
    pub addressee: String,
    /// The words of the grant or the notice.
    pub paragraphs: Vec<String>,
    /// A table of labels and values; may be empty.
    pub rows: Vec<(String, String)>,
    /// What follows the table: remedies of a decision, duties of a licence (遵守事项).
    pub closing: Vec<String>,
    /// The body that issues it (发证机关).
    pub issuer: String,
    /// The code at the foot of its seal; may be empty.
    pub seal_code: String,
    /// The date as printed.
    pub date: String,
    /// Year, month and day of issue.
    pub on: (i32, u8, u8),
    /// Where anybody can check it; also in the square mark.
    pub address: String,
    /// Names and values beside the mark, such as 电子证照标识.
    pub marks: Vec<(String, String)>,
}

impl Sheet {
    /// The words as they go to the press: the same words give the same file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts and numbers always have a form in JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Every text on it, in no particular order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let pairs = self.rows.iter().chain(&self.marks);
        [&self.title, &self.number, &self.addressee, &self.issuer, &self.seal_code, &self.date]
            .into_iter()
            .chain([&self.address])
            .chain(&self.paragraphs)
            .chain(&self.closing)
            .chain(pairs.flat_map(|(label, value)| [label, value]))
            .map(String::as_str)
    }
}

/// A sheet that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetSheet {
    /// PDF/A-2u.
    pub pdf: Vec<u8>,
    /// The same pages as OFD (GB/T 33190-2016), without the signature that it names.
    pub ofd: Vec<u8>,
}
