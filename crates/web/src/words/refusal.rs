//! Refusals in sentences that say what to do.

use axum::http::StatusCode;
use tongban_domain::{
    acts::{ActName, declaration},
    application::Target,
    case::Predecessor,
    catalog::Catalog,
    refusal::Refusal,
};

use super::{day, mode_reason, recorder};

fn who_may(act: ActName) -> String {
    let who: Vec<String> = declaration(act)
        .by
        .iter()
        .map(|allowed| format!("{}（{}）", allowed.role.name(), allowed.scope.name()))
        .collect();
    who.join("、")
}

fn targets(targets: &[Target], catalog: &Catalog) -> String {
    let names: Vec<&str> = targets
        .iter()
        .map(|target| match target {
            Target::Paper(key) => catalog.papers.get(key).map_or(key.as_str(), |it| &it.name),
            Target::Field(key) => catalog.field(key).map_or(key.as_str(), |it| &it.label),
        })
        .collect();
    names.join("、")
}

/// What an item or a milestone is called.
fn step<'a>(code: &'a str, catalog: &'a Catalog) -> &'a str {
    let item = catalog.item(code).map(|item| item.name.as_str());
    item.or_else(|| catalog.milestone(code).map(|it| it.name.as_str())).unwrap_or(code)
}

/// A refusal in a sentence that says what to do.
pub(crate) fn refusal(refusal: &Refusal, catalog: &Catalog) -> String {
    match refusal {
        Refusal::NotAllowed(act) => {
            format!("「{}」只能由{}办理。", declaration(*act).title, who_may(*act))
        }
        Refusal::WrongStanding(act, standing) => {
            let from: Vec<&str> =
                declaration(*act).from.iter().map(|standing| standing.name()).collect();
            format!(
                "办件现在是「{}」，不能{}；只有「{}」的办件可以。",
                standing.name(),
                declaration(*act).title,
                from.join("」「")
            )
        }
        Refusal::UnknownCase(_) => "没有这个办件。".to_owned(),
        Refusal::UnknownApplication(_) => "没有这次申报。".to_owned(),
        Refusal::AlreadyNotifiedOnce => {
            "补正只能一次性告知，这次申报已经告知过（行政许可法第三十二条）。".to_owned()
        }
        Refusal::NoticeTooLate(last) => format!(
            "补正告知的最后一天是{}，已经过期，依法视为受理（行政许可法第三十二条）。",
            day(*last)
        ),
        Refusal::EmptyNotice => "请至少选择一项需要补正的材料或内容。".to_owned(),
        Refusal::NotListed(target) => format!(
            "「{}」不在这次申报的清单上，不能要求提交。",
            targets(std::slice::from_ref(target), catalog)
        ),
        Refusal::StillOpen(open) => format!("还有没有补正的内容：{}。", targets(open, catalog)),
        Refusal::UnknownReason(_) | Refusal::ReasonNeeded => "请从清单中选择原因。".to_owned(),
        Refusal::WaitsFor(predecessors) => {
            let names: Vec<&str> = predecessors
                .iter()
                .map(|predecessor| match predecessor {
                    Predecessor::Item(code) | Predecessor::Milestone(code) => step(code, catalog),
                })
                .collect();
            format!(
                "前置事项「{}」还没有办结，现在可以审查，但不能作出同意的决定；等待的时间不计入本部门。",
                names.join("」「")
            )
        }
        Refusal::NotInStage(code) => {
            format!("「{}」不属于本阶段需要办理的事项。", step(code, catalog))
        }
        Refusal::AlreadyApplied(code) => {
            format!("「{}」已经在办理或者已经办结。", step(code, catalog))
        }
        Refusal::Barred(code, until) => {
            let from = day(until.plus(1));
            format!(
                "依照行政许可法，「{}」{from}以后才能再次申请。不服的，可以申请行政复议或者提起行政诉讼。",
                step(code, catalog)
            )
        }
        Refusal::NoDepartment(code) => {
            format!("本地区还没有设置办理「{}」的部门，请联系管理员。", step(code, catalog))
        }
        Refusal::MissingPapers(keys) => format!("还缺 {} 份必交材料。", keys.len()),
        Refusal::MissingFields(keys) => format!("还有 {} 项必填内容没有填写。", keys.len()),
        Refusal::MissingAnswers(keys) => format!("还有 {} 个问题没有回答。", keys.len()),
        Refusal::NothingChosen => "请至少选择一项。".to_owned(),
        Refusal::ModeClosed(code, reason) => {
            let way = reason.mode.name();
            format!("「{}」不能用{way}方式办理：{}。", step(code, catalog), mode_reason(reason))
        }
        Refusal::HearingMayBeAsked(until) => format!(
            "已经告知听证权利，{}以前（含当天）还可以申请听证，期满或者放弃后才能决定。",
            day(*until)
        ),
        Refusal::HearingNotHeld(until) => {
            format!("已经申请听证，应当在{}以前（含当天）举行；根据听证笔录才能决定。", day(*until))
        }
        Refusal::NoHearing => "本办件现在没有可以这样办理的听证。".to_owned(),
        Refusal::HearingNotNotified => "请先通知听证的时间和地点。".to_owned(),
        Refusal::HearingTooSoon(first) => format!(
            "听证应当在七个工作日前通知，并在工作日举行，最早是{}（行政许可法第四十八条）。",
            day(*first)
        ),
        Refusal::HearingTooLate(last) => {
            format!("听证应当在{}以前（含当天）举行（行政许可法第四十七条）。", day(*last))
        }
        Refusal::ChairHandledCase => {
            "主持人不能是审查本办件的人员（行政许可法第四十八条）。".to_owned()
        }
        Refusal::UnknownDepartment => "没有这个部门，或者它已经撤并。".to_owned(),
        Refusal::MergerToCome(from) => {
            format!("其中一个部门已经定于{}撤并，请在那以后再办。", day(*from))
        }
        Refusal::MergesIntoItself => "这样撤并会回到原来的部门，请核对。".to_owned(),
        Refusal::NoPublishedList => "请写明依据的名单或者文书和编号。".to_owned(),
        Refusal::UnknownCreditRecord => "没有这条信用记录。".to_owned(),
        Refusal::NoCommitment(code) => {
            format!("「{}」不能用告知承诺方式办理。", step(code, catalog))
        }
        Refusal::AnswerDays(most) => format!("反馈期限应为 1 至 {most} 个工作日。"),
        Refusal::CommitmentIsTheOwners => {
            "委托权限不包括代为作出告知承诺，请由建设单位作出，或者改为一般方式办理。".to_owned()
        }
        Refusal::NotAtOnce => "本事项需要先经承办、审核，再由批准人决定。".to_owned(),
        Refusal::AtOnce => {
            "当场办结的事项由承办人直接作出决定，不经审核，也不能停止计时。".to_owned()
        }
        Refusal::SpecialPending => {
            "有一个特别程序申请正在等待批准，请先批准或者不批准。".to_owned()
        }
        Refusal::NoSpecialPending => "没有等待批准的特别程序申请。".to_owned(),
        Refusal::BadLength => "特别程序应计划 1 至 250 个工作日。".to_owned(),
        Refusal::AlreadyExtended => "时限只能延长一次（行政许可法第四十二条）。".to_owned(),
        Refusal::ExtensionTooLate(due) => {
            format!("时限已在{}届满，届满后不能再延长。", day(*due))
        }
        Refusal::ExtensionTooLong(0) => "法律没有规定本事项可以延长时限。".to_owned(),
        Refusal::ExtensionTooLong(days) => format!("最多可以延长 {days} 天。"),
        Refusal::PapersOwed(papers) => {
            format!("还有 {} 份材料没有补齐，只能容缺同意，或者等补齐后再决定。", papers.len())
        }
        Refusal::NotOwed(_) => "这份材料不在容缺清单上。".to_owned(),
        Refusal::NoDeferral => "本事项不允许容缺办理。".to_owned(),
        Refusal::BadDay(wrong) => format!("日期 {} 不合适，请核对。", day(*wrong)),
        Refusal::TermOfRecord(months) if *months.start() == 0 => {
            format!("这类记录的使用期限从明天起，最长 {} 个月。", months.end())
        }
        Refusal::TermOfRecord(months) => {
            format!("这类记录的使用期限为 {} 至 {} 个月。", months.start(), months.end())
        }
        Refusal::UnknownMilestone(_) => "没有这个里程碑。".to_owned(),
        Refusal::MilestoneOfAnother(recorder) => {
            format!("这个里程碑由{}登记。", self::recorder(recorder, catalog))
        }
        Refusal::MilestoneKnown(on) => format!("这个里程碑已经在{}登记过。", day(*on)),
        Refusal::MilestoneWaitsFor(before) => {
            let names: Vec<&str> = before.iter().map(|code| step(code, catalog)).collect();
            format!("需先完成：{}。", names.join("、"))
        }
        Refusal::NoTerm => "这个结果没有有效期限制，或者已经不受有效期限制。".to_owned(),
        Refusal::NoExtensionLeft => "法律规定的延期次数已经用完，不能再延。".to_owned(),
        Refusal::AskedTooLate(last) => {
            format!("延续申请应当在{}前提出，现在已经超过。", day(*last))
        }
        Refusal::TermNeeded => "与承诺不符的，请写明整改的最后日期。".to_owned(),
        Refusal::AlreadyOrdered => "已经责令整改过一次；仍然不符的，由批准人撤销决定。".to_owned(),
        Refusal::NothingAsked => "没有等待决定的延续申请。".to_owned(),
        Refusal::AlreadySo => "已经是这样了，不需要再操作。".to_owned(),
        Refusal::NotDueYet(on) => format!("要到{}才能这样处理。", day(*on)),
        Refusal::UnknownFlow(_) => "没有这个项目类型。".to_owned(),
        Refusal::UnknownRegion(_) => "没有这个地区。".to_owned(),
    }
}

