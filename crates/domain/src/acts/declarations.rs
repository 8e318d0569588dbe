//! The one table of acts: who, from where, what it does to the clock, whom it notifies, on
//! which legal basis.

use super::ActName;
use crate::{case::Standing, permission::Role, project::Power, reason::ReasonKind};

/// How far a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Projects of one's own organisation.
    OwnProject,
    /// Projects whose owner left this to one, until its last day (委托权限).
    Mandated(Power),
    /// Projects whose owner left anything to one.
    AnyMandate,
    /// Projects in the region of the office.
    OwnRegion,
    /// Cases of one's department.
    OwnDepartment,
    /// Cases of one's department that one took up.
    OwnCase,
    /// Cases of one's department that nobody took up, or oneself did.
    UnclaimedOrOwnCase,
    /// Cases of one's department on which one has not yet acted in another role.
    OwnDepartmentFreshEyes,
    /// Cases on which one's department is asked for its opinion and has not given it yet.
    ConsultedDepartment,
    /// Cases of a stage that one's department leads.
    LeadDepartment,
    /// Projects with a case of one's department.
    DepartmentOfACase,
    /// Projects whose milestones one's department records.
    RecordingDepartment,
    /// The part of the catalogue that is kept at the level of the office: of the province the whole,
    /// of cities and counties their overlays.
    OwnCatalogue,
    /// Anything on this node.
    Anything,
}

impl Scope {
    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnProject => "本单位项目",
            Self::Mandated(Power::Apply) => "受托申报",
            Self::Mandated(Power::Commit) => "受托承诺",
            Self::Mandated(Power::Hearing) => "受托听证",
            Self::Mandated(Power::Withdraw) => "受托撤回",
            Self::AnyMandate => "受托项目",
            Self::OwnRegion => "本辖区",
            Self::OwnDepartment => "本部门",
            Self::OwnCase => "本人承办",
            Self::UnclaimedOrOwnCase => "本部门未承办或本人承办",
            Self::OwnDepartmentFreshEyes => "本部门且未参与前序环节",
            Self::ConsultedDepartment => "征求本部门意见的办件",
            Self::LeadDepartment => "本部门牵头的阶段",
            Self::DepartmentOfACase => "本部门有办件的项目",
            Self::RecordingDepartment => "依职责登记的部门",
            Self::OwnCatalogue => "本级事项清单",
            Self::Anything => "全部",
        }
    }
}

/// A role with its reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// The role.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
}

/// What an act does to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockEffect {
    /// Nothing.
    None,
    /// Day 0.
    Starts,
    /// Days stop counting.
    Pauses,
    /// Days count again.
    Resumes,
    /// More days.
    Extends,
    /// No more days.
    Stops,
}

impl ClockEffect {
    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "—",
            Self::Starts => "开始计时",
            Self::Pauses => "停止计时",
            Self::Resumes => "恢复计时",
            Self::Extends => "延长时限",
            Self::Stops => "计时结束",
        }
    }
}

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The owner's organisation.
    Owner,
    /// The window of the region.
    Window,
    /// The department of the case, or of every case of the application.
    Department,
    /// The departments whose opinion on the case is open.
    Consulted,
    /// Who was allowed to act for the owner, or is no more.
    Agent,
}

/// The declaration of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// Which act.
    pub name: ActName,
    /// What the button says.
    pub title: &'static str,
    /// Who may.
    pub by: &'static [Allowed],
    /// From which standings of the case, or of cases of the application; empty when the act
    /// is about the project.
    pub from: &'static [Standing],
    /// What it does to the clock.
    pub clock: ClockEffect,
    /// Who gets a message.
    pub notifies: &'static [Party],
    /// The kind of coded reason it must carry.
    pub reason: Option<ReasonKind>,
    /// Legal basis.
    pub basis: &'static [&'static str],
    /// Whether the person proves once more who it is, when the last time is a while ago: what is
    /// signed, issued or revoked.
    pub confirms: bool,
}

const fn role(role: Role, scope: Scope) -> Allowed {
    Allowed { role, scope }
}

