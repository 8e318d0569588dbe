//! The fields of each act: one list for forms, the API and its document.

use tongban_domain::{
    acts::{ActName, declaration},
    permission::Role,
    reason::ReasonKind,
};

/// What a field of an act holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputKind {
    /// Words; kept in the vault.
    Words,
    /// A coded reason of this kind.
    Reason(ReasonKind),
    /// `pass`, `pass-with-gap` or `refuse`.
    Verdict,
    /// A whole number.
    Number,
    /// A date.
    Date,
    /// `together` or `early`.
    Release,
    /// Paper keys, several.
    Papers,
    /// A paper key.
    Paper,
    /// Case ids, several.
    Cases,
    /// A milestone key.
    Milestone,
    /// `yes`, or not there.
    Flag,
    /// The account of somebody in a department.
    Staff,
    /// A department.
    Department,
    /// A line of text that is no secret.
    Line,
    /// What an agent may do, several.
    Powers,
    /// `no-objection`, `with-conditions` or `objects`.
    Stance,
    /// `paper:KEY` or `field:KEY`, several; with `reason:…` and `note:…` beside each.
    Demands,
    /// `what=date`, several.
    Plan,
}

/// A field of an act's input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: InputKind,
    pub(crate) required: bool,
}

const fn needed(name: &'static str, label: &'static str, kind: InputKind) -> Input {
    Input { name, label, kind, required: true }
}

const fn optional(name: &'static str, label: &'static str, kind: InputKind) -> Input {
    Input { name, label, kind, required: false }
}

