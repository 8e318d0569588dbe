//! `tongban-typesetter FONTS`: reads sheets from standard input, writes files to standard output,
//! one after the other until the input ends.
//!
//! A sheet is its length in four bytes, then JSON. An answer is one byte (0 a file, 1 a sentence
//! that says why there is none), its length in four bytes, then the file or the sentence; after a
//! file, a PDF, comes the same as OFD, with its length before it.
//! Lengths are big-endian.

use std::{
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
};

use tongban_documents::Sheet;
use tongban_typesetter::{Fonts, Press};

/// No sheet is longer; a longer one is a mistake of the caller.
const LONGEST: u32 = 4 << 20;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("tongban-typesetter FONTS");
        return ExitCode::FAILURE;
    };
    let press = match Fonts::open(Path::new(&folder)) {
        Ok(fonts) => Press::new(fonts),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match work(&press) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn work(press: &Press) -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let mut length = [0; 4];
        match input.read_exact(&mut length) {
            Ok(()) => {}
            Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        let length = u32::from_be_bytes(length);
        if length > LONGEST {
            return Err(io::Error::other("a sheet of more than 4 MiB"));
        }
        let mut bytes = vec![0; length as usize];
        input.read_exact(&mut bytes)?;
        let answer = match serde_json::from_slice::<Sheet>(&bytes) {
            Ok(sheet) => match press.set(&sheet) {
                Ok(set) => Ok([set.pdf, set.ofd]),
                Err(error) => Err(error.to_string()),
            },
            Err(error) => Err(format!("版面数据无法读取：{error}")),
        };
        let (kind, parts) = match &answer {
            Ok(files) => (0, files.iter().map(Vec::as_slice).collect()),
            Err(sentence) => (1, vec![sentence.as_bytes()]),
        };
        output.write_all(&[kind])?;
        for part in parts {
            output.write_all(&(part.len() as u32).to_be_bytes())?;
            output.write_all(part)?;
        }
        output.flush()?;
    }
}
