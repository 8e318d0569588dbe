//! Sentences people read: dates, refusals, confirmations.

use axum::http::StatusCode;
use tongban_domain::{
    acts::{ActName, declaration},
    application::Target,
    case::Predecessor,
    catalog::{Catalog, Effect, MeasureCause, Recorder},
    mode::{Ground, ModeReason},
    notice::Recipient,
    project::ValueError,
    refusal::Refusal,
    time::{Day, Instant},
};
use tongban_store::FileError;

/// A name or a password was wrong; which of them is not said.
pub(crate) const WRONG_LOGIN: &str = "账号或者密码不对，请核对后重试";

/// Too many guesses at a password or at digits of a phone.
pub(crate) fn too_many(minutes: u32) -> String {
    format!("连续输错次数过多，请 {minutes} 分钟后再试")
}

/// 2026年6月12日.
pub(crate) fn day(day: Day) -> String {
    let (year, month, date) = day.ymd();
    format!("{year}年{month}月{date}日")
}

/// The day with its year only where that is another one than today's.
pub(crate) fn day_in(it: Day, today: Day) -> String {
    if it.year() == today.year() { short_day(it) } else { day(it) }
}

/// 6月12日.
pub(crate) fn short_day(day: Day) -> String {
    let (_, month, date) = day.ymd();
    format!("{month}月{date}日")
}

/// 2026年6月12日 14:32.
pub(crate) fn moment(at: Instant) -> String {
    format!("{} {}", day(at.day()), time(at))
}

/// 14:32.
pub(crate) fn time(at: Instant) -> String {
    let (hour, minute) = at.hour_minute();
    format!("{hour:02}:{minute:02}")
}

/// Bytes as people read them.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// A query value.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// What is now true after an act.
pub(crate) const fn done(act: ActName) -> &'static str {
    match act {
        ActName::RegisterProject => "项目已登记，项目代码见下方。",
        ActName::AgreePlan => "里程碑计划已约定，项目页会对照计划显示进度。",
        ActName::MarkKeyProject => "已列为重点项目，各部门列表中优先显示。",
        ActName::RecordMilestone => "里程碑已登记。",
        ActName::SubmitApplication => "申请已提交，等待窗口受理。",
        ActName::RequestCorrection => "一次性补正告知已发给建设单位。",
        ActName::SubmitCorrection => "补正已交回，等待窗口受理。",
        ActName::AcceptApplication => "已受理，各部门同时开始办理，时限开始计算。",
        ActName::ChooseRelease => "送达方式已更改。",
        ActName::WithdrawApplication => "申报已撤回。",
        ActName::RefuseAcceptance => "已作出不予受理决定并通知建设单位。",
        ActName::DeclareNotRequired => "已告知建设单位本事项无需办理。",
        ActName::ClaimCase => "办件已由您承办。",
        ActName::GiveOpinion => "承办意见已提交，转审核人。",
        ActName::ReviewCase => "审核意见已提交，转批准人。",
        ActName::SendBack => "已退回承办人。",
        ActName::DecideCase => "决定已作出。",
        ActName::AskSpecialProcedure => "特别程序申请已提交，等待批准人批准；批准前时限照常计算。",
        ActName::ApproveSpecialProcedure => "特别程序已批准，即日起停止计时，并已告知建设单位。",
        ActName::RejectSpecialProcedure => "特别程序未获批准，时限照常计算。",
        ActName::EndSpecialProcedure => "特别程序已结束，时限恢复计算。",
        ActName::ExtendLimit => "时限已延长，并已告知建设单位。",
        ActName::WithdrawCase => "办件已撤回。",
        ActName::RevokeDecision => "决定已撤销，并已告知建设单位。",
        ActName::ProvideOwedPaper => "材料已补交，等待部门确认。",
        ActName::ConfirmOwedPaper => "补交的材料已确认。",
        ActName::ReturnOwedPaper => "补交的材料已退回，已告知建设单位重新提交。",
        ActName::AskExtension => "延续申请已提交，等待部门决定。",
        ActName::GrantExtension => "已准予延续，有效期顺延。",
        ActName::RefuseExtension => "已作出不予延续的决定，并已告知建设单位。",
        ActName::Recheck => "重新审核的结果已登记。",
        ActName::EndTerm => "有效期已届满。",
        ActName::ServeResult => "结果已送达。",
        ActName::ExtendJoint => "联合办理时限已延长，并已告知建设单位和各部门。",
        ActName::MissDuty => "逾期未办理的事后备案已记录。",
        ActName::SettleCalendar => "时限已按公布的日历重新计算。",
        ActName::CheckCommitment => "核查结果已登记，并已告知建设单位。",
        ActName::DeemAccepted => "已依法视为受理。",
        ActName::LapseCorrection => "逾期未补正，已不予受理。",
        ActName::ResumeClock => "特别程序期满，时限恢复计算。",
        ActName::CloseGap => "容缺材料逾期未补，决定已撤销。",
        ActName::PublishPack => "事项目录已发布。",
        ActName::EstablishDepartment => "部门已设立。",
        ActName::EnterCreditRecord => "信用记录已登记。",
        ActName::RemoveCreditRecord => "信用记录已移出。",
        ActName::OfferHearing => "已告知听证权利，五个工作日内可以申请；期间不能作出决定。",
        ActName::AskHearing => "听证申请已提交，即日起停止计时，部门应当在二十个工作日内组织听证。",
        ActName::WaiveHearing => "已放弃听证。",
        ActName::NotifyHearing => "听证的时间和地点已通知。",
        ActName::HoldHearing => "听证笔录已登记，恢复计时；应当根据笔录作出决定。",
        ActName::TransferCase => "办件已移交。",
        ActName::RenameDepartment => "部门更名已登记。",
        ActName::MergeDepartment => "部门撤并已登记。",
    }
}

