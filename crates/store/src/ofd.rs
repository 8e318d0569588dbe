//! Seals a document of OFD (GB/T 33190-2016 §18): digests of all its files, and one signature over the list
//! of them. Without a certificate of the seal it is a plain signature (`Type="Sign"`), checked with the
//! key that is on record.

use std::io::{Cursor, Read as _, Write as _};

use base64ct::{Base64, Encoding as _};
use sm3::Digest as _;
use tongban_domain::time::Instant;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::error::StoreError;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
/// SM3 and SM2 with SM3 (GB/T 33560-2017).
const SM3: &str = "1.2.156.10197.1.401";
const SM2_SM3: &str = "1.2.156.10197.1.501";
/// Where the signature lies.
const FOLDER: &str = "Doc_0/Signs";

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(format!("an OFD document: {error}"))
}

/// The document with its signature in it. `sign` signs bytes with SM2 (r ‖ s).
pub(crate) fn sealed(
    content: &[u8],
    at: Instant,
    sign: impl FnOnce(&[u8]) -> Result<[u8; 64], StoreError>,
) -> Result<Vec<u8>, StoreError> {
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(damaged)?;
    let mut references = String::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(damaged)?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        let digest = Base64::encode_string(&sm3::Sm3::digest(&bytes));
        references.push_str(&format!(
            "<ofd:Reference FileRef=\"/{}\"><ofd:CheckValue>{digest}</ofd:CheckValue></ofd:Reference>",
            entry.name().map_err(damaged)?
        ));
    }
    let day = at.day();
    let (hours, minutes) = at.hour_minute();
    let seconds = (at.0 / 1_000_000).rem_euclid(60);
    let signature = format!(
        "{HEAD}<ofd:Signature {NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName=\"Tongban\"/>\
         <ofd:SignatureMethod>{SM2_SM3}</ofd:SignatureMethod>\
         <ofd:SignatureDateTime>{day}T{hours:02}:{minutes:02}:{seconds:02}+08:00</ofd:SignatureDateTime>\
         <ofd:References CheckMethod=\"{SM3}\">{references}</ofd:References></ofd:SignedInfo>\
         <ofd:SignedValue>/{FOLDER}/Sign_0/SignedValue.dat</ofd:SignedValue></ofd:Signature>"
    );
    let value = sign(signature.as_bytes())?;
    let list = format!(
        "{HEAD}<ofd:Signatures {NAMESPACE}>\
         <ofd:Signature ID=\"s001\" Type=\"Sign\" BaseLoc=\"/{FOLDER}/Sign_0/Signature.xml\"/></ofd:Signatures>"
    );
    let mut zip = ZipWriter::new_append(Cursor::new(content.to_vec())).map_err(damaged)?;
    let mut put = |name: String, bytes: &[u8]| -> Result<(), StoreError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        zip.start_file(name, options).map_err(damaged)?;
        Ok(zip.write_all(bytes)?)
    };
    put(format!("{FOLDER}/Signatures.xml"), list.as_bytes())?;
    put(format!("{FOLDER}/Sign_0/Signature.xml"), signature.as_bytes())?;
    put(format!("{FOLDER}/Sign_0/SignedValue.dat"), &as_der(&value))?;
    Ok(zip.finish().map_err(damaged)?.into_inner())
}

/// `SEQUENCE { r INTEGER, s INTEGER }` (GB/T 35276-2017 §7.3), in DER.
fn as_der(signature: &[u8; 64]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let short = bytes.get(zeros..).unwrap_or_default();
        let sign = short.first().is_none_or(|first| *first >= 0x80);
        let mut whole = vec![0x02, (short.len() + usize::from(sign)) as u8];
        whole.extend(sign.then_some(0));
        whole.extend(short);
        whole
    };
    let body = [integer(&signature[..32]), integer(&signature[32..])].concat();
    [vec![0x30, body.len() as u8], body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_the_list_that_is_signed() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in [("OFD.xml", "<ofd:OFD/>"), ("Doc_0/Document.xml", "<x/>")] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes.as_bytes()).unwrap();
        }
        let content = zip.finish().unwrap().into_inner();
        // 2026-03-02 09:30:05 in China.
        let at = Instant(
            "2026-03-02".parse::<tongban_domain::time::Day>().unwrap().at(9, 30).0 + 5_000_000,
        );
        let mut signed = Vec::new();
        let sealed = sealed(&content, at, |bytes| {
            signed = bytes.to_vec();
            Ok([1; 64])
        });
        let mut archive = ZipArchive::new(Cursor::new(sealed.unwrap())).unwrap();
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let signature = read("Doc_0/Signs/Sign_0/Signature.xml");
        assert_eq!(signature, signed);
        let text = String::from_utf8(signature).unwrap();
        for (name, bytes) in [("OFD.xml", "<ofd:OFD/>"), ("Doc_0/Document.xml", "<x/>")] {
            assert_eq!(read(name), bytes.as_bytes());
            let digest = Base64::encode_string(&sm3::Sm3::digest(bytes));
            let reference =
                format!("FileRef=\"/{name}\"><ofd:CheckValue>{digest}</ofd:CheckValue>");
            assert!(text.contains(&reference), "{text}");
        }
        assert!(text.contains("<ofd:SignatureDateTime>2026-03-02T09:30:05+08:00<"), "{text}");
        let list = String::from_utf8(read("Doc_0/Signs/Signatures.xml")).unwrap();
        assert!(list.contains("BaseLoc=\"/Doc_0/Signs/Sign_0/Signature.xml\""));
        assert_eq!(read("Doc_0/Signs/Sign_0/SignedValue.dat"), as_der(&[1; 64]));
        let broken = super::sealed(b"no archive", at, |_| Ok([1; 64]));
        assert!(matches!(broken, Err(StoreError::Damaged(_))));
    }

    #[test]
    fn numbers_are_the_shortest_that_are_not_negative() {
        let mut signature = [0; 64];
        signature[31] = 0x80;
        signature[32] = 0x01;
        let der = as_der(&signature);
        assert_eq!(der[..6], [0x30, 38, 0x02, 2, 0, 0x80]);
        assert_eq!(der[6..9], [0x02, 32, 0x01]);
        assert_eq!(der.len(), 40);
    }
}
