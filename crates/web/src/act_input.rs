//! Reads what an act needs from a form or a JSON body: the same fields, the same messages.

use tongban_domain::{
    acts::{About, Act, ActName, Subject, Verdict, declaration},
    application::{Demand, Release, Target},
    case::Recommendation,
    catalog::Catalog,
    ids::{ApplicationId, CaseId},
    project::Planned,
    reason::ReasonKind,
    sealed::{Sealed, SealedValue},
};
use tongban_store::Store;

use crate::forms::{Faults, Typed};

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
        Cases, Date, Demands, Milestone, Number, Paper, Papers, Plan, Reason, Verdict, Words,
    };
    match act {
        ActName::AgreePlan => const { &[needed("plan", "计划", Plan)] },
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
        | ActName::SettleCalendar
        | ActName::PublishPack
        | ActName::EstablishDepartment => &[],
    }
}

/// Acts that can be done with these fields alone, on a page or through the API.
pub(crate) fn is_plain(act: ActName) -> bool {
    let by_people = declaration(act)
        .by
        .iter()
        .any(|allowed| allowed.role != tongban_domain::permission::Role::Timer);
    let own_page = matches!(
        act,
        ActName::RegisterProject
            | ActName::SubmitApplication
            | ActName::SubmitCorrection
            | ActName::ProvideOwedPaper
            | ActName::PublishPack
            | ActName::EstablishDepartment
    );
    by_people && !own_page
}

/// An act as read, with the values of its seals.
pub(crate) struct ReadAct {
    pub(crate) act: Act,
    pub(crate) sealed: Vec<SealedValue>,
}

struct Reader<'a> {
    store: &'a Store,
    catalog: &'a Catalog,
    act: ActName,
    typed: &'a Typed,
    faults: Faults,
    sealed: Vec<SealedValue>,
}

/// Reads an act on a subject.
///
/// # Errors
/// Every field that is missing or wrong.
pub(crate) fn read_act(
    store: &Store,
    catalog: &Catalog,
    act: ActName,
    subject: Subject,
    typed: &Typed,
) -> Result<ReadAct, Faults> {
    let mut reader =
        Reader { store, catalog, act, typed, faults: Faults::default(), sealed: Vec::new() };
    let read = reader.read(subject);
    match read {
        Some(act) if reader.faults.is_empty() => Ok(ReadAct { act, sealed: reader.sealed }),
        _ => {
            if reader.faults.is_empty() {
                reader.faults.add("act", "这个操作不能在这里办理");
            }
            Err(reader.faults)
        }
    }
}