/// What an act means to who is told of it.
pub(crate) fn told(act: ActName, to: &Recipient) -> &'static str {
    let owner = matches!(to, Recipient::Organisation(_));
    match act {
        ActName::MarkKeyProject => "项目已列为重点项目",
        ActName::SubmitApplication if owner => "申报已收到，等待综合窗口核对",
        ActName::SubmitApplication => "新的申报，请核对材料",
        ActName::RequestCorrection => "请按告知书补正，一次交回",
        ActName::SubmitCorrection => "补正已交回，请核对",
        ActName::AcceptApplication if owner => "申报已受理，开始计时",
        ActName::AcceptApplication => "新的办件，请承办",
        ActName::WithdrawApplication => "建设单位撤回了整次申报",
        ActName::WithdrawCase => "建设单位撤回了办件",
        ActName::RefuseAcceptance => "不予受理，请查看原因",
        ActName::DeclareNotRequired => "这个事项不需要办理，请查看原因",
        ActName::DecideCase => "部门已作出决定",
        ActName::ApproveSpecialProcedure => "特别程序开始，停止计时",
        ActName::EndSpecialProcedure => "特别程序结束，恢复计时",
        ActName::ResumeClock => "特别程序期满，恢复计时",
        ActName::ExtendLimit => "办理时限已延长，请查看理由",
        ActName::RevokeDecision => "决定已被撤销，请查看原因",
        ActName::ProvideOwedPaper => "容缺材料已补交，请确认",
        ActName::ConfirmOwedPaper => "补交的材料已确认",
        ActName::ReturnOwedPaper => "补交的材料被退回，请重新提交",
        ActName::DeemAccepted => "逾期未告知，依法视为已受理",
        ActName::LapseCorrection => "逾期未补正，不予受理",
        ActName::CloseGap => "容缺材料逾期未补，决定已撤销",
        ActName::AskExtension => "建设单位申请延续有效期，请决定",
        ActName::GrantExtension => "有效期已延续",
        ActName::RefuseExtension => "不予延续，请查看原因",
        ActName::Recheck => "重新审核已有结果",
        ActName::EndTerm => "有效期届满，请查看",
        ActName::ServeResult => "决定作出满十个工作日，结果已送达",
        ActName::ExtendJoint => "联合办理时限已延长",
        ActName::MissDuty => "事后备案逾期未办，请尽快申报",
        ActName::SettleCalendar => "放假安排公布，时限已重新计算",
        ActName::CheckCommitment => "承诺事项已核查，请查看结果",
        ActName::OfferHearing => "可以申请听证，请在期限内决定",
        ActName::AskHearing => "听证申请已提出，停止计时",
        ActName::WaiveHearing => "建设单位放弃听证",
        ActName::NotifyHearing => "听证的时间和地点已定，请查看",
        ActName::HoldHearing => "听证已举行，恢复计时",
        ActName::TransferCase => "机构改革，办件移交给新的部门，时限不变",
        ActName::RegisterProject
        | ActName::AgreePlan
        | ActName::RecordMilestone
        | ActName::ChooseRelease
        | ActName::ClaimCase
        | ActName::GiveOpinion
        | ActName::ReviewCase
        | ActName::SendBack
        | ActName::AskSpecialProcedure
        | ActName::RejectSpecialProcedure
        | ActName::PublishPack
        | ActName::EstablishDepartment
        | ActName::EnterCreditRecord
        | ActName::RemoveCreditRecord
        | ActName::RenameDepartment
        | ActName::MergeDepartment => declaration(act).title,
    }
}

