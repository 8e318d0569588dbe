//! What an uploaded file is, by its content, and what in it could do harm to those who open it or
//! to the node that keeps it. Nothing is unpacked but the tables that are looked at, and those
//! within limits. Pure; knows none of the other crates.

mod archive;
mod pdf;
mod picture;

/// A kind of file that papers take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// A photograph.
    Jpg,
    /// A picture.
    Png,
    /// An archive of files.
    Zip,
    /// 版式文件 (GB/T 33190).
    Ofd,
    /// A text document.
    Docx,
    /// A workbook.
    Xlsx,
    /// A drawing of AutoCAD.
    Dwg,
    /// A drawing for exchange.
    Dxf,
    /// Plain text, such as coordinates of boundary points.
    Txt,
}

/// Why a file is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Danger {
    /// The content is not of this kind.
    #[error("the content is not such a file")]
    OtherContent,
    /// A PDF that does something when it is opened.
    #[error("the PDF holds {0}")]
    Active(Activity),
    /// A PDF under a password or restrictions: what is in it cannot be looked at.
    #[error("the PDF is encrypted")]
    EncryptedPdf,
    /// Two files in one: whoever reads it in another way finds something else.
    #[error("another file is hidden in this one")]
    TwoInOne,
    /// An archive that cannot be read as one.
    #[error("the archive is damaged")]
    DamagedArchive,
    /// An archive under a password.
    #[error("the archive is encrypted")]
    EncryptedArchive,
    /// More files in an archive than people put there.
    #[error("the archive has more than {0} files")]
    TooManyEntries(usize),
    /// An archive that would become too large when unpacked.
    #[error("the archive unpacks to more than {0} MiB, or to too many times its size")]
    TooMuchInside(u64),
    /// A name that leads out of the folder, or is none.
    #[error("the archive has a file with the name {0:?}")]
    BadName(String),
    /// An archive within the archive.
    #[error("the archive holds another archive, {0:?}")]
    Nested(String),
    /// A program within the archive.
    #[error("the archive holds a program, {0:?}")]
    Program(String),
    /// A document that carries macros.
    #[error("the document carries macros")]
    Macros,
    /// More pixels than anybody can look at.
    #[error("the picture has more than {0} million pixels")]
    TooManyPixels(u64),
}

/// What a PDF does besides being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Scripts.
    Script,
    /// It starts programs.
    Launch,
    /// Files are attached.
    Attachment,
    /// Films, sound or three-dimensional models.
    Media,
    /// A form that is a program (XFA).
    DynamicForm,
}

impl std::fmt::Display for Activity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Script => "scripts",
            Self::Launch => "an action that starts programs",
            Self::Attachment => "attached files",
            Self::Media => "films or sound",
            Self::DynamicForm => "a dynamic form",
        })
    }
}

impl Kind {
    /// The kind of a name's ending, in small letters and without the dot.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "pdf" => Self::Pdf,
            "jpg" | "jpeg" => Self::Jpg,
            "png" => Self::Png,
            "zip" => Self::Zip,
            "ofd" => Self::Ofd,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "dwg" => Self::Dwg,
            "dxf" => Self::Dxf,
            "txt" => Self::Txt,
            _ => return None,
        })
    }

    /// The media type under which it is served.
    #[must_use]
    pub const fn media(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
            Self::Zip => "application/zip",
            Self::Ofd => "application/ofd",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Dwg => "image/vnd.dwg",
            Self::Dxf => "image/vnd.dxf",
            Self::Txt => "text/plain",
        }
    }
}

/// Looks at a file that calls itself of a kind.
///
/// # Errors
/// When it is of another, or holds what is not kept.
pub fn inspect(kind: Kind, content: &[u8]) -> Result<(), Danger> {
    let starts = |magic: &[u8]| content.starts_with(magic);
    let fits = match kind {
        Kind::Pdf => starts(b"%PDF-"),
        Kind::Jpg => starts(&[0xff, 0xd8, 0xff]),
        Kind::Png => starts(b"\x89PNG\r\n\x1a\n"),
        Kind::Zip | Kind::Ofd | Kind::Docx | Kind::Xlsx => starts(b"PK\x03\x04"),
        Kind::Dwg => starts(b"AC10"),
        Kind::Dxf => {
            let head = &content[..content.len().min(8192)];
            !content.contains(&0) && head.windows(7).any(|part| part == b"SECTION")
        }
        Kind::Txt => !content.contains(&0),
    };
    if !fits {
        return Err(Danger::OtherContent);
    }
    match kind {
        Kind::Pdf => pdf::inspect(content),
        Kind::Jpg => picture::inspect_jpg(content),
        Kind::Png => picture::inspect_png(content),
        Kind::Zip => archive::inspect(content, archive::Holds::Files),
        Kind::Ofd => archive::inspect(content, archive::Holds::Part("OFD.xml")),
        Kind::Docx | Kind::Xlsx => {
            archive::inspect(content, archive::Holds::Part("[Content_Types].xml"))
        }
        Kind::Dwg | Kind::Dxf | Kind::Txt => Ok(()),
    }
}
