//! From a sheet to a file.

use std::sync::LazyLock;

use fast_qr::{QRBuilder, QRCode, convert::svg::SvgBuilder};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use tongban_documents::{SetSheet, Sheet};
use tongban_domain::document::Layout;

use crate::{fonts::Fonts, ofd};

const COMMON: &str = include_str!("../layouts/common.typ");
const LETTER: &str = include_str!("../layouts/letter.typ");
const LICENCE: &str = include_str!("../layouts/licence.typ");

/// A sheet could not be set.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The fonts lack letters: nothing is issued with a blank box in a name.
    #[error("字体缺少下列字符，文件没有制作：{}。请安装含有这些字符的字体，或者改用字体中有的写法。", letters(.0))]
    MissingLetters(Vec<char>),
    /// The layout failed.
    #[error("版式处理失败：{0}")]
    Layout(String),
}

fn letters(missing: &[char]) -> String {
    let named = missing.iter().map(|letter| format!("“{letter}”（U+{:04X}）", u32::from(*letter)));
    named.collect::<Vec<_>>().join("、")
}

/// Sets sheets, with its fonts in memory.
pub struct Press {
    fonts: Fonts,
    book: LazyHash<FontBook>,
    library: LazyHash<Library>,
}

impl Press {
    /// A press with these fonts.
    #[must_use]
    pub fn new(fonts: Fonts) -> Self {
        let book = LazyHash::new(FontBook::from_fonts(fonts.all()));
        Self { fonts, book, library: LazyHash::new(Library::default()) }
    }

    /// The files of a sheet: PDF/A-2u, tagged, and OFD without its signature; the same bytes for the
    /// same sheet.
    ///
    /// # Errors
    /// When the fonts lack a letter of it, or its words do not fit the layout.
    pub fn set(&self, sheet: &Sheet) -> Result<SetSheet, SettingError> {
        let missing = self.fonts.missing(sheet.texts());
        if !missing.is_empty() {
            return Err(SettingError::MissingLetters(missing));
        }
        let code = QRBuilder::new(sheet.address.as_str())
            .build()
            .map_err(|_| SettingError::Layout("the address does not fit into a mark".to_owned()))?;
        let table = Table::lay(self, sheet, &code)?;
        let document: PagedDocument =
            typst::compile(&table).output.map_err(|errors| layout_error(&errors))?;
        let standards = PdfStandards::new(&[PdfStandard::A_2u])
            .map_err(|error| SettingError::Layout(error.message().to_string()))?;
        let options = PdfOptions {
            // The address is different for every document and the same for each making of it.
            ident: Smart::Custom(sheet.address.clone()),
            creator: Smart::Custom(Some("Tongban".to_owned())),
            standards,
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| layout_error(&errors));
        let ofd = ofd::package(&document, sheet, &code)
            .map_err(|error| SettingError::Layout(error.to_string()));
        // What one sheet leaves in the cache of the layout is of no use to the next but one.
        comemo::evict(2);
        Ok(SetSheet { pdf: pdf?, ofd: ofd? })
    }
}

fn layout_error(errors: &[SourceDiagnostic]) -> SettingError {
    SettingError::Layout(errors.first().map_or_else(String::new, |it| it.message.to_string()))
}

fn path(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

/// A sheet with everything its layout reads.
struct Table<'a> {
    press: &'a Press,
    main: Source,
    common: Source,
    words: (FileId, Bytes),
    mark: (FileId, Bytes),
}

impl<'a> Table<'a> {
    fn lay(press: &'a Press, sheet: &Sheet, code: &QRCode) -> Result<Self, SettingError> {
        // The names are constants and valid.
        static NAMES: LazyLock<Option<[FileId; 4]>> = LazyLock::new(|| {
            Some([path("main.typ")?, path("common.typ")?, path("sheet.json")?, path("mark.svg")?])
        });
        let failed = |what: &str| SettingError::Layout(what.to_owned());
        let Some([main, common, words, mark]) = *NAMES else { return Err(failed("names")) };
        let layout = match sheet.layout {
            Layout::Letter => LETTER,
            Layout::Licence => LICENCE,
        };

        let svg = SvgBuilder::default().to_str(code);
        Ok(Self {
            press,
            main: Source::new(main, layout.to_owned()),
            common: Source::new(common, COMMON.to_owned()),
            words: (words, Bytes::new(sheet.to_bytes())),
            mark: (mark, Bytes::from_string(svg)),
        })
    }
}

impl World for Table<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.common]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        [&self.words, &self.mark]
            .into_iter()
            .find(|(file, _)| *file == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.all().get(index).cloned()
    }

    /// None: a sheet carries its own date.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
