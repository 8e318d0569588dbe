//! What goes in and what comes out.

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// A code that people may type, such as SG-09; upper and lower case are the same.
    pub id: String,
    /// The official name.
    pub title: String,
    /// Everyday and short names: 施工证, 开工证. What people call a thing belongs here.
    pub aliases: Vec<String>,
    /// Passages of text and how much each says about the document.
    pub body: Vec<(Weight, String)>,
}

/// How much a passage says about its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Mentions in passing: legal basis, papers, questions and answers.
    Weak,
    /// The text of the guide.
    Plain,
    /// What the document is known for: result, department, conditions.
    Strong,
}

/// A document that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The document's code as it was given.
    pub id: String,
    /// How well it fits: comparable within one search, meaningless otherwise.
    pub score: u32,
    /// Where the text speaks of what was asked; none when names or code were enough.
    pub excerpt: Option<String>,
}
