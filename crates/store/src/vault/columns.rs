//! The columns whose cells are encrypted.

/// A column of cells. What it is called is authenticated with every cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// A sealed value: a personal field, an opinion, a note.
    Sealed,
    /// The name of a person.
    Name,
    /// A telephone number.
    Phone,
    /// A resident identity number.
    IdNumber,
    /// What was typed into a draft.
    DraftValue,
    /// The name under which a file was uploaded.
    FileName,
    /// The secret of a second factor.
    SecondFactor,
    /// What a download may be fetched with; of no table.
    Download,
    /// What a unified login is known by, and kept apart with; of no table.
    Login,
    /// A text that is known beforehand: whether the keys are the right ones.
    Check,
}

impl Column {
    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sealed => "sealed.value",
            Self::Name => "persons.name",
            Self::Phone => "persons.phone",
            Self::IdNumber => "persons.id_number",
            Self::DraftValue => "draft_values.value",
            Self::FileName => "files.name",
            Self::SecondFactor => "accounts.second_factor",
            Self::Download => "download",
            Self::Login => "login",
            Self::Check => "meta.person_key",
        }
    }

    /// What is authenticated with a cell: column and row.
    pub(super) fn place(self, row: &[u8]) -> Vec<u8> {
        [self.name().as_bytes(), b"\0", row].concat()
    }
}

/// The row of a value in a draft.
pub(crate) fn draft_row(draft: &[u8; 16], kind: &str, name: &str) -> Vec<u8> {
    [draft.as_slice(), kind.as_bytes(), b"\0", name.as_bytes()].concat()
}
