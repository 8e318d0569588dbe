//! The fonts of a sheet, read once.

use std::path::Path;

use typst::{foundations::Bytes, text::Font};

/// The families that layouts name: one with serifs for the words, one without for small print.
const FAMILIES: [&str; 2] = ["Noto Serif CJK SC", "Noto Sans CJK SC"];

/// Fonts found in a folder.
pub struct Fonts(Vec<Font>);

/// The folder has not what is needed.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// It cannot be read.
    #[error("字体目录 {0} 无法读取：{1}")]
    Unreadable(String, std::io::Error),
    /// A family is missing.
    #[error("目录 {0} 中没有字体“{1}”，请安装 fonts-noto-cjk")]
    Missing(String, &'static str),
}

impl Fonts {
    /// Reads the Noto families for Chinese from a folder of font files and collections.
    ///
    /// # Errors
    /// When the folder cannot be read, or a family is missing.
    pub fn open(folder: &Path) -> Result<Self, FontError> {
        let unreadable = |error| FontError::Unreadable(folder.display().to_string(), error);
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .map_err(unreadable)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                name.starts_with("NotoSerifCJK-") || name.starts_with("NotoSansCJK-")
            })
            .collect();
        files.sort();
        let mut fonts = Vec::new();
        for file in files {
            let bytes = Bytes::new(std::fs::read(&file).map_err(unreadable)?);
            let ours = |font: &Font| FAMILIES.contains(&font.info().family.as_str());
            fonts.extend(Font::iter(bytes).filter(ours));
        }
        for family in FAMILIES {
            if !fonts.iter().any(|font| font.info().family == family) {
                return Err(FontError::Missing(folder.display().to_string(), family));
            }
        }
        Ok(Self(fonts))
    }

    pub(crate) fn all(&self) -> &[Font] {
        &self.0
    }

    /// The letters of a text that the fonts cannot show, each once.
    pub(crate) fn missing<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<char> {
        let mut missing: Vec<char> = texts
            .flat_map(str::chars)
            .filter(|letter| !letter.is_whitespace())
            .filter(|letter| {
                !FAMILIES.iter().all(|family| {
                    let mut of_family = self.0.iter().filter(|font| font.info().family == *family);
                    of_family.all(|font| font.info().coverage.contains(u32::from(*letter)))
                })
            })
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}
