//! What happened, newest first, grouped by day, from the facts themselves.

use tongban_domain::{
    application::{ApplicationFact, Target},
    case::{CaseFact, Outcome},
    catalog::LifeEffect,
    fact::{Channel, Fact, Recorded},
    ids::{ApplicationId, CaseId},
    project::{Project, ProjectFact},
};

use super::Names;
use crate::words;

/// An entry of the timeline.
pub(crate) struct TimelineEntry {
    pub(crate) who: String,
    pub(crate) what: String,
    pub(crate) meta: String,
    /// `done`, `fix`, `stop`, `pause` or empty.
    pub(crate) mark: &'static str,
    /// Where the receipt of the act is; on one entry of each act.
    pub(crate) proof: Option<String>,
}

impl TimelineEntry {
    pub(crate) fn is_pause(&self) -> bool {
        self.mark == "pause"
    }
}

/// A day with its entries, newest first.
pub(crate) struct TimelineDay {
    pub(crate) day: String,
    pub(crate) entries: Vec<TimelineEntry>,
}

/// The days, newest first.
pub(crate) type Timeline = Vec<TimelineDay>;

/// What the timeline is about.
#[derive(Clone, Copy)]
pub(crate) enum Focus {
    /// The whole project.
    Project,
    /// One case, with the facts of its application.
    Case(CaseId, ApplicationId),
}

/// The timeline of a project, or of one case. `inside` shows what happens inside departments.
pub(crate) fn timeline(
    project: &Project,
    facts: &[Recorded],
    names: &Names,
    case: Option<CaseId>,
    inside: bool,
) -> Timeline {
    let focus = case
        .and_then(|id| project.cases.get(&id))
        .map_or(Focus::Project, |case| Focus::Case(case.opened.case, case.application));
    let mut days: Timeline = Vec::new();
    let mut last_act = None;
    for recorded in facts.iter().rev() {
        let Some(mut entry) = entry(project, recorded, names, focus, inside) else { continue };
        let act = recorded.envelope.act;
        if last_act.replace(act) == Some(act) {
            entry.proof = None;
        }
        let day = words::day(recorded.envelope.recorded_at.day());
        match days.last_mut() {
            Some(last) if last.day == day => last.entries.push(entry),
            _ => days.push(TimelineDay { day, entries: vec![entry] }),
        }
    }
    days
}

fn entry(
    project: &Project,
    recorded: &Recorded,
    names: &Names,
    focus: Focus,
    inside: bool,
) -> Option<TimelineEntry> {
    let envelope = &recorded.envelope;
    let (what, mark) = match (&recorded.fact, focus) {
        (Fact::Project(fact), Focus::Project) => (project_words(fact, names), ""),
        (Fact::Application(_, fact), Focus::Project) => application_words(project, fact, names),
        (Fact::Application(id, fact), Focus::Case(_, application)) if *id == application => {
            application_words(project, fact, names)
        }
        (Fact::Case(id, fact), Focus::Case(case, _)) if *id == case => {
            case_words(fact, names, inside)?
        }
        (Fact::Case(id, fact), Focus::Project) => {
            let (what, mark) = case_words(fact, names, inside)?;
            let name = project.cases.get(id).map_or("", |case| &case.opened.name);
            (format!("{what}「{name}」"), mark)
        }
        (
            Fact::Project(_)
            | Fact::Application(..)
            | Fact::Case(..)
            | Fact::PackPublished { .. }
            | Fact::Organisation(_)
            | Fact::Credit(_),
            Focus::Project | Focus::Case(..),
        ) => return None,
    };
    let mut meta = words::time(envelope.recorded_at);
    if envelope.channel != Channel::Web {
        meta.push_str(&format!(" · {}", envelope.channel.name()));
    }
    if let (Channel::DepartmentSystem, Some(system)) = (envelope.channel, &envelope.source_system) {
        meta.push_str(&format!("「{system}」"));
    }
    if let Some(visit) = &envelope.visit {
        meta.push_str(&format!(" · 到场：{}", names.reason(visit)));
    }
    if let Some(claimed) = envelope.claimed_at {
        meta.push_str(&format!(" · 称发生于{}", words::moment(claimed)));
    }
    // What follows from somebody's act is nobody's own doing.
    let follows = matches!(
        recorded.fact,
        Fact::Case(_, CaseFact::DepartmentStarted | CaseFact::NodeClockStarted { .. })
    );
    let who = if follows { "系统".to_owned() } else { names.actor(&envelope.actor) };
    let proof = Some(format!("/a/p/{}/proof/{}", project.id, envelope.act));
    Some(TimelineEntry { who, what, meta, mark, proof })
}