const OWNER: Allowed = role(Role::Owner, Scope::OwnProject);
/// The agent of the owner, as far as that was left to it.
const fn agent(power: Power) -> Allowed {
    role(Role::Agent, Scope::Mandated(power))
}
const APPLIES: Allowed = agent(Power::Apply);
const WINDOW: Allowed = role(Role::Window, Scope::OwnRegion);
const APPROVER: Allowed = role(Role::Approver, Scope::OwnDepartmentFreshEyes);
const TIMER: &[Allowed] = &[role(Role::Timer, Scope::Anything)];

const OPEN: &[Standing] = &[
    Standing::Received,
    Standing::NeedsCorrection,
    Standing::Corrected,
    Standing::WithOfficer,
    Standing::WithReviewer,
    Standing::WithApprover,
    Standing::Paused,
];
const IN_HANDS: &[Standing] =
    &[Standing::WithOfficer, Standing::WithReviewer, Standing::WithApprover];
/// Open, or granted with something that may still happen to it.
const IN_FORCE: &[Standing] = &[
    Standing::Received,
    Standing::NeedsCorrection,
    Standing::Corrected,
    Standing::WithOfficer,
    Standing::WithReviewer,
    Standing::WithApprover,
    Standing::Paused,
    Standing::Passed,
    Standing::PassedWithGap,
];
const GRANTED: &[Standing] = &[Standing::Passed, Standing::PassedWithGap];
/// With a result, or what is left of one.
const CANCELLABLE: &[Standing] = &[Standing::Passed, Standing::PassedWithGap, Standing::Lapsed];
const IN_DEPARTMENT: &[Standing] =
    &[Standing::WithOfficer, Standing::WithReviewer, Standing::WithApprover, Standing::Paused];
/// Where papers that may follow (容缺材料) can still be outstanding.
const MAY_OWE: &[Standing] = &[
    Standing::WithOfficer,
    Standing::WithReviewer,
    Standing::WithApprover,
    Standing::Paused,
    Standing::PassedWithGap,
];
const DECIDED: &[Standing] = &[Standing::Passed, Standing::PassedWithGap, Standing::Refused];

const fn act(name: ActName, title: &'static str, by: &'static [Allowed]) -> Declaration {
    Declaration {
        name,
        title,
        by,
        from: &[],
        clock: ClockEffect::None,
        notifies: &[],
        reason: None,
        basis: &[],
        confirms: false,
    }
}

