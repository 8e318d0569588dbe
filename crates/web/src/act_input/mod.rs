//! Reads what an act needs from a form or a JSON body: the same fields, the same messages.

mod fields;

use tongban_domain::{
    acts::{About, Act, ActName, ApplicationAct, CaseAct, ProjectAct, Subject, Verdict},
    application::{Demand, Release, Target},
    case::{HearingNotice, Recommendation, Stance},
    catalog::Catalog,
    ids::{AccountId, ApplicationId, CaseId, DepartmentId},
    project::{Planned, Power, Project},
    reason::ReasonKind,
    sealed::{Sealed, SealedValue},
};
use tongban_store::{Account, Store};

pub(crate) use fields::{Input, InputKind, inputs, is_plain};

use crate::forms::{Faults, Typed};

/// An act as read, with the values of its seals.
pub(crate) struct ReadAct {
    pub(crate) act: Act,
    pub(crate) sealed: Vec<SealedValue>,
}

struct Reader<'a> {
    store: &'a Store,
    catalog: &'a Catalog,
    project: &'a Project,
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
    (project, subject): (&Project, Subject),
    typed: &Typed,
) -> Result<ReadAct, Faults> {
    let faults = Faults::default();
    let mut reader = Reader { store, catalog, project, act, typed, faults, sealed: Vec::new() };
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

    /// Somebody who holds an office in the department of the case.
    fn staff(&mut self, name: &str, case: CaseId) -> Option<AccountId> {
        let id = self.required(name)?.parse().ok();
        let account = id.and_then(|id| self.store.account(id).ok().flatten());
        let project = self.store.project_of_case(case).ok().flatten();
        let project = project.and_then(|id| self.store.project(id).ok().flatten());
        let department = project.and_then(|it| it.cases.get(&case).map(|case| case.department));
        let in_office = account.as_ref().is_some_and(|it| {
            department.is_some() && it.mandates.iter().any(|office| office.department == department)
        });
        if !in_office {
            let label = self.label(name);
            self.faults.add(name, format!("请选择{label}"));
        }
        id.filter(|_| in_office)
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

    /// Whom an owner lets act for it: the account and the name of somebody from outside the
    /// authority and the company. Which of the two does not fit is not told.
    fn agent(&mut self) -> Option<AccountId> {
        let login = self.required("agent").map(ToOwned::to_owned);
        let name = self.required("name").map(ToOwned::to_owned);
        let (login, name) = (login?, name?);
        let account = self.store.account_named(&login).ok().flatten();
        let own = self.project.owner.uscc.clone();
        let colleague = |it: &Account| it.organisation.as_ref() == Some(&own);
        let fits = account.filter(|it| it.is_outside() && it.name == name && !colleague(it));
        if fits.is_none() {
            self.faults.add("agent", "没有可以受托的这个账号，或者姓名不符；本单位人员不用委托");
        }
        fits.map(|account| account.id)
    }

    fn powers(&mut self) -> Option<Vec<Power>> {
        let typed = self.typed.all("power");
        let powers: Option<Vec<Power>> = typed.map(Power::from_key).collect();
        let powers = powers.filter(|powers| !powers.is_empty());
        if powers.is_none() {
            self.faults.add("power", "请至少选择一项委托权限");
        }
        powers
    }

    fn department(&mut self, name: &str) -> Option<DepartmentId> {
        let id = self.required(name)?.parse().ok();
        let known = id.filter(|id| self.store.organisation().department(*id).is_some());
        if known.is_none() {
            let label = self.label(name);
            self.faults.add(name, format!("请选择{label}"));
        }
        known
    }

    fn stance(&mut self) -> Option<Stance> {
        let stance = Stance::from_key(self.typed.get("stance"));
        if stance.is_none() {
            self.faults.add("stance", "请选择结论");
        }
        stance
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
            return Some(Act::Project(ProjectAct::AgreePlan { milestones: self.plan()? }));
        }
        if act == ActName::RecordMilestone {
            let key = self.required("key").map(ToOwned::to_owned);
            let on = self.day("on");
            return Some(Act::Project(ProjectAct::RecordMilestone { key: key?, on: on? }));
        }
        if act == ActName::ReadInClear {
            let reason = self.reason("reason", ReasonKind::Reading, true);
            let text = self.optional_words("text");
            return Some(Act::Project(ProjectAct::ReadInClear { reason: reason?, text }));
        }
        if act == ActName::AuthoriseAgent {
            let (agent, powers, until) = (self.agent(), self.powers(), self.day("until"));
            let (agent, powers, until) = (agent?, powers?, until?);
            return Some(Act::Project(ProjectAct::AuthoriseAgent { agent, powers, until }));
        }
        if act == ActName::EndAgency {
            // Only among those who were let: which other accounts there are is not told.
            let named = self.required("agent")?.to_owned();
            let mut agents = self.project.agents.keys().copied();
            let agent = agents.find(|id| {
                let account = || self.store.account(*id).ok().flatten();
                id.to_string() == named || account().is_some_and(|it| it.login == named)
            });
            if agent.is_none() {
                self.faults.add("agent", "没有这个受托人");
            }
            return Some(Act::Project(ProjectAct::EndAgency { agent: agent? }));
        }
        (act == ActName::MarkKeyProject).then_some(Act::Project(ProjectAct::MarkKeyProject))
    }

    fn read_application(&mut self, application: ApplicationId) -> Option<Act> {
        let act = self.act;
        if act == ActName::RequestCorrection {
            return Some(
                ApplicationAct::RequestCorrection { demands: self.demands()? }.on(application),
            );
        }
        if act == ActName::AcceptApplication {
            let cases: Result<Vec<CaseId>, _> = self.typed.all("case").map(str::parse).collect();
            let Ok(cases) = cases else {
                self.faults.add("case", "办件编号有误");
                return None;
            };
            return Some(ApplicationAct::AcceptApplication { cases }.on(application));
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
            return Some(ApplicationAct::ChooseRelease { release }.on(application));
        }
        if act == ActName::ExtendJoint {
            let days = self.number("days");
            let reason = self.reason("reason", ReasonKind::Extension, true);
            return Some(
                ApplicationAct::ExtendJoint { days: days?, reason: reason? }.on(application),
            );
        }
        if act == ActName::WithdrawApplication {
            let reason = self.reason("reason", ReasonKind::Withdrawal, true);
            let text = self.optional_words("text");
            return Some(
                ApplicationAct::WithdrawApplication { reason: reason?, text }.on(application),
            );
        }
        None
    }

    fn read_case(&mut self, case: CaseId) -> Option<Act> {
        Some(match self.act {
            ActName::RefuseAcceptance => {
                let reason = self.reason("reason", ReasonKind::AcceptanceRefused, true);
                let text = self.optional_words("text");
                CaseAct::RefuseAcceptance { reason: reason?, text }.on(case)
            }
            ActName::DeclareNotRequired => {
                let reason = self.reason("reason", ReasonKind::NotRequired, true);
                let text = self.optional_words("text");
                CaseAct::DeclareNotRequired { reason: reason?, text }.on(case)
            }
            ActName::ClaimCase => CaseAct::ClaimCase.on(case),
            ActName::GiveOpinion => {
                let (given, text) = (self.recommendation(), self.words("text"));
                let (recommendation, reason) = given?;
                CaseAct::GiveOpinion { recommendation, reason, text: text? }.on(case)
            }
            ActName::ReviewCase => {
                let (given, text) = (self.recommendation(), self.words("text"));
                let (recommendation, reason) = given?;
                CaseAct::ReviewCase { recommendation, reason, text: text? }.on(case)
            }
            ActName::SendBack => {
                let reason = self.reason("reason", ReasonKind::Return, true);
                let text = self.words("text");
                CaseAct::SendBack { reason: reason?, text: text? }.on(case)
            }
            ActName::DecideCase => {
                let (verdict, text) = (self.verdict(), self.words("text"));
                CaseAct::DecideCase { verdict: verdict?, text: text? }.on(case)
            }
            ActName::AskSpecialProcedure => {
                let reason = self.reason("reason", ReasonKind::SpecialProcedure, true);
                let given = !self.typed.get("planned_days").is_empty();
                let planned_days = given.then(|| self.number("planned_days"));
                let text = self.words("text");
                CaseAct::AskSpecialProcedure {
                    reason: reason?,
                    planned_days: match planned_days {
                        Some(typed) => Some(typed?),
                        None => None,
                    },
                    text: text?,
                }
                .on(case)
            }
            ActName::ApproveSpecialProcedure => CaseAct::ApproveSpecialProcedure.on(case),
            ActName::RejectSpecialProcedure => CaseAct::RejectSpecialProcedure.on(case),
            ActName::EndSpecialProcedure => CaseAct::EndSpecialProcedure.on(case),
            ActName::ExtendLimit => {
                let days = self.number("days");
                let reason = self.reason("reason", ReasonKind::Extension, true);
                CaseAct::ExtendLimit { days: days?, reason: reason? }.on(case)
            }
            ActName::WithdrawCase => {
                let reason = self.reason("reason", ReasonKind::Withdrawal, true);
                let text = self.optional_words("text");
                CaseAct::WithdrawCase { reason: reason?, text }.on(case)
            }
            ActName::CancelResult => {
                let reason = self.reason("reason", ReasonKind::Cancellation, true);
                let text = self.words("text");
                CaseAct::CancelResult { reason: reason?, text: text? }.on(case)
            }
            ActName::RevokeDecision => {
                let reason = self.reason("reason", ReasonKind::Revocation, true);
                let text = self.words("text");
                CaseAct::RevokeDecision { reason: reason?, text: text? }.on(case)
            }
            ActName::ConfirmOwedPaper => {
                let paper = self.required("paper")?.to_owned();
                CaseAct::ConfirmOwedPaper { paper }.on(case)
            }
            ActName::AskExtension => {
                CaseAct::AskExtension { text: self.optional_words("text") }.on(case)
            }
            ActName::CheckCommitment => {
                let kept = self.yes_or_no();
                let given = !self.typed.get("until").is_empty() && kept == Some(false);
                let until = if given { Some(self.day("until")?) } else { None };
                let text = self.words("text");
                CaseAct::CheckCommitment { kept: kept?, until, text: text? }.on(case)
            }
            ActName::OfferHearing => {
                let others = self.typed.get("others") == "yes";
                CaseAct::OfferHearing { others, text: self.words("text")? }.on(case)
            }
            ActName::AskHearing => CaseAct::AskHearing { text: self.words("text")? }.on(case),
            ActName::WaiveHearing => CaseAct::WaiveHearing.on(case),
            ActName::HoldHearing => CaseAct::HoldHearing { text: self.words("text")? }.on(case),
            ActName::NotifyHearing => {
                let (on, place) = (self.day("on"), self.words("text"));
                let chair = self.staff("chair", case);
                CaseAct::NotifyHearing(HearingNotice { on: on?, place: place?, chair: chair? })
                    .on(case)
            }
            ActName::GrantExtension => CaseAct::GrantExtension.on(case),
            ActName::RefuseExtension => {
                CaseAct::RefuseExtension { text: self.words("text")? }.on(case)
            }
            ActName::Recheck => {
                let holds = self.yes_or_no();
                let text = self.words("text");
                CaseAct::Recheck { holds: holds?, text: text? }.on(case)
            }
            ActName::ReturnOwedPaper => {
                let paper = self.required("paper").map(ToOwned::to_owned);
                let reason = self.reason("reason", ReasonKind::Correction, true);
                let text = self.optional_words("text");
                CaseAct::ReturnOwedPaper { paper: paper?, reason: reason?, text }.on(case)
            }
            ActName::ConsultDepartment => {
                let of = self.department("department");
                let given = !self.typed.get("days").is_empty();
                let days = if given { Some(self.number("days")?) } else { None };
                let text = self.words("text");
                CaseAct::ConsultDepartment { of: of?, days, text: text? }.on(case)
            }
            ActName::AnswerConsultation => {
                let (stance, text) = (self.stance(), self.words("text"));
                CaseAct::AnswerConsultation { stance: stance?, text: text? }.on(case)
            }
            ActName::UrgeCase => CaseAct::UrgeCase { text: self.words("text")? }.on(case),
            _ => return None,
        })
    }
}
