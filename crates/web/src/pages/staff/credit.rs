//! Credit records of owners: entered and removed by supervision, with the list they rest on.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
};
use tongban_domain::{
    catalog::Choice,
    codes::Uscc,
    credit::{CreditKind, NewRecord},
    ids::CreditRecordId,
    refusal::Refusal,
};
use tongban_store::ActError;

use crate::{
    app::App,
    components::{Control, FaultSummary, FormField},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

struct RecordLine {
    id: String,
    name: String,
    subject: String,
    kind: &'static str,
    good: bool,
    list: String,
    term: String,
    /// `有效`, `已移出` or `已到期`.
    state: &'static str,
    counts: bool,
}

#[derive(Template)]
#[template(path = "staff/credit.html")]
struct CreditPage {
    shell: Shell,
    faults: Faults,
    records: Vec<RecordLine>,
    /// What the pack in force does about each kind, in sentences with their basis.
    measures: Vec<String>,
    /// How long a broken promise stays on record.
    months: Option<i32>,
    fields: Vec<FormField>,
    done: &'static str,
}

impl CreditPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn page(app: &App, frame: &Frame, typed: &Typed, faults: Faults) -> PageResult {
    let (catalog, credit) = (app.catalog()?, app.store().credit());
    let today = app.store().now().day();
    let records = credit.records().into_iter().map(|record| {
        let entry = &record.entry;
        let counts = record.counts(today);
        RecordLine {
            id: entry.record.to_string(),
            name: entry.name.clone(),
            subject: entry.subject.to_string(),
            kind: entry.kind.name(),
            good: entry.kind == CreditKind::Good,
            list: entry.list.clone(),
            term: format!("{}至{}", words::day(entry.from), words::day(entry.until)),
            state: match (counts, record.removed) {
                (true, _) => "有效",
                (false, Some(_)) => "已移出",
                (false, None) => "已到期",
            },
            counts,
        }
    });
    let kinds = [CreditKind::Good, CreditKind::Bad, CreditKind::Serious];
    let choices = kinds.map(|kind| Choice::new(kind.key(), kind.name()));
    let show = |field: FormField| field.again(typed, &faults);
    let fields = vec![
        show(FormField::own("subject", "统一社会信用代码", Control::Line)),
        show(FormField::own("name", "单位名称", Control::Line)),
        show(FormField::own("kind", "记录种类", Control::Select(choices.to_vec()))),
        show(FormField::own("list", "依据的名单或者文书和编号", Control::Line)),
        show(FormField::own(
            "until",
            "有效期至（不良记录最长一年，严重失信一至三年）",
            Control::Typed("date", "off"),
        )),
    ];
    let faulty = !faults.is_empty();
    let page = CreditPage {
        shell: frame.shell(Desk::Staff),
        records: records.collect(),
        measures: words::measures(&catalog),
        months: catalog.broken_promise_months(),
        fields,
        faults,
        done: match typed.get("done") {
            "entered" => "信用记录已登记，以后提交的申报按它确定办理方式；已经提交的不受影响。",
            "removed" => "信用记录已移出，以后提交的申报不再受它影响。",
            _ => "",
        },
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

pub(crate) async fn credit(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| page(app, &frame, &Typed::new(pairs), Faults::default())).await
}

pub(crate) async fn enter_credit_record(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        let mut faults = Faults::default();
        let subject: Result<Uscc, _> = typed.get("subject").parse();
        if subject.is_err() {
            faults.add("subject", "统一社会信用代码有误，请核对十八位代码");
        }
        if typed.get("name").is_empty() {
            faults.add("name", "请填写单位名称");
        }
        // A broken promise is entered with the revocation, never by hand.
        let kind = CreditKind::from_key(typed.get("kind"))
            .filter(|kind| *kind != CreditKind::BrokenPromise);
        if kind.is_none() {
            faults.add("kind", "请选择记录种类");
        }
        if typed.get("list").is_empty() {
            faults.add("list", "请写明依据的名单或者文书和编号");
        }
        let until = typed.get("until").parse();
        if until.is_err() {
            faults.add("until", "请填写日期，如 2026-06-12");
        }
        if let (Ok(subject), Some(kind), Ok(until), true) =
            (subject, kind, until, faults.is_empty())
        {
            let new = NewRecord {
                subject,
                name: typed.get("name").to_owned(),
                kind,
                list: typed.get("list").to_owned(),
                until,
            };
            match app.store().enter_credit_record(new, &who.actor()) {
                Ok(()) | Err(ActError::Refused(Refusal::AlreadySo)) => {
                    return Ok(redirect("/s/credit?done=entered"));
                }
                Err(ActError::Refused(refusal)) => {
                    faults.add("until", words::refusal(&refusal, &*app.catalog()?));
                }
                Err(error) => return Err(error.into()),
            }
        }
        page(app, &frame, &typed, faults)
    })
    .await
}

pub(crate) async fn remove_credit_record(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(record): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let record: CreditRecordId = record.parse().map_err(|_| PageError::NotFound)?;
        let typed = Typed::new(pairs);
        let mut faults = Faults::default();
        if typed.get("why").is_empty() {
            faults.add("why", "请写明移出的理由，如信用修复决定的编号");
            return page(app, &frame, &Typed::default(), faults);
        }
        app.store().remove_credit_record(record, typed.get("why"), &who.actor())?;
        Ok(redirect("/s/credit?done=removed"))
    })
    .await
}
