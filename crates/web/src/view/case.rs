//! A case as pages show it: chip, clock, whose turn.

use tongban_domain::{
    case::{Case, Outcome, Standing},
    clock::{ClockFace, Which},
    ids::CaseId,
    permission::{Actor, Role},
    project::{Power, Project},
    time::Day,
};

use super::Names;
use crate::{
    components::{Chip, ClockMark, Turn},
    words,
};

/// A case in a list of a project.
pub(crate) struct CaseSummary {
    pub(crate) id: CaseId,
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) department: String,
    pub(crate) chip: Chip,
    pub(crate) clock: Option<ClockMark>,
    pub(crate) turn: Turn,
    pub(crate) open: bool,
}

impl CaseSummary {
    pub(crate) fn of(
        project: &Project,
        case: &Case,
        names: &Names,
        today: Day,
        reader: Option<&Actor>,
    ) -> Self {
        Self {
            id: case.opened.case,
            name: case.opened.name.clone(),
            number: case.opened.number.clone(),
            department: names.department(case.department),
            chip: chip(case),
            clock: clock_mark(project, case, names, today),
            turn: case_turn(project, case, names, today, reader),
            open: case.is_open(),
        }
    }
}

fn chip(case: &Case) -> Chip {
    let mut chip = Chip::of_case(case.standing, case.owed_count());
    chip.title = Some(format!("办理状态 {} {}", case.state().code(), case.state().name()));
    chip
}

/// The clock of a case; none before acceptance.
pub(crate) fn clock_mark(
    project: &Project,
    case: &Case,
    names: &Names,
    today: Day,
) -> Option<ClockMark> {
    let ledger = case.ledger.as_ref()?;
    let calendar = case.calendar(&names.catalog);
    let reading = ledger.read(calendar, Which::Promised, today);
    let why = match reading.face {
        ClockFace::Paused => case.specials.last().map(|special| special.name.clone()),
        ClockFace::Waiting => project
            .missing_predecessors(case)
            .next()
            .map(|predecessor| format!("「{}」", names.predecessor(predecessor))),
        ClockFace::Normal
        | ClockFace::Warning
        | ClockFace::Overdue
        | ClockFace::StoppedInTime
        | ClockFace::StoppedLate
        | ClockFace::NoLimit => None,
    };
    Some(ClockMark::of(&reading, why.as_deref()))
}

