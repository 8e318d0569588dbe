//! A case in its department: brief, papers, clock, opinions, and the acts open to this person.

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::{
    acts::{ActName, Subject},
    case::{Case, HEARING_REASON},
    catalog::Choice,
    clock::Which,
    permission::Role,
    reason::ReasonKind,
};

use crate::{
    app::App,
    components::{Again, Chip, ClockMark, Turn},
    error::{PageError, PageResult},
    pages::{
        html, html_with_faults,
        owner_pages::{
            FactLine, Loaded, OwedView, ResultView, fact_lines, load_case, owed_views, reasons,
            result_view, ways,
        },
    },
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{
        ConsultationsView, DocumentLine, DocumentsAbout, HearingView, LedgerView, Names, PaperLine,
        Timeline, case_turn, clock_mark, consultations_view, document_lines, hearing_view,
        ledger_view, paper_lines, timeline,
    },
    words,
};

/// An opinion inside the department.
pub(crate) struct OpinionView {
    pub(crate) hand: &'static str,
    pub(crate) result: String,
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) at: String,
}

pub(crate) fn opinion_views(case: &Case, names: &Names) -> Vec<OpinionView> {
    case.opinions
        .iter()
        .map(|opinion| OpinionView {
            hand: opinion.hand.name(),
            result: match (&opinion.recommendation, &opinion.reason) {
                (Some(recommendation), Some(reason)) => {
                    format!("{}：{}", recommendation.name(), names.reason(reason))
                }
                (Some(recommendation), None) => recommendation.name().to_owned(),
                (None, reason) => {
                    let reason = reason.as_deref().map(|key| names.reason(key));
                    format!("退回承办：{}", reason.unwrap_or_default())
                }
            },
            text: names.words(&opinion.text),
            by: names.actor(&opinion.by),
            at: words::moment(opinion.at),
        })
        .collect()
}

struct SpecialView {
    name: String,
    days: u16,
    text: String,
    by: String,
}

/// Which forms are shown: what the declarations allow this person now.
struct May {
    claim: bool,
    give: bool,
    review: bool,
    decide: bool,
    send_back: bool,
    ask: bool,
    answer: bool,
    end: bool,
    extend: bool,
    revoke: bool,
    cancel: bool,
    confirm: bool,
    give_back: bool,
    prolong: bool,
    recheck: bool,
    check: bool,
    accept: bool,
}

/// A paper that the department put on file.
struct FiledView {
    url: String,
    title: String,
    by: String,
    at: String,
}

struct Other {
    url: String,
    name: String,
    department: String,
    chip: Chip,
}

#[derive(Template)]
#[template(path = "staff/case.html")]
struct CasePage {
    shell: Shell,
    id: String,
    seen: u64,
    name: String,
    number: String,
    state: String,
    project: String,
    project_id: String,
    application_id: String,
    is_key: bool,
    ways: Vec<String>,
    chip: Chip,
    clock: Option<ClockMark>,
    turn: Turn,
    waits: Vec<String>,
    /// The own system of the reader's department, where the case should be handled.
    system: Option<String>,
    papers: Vec<PaperLine>,
    filed: Vec<FiledView>,
    facts: Vec<FactLine>,
    opinions: Vec<OpinionView>,
    special: Option<SpecialView>,
    ledger: Option<LedgerView>,
    result: Option<ResultView>,
    documents: Vec<DocumentLine>,
    owed: Vec<OwedView>,
    hearing: HearingView,
    consultations: ConsultationsView,
    others: Vec<Other>,
    days: Timeline,
    may: May,
    again: Again,
    deferral: bool,
    deferrable: Vec<Choice>,
    gap_until: String,
    extension: String,
    refusals: Vec<Choice>,
    returns: Vec<Choice>,
    specials: Vec<Choice>,
    extensions: Vec<Choice>,
    cancellations: Vec<Choice>,
    revocations: Vec<Choice>,
    corrections: Vec<Choice>,
}

impl May {
    /// The act of the form for an opinion.
    const fn opinion(&self) -> &'static str {
        if self.review { ActName::ReviewCase.key() } else { ActName::GiveOpinion.key() }
    }
}

fn may(loaded: &Loaded, case: &Case) -> May {
    let acts = loaded.available(Subject::Case(case.opened.case));
    let open = |name: ActName| acts.iter().any(|act| act.name == name);
    May {
        claim: open(ActName::ClaimCase),
        give: open(ActName::GiveOpinion),
        review: open(ActName::ReviewCase),
        decide: open(ActName::DecideCase),
        send_back: open(ActName::SendBack),
        ask: open(ActName::AskSpecialProcedure),
        answer: open(ActName::ApproveSpecialProcedure),
        end: open(ActName::EndSpecialProcedure),
        extend: open(ActName::ExtendLimit),
        revoke: open(ActName::RevokeDecision),
        cancel: open(ActName::CancelResult),
        confirm: open(ActName::ConfirmOwedPaper),
        give_back: open(ActName::ReturnOwedPaper),
        prolong: open(ActName::GrantExtension),
        recheck: open(ActName::Recheck),
        check: open(ActName::CheckCommitment),
        accept: loaded.actor.is(Role::Window),
    }
}

