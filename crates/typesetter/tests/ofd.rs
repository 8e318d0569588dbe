//! What is set as OFD (GB/T 33190-2016): every file that is named is there, every number is given once and
//! is known where it is used, and the words are the ones of the sheet.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read as _},
    path::Path,
};

use tongban_documents::Sheet;
use tongban_domain::document::Layout;
use tongban_typesetter::{Fonts, Press};
use zip::ZipArchive;

fn sheet(layout: Layout) -> Sheet {
    let row = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    Sheet {
        layout,
        title: "建筑工程施工许可证".to_owned(),
        number: "编号 320581202607070101".to_owned(),
        addressee: "苏州某公司".to_owned(),
        paragraphs: vec!["根据《中华人民共和国建筑法》第八条规定，准予施工。".to_owned()],
        rows: vec![row("建设单位", "苏州 <某> & \"公司\""), row("合同价格", "12810 万元")],
        closing: vec!["本证放置施工现场，作为准予施工的凭证。".to_owned()],
        issuer: "苏州市住房和城乡建设局".to_owned(),
        seal_code: "11320500MA3222035D".to_owned(),
        date: "2026年7月7日".to_owned(),
        on: (2026, 7, 7),
        address: "https://spgl.example.gov.cn/verify/01m6cwadwye4g8m0tffz7h0pmv".to_owned(),
        marks: vec![row("查验码", "01M6CWADWYE4G8M0TFFZ7H0PMV")],
    }
}

fn files(layout: Layout) -> BTreeMap<String, Vec<u8>> {
    let fonts = Fonts::open(Path::new("/usr/share/fonts/opentype/noto")).unwrap();
    let set = Press::new(fonts).set(&sheet(layout)).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(set.ofd)).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).unwrap();
        let (name, mut bytes) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        files.insert(name, bytes);
    }
    files
}

/// The values of an attribute, in order.
fn values<'a>(xml: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    xml.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The texts of an element, in order.
fn texts<'a>(xml: &'a str, element: &str) -> Vec<&'a str> {
    let start = format!("<ofd:{element}");
    let parts = xml.split(start.as_str()).skip(1);
    parts.map(|it| it.split_once('>').unwrap().1.split('<').next().unwrap()).collect()
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files.get(name).unwrap_or_else(|| panic!("{name} is missing")).clone())
        .unwrap()
}

#[test]
fn every_part_that_is_named_is_there() {
    for layout in [Layout::Letter, Layout::Licence] {
        let files = files(layout);
        let root = text(&files, "OFD.xml");
        assert_eq!(texts(&root, "DocRoot"), ["Doc_0/Document.xml"]);
        assert_eq!(texts(&root, "Signatures"), ["Doc_0/Signs/Signatures.xml"], "for the seal");
        assert_eq!(texts(&root, "DocID")[0].len(), 32);
        assert_eq!(texts(&root, "CreationDate"), ["2026-07-07"]);
        let document = text(&files, "Doc_0/Document.xml");
        let resources = text(&files, &format!("Doc_0/{}", texts(&document, "PublicRes")[0]));
        let mut ids = values(&resources, "ID");
        let fonts: BTreeSet<_> = ids.iter().copied().collect();
        for font in texts(&resources, "FontFile") {
            let font = &files[&format!("Doc_0/Res/{font}")];
            assert_eq!(&font[..4], b"OTTO", "a font by itself");
        }
        let pages = values(&document, "BaseLoc");
        assert!(!pages.is_empty());
        ids.extend(values(&document, "ID"));
        let contents: Vec<String> =
            pages.iter().map(|page| text(&files, &format!("Doc_0/{page}"))).collect();
        for content in &contents {
            ids.extend(values(content, "ID"));
            for font in values(content, "Font") {
                assert!(fonts.contains(font), "font {font} is embedded");
            }
        }
        let known: BTreeSet<_> = ids.iter().collect();
        assert_eq!(known.len(), ids.len(), "every number is given once");
        let last: usize = texts(&document, "MaxUnitID")[0].parse().unwrap();
        assert_eq!(ids.iter().map(|id| id.parse::<usize>().unwrap()).max(), Some(last));
    }
}

#[test]
fn the_words_are_text_with_a_glyph_and_a_place_for_each_letter() {
    for layout in [Layout::Letter, Layout::Licence] {
        let page = text(&files(layout), "Doc_0/Pages/Page_0/Content.xml");
        let objects: Vec<&str> = page.split("<ofd:TextObject").skip(1).collect();
        let mut words = String::new();
        for object in &objects {
            let code = texts(object, "TextCode")[0];
            let code = code.replace("&lt;", "<").replace("&gt;", ">");
            let code = code.replace("&quot;", "\"").replace("&amp;", "&");
            let letters = code.chars().count();
            assert_eq!(values(object, "CodeCount"), [letters.to_string()]);
            let glyphs = texts(object, "Glyphs")[0].split(' ').count();
            assert_eq!(values(object, "GlyphCount"), [glyphs.to_string()]);
            let gaps = values(object, "DeltaX").first().map_or(0, |gaps| gaps.split(' ').count());
            assert_eq!(gaps + 1, glyphs);
            words.push_str(&code);
        }
        let blank = |text: &str| text.replace(['\u{200b}', ' ', '\u{3000}'], "");
        let words = blank(&words);
        let sheet = sheet(layout);
        for expected in [&sheet.title, &sheet.number, &sheet.date, &sheet.rows[0].1, &sheet.address]
        {
            assert!(words.contains(&blank(expected)), "{expected}: {words}");
        }
        // The mark and the ring of the seal.
        assert!(page.matches("<ofd:PathObject").count() > 3);
    }
}
