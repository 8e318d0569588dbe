//! Correction: only what was sent back, next to the reviewer's words.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use tongban_domain::{
    acts::{ActName, ApplicationAct},
    application::{Demand, Target},
    paper::Provenance,
    project::{FieldValue, ReadValue},
    refusal::Refusal,
};
use tongban_store::{ActOptions, Ticket};

use super::{
    Loaded,
    application::{ApplicationHead, head},
    load_application,
};
use crate::{
    app::App,
    components::{FaultSummary, FormField, field_id, value_fault},
    error::{PageError, PageResult},
    forms::{Faults, Typed, read_multipart},
    pages::{html, html_with_faults, redirect},
    parts::with_parts,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

struct DemandView {
    name: String,
    id: String,
    reason: String,
    note: String,
    /// For papers: what the slot takes, and the file that was handed in.
    paper: Option<PaperDemand>,
    field: Option<FormField>,
    fault: String,
}

struct PaperDemand {
    input: String,
    accept: String,
    max_bytes: u64,
    rule: String,
    old: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "owner/fix.html")]
struct FixPage {
    shell: Shell,
    head: ApplicationHead,
    until: String,
    left: u32,
    sent: String,
    demands: Vec<DemandView>,
    locked: usize,
    faults: Faults,
}

impl FixPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn page(
    app: &App,
    loaded: &Loaded,
    application: &std::sync::Arc<tongban_domain::application::Application>,
    shell: Shell,
    typed: &Typed,
    faults: Faults,
) -> Result<FixPage, PageError> {
    let correction = application.open_correction().ok_or(PageError::NotFound)?;
    let names = &loaded.names;
    let mut demands = Vec::new();
    for demand in &correction.demands {
        demands.push(demand_view(app, loaded, application, demand, typed, &faults)?);
    }
    let calendar = &names.catalog.calendar;
    Ok(FixPage {
        shell,
        head: head(loaded, application),
        until: words::day(correction.until),
        left: calendar.working_days_after(loaded.today, correction.until),
        sent: words::moment(correction.at),
        locked: application.slots.len() + application.fields.len()
            - demands.len().min(application.slots.len() + application.fields.len()),
        demands,
        faults,
    })
}

fn demand_view(
    app: &App,
    loaded: &Loaded,
    application: &tongban_domain::application::Application,
    demand: &Demand,
    typed: &Typed,
    faults: &Faults,
) -> Result<DemandView, PageError> {
    let names = &loaded.names;
    let reason = names.reason(&demand.reason);
    let note = demand.note.as_ref().map(|note| names.words(note)).unwrap_or_default();
    match &demand.target {
        Target::Paper(key) => {
            let slot = application.slot(key);
            let input = format!("paper:{key}");
            let old = match slot.and_then(|slot| slot.current()) {
                Some(
                    Provenance::Uploaded(reference)
                    | Provenance::Earlier(_, reference)
                    | Provenance::Library(_, reference)
                    | Provenance::Instead(reference, _),
                ) => app
                    .store()
                    .file(reference.file)?
                    .map(|file| (format!("/files/{}", file.id), file.name)),
                Some(
                    Provenance::Result(_)
                    | Provenance::Awaited(_)
                    | Provenance::Register(_)
                    | Provenance::NotNeeded(_),
                )
                | None => None,
            };
            let known = names.catalog.papers.get(key);
            let accept: Vec<String> = known
                .map(|paper| paper.accept.iter().map(|end| format!(".{end}")).collect())
                .unwrap_or_default();
            let max_mb = known.map_or(0, |paper| paper.max_mb);
            Ok(DemandView {
                name: slot.map_or_else(|| key.clone(), |slot| slot.slot.name.clone()),
                id: field_id(&input),
                reason,
                note,
                fault: faults.of(&input).to_owned(),
                paper: Some(PaperDemand {
                    input,
                    rule: format!(
                        "{}，不超过 {max_mb} MB",
                        accept.join("、").replace('.', "").to_uppercase()
                    ),
                    accept: accept.join(","),
                    max_bytes: u64::from(max_mb) * 1024 * 1024,
                    old,
                }),
                field: None,
            })
        }
        Target::Field(key) => {
            let input = format!("field:{key}");
            let field = names.catalog.field(key);
            let value = loaded.project.fields.get(key).map(FieldValue::typed).unwrap_or_default();
            let value = if typed.has(&input) { typed.get(&input).to_owned() } else { value };
            let fault = faults.of(&input);
            Ok(DemandView {
                name: field.map_or_else(|| key.clone(), |field| field.label.clone()),
                id: field_id(&input),
                reason,
                note,
                paper: None,
                fault: fault.to_owned(),
                field: field.map(|field| FormField::of(field, &input, &value, fault)),
            })
        }
    }
}

