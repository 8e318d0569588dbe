//! The names of the acts.

use minicbor::{Decode, Encode};

/// The kind of thing an act is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The project as a whole, or the node.
    Project,
    /// A joint application.
    Application,
    /// A case.
    Case,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $number:literal $name:ident about $about:ident = $key:literal),* $(,)?) => {
        /// Which act. Numbers are in the journal and never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum ActName {
            $($(#[$doc])* #[n($number)] $name,)*
        }

        impl ActName {
            /// All acts, in order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Stable name for addresses and the API.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The kind of thing this act is about.
            #[must_use]
            pub const fn about(self) -> About {
                match self { $(Self::$name => About::$about,)* }
            }

            /// The act with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|name| name.key() == key)
            }
        }
    };
}

acts! {
    /// 项目登记.
    0 RegisterProject about Project = "register-project",
    /// 约定里程碑计划.
    1 AgreePlan about Project = "agree-plan",
    /// 列为重点项目.
    2 MarkKeyProject about Project = "mark-key-project",
    /// 登记里程碑.
    3 RecordMilestone about Project = "record-milestone",
    /// 提交申报.
    4 SubmitApplication about Project = "submit-application",
    /// 一次性告知补正.
    5 RequestCorrection about Application = "request-correction",
    /// 提交补正.
    6 SubmitCorrection about Application = "submit-correction",
    /// 受理.
    7 AcceptApplication about Application = "accept-application",
    /// 选择送达方式.
    8 ChooseRelease about Application = "choose-release",
    /// 撤回整次申报.
    9 WithdrawApplication about Application = "withdraw-application",
    /// 不予受理.
    10 RefuseAcceptance about Case = "refuse-acceptance",
    /// 不受理.
    11 DeclareNotRequired about Case = "declare-not-required",
    /// 承办.
    12 ClaimCase about Case = "claim-case",
    /// 提出承办意见.
    13 GiveOpinion about Case = "give-opinion",
    /// 审核.
    14 ReviewCase about Case = "review-case",
    /// 退回承办.
    15 SendBack about Case = "send-back",
    /// 作出决定.
    16 DecideCase about Case = "decide-case",
    /// 申请特别程序.
    17 AskSpecialProcedure about Case = "ask-special-procedure",
    /// 批准特别程序.
    18 ApproveSpecialProcedure about Case = "approve-special-procedure",
    /// 不批准特别程序.
    19 RejectSpecialProcedure about Case = "reject-special-procedure",
    /// 结束特别程序.
    20 EndSpecialProcedure about Case = "end-special-procedure",
    /// 延长时限.
    21 ExtendLimit about Case = "extend-limit",
    /// 撤回办件.
    22 WithdrawCase about Case = "withdraw-case",
    /// 撤销决定.
    23 RevokeDecision about Case = "revoke-decision",
    /// 补交容缺材料.
    24 ProvideOwedPaper about Case = "provide-owed-paper",
    /// 确认容缺材料.
    25 ConfirmOwedPaper about Case = "confirm-owed-paper",
    /// 逾期未告知，视为受理.
    26 DeemAccepted about Application = "deem-accepted",
    /// 逾期未补正.
    27 LapseCorrection about Application = "lapse-correction",
    /// 特别程序到期恢复计时.
    28 ResumeClock about Case = "resume-clock",
    /// 容缺材料逾期，撤销.
    29 CloseGap about Case = "close-gap",
    /// 发布事项目录.
    30 PublishPack about Project = "publish-pack",
    /// 设立部门.
    31 EstablishDepartment about Project = "establish-department",
    /// 退回容缺材料.
    32 ReturnOwedPaper about Case = "return-owed-paper",
    /// 申请延续.
    33 AskExtension about Case = "ask-extension",
    /// 准予延续.
    34 GrantExtension about Case = "grant-extension",
    /// 不予延续.
    35 RefuseExtension about Case = "refuse-extension",
    /// 重新审核.
    36 Recheck about Case = "recheck",
    /// 有效期届满.
    37 EndTerm about Case = "end-term",
    /// 期限届满送达.
    38 ServeResult about Case = "serve-result",
    /// 延长联合办理时限.
    39 ExtendJoint about Application = "extend-joint",
    /// 事后备案逾期.
    40 MissDuty about Project = "miss-duty",
    /// 按新公布的日历重新计算.
    41 SettleCalendar about Case = "settle-calendar",
    /// 告知承诺事后核查.
    42 CheckCommitment about Case = "check-commitment",
    /// 登记信用记录.
    43 EnterCreditRecord about Project = "enter-credit-record",
    /// 信用修复.
    44 RemoveCreditRecord about Project = "remove-credit-record",
    /// 告知听证权利.
    45 OfferHearing about Case = "offer-hearing",
    /// 申请听证.
    46 AskHearing about Case = "ask-hearing",
    /// 放弃听证.
    47 WaiveHearing about Case = "waive-hearing",
    /// 通知听证时间地点.
    48 NotifyHearing about Case = "notify-hearing",
    /// 登记听证笔录.
    49 HoldHearing about Case = "hold-hearing",
    /// 机构改革移交.
    50 TransferCase about Case = "transfer-case",
    /// 部门更名.
    51 RenameDepartment about Project = "rename-department",
    /// 部门撤并.
    52 MergeDepartment about Project = "merge-department",
    /// 撤销机构改革登记.
    53 TakeBackChange about Project = "take-back-change",
    /// 登记部门统一社会信用代码.
    54 RegisterDepartmentCode about Project = "register-department-code",
    /// 制发文书.
    55 IssueDocument about Project = "issue-document",
    /// 查看个人信息.
    56 ReadInClear about Project = "read-in-clear",
    /// 注销许可.
    57 CancelResult about Case = "cancel-result",
    /// 登记系统核验.
    58 RecordRegisterAnswer about Project = "record-register-answer",
    /// 接入部门业务系统.
    59 ConnectSystem about Project = "connect-system",
    /// 停止接入部门业务系统.
    60 DisconnectSystem about Project = "disconnect-system",
    /// 归入部门材料.
    61 FilePaper about Case = "file-paper",
    /// 核准接入部门业务系统.
    62 AdmitSystem about Project = "admit-system",
    /// 征求部门意见.
    63 ConsultDepartment about Case = "consult-department",
    /// 反馈意见.
    64 AnswerConsultation about Case = "answer-consultation",
    /// 催办.
    65 UrgeCase about Case = "urge-case",
    /// 授权委托.
    66 AuthoriseAgent about Project = "authorise-agent",
    /// 解除委托.
    67 EndAgency about Project = "end-agency",
}
