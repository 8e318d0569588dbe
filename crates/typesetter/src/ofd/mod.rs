//! The same sheet as a document of OFD (开放版式文档, GB/T 33190-2016): the pages that Typst laid out become
//! text with embedded fonts, and paths. Lengths are millimetres, from the upper left corner.
//!
//! What is made here lacks its signature, which `OFD.xml` names already: whoever seals it adds the
//! files of `Doc_0/Signs`.

mod fonts;
mod pages;
mod xml;

use std::io::{Cursor, Write as _};

use fast_qr::QRCode;
use sm3::Digest as _;
use tongban_documents::Sheet;
use typst_layout::PagedDocument;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use fonts::EmbeddedFonts;
use pages::Drawing;
use xml::{NAMESPACE, escaped, number};

/// Why there is no OFD of a sheet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OfdError {
    /// A font cannot be embedded.
    #[error("字体不能嵌入 OFD：{0}")]
    Font(String),
    /// The layout uses something that has no form in OFD.
    #[error("版式含有不能写入 OFD 的内容：{0}")]
    Content(&'static str),
    /// The package cannot be put together.
    #[error("OFD 不能打包：{0}")]
    Package(#[from] ZipError),
    /// The same.
    #[error("OFD 不能打包：{0}")]
    Write(#[from] std::io::Error),
}

/// The file of a sheet that was laid out, without its signature; the same bytes for the same sheet.
pub(crate) fn package(
    document: &PagedDocument,
    sheet: &Sheet,
    mark: &QRCode,
) -> Result<Vec<u8>, OfdError> {
    let mut fonts = EmbeddedFonts::default();
    let mut drawing = Drawing::new(&mut fonts, mark);
    let mut pages = Vec::new();
    for page in document.pages() {
        pages.push(drawing.page(&page.frame)?);
    }
    let mut last = drawing.last_id();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, content: &[u8]| -> Result<(), OfdError> {
        // No times of today: the same sheet gives the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        zip.start_file(name, options)?;
        Ok(zip.write_all(content)?)
    };
    put("OFD.xml", root(sheet).as_bytes())?;
    let mut list = String::new();
    for (place, page) in pages.iter().enumerate() {
        last += 1;
        let base = format!("Pages/Page_{place}/Content.xml");
        list.push_str(&format!("<ofd:Page ID=\"{last}\" BaseLoc=\"{base}\"/>"));
        put(&format!("Doc_0/{base}"), page.content.as_bytes())?;
    }
    let mut resources = String::new();
    for font in fonts.embedded()? {
        let (id, name, family) = (font.id, escaped(&font.name), escaped(&font.family));
        resources.push_str(&format!(
            "<ofd:Font ID=\"{id}\" FontName=\"{name}\" FamilyName=\"{family}\" Charset=\"unicode\" \
             Bold=\"{}\"><ofd:FontFile>font_{id}.otf</ofd:FontFile></ofd:Font>",
            font.bold
        ));
        put(&format!("Doc_0/Res/font_{id}.otf"), &font.file)?;
    }
    put(
        "Doc_0/PublicRes.xml",
        format!(
            "{}<ofd:Res {NAMESPACE} BaseLoc=\"Res\"><ofd:Fonts>{resources}</ofd:Fonts></ofd:Res>",
            xml::HEAD
        )
        .as_bytes(),
    )?;
    let (width, height) = pages.first().map_or((210.0, 297.0), |page| page.size);
    put(
        "Doc_0/Document.xml",
        format!(
            "{}<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID>\
             <ofd:PageArea><ofd:PhysicalBox>0 0 {} {}</ofd:PhysicalBox></ofd:PageArea>\
             <ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>\
             <ofd:Pages>{list}</ofd:Pages></ofd:Document>",
            xml::HEAD,
            number(width),
            number(height),
        )
        .as_bytes(),
    )?;
    Ok(zip.finish()?.into_inner())
}

/// `OFD.xml`. The identity of the file is drawn from its address, which no other document has.
fn root(sheet: &Sheet) -> String {
    let id = identity(&sheet.address);
    let (year, month, day) = sheet.on;
    format!(
        "{}<ofd:OFD {NAMESPACE} Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo>\
         <ofd:DocID>{id}</ofd:DocID><ofd:Title>{}</ofd:Title><ofd:Author>{}</ofd:Author>\
         <ofd:CreationDate>{year:04}-{month:02}-{day:02}</ofd:CreationDate>\
         <ofd:Creator>Tongban</ofd:Creator></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>\
         <ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>",
        xml::HEAD,
        escaped(&sheet.title),
        escaped(&sheet.issuer),
    )
}

/// Sixteen bytes of the SM3 of an address.
fn identity(address: &str) -> String {
    let digest = sm3::Sm3::digest(address.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