pub(crate) async fn fix(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, application) = load_application(app, &who, &id)?;
        if application.open_correction().is_none() || !loaded.may_bring() {
            return Ok(redirect(&format!("/a/j/{id}")));
        }
        let shell = frame.shell(Desk::Owner);
        html(&page(app, &loaded, &application, shell, &Typed::default(), Faults::default())?)
    })
    .await
}

pub(crate) async fn submit_fix(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
    form: Multipart,
) -> PageResult {
    let (typed, uploads) = read_multipart(form).await?;
    app.run(move |app| {
        let uploads = with_parts(app, who.0.id, &typed, uploads)?;
        let (loaded, application) = load_application(app, &who, &id)?;
        let correction = application.open_correction().ok_or(PageError::NotFound)?;
        if !loaded.may_bring() {
            return Err(PageError::Refused(Refusal::NotAllowed(ActName::SubmitCorrection)));
        }
        let catalog = &loaded.names.catalog;
        let mut faults = Faults::default();
        let mut papers = BTreeMap::new();
        let mut fields = BTreeMap::new();
        let mut sealed = Vec::new();
        for demand in &correction.demands {
            match &demand.target {
                Target::Paper(key) => {
                    let input = format!("paper:{key}");
                    let upload = uploads.iter().find(|upload| upload.field == input);
                    let (Some(upload), Some(paper)) = (upload, catalog.papers.get(key)) else {
                        faults.add(&input, "请选择改好的文件");
                        continue;
                    };
                    let kept = app.store().keep_file(
                        loaded.project.id,
                        None,
                        &upload.name,
                        &upload.content,
                        &paper.accept,
                        paper.max_mb,
                    )?;
                    match kept {
                        Ok(file) => {
                            papers.insert(key.clone(), file.reference());
                        }
                        Err(refused) => faults.add(&input, words::file_error(&refused)),
                    }
                }
                Target::Field(key) => {
                    let input = format!("field:{key}");
                    let Some(field) = catalog.field(key) else { continue };
                    match field.read(typed.get(&input)) {
                        Ok(Some(ReadValue::Clear(value))) => {
                            fields.insert(key.clone(), value);
                        }
                        Ok(Some(ReadValue::Personal(text))) => {
                            let (seal, value) = app.store().seal(&text);
                            sealed.push(value);
                            fields.insert(key.clone(), FieldValue::Sealed(seal));
                        }
                        Ok(None) => faults.add(&input, format!("请填写{}", field.label)),
                        Err(error) => faults.add(&input, value_fault(field, &error)),
                    }
                }
            }
        }
        if !faults.is_empty() {
            let shell = frame.shell(Desk::Owner);
            return html_with_faults(&page(app, &loaded, &application, shell, &typed, faults)?);
        }
        let act = ApplicationAct::SubmitCorrection { papers, fields }.on(application.id);
        let options = ActOptions { sealed, ..ActOptions::default() };
        app.store().act(loaded.project.id, &act, &loaded.actor, options).and_then(Ticket::wait)?;
        Ok(redirect(&format!("/a/j/{id}?done=submit-correction")))
    })
    .await
}