pub(crate) async fn case(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| page(app, &frame, &who, &id, Again::default())).await
}

/// The system of the department of a case, for those who work in it.
fn own_system(loaded: &Loaded, case: &Case) -> Option<String> {
    let department = loaded.names.organisation.department(case.department)?;
    let own = loaded.actor.mandates.iter().any(|it| it.department == Some(department.id));
    department.admitted_system().filter(|_| own && case.is_open()).map(|it| it.name.clone())
}

/// The page of a case; after a fault with the form that had it.
pub(crate) fn page(app: &App, frame: &Frame, who: &SignedIn, id: &str, again: Again) -> PageResult {
    let (loaded, case) = load_case(app, who, id)?;
    let (project, names) = (&loaded.project, &loaded.names);
    let application = project.application_of(&case).ok_or(PageError::NotFound)?;
    let history = app.store().history(project.id)?;
    let item = &case.opened.item;
    let deferrable = application
        .slots
        .iter()
        .filter(|slot| slot.slot.deferrable && slot.slot.items.contains(item))
        .map(|slot| Choice::new(slot.slot.paper.clone(), slot.slot.name.clone()))
        .collect();
    let others = project
        .cases_of(application)
        .filter(|other| other.opened.case != case.opened.case)
        .map(|other| Other {
            url: format!("/s/c/{}", other.opened.case),
            name: other.opened.name.clone(),
            department: names.department(other.department),
            chip: Chip::of_case(other.standing, other.owed_count()),
        });
    let special = case.asked_special().map(|special| SpecialView {
        name: special.name.clone(),
        days: special.planned_days,
        text: names.words(&special.text),
        by: names.actor(&special.asked_by),
    });
    let ledger = case.ledger.as_ref();
    let faulty = again.is_faulty();
    let page = CasePage {
        shell: frame.shell(Desk::Staff),
        id: id.to_owned(),
        seen: case.changed,
        name: case.opened.name.clone(),
        number: case.opened.number.clone(),
        state: format!("{} {}", case.state().code(), case.state().name()),
        project: project.name.clone(),
        project_id: project.id.to_string(),
        application_id: case.application.to_string(),
        is_key: case.opened.goes_first(),
        ways: ways(&loaded, &case),
        chip: Chip::of_case(case.standing, case.owed_count()),
        clock: clock_mark(project, &case, names, loaded.today),
        turn: case_turn(project, &case, names, loaded.today, Some(&loaded.actor)),
        waits: if case.is_open() {
            project.missing_predecessors(&case).map(|p| names.predecessor(p)).collect()
        } else {
            Vec::new()
        },
        papers: paper_lines(
            app.store(),
            project,
            application,
            names,
            Some(case.opened.item.as_str()),
        )?,
        system: own_system(&loaded, &case),
        filed: case
            .filed
            .iter()
            .map(|filed| FiledView {
                url: format!("/files/{}", filed.file.file),
                title: names.words(&filed.title),
                by: names.actor(&filed.by),
                at: words::moment(filed.at),
            })
            .collect(),
        facts: fact_lines(app, &loaded)?,
        opinions: opinion_views(&case, names),
        special,
        ledger: ledger_view(&case, names, loaded.today),
        result: result_view(&loaded, &case, true),
        hearing: hearing_view(
            app.store(),
            &case,
            names,
            &loaded.available(Subject::Case(case.opened.case)),
            loaded.today,
        )?,
        consultations: consultations_view(
            &case,
            names,
            &loaded.available(Subject::Case(case.opened.case)),
            loaded.today,
        ),
        documents: document_lines(app.store(), project, DocumentsAbout::Case(case.opened.case))?,
        owed: owed_views(&loaded, &case),
        others: others.collect(),
        days: timeline(project, &history, names, Some(case.opened.case), true),
        may: may(&loaded, &case),
        again,
        deferral: case.opened.deferral,
        deferrable,
        gap_until: names.catalog.calendar.nth_working_day_after(loaded.today, 20).to_string(),
        extension: ledger
            .map_or(0, |ledger| ledger.limit(Which::Statutory).extension())
            .to_string(),
        refusals: reasons(&loaded, ReasonKind::Refusal),
        returns: reasons(&loaded, ReasonKind::Return),
        // A hearing has a way of its own.
        specials: reasons(&loaded, ReasonKind::SpecialProcedure)
            .into_iter()
            .filter(|reason| reason.key != HEARING_REASON)
            .collect(),
        extensions: reasons(&loaded, ReasonKind::Extension),
        revocations: reasons(&loaded, ReasonKind::Revocation),
        cancellations: reasons(&loaded, ReasonKind::Cancellation),
        corrections: reasons(&loaded, ReasonKind::Correction),
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}
