//! `tongban password`: a way back for administrators whom no other one may give a new password.

use std::path::Path;

use anyhow::Context as _;

use crate::{config, serve};

/// Gives an account a temporary password and takes its phone off; both are noted with the account.
/// On SQLite the node has to be stopped.
pub(crate) fn run(path: &Path, login: &str) -> anyhow::Result<()> {
    let store = serve::open(&config::read(path)?)?;
    let account = store.account_named(login)?;
    let account = account.with_context(|| format!("there is no open account {login}"))?.id;
    store.remove_second_factor(account, None, Some(account), "")?;
    let password = store.reset_password(account, account)?;
    store.close();
    println!("{login} logs in with {password} and has to change it then");
    Ok(())
}
