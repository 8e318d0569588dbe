//! For everybody: home, guides, progress look-up, help, login, files.

mod files;
mod guide;
mod help;
mod home;
mod item;
mod login;
mod next;
mod status;
mod track;
mod unified;
mod verify;

pub(crate) use files::{content, file, file_of};
pub(crate) use guide::{ItemLine, guide, item_line, search, theme, theme_of};
pub(crate) use help::{glossary, help, mode};
pub(crate) use home::home;
pub(crate) use item::{guide_of, item, paper};
pub(crate) use login::{log_in, log_out, login};
pub(crate) use next::{go_on, next};
pub(crate) use status::{
    earlier_journal_keys, journal_checkpoint, journal_keys, live, ready, status,
};
pub(crate) use track::{found, project_of_number, track};
pub(crate) use unified::{
    back as unified_back, begin as unified_begin, link as link_login, unlink as unlink_login,
};
pub(crate) use verify::{document_receipt, signature, verify, verify_copy, verify_document};
