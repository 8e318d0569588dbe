//! Files that people send, and files that nobody should open; all made here.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::io::{Cursor, Write as _};

use flate2::{Compression, write::ZlibEncoder};
use tongban_inspect::{Activity, Danger, Kind, inspect};
use zip::{ZipWriter, write::SimpleFileOptions};

fn pdf(body: &str) -> Vec<u8> {
    format!("%PDF-1.7\n1 0 obj<</Type/Catalog{body}>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
        .into_bytes()
}

/// A PDF whose dictionaries are packed into an object stream.
fn packed(inside: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(inside.as_bytes()).unwrap();
    let data = encoder.finish().unwrap();
    let head = format!(
        "%PDF-1.7\n5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>stream\n",
        data.len()
    );
    [head.as_bytes(), &data, b"\nendstream endobj\n%%EOF\n"].concat()
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn ordinary_files_are_taken() {
    assert_eq!(inspect(Kind::Pdf, &pdf("/Pages 2 0 R/OpenAction[3 0 R/Fit]")), Ok(()));
    assert_eq!(inspect(Kind::Pdf, &packed("1 0 <</Type/Page/Contents 7 0 R>>")), Ok(()));
    // Words on the page are no names of a dictionary, and a part of a name is none.
    let drawn =
        b"%PDF-1.7\n4 0 obj<</Length 30>>stream\nBT (/JavaScript) Tj ET\nendstream endobj\n%%EOF";
    assert_eq!(inspect(Kind::Pdf, drawn), Ok(()));
    assert_eq!(inspect(Kind::Pdf, &pdf("/JSFont 1/Launcher 2")), Ok(()));
    let drawings = archive(&[("总平面图/图纸-1.dwg", b"AC1032"), ("说明.txt", b"x")]);
    assert_eq!(inspect(Kind::Zip, &drawings), Ok(()));
    assert_eq!(inspect(Kind::Ofd, &archive(&[("OFD.xml", b"<x/>")])), Ok(()));
    let office = archive(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]);
    assert_eq!(inspect(Kind::Docx, &office), Ok(()));
}

#[test]
fn a_pdf_that_does_something_is_refused_however_it_is_written() {
    let active = |what| Err(Danger::Active(what));
    for (body, what) in [
        ("/OpenAction<</S/JavaScript/JS(app.alert(1))>>", Activity::Script),
        ("/AA<</O<</S /J#61vaScript /J#53 (x)>>>>", Activity::Script),
        ("/OpenAction<</S/Launch/F(cmd.exe)>>", Activity::Launch),
        ("/Names<</EmbeddedFiles 3 0 R>>", Activity::Attachment),
        ("/AcroForm<</XFA 3 0 R>>", Activity::DynamicForm),
        ("/Annots[<</Subtype/RichMedia>>]", Activity::Media),
    ] {
        assert_eq!(inspect(Kind::Pdf, &pdf(body)), active(what), "{body}");
        assert_eq!(inspect(Kind::Pdf, &packed(&format!("1 0 <<{body}>>"))), active(what), "{body}");
    }
    let locked = b"%PDF-1.7\ntrailer<</Root 1 0 R/Encrypt 9 0 R>>\n%%EOF";
    assert_eq!(inspect(Kind::Pdf, locked), Err(Danger::EncryptedPdf));
}

#[test]
fn a_pdf_that_is_an_archive_as_well_is_refused() {
    let both = [pdf(""), archive(&[("setup.exe", b"MZ")])].concat();
    assert_eq!(inspect(Kind::Pdf, &both), Err(Danger::TwoInOne));
}

#[test]
fn an_object_stream_that_unpacks_without_end_is_refused() {
    let bomb = packed(&" ".repeat(80 << 20));
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(inspect(Kind::Pdf, &bomb), Err(Danger::TooMuchInside(_))));
}