/// Whose turn it is, as this reader sees it.
pub(crate) fn case_turn(
    project: &Project,
    case: &Case,
    names: &Names,
    today: Day,
    reader: Option<&Actor>,
) -> Turn {
    let is_owner = reader.is_some_and(|reader| {
        let own = reader.organisation.as_ref() == Some(&project.owner.uscc);
        let agency = reader.account.and_then(|account| project.agency(account, today));
        let brings = agency.is_some_and(|it| it.powers.contains(&Power::Apply));
        reader.is(Role::Owner) && own || brings
    });
    let its_turn = |reader: Option<&Actor>| {
        let own = reader.and_then(|it| it.organisation.as_ref()) == Some(&project.owner.uscc);
        if own { "您的单位" } else { "您" }.to_owned()
    };
    let ended = |what: String| Turn { mine: false, who: String::new(), what };
    let left = remaining(case, names, today);
    match case.standing {
        Standing::Received | Standing::Corrected => {
            let until = project
                .application_of(case)
                .map(|application| words::short_day(application.notice_until))
                .unwrap_or_default();
            let mine = reader.is_some_and(|reader| reader.is(Role::Window));
            let what = format!("核对材料，{until}前决定是否受理");
            Turn { mine, who: "综合窗口".to_owned(), what }
        }
        Standing::NeedsCorrection => {
            let until = project
                .application_of(case)
                .and_then(|application| application.open_correction())
                .map(|correction| words::short_day(correction.until))
                .unwrap_or_default();
            let who = if is_owner { its_turn(reader) } else { project.owner.name.clone() };
            Turn { mine: is_owner, who, what: format!("补正，请在{until}前一次交回") }
        }
        Standing::WithOfficer | Standing::WithReviewer | Standing::WithApprover => {
            in_department(project, case, names, &left, reader)
        }
        Standing::Paused => {
            let name = case.specials.last().map_or("特别程序", |special| &special.name);
            let end = case
                .ledger
                .as_ref()
                .and_then(|ledger| ledger.pauses.last())
                .map(|pause| format!("，预计{}结束", words::short_day(pause.planned_end)))
                .unwrap_or_default();
            let who = names.department(case.department);
            Turn { mine: false, who, what: format!("组织{name}，期间不计时限{end}") }
        }
        Standing::Passed if case.served.is_some() => ended("已办结，结果已送达。".to_owned()),
        Standing::Passed => ended("已办结，待其他事项办结后一并送达。".to_owned()),
        Standing::PassedWithGap => {
            let open = case.owed.iter().filter(|owed| owed.confirmed.is_none());
            let until = open.map(|owed| owed.owed.until).min().map(words::short_day);
            let who = if is_owner { its_turn(reader) } else { project.owner.name.clone() };
            let what = match until {
                Some(until) => format!("补齐容缺材料，请在{until}前提交"),
                None => return ended("已办结，容缺材料已补齐。".to_owned()),
            };
            Turn { mine: is_owner, who, what }
        }
        Standing::Refused => {
            let reason =
                case.decision.as_ref().and_then(|decided| match &decided.decision.outcome {
                    Outcome::Refuse { reason, .. } => Some(names.reason(reason)),
                    Outcome::Pass | Outcome::PassWithGap { .. } => None,
                });
            ended(format!("不予许可：{}。", reason.unwrap_or_default()))
        }
        Standing::Lapsed if case.cancelled.is_some() => {
            let on = case.cancelled.map(words::day).unwrap_or_default();
            let reason = case.ended_for.as_deref().map(|key| names.reason(key)).unwrap_or_default();
            ended(format!("{on}注销：{reason}。"))
        }
        Standing::Lapsed => {
            let until = case.validity.as_ref().map(|validity| words::day(validity.until));
            ended(format!("有效期至{}，已失效。", until.unwrap_or_default()))
        }
        Standing::NotRequired
        | Standing::AcceptanceRefused
        | Standing::Withdrawn
        | Standing::Revoked => {
            let reason = case.ended_for.as_deref().map(|key| names.reason(key)).unwrap_or_default();
            ended(format!("{}：{reason}。", case.standing.name()))
        }
    }
}

fn remaining(case: &Case, names: &Names, today: Day) -> String {
    let Some(ledger) = &case.ledger else { return String::new() };
    let calendar = case.calendar(&names.catalog);
    let reading = ledger.read(calendar, Which::Promised, today);
    let unit = if reading.working_days { "个工作日" } else { "天" };
    match (reading.remaining, reading.due) {
        (Some(left), Some(due)) if left < 0 => {
            format!("，已超期 {} {unit}（应于{}前办结）", -left, words::short_day(due))
        }
        (Some(0), Some(_)) => "，应当天办结".to_owned(),
        (Some(left), Some(due)) => format!("，剩 {left} {unit}（{}前）", words::short_day(due)),
        _ => String::new(),
    }
}

fn in_department(
    project: &Project,
    case: &Case,
    names: &Names,
    left: &str,
    reader: Option<&Actor>,
) -> Turn {
    let hand = case.standing.hand();
    let department = names.department(case.department);
    let role = match case.standing {
        Standing::WithReviewer => Role::Reviewer,
        Standing::WithApprover => Role::Approver,
        _ => Role::Officer,
    };
    let mine = reader.is_some_and(|reader| {
        let office = reader
            .mandates
            .iter()
            .any(|mandate| mandate.role == role && mandate.department == Some(case.department));
        let free =
            role != Role::Officer || case.officer.is_none() || case.officer == reader.account;
        office && free
    });
    let officer = match (role, case.officer) {
        (Role::Officer, Some(officer)) => format!(" {}", names.person(officer)),
        _ => String::new(),
    };
    if case.standing == Standing::WithApprover
        && let Some(missing) = project.missing_predecessors(case).next()
    {
        let what = format!("已审完，等待「{}」办结后决定", names.predecessor(missing));
        return Turn { mine: false, who: department, what };
    }
    let verb = hand.map_or("办理", |hand| hand.name());
    if mine {
        return Turn { mine, who: "您".to_owned(), what: format!("{verb}{left}") };
    }
    Turn { mine, who: format!("{department}{officer}"), what: format!("{verb}{left}") }
}