/// Every act of the system.
pub const ACTS: &[Declaration] = &[
    Declaration {
        basis: &["GI 10", "EI 13"],
        ..act(
            ActName::RegisterProject,
            "登记项目",
            &[role(Role::Owner, Scope::OwnProject), role(Role::Window, Scope::OwnRegion)],
        )
    },
    act(ActName::AgreePlan, "约定里程碑计划", &[OWNER, APPLIES, WINDOW]),
    Declaration {
        notifies: &[Party::Owner],
        ..act(ActName::MarkKeyProject, "列为重点项目", &[role(Role::Supervisor, Scope::OwnRegion)])
    },
    act(
        // Each milestone names its recorder; the act itself checks which of them it is.
        ActName::RecordMilestone,
        "登记里程碑",
        &[OWNER, APPLIES, WINDOW, role(Role::Officer, Scope::RecordingDepartment)],
    ),
    Declaration {
        notifies: &[Party::Window, Party::Owner],
        basis: &["AL 29", "AL 31"],
        ..act(ActName::SubmitApplication, "提交申报", &[OWNER, APPLIES, WINDOW])
    },
    Declaration {
        // Once only: the act itself says so when it was sent before.
        from: &[Standing::Received, Standing::NeedsCorrection, Standing::Corrected],
        notifies: &[Party::Owner],
        reason: Some(ReasonKind::Correction),
        basis: &["AL 32"],
        ..act(ActName::RequestCorrection, "一次性告知补正", &[WINDOW])
    },
    Declaration {
        from: &[Standing::NeedsCorrection],
        notifies: &[Party::Window],
        basis: &["AL 32"],
        ..act(ActName::SubmitCorrection, "提交补正", &[OWNER, APPLIES, WINDOW])
    },
    Declaration {
        from: &[Standing::Received, Standing::Corrected],
        clock: ClockEffect::Starts,
        notifies: &[Party::Owner, Party::Department],
        basis: &["AL 32"],
        ..act(ActName::AcceptApplication, "受理", &[WINDOW])
    },
    Declaration {
        from: OPEN,
        ..act(ActName::ChooseRelease, "选择送达方式", &[OWNER, APPLIES, WINDOW])
    },
    Declaration {
        from: OPEN,
        clock: ClockEffect::Stops,
        notifies: &[Party::Window, Party::Department],
        reason: Some(ReasonKind::Withdrawal),
        ..act(ActName::WithdrawApplication, "撤回整次申报", &[OWNER, agent(Power::Withdraw)])
    },
    Declaration {
        from: &[Standing::Received, Standing::Corrected],
        notifies: &[Party::Owner],
        reason: Some(ReasonKind::AcceptanceRefused),
        basis: &["AL 32", "AL 78"],
        ..act(ActName::RefuseAcceptance, "不予受理", &[WINDOW])
    },
    Declaration {
        from: &[Standing::Received, Standing::Corrected],
        notifies: &[Party::Owner],
        reason: Some(ReasonKind::NotRequired),
        basis: &["AL 32"],
        ..act(ActName::DeclareNotRequired, "不受理（无需办理）", &[WINDOW])
    },
    Declaration {
        from: &[Standing::WithOfficer],
        ..act(ActName::ClaimCase, "承办", &[role(Role::Officer, Scope::OwnDepartment)])
    },
    Declaration {
        from: &[Standing::WithOfficer],
        basis: &["AL 34"],
        ..act(
            ActName::GiveOpinion,
            "提出承办意见",
            &[role(Role::Officer, Scope::UnclaimedOrOwnCase)],
        )
    },
    Declaration {
        from: &[Standing::WithReviewer],
        basis: &["AL 34"],
        ..act(ActName::ReviewCase, "审核", &[role(Role::Reviewer, Scope::OwnDepartmentFreshEyes)])
    },
    Declaration {
        from: &[Standing::WithReviewer, Standing::WithApprover],
        reason: Some(ReasonKind::Return),
        ..act(
            ActName::SendBack,
            "退回承办",
            &[role(Role::Reviewer, Scope::OwnDepartmentFreshEyes), APPROVER],
        )
    },
    Declaration {
        // From WithOfficer only for items decided at once; the act itself checks that.
        from: &[Standing::WithOfficer, Standing::WithApprover],
        clock: ClockEffect::Stops,
        notifies: &[Party::Owner],
        basis: &["AL 37", "AL 38"],
        confirms: true,
        ..act(
            ActName::DecideCase,
            "作出决定",
            &[APPROVER, role(Role::Officer, Scope::UnclaimedOrOwnCase)],
        )
    },
    Declaration {
        from: IN_HANDS,
        reason: Some(ReasonKind::SpecialProcedure),
        basis: &["AL 45"],
        ..act(
            ActName::AskSpecialProcedure,
            "申请特别程序",
            &[role(Role::Officer, Scope::UnclaimedOrOwnCase)],
        )
    },
    Declaration {
        from: IN_HANDS,
        clock: ClockEffect::Pauses,
        notifies: &[Party::Owner],
        basis: &["AL 45"],
        ..act(
            ActName::ApproveSpecialProcedure,
            "批准特别程序",
            &[role(Role::Approver, Scope::OwnDepartment)],
        )
    },
    Declaration {
        from: IN_HANDS,
        ..act(
            ActName::RejectSpecialProcedure,
            "不批准特别程序",
            &[role(Role::Approver, Scope::OwnDepartment)],
        )
    },
    Declaration {
        from: &[Standing::Paused],
        clock: ClockEffect::Resumes,
        notifies: &[Party::Owner],
        basis: &["AL 45"],
        ..act(
            ActName::EndSpecialProcedure,
            "结束特别程序",
            &[role(Role::Officer, Scope::UnclaimedOrOwnCase)],
        )
    },
    Declaration {
        from: IN_HANDS,
        clock: ClockEffect::Extends,
        notifies: &[Party::Owner],
        reason: Some(ReasonKind::Extension),
        basis: &["AL 42"],
        ..act(ActName::ExtendLimit, "延长时限", &[role(Role::Approver, Scope::OwnDepartment)])
    },
    Declaration {
        from: OPEN,
        clock: ClockEffect::Stops,
        notifies: &[Party::Window, Party::Department],
        reason: Some(ReasonKind::Withdrawal),
        ..act(ActName::WithdrawCase, "撤回办件", &[OWNER, agent(Power::Withdraw)])
    },
    Declaration {
        from: DECIDED,
        notifies: &[Party::Owner],
        reason: Some(ReasonKind::Revocation),
        basis: &["AL 69"],
        confirms: true,
        ..act(ActName::RevokeDecision, "撤销决定", &[role(Role::Approver, Scope::OwnDepartment)])
    },
    Declaration {
        from: MAY_OWE,
        notifies: &[Party::Department],
        ..act(ActName::ProvideOwedPaper, "补交容缺材料", &[OWNER, APPLIES, WINDOW])
    },
    Declaration {
        from: MAY_OWE,
        notifies: &[Party::Owner],
        ..act(
            ActName::ConfirmOwedPaper,
            "确认容缺材料",
            &[role(Role::Officer, Scope::OwnDepartment)],
        )
    },
    Declaration {
        from: &[Standing::Received],
        clock: ClockEffect::Starts,
        notifies: &[Party::Owner, Party::Window, Party::Department],
        basis: &["AL 32"],
        ..act(ActName::DeemAccepted, "逾期未告知，视为受理", TIMER)
    },
    Declaration {
        from: &[Standing::NeedsCorrection],
        notifies: &[Party::Owner, Party::Window],
        basis: &["AL 32"],
        ..act(ActName::LapseCorrection, "逾期未补正，不予受理", TIMER)
    },
    Declaration {
        from: &[Standing::Paused],
        clock: ClockEffect::Resumes,
        notifies: &[Party::Owner, Party::Department],
        basis: &["AL 45"],
        ..act(ActName::ResumeClock, "特别程序期满，恢复计时", TIMER)
    },
    Declaration {
        from: &[Standing::PassedWithGap],
        notifies: &[Party::Owner, Party::Department],
        reason: Some(ReasonKind::Revocation),
        basis: &["AL 69"],
        ..act(ActName::CloseGap, "容缺材料逾期未补，撤销", TIMER)
    },
    act(
        ActName::PublishPack,
        "发布事项目录",
        &[role(Role::Administrator, Scope::OwnCatalogue), role(Role::Timer, Scope::Anything)],
    ),
    act(
        ActName::EstablishDepartment,
        "设立部门",
        &[role(Role::SystemAdministrator, Scope::Anything), role(Role::Timer, Scope::Anything)],
    ),
    Declaration {
        from: MAY_OWE,
        notifies: &[Party::Owner],
        reason: Some(ReasonKind::Correction),
        ..act(
            ActName::ReturnOwedPaper,
            "退回容缺材料",
            &[role(Role::Officer, Scope::OwnDepartment)],
        )
    },
    Declaration {
        from: GRANTED,
        notifies: &[Party::Department],
        basis: &["AL 50", "BL 9"],
        ..act(ActName::AskExtension, "申请延续有效期", &[OWNER, APPLIES, WINDOW])
    },
    Declaration {
        from: GRANTED,
        notifies: &[Party::Owner],
        basis: &["AL 50", "BL 9"],
        confirms: true,
        ..act(ActName::GrantExtension, "准予延续", &[role(Role::Approver, Scope::OwnDepartment)])
    },
    Declaration {
        from: GRANTED,
        notifies: &[Party::Owner],
        basis: &["AL 50", "AL 38"],
        ..act(ActName::RefuseExtension, "不予延续", &[role(Role::Approver, Scope::OwnDepartment)])
    },
    Declaration {
        from: GRANTED,
        notifies: &[Party::Owner],
        basis: &["EIA 24"],
        confirms: true,
        ..act(ActName::Recheck, "重新审核", &[role(Role::Approver, Scope::OwnDepartment)])
    },
    Declaration {
        from: GRANTED,
        notifies: &[Party::Owner, Party::Department],
        basis: &["AL 50", "AL 70"],
        ..act(ActName::EndTerm, "有效期届满", TIMER)
    },
    Declaration {
        from: DECIDED,
        notifies: &[Party::Owner],
        basis: &["AL 44"],
        ..act(ActName::ServeResult, "十个工作日届满，送达", TIMER)
    },
    Declaration {
        from: OPEN,
        clock: ClockEffect::Extends,
        notifies: &[Party::Owner, Party::Department],
        reason: Some(ReasonKind::Extension),
        basis: &["AL 42"],
        ..act(ActName::ExtendJoint, "延长联合办理时限", &[role(Role::Government, Scope::OwnRegion)])
    },
    Declaration {
        notifies: &[Party::Owner], ..act(ActName::MissDuty, "事后备案逾期", TIMER)
    },
    Declaration {
        from: IN_DEPARTMENT,
        notifies: &[Party::Owner, Party::Department],
        basis: &["AL 82"],
        ..act(ActName::SettleCalendar, "按公布的日历重新计算时限", TIMER)
    },
    Declaration {
        from: GRANTED,
        notifies: &[Party::Owner],
        basis: &["AL 61", "AL 69"],
        ..act(
            ActName::CheckCommitment,
            "告知承诺事后核查",
            &[role(Role::Officer, Scope::OwnDepartment)],
        )
    },
    act(ActName::EnterCreditRecord, "登记信用记录", &[role(Role::Supervisor, Scope::Anything)]),
    act(ActName::RemoveCreditRecord, "移出信用记录", &[role(Role::Supervisor, Scope::Anything)]),
    Declaration {
        from: IN_HANDS,
        notifies: &[Party::Owner],
        basis: &["AL 46", "AL 47"],
        ..act(
            ActName::OfferHearing,
            "告知听证权利",
            &[role(Role::Officer, Scope::UnclaimedOrOwnCase)],
        )
    },
    Declaration {
        // Interested third parties ask at the window.
        from: IN_DEPARTMENT,
        clock: ClockEffect::Pauses,
        notifies: &[Party::Owner, Party::Department],
        basis: &["AL 45", "AL 47"],
        ..act(ActName::AskHearing, "申请听证", &[OWNER, agent(Power::Hearing), WINDOW])
    },
    Declaration {
        from: IN_DEPARTMENT,
        notifies: &[Party::Department],
        basis: &["AL 47"],
        ..act(ActName::WaiveHearing, "放弃听证", &[OWNER, agent(Power::Hearing)])
    },
    Declaration {
        from: IN_DEPARTMENT,
        notifies: &[Party::Owner],
        basis: &["AL 48"],
        ..act(
            ActName::NotifyHearing,
            "通知听证时间和地点",
            &[role(Role::Officer, Scope::OwnDepartment)],
        )
    },
    Declaration {
        from: IN_DEPARTMENT,
        clock: ClockEffect::Resumes,
        notifies: &[Party::Owner],
        basis: &["AL 48"],
        ..act(ActName::HoldHearing, "登记听证笔录", &[role(Role::Officer, Scope::OwnDepartment)])
    },
    Declaration {
        from: IN_FORCE,
        notifies: &[Party::Owner, Party::Department],
        ..act(ActName::TransferCase, "机构改革，移交办件", TIMER)
    },
    act(ActName::RenameDepartment, "部门更名", &[role(Role::SystemAdministrator, Scope::Anything)]),
    act(ActName::MergeDepartment, "部门撤并", &[role(Role::SystemAdministrator, Scope::Anything)]),
    act(
        ActName::TakeBackChange,
        "撤销机构改革登记",
        &[role(Role::SystemAdministrator, Scope::Anything)],
    ),
    act(
        ActName::RegisterDepartmentCode,
        "登记部门代码",
        &[role(Role::SystemAdministrator, Scope::Anything), role(Role::Timer, Scope::Anything)],
    ),
    Declaration { basis: &["AL 39"], ..act(ActName::IssueDocument, "制发文书", TIMER) },
    Declaration {
        reason: Some(ReasonKind::Reading),
        basis: &["PIPL 6", "PIPL 51"],
        ..act(
            ActName::ReadInClear,
            "查看个人信息",
            &[
                WINDOW,
                role(Role::Officer, Scope::DepartmentOfACase),
                role(Role::Reviewer, Scope::DepartmentOfACase),
                role(Role::Approver, Scope::DepartmentOfACase),
                role(Role::Supervisor, Scope::OwnRegion),
            ],
        )
    },
    Declaration {
        from: CANCELLABLE,
        notifies: &[Party::Owner],
        reason: Some(ReasonKind::Cancellation),
        basis: &["AL 70"],
        confirms: true,
        ..act(ActName::CancelResult, "注销许可", &[role(Role::Approver, Scope::OwnDepartment)])
    },
    Declaration {
        basis: &["GBOP 2019/11"],
        ..act(ActName::RecordRegisterAnswer, "登记系统核验", TIMER)
    },
    Declaration {
        confirms: true,
        ..act(
            ActName::ConnectSystem,
            "接入部门业务系统",
            &[role(Role::SystemAdministrator, Scope::Anything)],
        )
    },
    act(
        ActName::DisconnectSystem,
        "停止接入部门业务系统",
        &[role(Role::SystemAdministrator, Scope::Anything)],
    ),
    Declaration {
        from: IN_FORCE,
        ..act(
            ActName::FilePaper,
            "归入部门材料",
            &[
                role(Role::Officer, Scope::OwnDepartment),
                role(Role::Reviewer, Scope::OwnDepartment),
                role(Role::Approver, Scope::OwnDepartment),
            ],
        )
    },
    Declaration {
        confirms: true,
        ..act(
            ActName::AdmitSystem,
            "核准接入部门业务系统",
            &[role(Role::SecurityAdministrator, Scope::Anything)],
        )
    },
    Declaration {
        from: &[Standing::WithOfficer, Standing::Paused],
        notifies: &[Party::Consulted],
        ..act(
            ActName::ConsultDepartment,
            "征求部门意见",
            &[role(Role::Officer, Scope::UnclaimedOrOwnCase)],
        )
    },
    Declaration {
        from: IN_DEPARTMENT,
        notifies: &[Party::Department],
        ..act(
            ActName::AnswerConsultation,
            "反馈意见",
            &[role(Role::Officer, Scope::ConsultedDepartment)],
        )
    },
    Declaration {
        from: IN_DEPARTMENT,
        notifies: &[Party::Department],
        ..act(
            ActName::UrgeCase,
            "催办",
            &[
                role(Role::Officer, Scope::LeadDepartment),
                role(Role::Approver, Scope::LeadDepartment),
            ],
        )
    },
    Declaration {
        notifies: &[Party::Agent],
        basis: &["AL 29"],
        confirms: true,
        ..act(ActName::AuthoriseAgent, "授权委托", &[OWNER])
    },
    Declaration {
        notifies: &[Party::Owner, Party::Agent],
        basis: &["AL 29"],
        ..act(ActName::EndAgency, "解除委托", &[OWNER, role(Role::Agent, Scope::AnyMandate)])
    },
];

