//! The versions of the catalogue, with how many running cases keep each.

use askama::Template;
use axum::extract::State;

use super::hex;
use crate::{
    app::App,
    error::PageResult,
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

struct Version {
    digest: String,
    short: String,
    version: String,
    from: String,
    published: String,
    by: String,
    in_force: bool,
    /// Still to come.
    ahead: bool,
    /// Open cases that were accepted under it.
    cases: u64,
}

#[derive(Template)]
#[template(path = "staff/packs.html")]
struct PacksPage {
    shell: Shell,
    versions: Vec<Version>,
    draft: bool,
    may_edit: bool,
}

pub(crate) async fn packs(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let today = store.now().day();
        let in_force = store.catalog()?.pack.digest;
        let publications = store.publications()?;
        let names = store.account_names(publications.iter().filter_map(|it| it.by))?;
        let running = store.cases_by_pack()?;
        let mut versions: Vec<Version> = publications
            .iter()
            .map(|it| {
                let from = it.effective_from.unwrap_or(it.published_at.day());
                let digest = hex(&it.digest);
                Version {
                    short: digest[..12].to_owned(),
                    digest,
                    version: it.version.clone(),
                    from: words::day(from),
                    published: words::moment(it.published_at),
                    by: it
                        .by
                        .and_then(|by| names.get(&by).cloned())
                        .unwrap_or_else(|| "随程序发布".to_owned()),
                    in_force: it.digest == in_force,
                    ahead: from > today,
                    cases: running
                        .iter()
                        .find(|(digest, _)| *digest == it.digest)
                        .map_or(0, |(_, cases)| *cases),
                }
            })
            .collect();
        versions.reverse();
        html(&PacksPage {
            shell: frame.shell(Desk::Staff),
            versions,
            draft: !store.pack_draft()?.is_empty(),
            may_edit: who.0.is(tongban_domain::permission::Role::Administrator),
        })
    })
    .await
}
