//! A catalogue pack as it lies in a folder.

use std::{fs, io, path::Path};

use tongban_domain::catalog::SourceFile;

/// Reads every TOML and CSV file of a pack's folder, by path.
///
/// # Errors
/// When the folder or a file cannot be read; the error names which.
pub fn read_pack(root: &Path) -> io::Result<Vec<SourceFile>> {
    let named = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| io::Error::new(error.kind(), format!("{path}: {error}"))
    };
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(named(&folder))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "toml" || end == "csv") {
                // Everything found lies below the root.
                let inside = path.strip_prefix(root).unwrap_or(&path);
                let inside = inside.to_string_lossy().replace('\\', "/");
                let text = fs::read_to_string(&path).map_err(named(&path))?;
                files.push(SourceFile { path: inside, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
