//! The making of documents beside a node: which program sets them, and with which fonts.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tongban_documents::Typesetter;
use tongban_store::Store;
use tongban_worker::{DocumentWorker, Maker};

/// What documents are made with.
pub(crate) struct Press {
    /// The program; none for the one beside this one.
    pub(crate) program: Option<PathBuf>,
    /// The folder with the fonts.
    pub(crate) fonts: PathBuf,
    /// Under which address people reach the node; it is printed and cannot be mended later, so it
    /// is never guessed.
    pub(crate) address: Option<String>,
}

impl Press {
    /// Starts making documents. A node without the program does everything else: it says so once.
    pub(crate) fn start(self, store: &Store) -> anyhow::Result<Option<DocumentWorker>> {
        let is_address = |it: &String| it.starts_with("https://") || it.starts_with("http://");
        let Some(address) = self.address.filter(is_address) else {
            eprintln!(
                "tongban: no documents are made: the configuration has no `address`, such as \
                 \"https://spgl.example.gov.cn\", under which people reach the node"
            );
            return Ok(None);
        };
        let program = self.program.or_else(beside).filter(|program| program.exists());
        let Some(program) = program else {
            eprintln!("tongban: no documents are made: tongban-typesetter is not installed");
            return Ok(None);
        };
        if !self.fonts.is_dir() {
            let folder = self.fonts.display();
            eprintln!("tongban: no documents are made: there are no fonts in {folder}");
            return Ok(None);
        }
        let typesetter = Typesetter::new(program, self.fonts);
        let maker = Maker::new(store.clone(), typesetter, address);
        DocumentWorker::start(maker).map(Some).context("cannot start making documents")
    }
}

/// The program that was built or installed with this one.
fn beside() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    Some(own.parent().unwrap_or_else(|| Path::new(".")).join("tongban-typesetter"))
}
