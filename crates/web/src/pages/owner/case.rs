//! A case as its owner sees it: whose turn, clock, papers, result, what can be done.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use tongban_domain::{
    acts::{ActName, CaseAct, Subject},
    case::{Case, Outcome, Validity},
    catalog::{Choice, LifeEffect},
    mode::Mode,
    reason::ReasonKind,
    refusal::Refusal,
};
use tongban_store::{ActOptions, Ticket};

use super::{Loaded, application::reasons, load_case};
use crate::{
    app::App,
    components::{Chip, ClockMark, Turn},
    error::{PageError, PageResult},
    forms::read_multipart,
    pages::{html, redirect},
    parts::with_parts,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{
        DocumentLine, DocumentsAbout, HearingView, LedgerView, Names, PaperLine, Timeline,
        case_turn, clock_mark, document_lines, hearing_view, ledger_view, paper_lines, timeline,
    },
    words,
};

/// The decision in words.
pub(crate) struct ResultView {
    pub(crate) granted: bool,
    pub(crate) title: String,
    pub(crate) document: String,
    pub(crate) decided: String,
    pub(crate) served: String,
    pub(crate) text: String,
    pub(crate) reason: String,
    pub(crate) remedies: String,
    pub(crate) revoked: Option<String>,
    /// Until when it holds.
    pub(crate) validity: Option<String>,
}

/// Until when a result holds, and what follows.
fn validity_sentence(validity: &Validity, names: &Names) -> String {
    let until = words::day(validity.until);
    let unless: Vec<String> = validity.unless.iter().map(|end| names.predecessor(end)).collect();
    let basis = names.basis(&validity.basis);
    if validity.recheck {
        return format!(
            "{until}届满，还没有{}，应当先由原审批部门重新审核（{basis}）。",
            unless.join("、")
        );
    }
    let then = match validity.effect {
        LifeEffect::Lapse => "失效",
        LifeEffect::Recheck => "须由原审批部门重新审核",
    };
    let asked = if validity.asked.is_some() { "延续申请正在等待决定。" } else { "" };
    let left = match validity.extensions_left {
        0 => String::new(),
        left => {
            let each = validity.each.map_or(String::new(), |each| format!("，每次 {each}"));
            format!("还可以申请延续 {left} 次{each}，应当在{}前提出。", words::day(validity.ask_by))
        }
    };
    format!("有效期至{until}；届满前没有{}的，{then}（{basis}）。{left}{asked}", unless.join("、"))
}

pub(crate) fn result_view(loaded: &Loaded, case: &Case, inside: bool) -> Option<ResultView> {
    let decided = case.decision.as_ref()?;
    // Departments see a decision at once, its owner when it is served.
    if !inside && case.served.is_none() {
        return None;
    }
    let names = &loaded.names;
    let (title, reason, remedies) = match &decided.decision.outcome {
        Outcome::Pass => ("准予许可", String::new(), String::new()),
        Outcome::PassWithGap { .. } => ("容缺准予", String::new(), String::new()),
        Outcome::Refuse { reason, review_days, suit_months } => (
            "不予许可",
            names.reason(reason),
            format!(
                "不服本决定的，可以自收到决定之日起 {review_days} 日内申请行政复议，也可以在 {suit_months} 个月内向人民法院提起行政诉讼。"
            ),
        ),
    };
    let revoked = (case.standing == tongban_domain::case::Standing::Revoked).then(|| {
        let reason = case.ended_for.as_deref().map(|key| names.reason(key)).unwrap_or_default();
        let text = case.ended_text.as_ref().map(|text| names.words(text)).unwrap_or_default();
        format!("本决定已撤销：{reason}。{text}")
    });
    let validity = case.validity.as_ref().filter(|_| case.has_passed());
    let validity = validity.filter(|validity| !validity.is_free(&loaded.project));
    Some(ResultView {
        validity: validity.map(|validity| validity_sentence(validity, names)),
        granted: !matches!(decided.decision.outcome, Outcome::Refuse { .. }),
        title: if case.opened.result.is_empty() || !reason.is_empty() {
            title.to_owned()
        } else {
            case.opened.result.clone()
        },
        document: decided.decision.document.clone().unwrap_or_default(),
        decided: words::moment(decided.at),
        served: case.served.map_or("尚未送达".to_owned(), words::moment),
        text: names.words(&decided.decision.text),
        reason,
        remedies,
        revoked,
    })
}

/// The ways of handling open to a case, each with its reason, and the area assessments used.
pub(crate) fn ways(loaded: &Loaded, case: &Case) -> Vec<String> {
    let ways = case.opened.modes.iter().map(|reason| {
        let open = match (reason.mode, reason.open) {
            (Mode::Commitment, true) if case.opened.committed => "已采用",
            (_, true) => "可以",
            (_, false) => "不适用",
        };
        format!("{}：{open}。{}。", reason.mode.name(), words::mode_reason(reason))
    });
    let catalog = &loaded.names.catalog;
    let application = loaded.project.application_of(case);
    let areas = application.into_iter().flat_map(|application| &application.areas).map(|area| {
        let asked = catalog.question(&area.question).map_or("", |question| &question.text);
        let until = words::day(area.until);
        format!("区域评估：{asked}使用《{}》的成果，有效期至{until}。", area.document)
    });
    ways.chain(areas).collect()
}

