//! The desk one starts at: what waits for me.

use askama::Template;
use axum::extract::State;
use tongban_domain::{case::Standing, permission::Role};
use tongban_store::read::QueueView;

use super::{
    own_department,
    queue::{QueueLine, most_urgent},
};
use crate::{
    app::App,
    error::PageResult,
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

struct Tile {
    url: String,
    name: String,
    count: u64,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "staff/home.html")]
struct HomePage {
    shell: Shell,
    date: String,
    tiles: Vec<Tile>,
    lines: Vec<QueueLine>,
}

pub(crate) async fn home(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let mut tiles = Vec::new();
        if who.0.is(Role::Window) {
            for (standing, name) in [
                (Standing::Received, "待受理"),
                (Standing::Corrected, "已补正，待受理"),
                (Standing::NeedsCorrection, "等待补正"),
            ] {
                let count = store.applications_in(standing, 500)?.len() as u64;
                let url = format!("/s/desk?view={}", standing.key());
                tiles.push(Tile { url, name: name.to_owned(), count, kind: "" });
            }
        }
        if let Some(department) = own_department(&who) {
            let counts = store.queue_counts(Some(department), who.0.id, &QueueView::ALL)?;
            for (view, count) in counts {
                if view.is_of_others() && count == 0 {
                    continue;
                }
                let kind = match view {
                    QueueView::Late => "stop",
                    QueueView::Warn => "warn",
                    QueueView::Todo
                    | QueueView::Mine
                    | QueueView::Open
                    | QueueView::Review
                    | QueueView::Sign
                    | QueueView::Special
                    | QueueView::Waiting
                    | QueueView::Gap
                    | QueueView::Consulted
                    | QueueView::Lead
                    | QueueView::Done => "",
                };
                let url = format!("/s/queue?view={}", view.key());
                tiles.push(Tile { url, name: view.name().to_owned(), count, kind });
            }
        }
        if who.0.is(Role::Supervisor) || who.0.is(Role::Government) {
            let views = [QueueView::Late, QueueView::Warn, QueueView::Special];
            for (view, count) in store.queue_counts(None, who.0.id, &views)? {
                let url = format!("/s/watch?view={}", view.key());
                let kind = if view == QueueView::Late { "stop" } else { "warn" };
                tiles.push(Tile { url, name: format!("全市{}", view.name()), count, kind });
            }
        }
        if who.0.is(Role::Administrator) {
            let count = app.catalog()?.items.len() as u64;
            let url = "/s/admin/items".to_owned();
            tiles.push(Tile { url, name: "事项目录".to_owned(), count, kind: "" });
        }
        if who.0.is(Role::SystemAdministrator) {
            let count = store.organisation().departments().count() as u64;
            let url = "/s/admin/setup".to_owned();
            tiles.push(Tile { url, name: "部门".to_owned(), count, kind: "" });
        }
        if who.0.is(Role::SecurityAdministrator) {
            let count = store.waiting_accounts()?;
            let (url, name) = ("/s/admin/accounts".to_owned(), "待授权的账号".to_owned());
            tiles.push(Tile { url, name, count, kind: if count > 0 { "warn" } else { "" } });
        }
        if who.0.is(Role::AuditAdministrator) {
            let count = store.access_count(store.now().day().begins())?;
            let url = "/s/admin/audit".to_owned();
            tiles.push(Tile {
                url, name: "今天的登录和账号变更".to_owned(), count, kind: ""
            });
        }
        html(&HomePage {
            shell: frame.shell(Desk::Staff),
            date: words::day(store.now().day()),
            tiles,
            lines: most_urgent(app, &who)?,
        })
    })
    .await
}
