//! What is true after an act, for who did it and for who is told.

use tongban_domain::{
    acts::{ActName, declaration},
    notice::Recipient,
};

/// What an act means to who is told of it.
pub(crate) fn told(act: ActName, to: &Recipient) -> &'static str {
    // Whoever acts for the owner hears what the owner hears.
    let owner = match to {
        Recipient::Organisation(_) | Recipient::Account(_) => true,
        Recipient::Window(_) | Recipient::Department(_) => false,
    };
    match act {
        ActName::MarkKeyProject => "项目已列为重点项目",
        ActName::RecordMilestone => "里程碑已到，开始计时",
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
        ActName::DecideCase if owner => "部门已作出决定",
        ActName::DecideCase => "前置结果已到，开始计时",
        ActName::ApproveSpecialProcedure => "特别程序开始，停止计时",
        ActName::EndSpecialProcedure => "特别程序结束，恢复计时",
        ActName::ResumeClock => "特别程序期满，恢复计时",
        ActName::ExtendLimit => "办理时限已延长，请查看理由",
        ActName::RevokeDecision => "决定已被撤销，请查看原因",
        ActName::CancelResult => "许可已注销，请查看原因",
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
        ActName::ConsultDepartment => "征求本部门意见，请在期限内反馈",
        ActName::AnswerConsultation => "征求意见的部门已反馈",
        ActName::UrgeCase => "牵头部门催办，请尽快办理",
        ActName::AuthoriseAgent => "建设单位委托您办理这个项目",
        ActName::EndAgency => "一项授权委托已解除",
        ActName::RegisterProject
        | ActName::AgreePlan
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
        | ActName::MergeDepartment
        | ActName::TakeBackChange
        | ActName::RegisterDepartmentCode
        | ActName::IssueDocument
        | ActName::RecordRegisterAnswer
        | ActName::ConnectSystem
        | ActName::DisconnectSystem
        | ActName::AdmitSystem
        | ActName::FilePaper
        | ActName::ReadInClear => declaration(act).title,
    }
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
        ActName::CancelResult => "许可已注销，并已告知建设单位。",
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
        ActName::ConsultDepartment => "已征求意见，等待反馈；时限照常计算。",
        ActName::AnswerConsultation => "反馈意见已送承办部门。",
        ActName::UrgeCase => "已催办，办理部门会收到通知。",
        ActName::AuthoriseAgent => "委托已登记，受托人可以在委托权限内办理。",
        ActName::EndAgency => "委托已解除。",
        ActName::RenameDepartment => "部门更名已登记。",
        ActName::MergeDepartment => "部门撤并已登记。",
        ActName::TakeBackChange => "机构改革的登记已撤销。",
        ActName::RegisterDepartmentCode => "部门代码已登记。",
        ActName::IssueDocument => "文书已制发。",
        ActName::RecordRegisterAnswer => "登记系统的答复已记录。",
        ActName::ConnectSystem => "部门业务系统已登记，密钥只显示这一次，由安全管理员核准后生效。",
        ActName::AdmitSystem => "部门业务系统已核准接入，密钥立即生效。",
        ActName::DisconnectSystem => "部门业务系统已停止接入，密钥立即失效。",
        ActName::FilePaper => "部门材料已归入办件。",
        ActName::ReadInClear => "查看已记入办理记录，十分钟内显示完整信息。",
    }
}
