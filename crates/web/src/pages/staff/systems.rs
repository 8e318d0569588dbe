//! Systems of departments (部门业务系统): which are connected, whether they take their tasks, and what
//! is typed by hand in their stead.

use askama::Template;
use axum::{Form, extract::State};
use tongban_domain::{
    acts::ActName, catalog::Choice, ids::DepartmentId, organisation::Department, refusal::Refusal,
};
use tongban_store::ActError;

use crate::{
    app::App,
    components::{Control, FaultSummary, FormField},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::{SignedIn, confirm},
    shell::{Desk, Frame, Shell},
    words,
};

struct SystemLine {
    id: String,
    department: String,
    system: Option<String>,
    /// Its key does not count yet.
    waits: bool,
    /// Acts and cases typed by hand.
    retyped: (u64, u64),
    /// Since when it does not take what is pushed.
    failing: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/systems.html")]
struct SystemsPage {
    shell: Shell,
    lines: Vec<SystemLine>,
    connected: usize,
    fields: Vec<FormField>,
    faults: Faults,
    /// Department and key, shown once.
    made: Option<(String, String)>,
    may_edit: bool,
    may_admit: bool,
}

impl SystemsPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    (typed, faults): (&Typed, Faults),
    made: Option<(String, String)>,
) -> PageResult {
    let store = app.store();
    let organisation = store.organisation();
    let retyped = store.retyped()?;
    let standing = || organisation.departments().filter(|it| it.merged.is_none());
    let mut lines = Vec::new();
    for department in standing() {
        let counted = retyped.iter().find(|(id, ..)| *id == department.id);
        let (cases, acts) = counted.map_or((0, 0), |(_, cases, acts)| (*cases, *acts));
        if department.system.is_none() && acts == 0 {
            continue;
        }
        let pushed = store.pushed(department.id)?;
        lines.push(SystemLine {
            id: department.id.to_string(),
            department: department.name.clone(),
            system: department.system.as_ref().map(|system| system.name.clone()),
            waits: department.system.is_some() && department.admitted_system().is_none(),
            retyped: (acts, cases),
            failing: pushed
                .failing_since
                .filter(|_| department.admitted_system().is_some())
                .map(words::moment),
        });
    }
    let choice = |it: &Department| Choice::new(it.id.to_string(), it.name.clone());
    let departments: Vec<Choice> = standing().map(choice).collect();
    let show = |field: FormField| field.again(typed, &faults);
    let fields = vec![
        show(FormField::own("department", "部门", Control::Select(departments))),
        show(FormField::own("system", "系统名称", Control::Line))
            .hint("办理记录里会写明来自哪个系统"),
    ];
    let faulty = !faults.is_empty();
    let page = SystemsPage {
        shell: frame.shell(Desk::Staff),
        connected: lines.iter().filter(|line| line.system.is_some()).count(),
        lines,
        fields,
        faults,
        made,
        may_edit: who.actor().may(ActName::ConnectSystem),
        may_admit: who.actor().may(ActName::AdmitSystem),
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

pub(crate) async fn systems(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(Vec::new());
        page(app, &frame, &who, (&typed, Faults::default()), None)
    })
    .await
}

/// Connects the system of a department; its key is shown once. Connecting it again gives another
/// key.
pub(crate) async fn connect_system(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        confirm(app, &who.0, who.1, ActName::ConnectSystem, &typed)?;
        let mut faults = Faults::default();
        let department: Option<DepartmentId> = typed.get("department").parse().ok();
        let known = department.and_then(|id| app.store().organisation().department(id).cloned());
        if known.is_none() {
            faults.add("department", "请选择部门");
        }
        let system = typed.get("system");
        if system.is_empty() || system.chars().count() > 60 {
            faults.add("system", "请填写系统名称，最多 60 个字");
        }
        if let (Some(known), true) = (known, faults.is_empty()) {
            match app.store().connect_system(known.id, system, who.0.id) {
                Ok(key) => {
                    let empty = Typed::new(Vec::new());
                    let made = Some((known.name, key));
                    return page(app, &frame, &who, (&empty, Faults::default()), made);
                }
                Err(ActError::Refused(refusal)) => {
                    faults.add("department", words::refusal(&refusal, &*app.catalog()?));
                }
                Err(error) => return Err(error.into()),
            }
        }
        page(app, &frame, &who, (&typed, faults), None)
    })
    .await
}

/// Back to the list, which says what was done; what was done before is done.
fn done(outcome: Result<(), ActError>, act: ActName) -> PageResult {
    match outcome {
        Ok(()) | Err(ActError::Refused(Refusal::AlreadySo)) => {
            Ok(redirect(&format!("/s/admin/systems?done={}", act.key())))
        }
        Err(error) => Err(error.into()),
    }
}

/// Lets the key of a department's system count.
pub(crate) async fn admit_system(
    State(app): State<App>,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        confirm(app, &who.0, who.1, ActName::AdmitSystem, &typed)?;
        let department = typed.get("department").parse().map_err(|_| PageError::NotFound)?;
        done(app.store().admit_system(department, who.0.id), ActName::AdmitSystem)
    })
    .await
}

/// Ends the connection of a department's system.
pub(crate) async fn disconnect_system(
    State(app): State<App>,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        let department = typed.get("department").parse().map_err(|_| PageError::NotFound)?;
        done(app.store().disconnect_system(department, who.0.id), ActName::DisconnectSystem)
    })
    .await
}