fn project_words(fact: &ProjectFact, names: &Names) -> String {
    match fact {
        ProjectFact::Registered { code, .. } => format!("登记项目，代码 {code}"),
        ProjectFact::PlanAgreed { milestones } => {
            format!("约定里程碑计划，共 {} 个节点", milestones.len())
        }
        ProjectFact::MarkedKey => "列为重点项目".to_owned(),
        ProjectFact::DutyArose { item, until, basis } => format!(
            "应当在{}前办理「{}」（{}）",
            words::day(*until),
            names.item(item),
            names.basis(basis)
        ),
        ProjectFact::DutyMissed { item, until } => {
            format!("{}前没有办理「{}」，已逾期", words::day(*until), names.item(item))
        }
        ProjectFact::DocumentIssued(issued) => match issued.edition {
            1 => format!("制发《{}》（{}）", issued.title, issued.number),
            edition => format!("换发《{}》（{}），第 {edition} 版", issued.title, issued.number),
        },
        ProjectFact::PersonsRead { reason, .. } => {
            format!("查看联系人和个人信息：{}", names.reason(reason))
        }
        ProjectFact::RegisterAnswered(answer) => {
            let paper = names.paper(&answer.paper);
            let said = if answer.held { "有登记，免交" } else { "没有登记" };
            format!("向{}核验「{paper}」：{said}", answer.register)
        }
        ProjectFact::AgentAuthorised { agent, powers, until } => format!(
            "委托{}办理：{}，至{}",
            names.person(*agent),
            powers.iter().map(|it| it.name()).collect::<Vec<_>>().join("；"),
            words::day(*until)
        ),
        ProjectFact::AgencyEnded { agent } => format!("解除对{}的委托", names.person(*agent)),
        ProjectFact::MilestoneReached { key, on } => {
            format!("登记里程碑「{}」：{}", names.milestone(key), words::day(*on))
        }
    }
}

fn application_words(
    project: &Project,
    fact: &ApplicationFact,
    names: &Names,
) -> (String, &'static str) {
    match fact {
        ApplicationFact::Submitted { number, stage, cases, .. } => {
            (format!("提交第 {stage} 阶段申报，{} 个事项，编号 {number}", cases.len()), "")
        }
        ApplicationFact::CorrectionRequested { demands, until } => {
            let what: Vec<String> = demands
                .iter()
                .map(|demand| match &demand.target {
                    Target::Paper(key) => project
                        .applications
                        .values()
                        .find_map(|application| application.slot(key))
                        .map_or_else(|| key.clone(), |slot| slot.slot.name.clone()),
                    Target::Field(key) => {
                        names.catalog.field(key).map_or_else(|| key.clone(), |f| f.label.clone())
                    }
                })
                .collect();
            (
                format!(
                    "一次性告知补正 {} 处：{}，{}前交回",
                    demands.len(),
                    what.join("、"),
                    words::short_day(*until)
                ),
                "fix",
            )
        }
        ApplicationFact::Corrected { .. } => ("交回补正".to_owned(), ""),
        ApplicationFact::ReleaseChosen(release) => (format!("选择{}", release.name()), ""),
        ApplicationFact::JointExtended { days, reason } => {
            (format!("联合办理时限延长 {days} 个工作日：{}", names.reason(reason)), "pause")
        }
    }
}

