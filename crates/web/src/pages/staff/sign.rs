//! What waits for the leader's signature, each with a one-page brief.

use askama::Template;
use axum::extract::State;
use tongban_store::read::{QueueFilter, QueueView};

use super::{case::OpinionView, case::opinion_views, own_department};
use crate::{
    app::App,
    components::{Chip, ClockMark},
    error::{PageError, PageResult},
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{Names, clock_mark},
};

struct SignLine {
    id: String,
    seen: u64,
    project: String,
    item: String,
    owner: String,
    is_key: bool,
    chip: Chip,
    clock: Option<ClockMark>,
    opinions: Vec<OpinionView>,
    special: Option<(String, String)>,
    waits: Vec<String>,
    may_agree: bool,
}

#[derive(Template)]
#[template(path = "staff/sign.html")]
struct SignPage {
    shell: Shell,
    lines: Vec<SignLine>,
    total: u64,
}

pub(crate) async fn sign(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        let department = own_department(&who).ok_or(PageError::WrongDesk)?;
        let store = app.store();
        let filter = QueueFilter {
            department: Some(department),
            account: who.0.id,
            text: String::new(),
            after: None,
            most: 30,
        };
        let today = store.now().day();
        let mut lines = Vec::new();
        for row in store.queue(QueueView::Sign, &filter)? {
            let Some(project) = store.project(row.project)? else { continue };
            let Some(case) = project.cases.get(&row.id) else { continue };
            let names = Names::of(store, &project, true)?;
            let special = case
                .asked_special()
                .map(|special| (special.name.clone(), names.words(&special.text)));
            let waits: Vec<String> =
                project.missing_predecessors(case).map(|p| names.predecessor(p)).collect();
            let signed = case.standing == tongban_domain::case::Standing::WithApprover;
            let owes = case.owed.iter().any(|owed| owed.confirmed.is_none());
            lines.push(SignLine {
                id: row.id.to_string(),
                seen: case.changed,
                project: project.name.clone(),
                item: case.opened.name.clone(),
                owner: project.owner.name.clone(),
                is_key: case.opened.goes_first(),
                chip: Chip::of(case.standing),
                clock: clock_mark(&project, case, &names, today),
                opinions: opinion_views(case, &names),
                may_agree: signed && special.is_none() && waits.is_empty() && !owes,
                special,
                waits,
            });
        }
        let counts = store.queue_counts(Some(department), who.0.id, &[QueueView::Sign])?;
        let total = counts.first().map_or(0, |(_, count)| *count);
        html(&SignPage { shell: frame.shell(Desk::Staff), lines, total })
    })
    .await
}