/// The fields of an act that forms and the API take. Acts that need files or whole forms
/// (submission, correction, owed papers) have pages of their own.
pub(crate) const fn inputs(act: ActName) -> &'static [Input] {
    use InputKind::{
        Cases, Date, Demands, Department, Flag, Line, Milestone, Number, Paper, Papers, Plan,
        Powers, Reason, Staff, Stance, Verdict, Words,
    };
    match act {
        ActName::AgreePlan => const { &[needed("plan", "计划", Plan)] },
        ActName::ReadInClear => {
            const {
                &[
                    needed("reason", "查看的原因", Reason(ReasonKind::Reading)),
                    optional("text", "说明", Words),
                ]
            }
        }
        ActName::RecordMilestone => {
            const { &[needed("key", "里程碑", Milestone), needed("on", "日期", Date)] }
        }
        ActName::RequestCorrection => const { &[needed("demand", "需要补正的内容", Demands)] },
        ActName::AcceptApplication => const { &[optional("case", "办件", Cases)] },
        ActName::ChooseRelease => const { &[needed("release", "送达方式", InputKind::Release)] },
        ActName::WithdrawApplication | ActName::WithdrawCase => {
            const {
                &[
                    needed("reason", "撤回原因", Reason(ReasonKind::Withdrawal)),
                    optional("text", "说明", Words),
                ]
            }
        }
        ActName::RefuseAcceptance => {
            const {
                &[
                    needed("reason", "不予受理的原因", Reason(ReasonKind::AcceptanceRefused)),
                    optional("text", "说明", Words),
                ]
            }
        }
        ActName::DeclareNotRequired => {
            const {
                &[
                    needed("reason", "不受理的原因", Reason(ReasonKind::NotRequired)),
                    optional("text", "说明", Words),
                ]
            }
        }
        ActName::GiveOpinion | ActName::ReviewCase => {
            const {
                &[
                    needed("verdict", "结论", Verdict),
                    optional("reason", "不予许可的原因", Reason(ReasonKind::Refusal)),
                    needed("text", "意见", Words),
                ]
            }
        }
        ActName::SendBack => {
            const {
                &[
                    needed("reason", "退回原因", Reason(ReasonKind::Return)),
                    needed("text", "意见", Words),
                ]
            }
        }
        ActName::DecideCase => {
            const {
                &[
                    needed("verdict", "决定", Verdict),
                    optional("reason", "不予许可的原因", Reason(ReasonKind::Refusal)),
                    optional("paper", "容缺材料", Papers),
                    optional("until", "补齐期限", Date),
                    needed("text", "意见", Words),
                ]
            }
        }
        ActName::AskSpecialProcedure => {
            const {
                &[
                    needed("reason", "特别程序", Reason(ReasonKind::SpecialProcedure)),
                    optional("planned_days", "计划工作日", Number),
                    needed("text", "理由", Words),
                ]
            }
        }
        ActName::ExtendLimit => {
            const {
                &[
                    needed("days", "延长天数", Number),
                    needed("reason", "延长原因", Reason(ReasonKind::Extension)),
                ]
            }
        }
        ActName::RevokeDecision => {
            const {
                &[
                    needed("reason", "撤销原因", Reason(ReasonKind::Revocation)),
                    needed("text", "说明", Words),
                ]
            }
        }
        ActName::CancelResult => {
            const {
                &[
                    needed("reason", "注销原因", Reason(ReasonKind::Cancellation)),
                    needed("text", "说明", Words),
                ]
            }
        }
        ActName::ReturnOwedPaper => {
            const {
                &[
                    needed("paper", "材料", Paper),
                    needed("reason", "退回原因", Reason(ReasonKind::Correction)),
                    optional("text", "说明", Words),
                ]
            }
        }
        ActName::CheckCommitment => {
            const {
                &[
                    needed("verdict", "结论", Verdict),
                    optional("until", "整改期限", Date),
                    needed("text", "核查情况", Words),
                ]
            }
        }
        ActName::OfferHearing => {
            const {
                &[needed("text", "听证的事由", Words), optional("others", "涉及利害关系人", Flag)]
            }
        }
        ActName::AskHearing => const { &[needed("text", "申请人和理由", Words)] },
        ActName::HoldHearing => const { &[needed("text", "听证笔录", Words)] },
        ActName::NotifyHearing => {
            const {
                &[
                    needed("on", "听证日期", Date),
                    needed("text", "时间和地点", Words),
                    needed("chair", "主持人", Staff),
                ]
            }
        }
        ActName::AskExtension => const { &[optional("text", "说明", Words)] },
        ActName::RefuseExtension => const { &[needed("text", "理由", Words)] },
        ActName::Recheck => {
            const { &[needed("verdict", "结论", Verdict), needed("text", "意见", Words)] }
        }
        ActName::ExtendJoint => {
            const {
                &[
                    needed("days", "延长工作日", Number),
                    needed("reason", "延长原因", Reason(ReasonKind::Extension)),
                ]
            }
        }
        ActName::ConfirmOwedPaper | ActName::ProvideOwedPaper => {
            const { &[needed("paper", "材料", Paper)] }
        }
        ActName::FilePaper => const { &[needed("title", "名称", Words)] },
        ActName::ConsultDepartment => {
            const {
                &[
                    needed("department", "征求哪个部门的意见", Department),
                    optional("days", "反馈期限（工作日）", Number),
                    needed("text", "征求意见的内容", Words),
                ]
            }
        }
        ActName::AnswerConsultation => {
            const { &[needed("stance", "结论", Stance), needed("text", "反馈意见", Words)] }
        }
        ActName::AuthoriseAgent => {
            const {
                &[
                    needed("agent", "受托人账号", Line),
                    needed("name", "受托人姓名", Line),
                    needed("power", "委托权限", Powers),
                    needed("until", "委托期限", Date),
                ]
            }
        }
        ActName::EndAgency => const { &[needed("agent", "受托人账号", Line)] },
        ActName::UrgeCase => const { &[needed("text", "催办内容", Words)] },
        ActName::RegisterProject
        | ActName::MarkKeyProject
        | ActName::SubmitApplication
        | ActName::SubmitCorrection
        | ActName::ClaimCase
        | ActName::ApproveSpecialProcedure
        | ActName::RejectSpecialProcedure
        | ActName::EndSpecialProcedure
        | ActName::DeemAccepted
        | ActName::LapseCorrection
        | ActName::ResumeClock
        | ActName::CloseGap
        | ActName::GrantExtension
        | ActName::EndTerm
        | ActName::ServeResult
        | ActName::MissDuty
        | ActName::RegisterDepartmentCode
        | ActName::IssueDocument
        | ActName::RecordRegisterAnswer
        | ActName::ConnectSystem
        | ActName::DisconnectSystem
        | ActName::AdmitSystem
        | ActName::SettleCalendar
        | ActName::WaiveHearing
        | ActName::PublishPack
        | ActName::EstablishDepartment
        | ActName::EnterCreditRecord
        | ActName::RemoveCreditRecord
        | ActName::TransferCase
        | ActName::RenameDepartment
        | ActName::MergeDepartment
        | ActName::TakeBackChange => &[],
    }
}

/// Acts that can be done with these fields alone, on a page or through the API.
pub(crate) fn is_plain(act: ActName) -> bool {
    let by_people = declaration(act).by.iter().any(|allowed| allowed.role != Role::Timer);
    let own_page = matches!(
        act,
        ActName::RegisterProject
            | ActName::SubmitApplication
            | ActName::SubmitCorrection
            | ActName::ProvideOwedPaper
            | ActName::PublishPack
            | ActName::EstablishDepartment
            | ActName::EnterCreditRecord
            | ActName::RemoveCreditRecord
            | ActName::RegisterDepartmentCode
            | ActName::RenameDepartment
            | ActName::MergeDepartment
            | ActName::TakeBackChange
            | ActName::ConnectSystem
            | ActName::DisconnectSystem
            | ActName::AdmitSystem
            | ActName::FilePaper
    );
    by_people && !own_page
}