impl Reader<'_> {
    fn label(&self, name: &str) -> &'static str {
        inputs(self.act).iter().find(|input| input.name == name).map_or("", |input| input.label)
    }

    fn required(&mut self, name: &str) -> Option<&str> {
        let value = self.typed.get(name);
        if value.is_empty() {
            let label = self.label(name);
            self.faults.add(name, format!("请填写{label}"));
            return None;
        }
        Some(value)
    }

    fn reason(&mut self, name: &str, kind: ReasonKind, required: bool) -> Option<String> {
        let typed = self.typed.get(name).to_owned();
        if typed.is_empty() && !required {
            return None;
        }
        let known = self.catalog.reason(&typed).is_some_and(|reason| reason.kind == kind);
        if !known {
            let label = self.label(name);
            self.faults.add(name, format!("请选择{label}"));
            return None;
        }
        Some(typed)
    }

    fn words(&mut self, name: &str) -> Option<Sealed> {
        let text = self.required(name)?.to_owned();
        self.seal(name, &text)
    }

    fn optional_words(&mut self, name: &str) -> Option<Sealed> {
        let text = self.typed.get(name).to_owned();
        if text.is_empty() { None } else { self.seal(name, &text) }
    }

    fn seal(&mut self, name: &str, text: &str) -> Option<Sealed> {
        const LONGEST: usize = 4000;
        if text.chars().count() > LONGEST {
            let label = self.label(name);
            self.faults.add(name, format!("{label}最多 {LONGEST} 个字"));
            return None;
        }
        let (sealed, value) = self.store.seal(text);
        self.sealed.push(value);
        Some(sealed)
    }

    fn number(&mut self, name: &str) -> Option<u16> {
        let typed = self.required(name)?.parse();
        if typed.is_err() {
            let label = self.label(name);
            self.faults.add(name, format!("{label}请填写整数"));
        }
        typed.ok()
    }

    fn day(&mut self, name: &str) -> Option<tongban_domain::time::Day> {
        let typed = self.required(name)?.parse();
        if typed.is_err() {
            let label = self.label(name);
            self.faults.add(name, format!("{label}请填写日期，如 2026-06-12"));
        }
        typed.ok()
    }

    fn recommendation(&mut self) -> Option<(Recommendation, Option<String>)> {
        let recommendation = match self.typed.get("verdict") {
            "pass" => Recommendation::Pass,
            "pass-with-gap" => Recommendation::PassWithGap,
            "refuse" => Recommendation::Refuse,
            _ => {
                let label = self.label("verdict");
                self.faults.add("verdict", format!("请选择{label}"));
                return None;
            }
        };
        let refuses = recommendation == Recommendation::Refuse;
        let reason = refuses.then(|| self.reason("reason", ReasonKind::Refusal, true)).flatten();
        Some((recommendation, reason))
    }

    /// `pass` or `refuse`, and nothing between.
    fn yes_or_no(&mut self) -> Option<bool> {
        match self.typed.get("verdict") {
            "pass" => Some(true),
            "refuse" => Some(false),
            _ => {
                self.faults.add("verdict", "请选择结论");
                None
            }
        }
    }

    fn verdict(&mut self) -> Option<Verdict> {
        let (recommendation, reason) = self.recommendation()?;
        match recommendation {
            Recommendation::Pass => Some(Verdict::Pass),
            Recommendation::PassWithGap => {
                let papers = self.typed.all("paper").map(ToOwned::to_owned).collect();
                let until = self.day("until")?;
                Some(Verdict::PassWithGap { papers, until })
            }
            Recommendation::Refuse => Some(Verdict::Refuse { reason: reason? }),
        }
    }

    fn demands(&mut self) -> Option<Vec<Demand>> {
        let chosen: Vec<String> = self.typed.all("demand").map(ToOwned::to_owned).collect();
        if chosen.is_empty() {
            self.faults.add("demand", "请至少选择一项需要补正的材料或内容");
            return None;
        }
        let mut demands = Vec::new();
        for name in chosen {
            let target = match name.split_once(':') {
                Some(("paper", key)) => Target::Paper(key.to_owned()),
                Some(("field", key)) => Target::Field(key.to_owned()),
                _ => {
                    self.faults.add("demand", "补正的内容应写成 paper:… 或 field:…");
                    continue;
                }
            };
            let field = format!("reason:{name}");
            let typed = self.typed.get(&field).to_owned();
            let known = self
                .catalog
                .reason(&typed)
                .is_some_and(|reason| reason.kind == ReasonKind::Correction);
            if !known {
                self.faults.add(&field, "请选择补正原因");
                continue;
            }
            let note = self.optional_words(&format!("note:{name}"));
            demands.push(Demand { target, reason: typed, note });
        }
        Some(demands)
    }

    fn plan(&mut self) -> Option<Vec<Planned>> {
        let mut plan = Vec::new();
        for (what, typed) in self.typed.with_prefix("plan:") {
            if typed.is_empty() {
                continue;
            }
            match typed.parse() {
                Ok(by) => plan.push(Planned { what: what.to_owned(), by }),
                Err(_) => {
                    self.faults.add(&format!("plan:{what}"), "请填写日期，如 2026-06-12");
                }
            }
        }
        if plan.is_empty() && self.faults.is_empty() {
            self.faults.add("plan", "请至少填写一个里程碑的日期");
        }
        Some(plan)
    }

    fn read(&mut self, subject: Subject) -> Option<Act> {
        match (self.act.about(), subject) {
            (About::Project, Subject::Project) => self.read_project(),
            (About::Application, Subject::Application(application)) => {
                self.read_application(application)
            }
            (About::Case, Subject::Case(case)) => self.read_case(case),
            (About::Project | About::Application | About::Case, _) => None,
        }
    }

    fn read_project(&mut self) -> Option<Act> {
        let act = self.act;
        if act == ActName::AgreePlan {
            return Some(Act::AgreePlan { milestones: self.plan()? });
        }
        if act == ActName::RecordMilestone {
            let key = self.required("key").map(ToOwned::to_owned);
            let on = self.day("on");
            return Some(Act::RecordMilestone { key: key?, on: on? });
        }
        (act == ActName::MarkKeyProject).then_some(Act::MarkKeyProject)
    }

    fn read_application(&mut self, application: ApplicationId) -> Option<Act> {
        let act = self.act;
        if act == ActName::RequestCorrection {
            return Some(Act::RequestCorrection { application, demands: self.demands()? });
        }
        if act == ActName::AcceptApplication {
            let cases: Result<Vec<CaseId>, _> = self.typed.all("case").map(str::parse).collect();
            let Ok(cases) = cases else {
                self.faults.add("case", "办件编号有误");
                return None;
            };
            return Some(Act::AcceptApplication { application, cases });
        }
        if act == ActName::ChooseRelease {
            let release = match self.typed.get("release") {
                "together" => Release::Together,
                "early" => Release::Early,
                _ => {
                    self.faults.add("release", "请选择送达方式");
                    return None;
                }
            };
            return Some(Act::ChooseRelease { application, release });
        }
        if act == ActName::ExtendJoint {
            let days = self.number("days");
            let reason = self.reason("reason", ReasonKind::Extension, true);
            return Some(Act::ExtendJoint { application, days: days?, reason: reason? });
        }
        if act == ActName::WithdrawApplication {
            let reason = self.reason("reason", ReasonKind::Withdrawal, true);
            let text = self.optional_words("text");
            return Some(Act::WithdrawApplication { application, reason: reason?, text });
        }
        None
    }

    fn read_case(&mut self, case: CaseId) -> Option<Act> {
        Some(match self.act {
            ActName::RefuseAcceptance => {
                let reason = self.reason("reason", ReasonKind::AcceptanceRefused, true);
                let text = self.optional_words("text");
                Act::RefuseAcceptance { case, reason: reason?, text }
            }
            ActName::DeclareNotRequired => {
                let reason = self.reason("reason", ReasonKind::NotRequired, true);
                let text = self.optional_words("text");
                Act::DeclareNotRequired { case, reason: reason?, text }
            }
            ActName::ClaimCase => Act::ClaimCase { case },
            ActName::GiveOpinion => {
                let (given, text) = (self.recommendation(), self.words("text"));
                let (recommendation, reason) = given?;
                Act::GiveOpinion { case, recommendation, reason, text: text? }
            }
            ActName::ReviewCase => {
                let (given, text) = (self.recommendation(), self.words("text"));
                let (recommendation, reason) = given?;
                Act::ReviewCase { case, recommendation, reason, text: text? }
            }
            ActName::SendBack => {
                let reason = self.reason("reason", ReasonKind::Return, true);
                let text = self.words("text");
                Act::SendBack { case, reason: reason?, text: text? }
            }
            ActName::DecideCase => {
                let (verdict, text) = (self.verdict(), self.words("text"));
                Act::DecideCase { case, verdict: verdict?, text: text? }
            }
            ActName::AskSpecialProcedure => {
                let reason = self.reason("reason", ReasonKind::SpecialProcedure, true);
                let given = !self.typed.get("planned_days").is_empty();
                let planned_days = given.then(|| self.number("planned_days"));
                let text = self.words("text");
                Act::AskSpecialProcedure {
                    case,
                    reason: reason?,
                    planned_days: match planned_days {
                        Some(typed) => Some(typed?),
                        None => None,
                    },
                    text: text?,
                }
            }
            ActName::ApproveSpecialProcedure => Act::ApproveSpecialProcedure { case },
            ActName::RejectSpecialProcedure => Act::RejectSpecialProcedure { case },
            ActName::EndSpecialProcedure => Act::EndSpecialProcedure { case },
            ActName::ExtendLimit => {
                let days = self.number("days");
                let reason = self.reason("reason", ReasonKind::Extension, true);
                Act::ExtendLimit { case, days: days?, reason: reason? }
            }
            ActName::WithdrawCase => {
                let reason = self.reason("reason", ReasonKind::Withdrawal, true);
                let text = self.optional_words("text");
                Act::WithdrawCase { case, reason: reason?, text }
            }
            ActName::RevokeDecision => {
                let reason = self.reason("reason", ReasonKind::Revocation, true);
                let text = self.words("text");
                Act::RevokeDecision { case, reason: reason?, text: text? }
            }
            ActName::ConfirmOwedPaper => {
                let paper = self.required("paper")?.to_owned();
                Act::ConfirmOwedPaper { case, paper }
            }
            ActName::AskExtension => Act::AskExtension { case, text: self.optional_words("text") },
            ActName::CheckCommitment => {
                let kept = self.yes_or_no();
                let given = !self.typed.get("until").is_empty() && kept == Some(false);
                let until = if given { Some(self.day("until")?) } else { None };
                let text = self.words("text");
                Act::CheckCommitment { case, kept: kept?, until, text: text? }
            }
            ActName::GrantExtension => Act::GrantExtension { case },
            ActName::RefuseExtension => Act::RefuseExtension { case, text: self.words("text")? },
            ActName::Recheck => {
                let holds = self.yes_or_no();
                let text = self.words("text");
                Act::Recheck { case, holds: holds?, text: text? }
            }
            ActName::ReturnOwedPaper => {
                let paper = self.required("paper").map(ToOwned::to_owned);
                let reason = self.reason("reason", ReasonKind::Correction, true);
                let text = self.optional_words("text");
                Act::ReturnOwedPaper { case, paper: paper?, reason: reason?, text }
            }
            _ => return None,
        })
    }
}