fn case_words(fact: &CaseFact, names: &Names, inside: bool) -> Option<(String, &'static str)> {
    Some(match fact {
        CaseFact::CorrectionAsked | CaseFact::CorrectionAnswered => return None,
        CaseFact::Accepted { promised, starts, deemed, owed, .. } => {
            let verb = if *deemed { "逾期未告知，依法视为受理" } else { "受理" };
            let wait = if starts.is_none() { "，等待前置事项后开始计时" } else { "" };
            let gap = if owed.is_empty() {
                String::new()
            } else {
                format!("，容缺 {} 份材料", owed.len())
            };
            (format!("{verb}，承诺 {promised}{wait}{gap}"), "")
        }
        CaseFact::NotRequired { reason, .. } => {
            (format!("不受理（无需办理）：{}", names.reason(reason)), "stop")
        }
        CaseFact::AcceptanceRefused { reason, .. } => {
            (format!("不予受理：{}", names.reason(reason)), "stop")
        }
        CaseFact::DepartmentStarted => ("部门开始办理".to_owned(), ""),
        CaseFact::NodeClockStarted { .. } => ("前置结果到达，开始计时".to_owned(), ""),
        CaseFact::Claimed { .. } => ("承办".to_owned(), ""),
        CaseFact::OpinionGiven { hand, recommendation, text, .. } => {
            if !inside {
                return None;
            }
            (format!("{}意见：{}。{}", hand.name(), recommendation.name(), names.words(text)), "")
        }
        CaseFact::SentBack { hand, reason, text } => {
            if !inside {
                return None;
            }
            let words = names.words(text);
            (format!("{}环节退回承办：{}。{words}", hand.name(), names.reason(reason)), "fix")
        }
        CaseFact::SpecialAsked { name, planned_days, .. } => {
            if !inside {
                return None;
            }
            (format!("申请特别程序：{name}，计划 {planned_days} 个工作日"), "")
        }
        CaseFact::SpecialApproved { planned_end, .. } => {
            (format!("特别程序开始，停止计时，预计{}结束", words::short_day(*planned_end)), "pause")
        }
        CaseFact::SpecialRejected => {
            if !inside {
                return None;
            }
            ("不批准特别程序".to_owned(), "")
        }
        CaseFact::SpecialEnded { by_itself, .. } => {
            let how = if *by_itself { "期满" } else { "" };
            (format!("特别程序{how}结束，恢复计时"), "")
        }
        CaseFact::Extended { days, reason } => {
            (format!("延长时限 {days} 天：{}", names.reason(reason)), "pause")
        }
        CaseFact::Decided(decision) => match &decision.outcome {
            Outcome::Pass => {
                let number = decision.document.as_deref().unwrap_or_default();
                (format!("决定：同意。{number}"), "done")
            }
            Outcome::PassWithGap { owed } => {
                (format!("决定：容缺同意，{} 份材料限期补交", owed.len()), "done")
            }
            Outcome::Refuse { reason, .. } => {
                (format!("决定：不予许可。{}", names.reason(reason)), "stop")
            }
        },
        CaseFact::Served => ("送达建设单位".to_owned(), "done"),
        CaseFact::Withdrawn { reason, .. } => (format!("撤回：{}", names.reason(reason)), "stop"),
        CaseFact::Cancelled { reason, .. } => {
            (format!("注销许可：{}", names.reason(reason)), "stop")
        }
        CaseFact::Revoked { reason, .. } => (format!("撤销决定：{}", names.reason(reason)), "stop"),
        CaseFact::OwedProvided { .. } => ("补交容缺材料".to_owned(), ""),
        CaseFact::PaperFiled { title, .. } => {
            if !inside {
                return None;
            }
            (format!("部门归入材料：{}", names.words(title)), "")
        }
        CaseFact::ValidityBegun { until, effect, basis, .. } => {
            let then = match effect {
                LifeEffect::Lapse => "届满失效",
                LifeEffect::Recheck => "届满未开工的应当重新审核",
            };
            (format!("有效期至{}，{then}（{}）", words::day(*until), names.basis(basis)), "")
        }
        CaseFact::ExtensionAsked { .. } => ("申请延续有效期".to_owned(), ""),
        CaseFact::ValidityExtended { until, by_law, .. } => {
            let how =
                if *by_law { "逾期未作决定，视为准予延续" } else { "准予延续" };
            (format!("{how}，有效期至{}", words::day(*until)), "done")
        }
        CaseFact::ExtensionRefused { .. } => ("不予延续".to_owned(), "stop"),
        CaseFact::Lapsed { on } => (format!("有效期{}届满，失效", words::day(*on)), "stop"),
        CaseFact::RecheckDue { on } => {
            (format!("{}届满未开工，应当由原审批部门重新审核", words::day(*on)), "fix")
        }
        CaseFact::CalendarSettled { promised, .. } => {
            let until = promised.map(|day| format!("，承诺期限为{}", words::day(day)));
            (format!("按公布的放假安排重新计算时限{}", until.unwrap_or_default()), "")
        }
        CaseFact::CommitmentChecked { kept: true, .. } => {
            ("事后核查：与承诺相符".to_owned(), "done")
        }
        CaseFact::CommitmentChecked { kept: false, until, text } => {
            let until = until.map(|day| format!("，{}前整改", words::day(day)));
            let until = until.unwrap_or_default();
            (format!("事后核查：与承诺不符{until}。{}", names.words(text)), "fix")
        }
        CaseFact::Rechecked { .. } => ("重新审核，继续有效".to_owned(), "done"),
        CaseFact::OwedReturned { reason, until, .. } => (
            format!("退回容缺材料：{}，{}前重新提交", names.reason(reason), words::day(*until)),
            "fix",
        ),
        CaseFact::Transferred { to, basis } => {
            (format!("机构改革（{basis}），移交{}办理，时限不变", names.department(*to)), "")
        }
        CaseFact::HearingOffered { ask_by, text, others: _ } => (
            format!(
                "告知听证权利，{}以前（含当天）可以申请听证。{}",
                words::day(*ask_by),
                names.words(text)
            ),
            "fix",
        ),
        CaseFact::HearingAsked { hold_by, text } => {
            // Who asked at the window, and why, is for the department.
            let text = if inside { names.words(text) } else { String::new() };
            (format!("申请听证，应当在{}以前（含当天）举行。{text}", words::day(*hold_by)), "pause")
        }
        CaseFact::HearingWaived => ("放弃听证".to_owned(), ""),
        CaseFact::HearingNotified { on, place, chair } => {
            let (place, chair) = (names.words(place), names.person(*chair));
            (format!("听证通知：{}，{place}，主持人{chair}", words::day(*on)), "")
        }
        CaseFact::HearingHeld { on, text } => {
            (format!("{}举行听证。笔录：{}", words::day(*on), names.words(text)), "done")
        }
        CaseFact::DepartmentConsulted { of, until, text } => {
            let text = if inside { format!("。{}", names.words(text)) } else { String::new() };
            let until = words::short_day(*until);
            (format!("征求{}意见，请在{until}前反馈{text}", names.department(*of)), "")
        }
        CaseFact::ConsultationAnswered { of, stance, text } => {
            let text = if inside { format!("。{}", names.words(text)) } else { String::new() };
            (format!("{}反馈意见：{}{text}", names.department(*of), stance.name()), "")
        }
        CaseFact::Urged { text } => {
            let text = if inside { format!("：{}", names.words(text)) } else { String::new() };
            (format!("牵头部门催办{text}"), "")
        }
        CaseFact::OwedConfirmed { .. } => ("确认容缺材料".to_owned(), "done"),
    })
}
