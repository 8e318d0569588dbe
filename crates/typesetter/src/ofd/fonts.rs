//! Fonts with the letters of one document, complete enough for any reader.

use std::collections::BTreeMap;

use subsetter::GlyphRemapper;
use typst::text::Font;
use write_fonts::{
    FontBuilder,
    read::{FontRef, TableProvider as _},
    tables::{
        cmap::Cmap,
        name::{Name, NameRecord},
        os2::Os2,
        post::Post,
    },
    types::{GlyphId, NameId},
};

use super::OfdError;

/// The fonts that the pages use, in the order they came up.
#[derive(Default)]
pub(super) struct EmbeddedFonts {
    used: Vec<Used>,
}

struct Used {
    font: Font,
    glyphs: GlyphRemapper,
    /// Which glyph a letter has first; others say so where they stand.
    letters: BTreeMap<char, u16>,
}

/// A font to be embedded.
pub(super) struct EmbeddedFont {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) family: String,
    pub(super) bold: bool,
    pub(super) file: Vec<u8>,
}

impl EmbeddedFonts {
    /// The number of a font in the document.
    pub(super) fn id(&mut self, font: &Font) -> usize {
        let known = self.used.iter().position(|used| used.font == *font);
        let place = known.unwrap_or_else(|| {
            let (glyphs, letters) = (GlyphRemapper::new(), BTreeMap::new());
            self.used.push(Used { font: font.clone(), glyphs, letters });
            self.used.len() - 1
        });
        place + 1
    }

    /// The number of a glyph in the embedded font.
    pub(super) fn glyph(&mut self, id: usize, glyph: u16, letter: Option<char>) -> u16 {
        let Some(used) = self.used.get_mut(id - 1) else { return 0 };
        let own = used.glyphs.remap(glyph);
        if let Some(letter) = letter {
            used.letters.entry(letter).or_insert(own);
        }
        own
    }

    /// Each as a file.
    pub(super) fn embedded(&self) -> Result<Vec<EmbeddedFont>, OfdError> {
        self.used.iter().enumerate().map(|(place, used)| used.embedded(place + 1)).collect()
    }
}

impl Used {
    /// The letters alone make a font that only a PDF can use; names, measures and the table of
    /// letters make one for every reader.
    fn embedded(&self, id: usize) -> Result<EmbeddedFont, OfdError> {
        let failed = |error: &dyn std::fmt::Display| OfdError::Font(error.to_string());
        let (data, index) = (self.font.data(), self.font.index());
        let small = subsetter::subset(data, index, &self.glyphs).map_err(|it| failed(&it))?;
        let whole = FontRef::from_index(data, index).map_err(|it| failed(&it))?;
        let small = FontRef::new(&small).map_err(|it| failed(&it))?;
        let letters = self.letters.iter().map(|(letter, own)| (*letter, GlyphId::from(*own)));
        let cmap = Cmap::from_mappings(letters).map_err(|it| failed(&it))?;
        let info = self.font.info();
        let name = self.font.post_script_name().unwrap_or_else(|| info.family.clone());
        let bold = info.variant.weight.to_number() >= 600;
        let names = [
            (NameId::FAMILY_NAME, info.family.clone()),
            (NameId::SUBFAMILY_NAME, if bold { "Bold" } else { "Regular" }.to_owned()),
            (NameId::FULL_NAME, name.clone()),
            (NameId::POSTSCRIPT_NAME, name.clone()),
        ];
        let names = names
            .into_iter()
            .map(|(id, text)| NameRecord::new(3, 1, 0x409, id, text.into()))
            .collect();
        let measures = whole.os2().map_err(|it| failed(&it))?;
        let measures = Os2 {
            us_weight_class: measures.us_weight_class(),
            s_typo_ascender: measures.s_typo_ascender(),
            s_typo_descender: measures.s_typo_descender(),
            us_win_ascent: measures.us_win_ascent(),
            us_win_descent: measures.us_win_descent(),
            ..Os2::default()
        };
        let mut builder = FontBuilder::new();
        let built = builder
            .add_table(&cmap)
            .and_then(|builder| builder.add_table(&Name::new(names)))
            .and_then(|builder| builder.add_table(&measures))
            // Without names of glyphs.
            .and_then(|builder| builder.add_table(&Post::default()))
            .map_err(|it| failed(&it))?;
        let file = built.copy_missing_tables(small).build();
        Ok(EmbeddedFont { id, name, family: info.family.clone(), bold, file })
    }
}