/// A paper still owed.
pub(crate) struct OwedView {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) until: String,
    pub(crate) provided: bool,
    pub(crate) confirmed: bool,
    /// Why it was sent back.
    pub(crate) returned: Option<String>,
    pub(crate) accept: String,
}

pub(crate) fn owed_views(loaded: &Loaded, case: &Case) -> Vec<OwedView> {
    case.owed
        .iter()
        .map(|owed| {
            let paper = loaded.names.catalog.papers.get(&owed.owed.paper);
            let accept: Vec<String> = paper
                .map(|paper| paper.accept.iter().map(|end| format!(".{end}")).collect())
                .unwrap_or_default();
            OwedView {
                key: owed.owed.paper.clone(),
                name: paper.map_or_else(|| owed.owed.paper.clone(), |paper| paper.name.clone()),
                until: words::day(owed.owed.until),
                provided: owed.provided.is_some(),
                confirmed: owed.confirmed.is_some(),
                returned: owed.returned.as_ref().map(|(reason, text)| {
                    let words = text.as_ref().map(|text| loaded.names.words(text));
                    let words = words.map(|words| format!("：{words}")).unwrap_or_default();
                    format!("{}{words}", loaded.names.reason(reason))
                }),
                accept: accept.join(","),
            }
        })
        .collect()
}

#[derive(Template)]
#[template(path = "owner/case.html")]
struct CasePage {
    shell: Shell,
    id: String,
    name: String,
    item: String,
    number: String,
    state: String,
    project: String,
    project_id: String,
    application_id: String,
    stage: u8,
    department: String,
    chip: Chip,
    clock: Option<ClockMark>,
    turn: Turn,
    ledger: Option<LedgerView>,
    result: Option<ResultView>,
    documents: Vec<DocumentLine>,
    owed: Vec<OwedView>,
    hearing: HearingView,
    may_provide: bool,
    may_extend: bool,
    may_withdraw: bool,
    withdrawals: Vec<Choice>,
    papers: Vec<PaperLine>,
    ways: Vec<String>,
    days: Timeline,
    must_fix: bool,
}

pub(crate) async fn case(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, case) = load_case(app, &who, &id)?;
        let (project, names) = (&loaded.project, &loaded.names);
        let application = project.application_of(&case).ok_or(PageError::NotFound)?;
        let subject = Subject::Case(case.opened.case);
        let may = |name: ActName| loaded.may(name, subject);
        let history = app.store().history(project.id)?;
        let only = Some(case.opened.item.as_str());
        html(&CasePage {
            shell: frame.shell(Desk::Owner),
            id: id.clone(),
            name: case.opened.name.clone(),
            item: case.opened.item.clone(),
            number: case.opened.number.clone(),
            ways: ways(&loaded, &case),
            state: format!("{} {}", case.state().code(), case.state().name()),
            project: project.name.clone(),
            project_id: project.id.to_string(),
            application_id: case.application.to_string(),
            stage: case.stage,
            department: names.department(case.department),
            chip: Chip::of_case(case.standing, case.owed_count()),
            clock: clock_mark(project, &case, names, loaded.today),
            turn: case_turn(project, &case, names, loaded.today, Some(&loaded.actor)),
            ledger: ledger_view(&case, names, loaded.today),
            result: result_view(&loaded, &case, false),
            documents: document_lines(
                app.store(),
                project,
                DocumentsAbout::Case(case.opened.case),
            )?,
            owed: owed_views(&loaded, &case),
            hearing: hearing_view(
                app.store(),
                &case,
                names,
                &loaded.available(subject),
                loaded.today,
            )?,
            may_extend: may(ActName::AskExtension),
            may_provide: may(ActName::ProvideOwedPaper),
            may_withdraw: may(ActName::WithdrawCase),
            withdrawals: reasons(&loaded, ReasonKind::Withdrawal),
            papers: paper_lines(app.store(), project, application, names, only)?,
            days: timeline(project, &history, names, Some(case.opened.case), false),
            must_fix: case.standing == tongban_domain::case::Standing::NeedsCorrection,
        })
    })
    .await
}

/// Hands in a paper that was owed.
pub(crate) async fn provide_owed(
    State(app): State<App>,
    who: SignedIn,
    Path((id, paper)): Path<(String, String)>,
    form: Multipart,
) -> PageResult {
    let (typed, uploads) = read_multipart(form).await?;
    app.run(move |app| {
        let uploads = with_parts(app, who.0.id, &typed, uploads)?;
        let (loaded, case) = load_case(app, &who, &id)?;
        if !loaded.may_bring() {
            return Err(PageError::Refused(Refusal::NotAllowed(ActName::ProvideOwedPaper)));
        }
        let known = loaded.names.catalog.papers.get(&paper).ok_or(PageError::NotFound)?;
        let upload = uploads
            .into_iter()
            .next()
            .ok_or_else(|| PageError::BadRequest("请先选择文件，再补交。".to_owned()))?;
        let kept = app.store().keep_file(
            loaded.project.id,
            None,
            &upload.name,
            &upload.content,
            &known.accept,
            known.max_mb,
        )?;
        let file = kept.map_err(|refused| PageError::BadRequest(words::file_error(&refused)))?;
        let act = CaseAct::ProvideOwedPaper { paper, file: file.reference() }.on(case.opened.case);
        app.store()
            .act(loaded.project.id, &act, &loaded.actor, ActOptions::default())
            .and_then(Ticket::wait)?;
        Ok(redirect(&format!("/a/c/{id}?done=provide-owed-paper")))
    })
    .await
}