/// The declaration of an act.
#[must_use]
pub fn declaration(name: ActName) -> &'static Declaration {
    // Every act is declared: `every_act_is_declared_once_in_order` below.
    &ACTS[name as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_declared_once_in_order() {
        let declared: Vec<_> = ACTS.iter().map(|declaration| declaration.name).collect();
        assert_eq!(declared, ActName::ALL);
    }

    /// A non-programmer can read who may do what, and any change is a difference in review.
    #[test]
    fn the_permission_matrix_is_under_version_control() {
        let mut matrix =
            String::from("act · who (reach) · from · clock · reason · basis · identity\n");
        for declaration in ACTS {
            let who: Vec<String> = declaration
                .by
                .iter()
                .map(|allowed| format!("{}({})", allowed.role.name(), allowed.scope.name()))
                .collect();
            let from: Vec<&str> = declaration.from.iter().map(|standing| standing.name()).collect();
            let reason = declaration.reason.map(|kind| format!("{kind:?}"));
            matrix.push_str(&format!(
                "{} {} · {} · {} · {} · {} · {} · {}\n",
                declaration.name.key(),
                declaration.title,
                who.join("、"),
                if from.is_empty() { "—".to_owned() } else { from.join("、") },
                declaration.clock.name(),
                reason.as_deref().unwrap_or("—"),
                declaration.basis.join(", "),
                if declaration.confirms { "confirmed" } else { "—" },
            ));
        }
        insta::assert_snapshot!("permission_matrix", matrix);
    }
}