#[test]
fn archives_that_lead_out_hide_or_explode_are_refused() {
    let one = |name: &str| inspect(Kind::Zip, &archive(&[(name, b"x")]));
    for name in ["../../etc/passwd", "a/../../b", "C:\\x.txt", "a\\b.txt", "x\u{202e}fdp.exe"] {
        assert!(matches!(one(name), Err(Danger::BadName(_))), "{name}: {:?}", one(name));
    }
    assert!(matches!(one("里面还有.zip"), Err(Danger::Nested(_))));
    assert!(matches!(one("安装.EXE"), Err(Danger::Program(_))));
    let bomb = archive(&[("零.txt", &vec![0; 300 << 20])]);
    assert!(matches!(inspect(Kind::Zip, &bomb), Err(Danger::TooMuchInside(_))));
    let names: Vec<String> = (0..5_001).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(inspect(Kind::Zip, &archive(&many)), Err(Danger::TooManyEntries(_))));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let link = writer.finish().unwrap().into_inner();
    assert!(matches!(inspect(Kind::Zip, &link), Err(Danger::BadName(_))));
    assert_eq!(inspect(Kind::Zip, b"PK\x03\x04 and no more"), Err(Danger::DamagedArchive));
}

/// The table of contents names one entry again and again: together they say more than there is.
#[test]
fn entries_that_lie_over_each_other_are_refused() {
    let whole = archive(&[("a.txt", &(0..=255).cycle().take(60_000).collect::<Vec<u8>>())]);
    let table = whole.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    let end = whole.windows(4).position(|part| part == b"PK\x05\x06").unwrap();
    let row = &whole[table..end];
    let times = 3_000_u16;
    let mut made = whole[..table].to_vec();
    for n in 0..times {
        let mut row = row.to_vec();
        // Another name of the same length.
        row[46..51].copy_from_slice(format!("{n:05}").as_bytes());
        made.extend(row);
    }
    let size = (made.len() - table) as u32;
    let mut tail = whole[end..].to_vec();
    tail[8..10].copy_from_slice(&times.to_le_bytes());
    tail[10..12].copy_from_slice(&times.to_le_bytes());
    tail[12..16].copy_from_slice(&size.to_le_bytes());
    made.extend(tail);
    assert!(inspect(Kind::Zip, &made).is_err());
}

#[test]
fn documents_with_macros_and_documents_that_are_none_are_refused() {
    let macros = archive(&[("[Content_Types].xml", b"<x/>"), ("word/vbaProject.bin", b"x")]);
    assert_eq!(inspect(Kind::Docx, &macros), Err(Danger::Macros));
    let other = archive(&[("readme.txt", b"x")]);
    assert_eq!(inspect(Kind::Ofd, &other), Err(Danger::OtherContent));
    assert_eq!(inspect(Kind::Xlsx, &other), Err(Danger::OtherContent));
    assert_eq!(inspect(Kind::Pdf, b"MZ\x90\x00"), Err(Danger::OtherContent));
    assert_eq!(inspect(Kind::Txt, b"1,2\0"), Err(Danger::OtherContent));
}

#[test]
fn pictures_larger_than_anybody_looks_at_are_refused() {
    let png = |side: u32| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(side.to_be_bytes());
        bytes.extend(side.to_be_bytes());
        bytes
    };
    assert_eq!(inspect(Kind::Png, &png(4_000)), Ok(()));
    assert!(matches!(inspect(Kind::Png, &png(40_000)), Err(Danger::TooManyPixels(_))));
    let jpg = |side: u16| {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8];
        bytes.extend(side.to_be_bytes());
        bytes.extend(side.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0, 0xff, 0xd9]);
        bytes
    };
    assert_eq!(inspect(Kind::Jpg, &jpg(4_000)), Ok(()));
    assert!(matches!(inspect(Kind::Jpg, &jpg(60_000)), Err(Danger::TooManyPixels(_))));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        content in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
        place in 0_usize..200,
        byte in proptest::num::u8::ANY,
    ) {
        let zipped = archive(&[("a.txt", b"abc"), ("b/c.txt", b"def")]);
        let seeds = [content.clone(), pdf("/A 1"), packed("1 0 <</A 1>>"), zipped];
        for mut seed in seeds {
            if let Some(at) = seed.get_mut(place) {
                *at = byte;
            }
            for kind in [Kind::Pdf, Kind::Jpg, Kind::Png, Kind::Zip, Kind::Ofd, Kind::Txt] {
                let _ = inspect(kind, &seed);
            }
        }
        for magic in [&b"%PDF-"[..], b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", &[0xff, 0xd8, 0xff]] {
            let whole = [magic, &content].concat();
            for kind in [Kind::Pdf, Kind::Zip, Kind::Png, Kind::Jpg] {
                let _ = inspect(kind, &whole);
            }
        }
    }
}
