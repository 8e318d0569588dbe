//! The dry run of the draft over last year's projects, in the background, with its progress.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use askama::Template;
use axum::extract::State;
use tongban_domain::catalog::{Catalog, load};
use tongban_store::{DryRun, Store};

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::{html, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

/// A run, under way or done.
struct Run {
    catalog: Catalog,
    since: String,
    done: AtomicUsize,
    total: AtomicUsize,
    found: Mutex<Option<Result<DryRun, String>>>,
}

/// The last run of this process. It is looked at by those who work on the draft, and a restart
/// may forget it: the next one takes seconds.
#[derive(Default)]
pub(crate) struct DryRuns(Mutex<Option<Arc<Run>>>);

impl DryRuns {
    fn last(&self) -> Option<Arc<Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Days that a dry run looks back: a year.
const LOOK_BACK: i32 = -365;

/// Starts a run on the draft as it is now.
pub(crate) async fn start_dry_run(State(app): State<App>, _who: SignedIn) -> PageResult {
    app.run(move |app| {
        let store: Store = app.store().clone();
        let catalog = load(&store.pack_draft_files()?)
            .map_err(|_| PageError::BadRequest("草稿还有错误，改好以后才能试运行。".to_owned()))?;
        let since = store.now().day().plus(LOOK_BACK);
        let run = Arc::new(Run {
            catalog,
            since: words::day(since),
            done: AtomicUsize::new(0),
            total: AtomicUsize::new(0),
            found: Mutex::new(None),
        });
        *app.dry_runs().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&run));
        std::thread::spawn(move || {
            let found = store.dry_run(&run.catalog, since, |done, total| {
                run.done.store(done, Ordering::Relaxed);
                run.total.store(total, Ordering::Relaxed);
            });
            let found = found.map_err(|error| error.to_string());
            *run.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        });
        Ok(redirect("/s/admin/draft/dry-run"))
    })
    .await
}

struct Counted {
    name: String,
    more: u64,
    less: u64,
}

struct Moved {
    project: String,
    item: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "staff/dry-run.html")]
struct DryRunPage {
    shell: Shell,
    since: String,
    done: usize,
    total: usize,
    failed: Option<String>,
    found: Option<Found>,
}

struct Found {
    projects: u64,
    applications: u64,
    cases: u64,
    earlier: u64,
    later: u64,
    moved: Vec<Moved>,
    items: Vec<Counted>,
    papers: Vec<Counted>,
}

fn found(run: &DryRun, catalog: &Catalog, base: &Catalog) -> Found {
    let day = |day: Option<tongban_domain::time::Day>| day.map_or("—".to_owned(), words::day);
    let item = |code: &String| {
        let known = catalog.item(code).or_else(|| base.item(code));
        known.map_or(code.clone(), |item| format!("{code} {}", item.name))
    };
    let paper = |key: &String| {
        let known = catalog.papers.get(key).or_else(|| base.papers.get(key));
        known.map_or(key.clone(), |paper| paper.name.clone())
    };
    Found {
        projects: run.projects,
        applications: run.applications,
        cases: run.cases,
        earlier: run.earlier,
        later: run.later,
        moved: run
            .moved
            .iter()
            .map(|moved| Moved {
                project: moved.project_name.clone(),
                item: moved.item.clone(),
                before: day(moved.before),
                after: day(moved.after),
            })
            .collect(),
        items: run
            .items
            .iter()
            .map(|(key, it)| Counted { name: item(key), more: it.more, less: it.less })
            .collect(),
        papers: run
            .papers
            .iter()
            .map(|(key, it)| Counted { name: paper(key), more: it.more, less: it.less })
            .collect(),
    }
}

pub(crate) async fn dry_run(State(app): State<App>, frame: Frame, _who: SignedIn) -> PageResult {
    app.run(move |app| {
        let Some(run) = app.dry_runs().last() else { return Ok(redirect("/s/admin/draft")) };
        let result = run.found.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let base = app.catalog()?;
        let (found, failed) = match result {
            Some(Ok(done)) => (Some(found(&done, &run.catalog, &base)), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        html(&DryRunPage {
            shell: frame.shell(Desk::Staff),
            since: run.since.clone(),
            done: run.done.load(Ordering::Relaxed),
            total: run.total.load(Ordering::Relaxed),
            failed,
            found,
        })
    })
    .await
}