/// The status of a refusal: 403 who may not, 409 state, 404 unknown, 422 input.
pub(crate) const fn refusal_status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotAllowed(_)
        | Refusal::MilestoneOfAnother(_)
        | Refusal::CommitmentIsTheOwners => StatusCode::FORBIDDEN,
        Refusal::UnknownCase(_) | Refusal::UnknownApplication(_) => StatusCode::NOT_FOUND,
        Refusal::WrongStanding(..)
        | Refusal::AlreadyNotifiedOnce
        | Refusal::NoticeTooLate(_)
        | Refusal::WaitsFor(_)
        | Refusal::AlreadyApplied(_)
        | Refusal::NotAtOnce
        | Refusal::AtOnce
        | Refusal::SpecialPending
        | Refusal::NoSpecialPending
        | Refusal::AlreadyExtended
        | Refusal::ExtensionTooLate(_)
        | Refusal::PapersOwed(_)
        | Refusal::MilestoneKnown(_)
        | Refusal::NoTerm
        | Refusal::NoExtensionLeft
        | Refusal::AskedTooLate(_)
        | Refusal::NothingAsked
        | Refusal::AlreadyOrdered
        | Refusal::MilestoneWaitsFor(_)
        | Refusal::AlreadySo
        | Refusal::HearingMayBeAsked(_)
        | Refusal::HearingNotHeld(_)
        | Refusal::NoHearing
        | Refusal::HearingNotNotified
        | Refusal::NotDueYet(_) => StatusCode::CONFLICT,
        Refusal::EmptyNotice
        | Refusal::NotListed(_)
        | Refusal::StillOpen(_)
        | Refusal::UnknownReason(_)
        | Refusal::ReasonNeeded
        | Refusal::NotInStage(_)
        | Refusal::Barred(..)
        | Refusal::NoDepartment(_)
        | Refusal::MissingPapers(_)
        | Refusal::MissingFields(_)
        | Refusal::MissingAnswers(_)
        | Refusal::NothingChosen
        | Refusal::NoCommitment(_)
        | Refusal::AnswerDays(_)
        | Refusal::ModeClosed(..)
        | Refusal::NoPublishedList
        | Refusal::HearingTooSoon(_)
        | Refusal::HearingTooLate(_)
        | Refusal::ChairHandledCase
        | Refusal::UnknownCreditRecord
        | Refusal::UnknownDepartment
        | Refusal::MergesIntoItself
        | Refusal::MergerToCome(_)
        | Refusal::BadLength
        | Refusal::ExtensionTooLong(_)
        | Refusal::NotOwed(_)
        | Refusal::NoDeferral
        | Refusal::TermNeeded
        | Refusal::BadDay(_)
        | Refusal::TermOfRecord(_)
        | Refusal::UnknownMilestone(_)
        | Refusal::UnknownFlow(_)
        | Refusal::UnknownRegion(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