/// The status of a refusal: 403 who may not, 409 state, 404 unknown, 422 input.
pub(crate) const fn refusal_status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotAllowed(_) | Refusal::MilestoneOfAnother(_) => StatusCode::FORBIDDEN,
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
        | Refusal::NoDepartment(_)
        | Refusal::MissingPapers(_)
        | Refusal::MissingFields(_)
        | Refusal::MissingAnswers(_)
        | Refusal::NothingChosen
        | Refusal::NoCommitment(_)
        | Refusal::ModeClosed(..)
        | Refusal::NoPublishedList
        | Refusal::HearingTooSoon(_)
        | Refusal::HearingTooLate(_)
        | Refusal::ChairHandledCase
        | Refusal::UnknownCreditRecord
        | Refusal::UnknownDepartment
        | Refusal::MergesIntoItself
        | Refusal::BadLength
        | Refusal::ExtensionTooLong(_)
        | Refusal::NotOwed(_)
        | Refusal::NoDeferral
        | Refusal::TermNeeded
        | Refusal::BadDay(_)
        | Refusal::UnknownMilestone(_)
        | Refusal::UnknownFlow(_)
        | Refusal::UnknownRegion(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

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

/// What decides whether a way of handling is open, without a full stop.
pub(crate) fn mode_reason(reason: &ModeReason) -> String {
    let why = match &reason.ground {
        Ground::Listed => "事项清单允许".to_owned(),
        Ground::NotListed => "事项清单没有列入".to_owned(),
        Ground::KeyProject => "重点项目".to_owned(),
        Ground::Credit { kind, until, .. } => {
            format!("建设单位有“{}”，有效期至{}", kind.name(), day(*until))
        }
    };
    if reason.basis.is_empty() { why } else { format!("{why}（{}）", reason.basis) }
}

/// What a measure does.
pub(crate) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::GreenChannel => "进绿色通道，各部门优先办理",
        Effect::NoGreenChannel => "不进绿色通道",
        Effect::NoCommitment => "不适用告知承诺",
        Effect::NoDeferral => "不适用容缺受理",
    }
}

/// The published list of measures, a sentence for each cause.
pub(crate) fn measures(catalog: &Catalog) -> Vec<String> {
    let mut causes: Vec<MeasureCause> = Vec::new();
    for measure in &catalog.measures {
        if !causes.contains(&measure.when) {
            causes.push(measure.when);
        }
    }
    let sentence = |cause: MeasureCause| {
        let of_cause = || catalog.measures.iter().filter(move |measure| measure.when == cause);
        let effects: Vec<&str> = of_cause().map(|measure| effect(measure.effect)).collect();
        let mut basis: Vec<String> =
            of_cause().flat_map(|it| &it.basis).map(|law| catalog.cite(law)).collect();
        basis.dedup();
        let when = match cause {
            MeasureCause::KeyProject => "重点项目",
            MeasureCause::Credit(kind) => kind.name(),
        };
        format!("{when}：{}（{}）", effects.join("、"), basis.join("、"))
    };
    causes.into_iter().map(sentence).collect()
}

/// Who records a milestone.
pub(crate) fn recorder<'a>(recorder: &'a Recorder, catalog: &'a Catalog) -> &'a str {
    match recorder {
        Recorder::Owner => "建设单位",
        Recorder::Department(key) => {
            catalog.departments.get(key).map_or(key, |department| &department.title)
        }
    }
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
        Refusal::MergesIntoItself => "这样撤并会回到原来的部门，请核对。".to_owned(),
        Refusal::NoPublishedList => "请写明依据的名单或者文书和编号。".to_owned(),
        Refusal::UnknownCreditRecord => "没有这条信用记录。".to_owned(),
        Refusal::NoCommitment(code) => {
            format!("「{}」不能用告知承诺方式办理。", step(code, catalog))
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

/// What is wrong with a typed value, after the label.
pub(crate) fn value_error(label: &str, error: &ValueError) -> String {
    match error {
        ValueError::Missing => format!("请填写{label}"),
        ValueError::NotANumber => format!("{label}请填写数字，如 86400.50"),
        ValueError::TooPrecise(places) => format!("{label}最多保留 {places} 位小数"),
        ValueError::OutOfRange => format!("{label}的数字过大，请核对"),
        ValueError::OutsideDegrees(least, most) => {
            format!("{label}请填写 {least} 至 {most} 之间的度数，请核对经度和纬度")
        }
        ValueError::NotADate => format!("{label}请填写日期，如 2026-06-12"),
        ValueError::NotAnOption => format!("请从选项中选择{label}"),
        ValueError::BadCode(_) => format!("{label}有误，请核对每一位"),
        ValueError::NotAPhone => format!("{label}请填写电话号码，如 13800001234"),
        ValueError::TooLong(longest) => format!("{label}最多 {longest} 个字"),
    }
}

/// What is wrong with a file.
pub(crate) fn file_error(error: &FileError) -> String {
    match error {
        FileError::Empty => "文件是空的，请重新选择。".to_owned(),
        FileError::TooLarge(most) => format!("文件超过 {most} MB，请压缩或者拆分后上传。"),
        FileError::KindNotAllowed(kinds) => format!("这里只能上传 {kinds} 文件。"),
        FileError::Lying { named } => {
            format!("文件名是 .{named}，但内容不是这种文件，请用原软件另存后上传。")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_days_read_well() {
        assert_eq!(size(900), "900 B");
        assert_eq!(size(13_000_000), "12.3 MB");
        assert_eq!(day("2026-06-12".parse().unwrap()), "2026年6月12日");
        assert_eq!(percent_encoded("/a?x=中"), "/a%3Fx%3D%E4%B8%AD");
    }
}
