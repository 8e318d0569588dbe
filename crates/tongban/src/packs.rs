//! Catalogue packs on disk.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use tongban_domain::catalog::{SourceFile, load};

/// Reads every file of a pack's folder.
pub(crate) fn read(root: &Path) -> anyhow::Result<Vec<SourceFile>> {
    tongban_store::read_pack(root).context("cannot read the catalogue folder")
}

/// A pack with the overlays of regions laid over it: each folder's files go into one of its own.
pub(crate) fn read_with(root: &Path, overlays: &[PathBuf]) -> anyhow::Result<Vec<SourceFile>> {
    let mut files = read(root)?;
    for (place, folder) in overlays.iter().enumerate() {
        let name = folder.file_name().map_or_else(String::new, |it| it.to_string_lossy().into());
        files.extend(read(folder)?.into_iter().map(|file| SourceFile {
            path: format!("overlays/{place}-{name}/{}", file.path),
            text: file.text,
        }));
    }
    Ok(files)
}

/// `tongban check-catalog`.
pub(crate) fn check(root: &Path, overlays: &[PathBuf]) -> ExitCode {
    let files = match read_with(root, overlays) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("tongban: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    match load(&files) {
        Ok(catalog) => {
            println!(
                "{} {}: {} items, {} flows, {} papers, {} regions, {} overlays — sound",
                catalog.pack.name,
                catalog.pack.version,
                catalog.items.len(),
                catalog.flows.len(),
                catalog.papers.len(),
                catalog.regions.len(),
                catalog.overlays.len()
            );
            ExitCode::SUCCESS
        }
        Err(problems) => {
            for problem in &problems {
                println!("{problem}");
            }
            println!("{} problems; nothing of this pack may be used", problems.len());
            ExitCode::FAILURE
        }
    }
}
