//! The pack of the province as it lies in the repository.

use std::{fs, io, path::Path};

use tongban_domain::catalog::{Catalog, SourceFile, load};

/// All files of a pack, as the loader wants them.
pub(crate) fn files(folder: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog").join(folder);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in found(&folder, fs::read_dir(&folder)) {
            let path = found(&folder, entry).path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
            let text = found(&path, fs::read_to_string(&path));
            files.push(SourceFile { path: inside, text });
        }
    }
    files
}

fn found<T>(path: &Path, read: io::Result<T>) -> T {
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The catalogue of the province, read and checked.
pub(crate) fn jiangsu() -> Catalog {
    load(&files("jiangsu")).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}
