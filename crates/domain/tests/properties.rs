//! Whatever anybody tries, in any order: nothing panics, and what was recorded is lawful.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use proptest::prelude::*;
use tongban_domain::{
    acts::{Act, ActName, ApplicationAct, ProjectAct, declaration},
    application::{Application, Demand, Release, Target},
    calendar::Calendar,
    case::{Case, NationalState, Outcome, Predecessor, Standing},
    catalog::Catalog,
    clock::Which,
    fact::Recorded,
    limit::Limit,
    paper::RegisterAnswer,
    permission::{Actor, Role},
    project::{FieldValue, Planned, Power, Project},
    reason::ReasonKind,
    time::Day,
};

use support::{
    Story,
    anyone::{case_act, person, reason, right_person},
    draft::Form,
    people::{self, NANJING, catalog, day, file},
};

/// One try: which act, about which case, by whom, with which details, after how many days.
type Try = (usize, usize, u8, u8, i32);

/// Which type of project, and whether its first application is accepted.
fn begins() -> impl Strategy<Value = (usize, bool)> {
    (0..9usize, any::<bool>())
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..ActName::ALL.len(), 0..8usize, any::<u8>(), any::<u8>(), 0..4i32);
    prop::collection::vec(one, 1..120)
}

/// Given stage 1 of any type of project; of an industrial one on own land with two environmental
/// side items, some papers still owed.
fn beginning(flow: usize, accepted: bool) -> Story {
    let flows: Vec<&String> = catalog().flows.keys().collect();
    let key = flows[flow % flows.len()];
    let submitted = match key.as_str() {
        "E" => industrial(),
        key => Story::registered(key).on("2026-03-02").submits(1),
    };
    if accepted { submitted.window().accepts() } else { submitted }
}

fn industrial() -> Story {
    Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("land-industrial", "own")
        .answering("eia-class", "form")
        .answering("soil-water", "report")
        .on_commitment("LX-15")
        .handed_in()
}

/// Mostly the right person, now and then anybody.
fn somebody(name: ActName, who: u8, case: &Case, project: &Project) -> Actor {
    let allowed = declaration(name).by;
    match who % 8 {
        0 => person(Role::ALL[usize::from(who / 8) % Role::ALL.len()], case),
        1 if who > 127 => people::stranger(),
        1 => people::window(NANJING),
        2 => right_person(name, case, project),
        3.. => person(allowed[usize::from(who) % allowed.len()].role, case),
    }
}

fn demands(application: &Application, how: u8) -> Vec<Demand> {
    let listed = application.slots.iter().map(|slot| Target::Paper(slot.slot.paper.clone()));
    listed
        .take(usize::from(how % 4))
        .map(|target| Demand { target, reason: reason(ReasonKind::Correction, how), note: None })
        .collect()
}

fn corrected(application: &Application) -> Vec<String> {
    let open = application.open_correction();
    let demands = open.map(|correction| correction.demands.clone()).unwrap_or_default();
    demands
        .into_iter()
        .map(|demand| match demand.target {
            Target::Paper(key) | Target::Field(key) => key,
        })
        .collect()
}

/// The act of a try; none for acts that are not about a project.
fn act(story: &Story, name: ActName, case: &Case, how: u8) -> Option<Act> {
    let today = story.now.day();
    let of = story.project.application_of(case)?;
    let application = of.id;
    let release = if how < 128 { Release::Early } else { Release::Together };
    let milestones = &catalog().milestones;
    let act = match name {
        ActName::AgreePlan => Act::Project(ProjectAct::AgreePlan {
            milestones: vec![Planned { what: "GH-02".to_owned(), by: today.plus(i32::from(how)) }],
        }),
        ActName::AuthoriseAgent => Act::Project(ProjectAct::AuthoriseAgent {
            agent: people::agent_account(1),
            powers: Power::ALL[..usize::from(how % 5)].to_vec(),
            until: today.plus(i32::from(how % 16)),
        }),
        ActName::EndAgency => {
            Act::Project(ProjectAct::EndAgency { agent: people::agent_account(1) })
        }
        ActName::MarkKeyProject => Act::Project(ProjectAct::MarkKeyProject),
        ActName::RecordMilestone => {
            let key = milestones[usize::from(how) % milestones.len()].key.clone();
            Act::Project(ProjectAct::RecordMilestone { key, on: today })
        }
        ActName::SubmitApplication => {
            Form::usual(&story.prospect(), how % 4 + 1).act(&story.prospect())
        }
        ActName::RequestCorrection => {
            ApplicationAct::RequestCorrection { demands: demands(of, how) }.on(application)
        }
        ActName::SubmitCorrection => ApplicationAct::SubmitCorrection {
            papers: corrected(of).into_iter().map(|key| (key, file())).collect(),
            fields: (how == 0)
                .then(|| ("land-use".to_owned(), FieldValue::Text("工业".to_owned())))
                .into_iter()
                .collect(),
        }
        .on(application),
        ActName::AcceptApplication => ApplicationAct::AcceptApplication {
            cases: if how < 128 { Vec::new() } else { vec![case.opened.case] },
        }
        .on(application),
        ActName::ExtendJoint => ApplicationAct::ExtendJoint {
            days: u16::from(how % 20),
            reason: "complex-case".to_owned(),
        }
        .on(application),
        ActName::MissDuty => Act::Project(ProjectAct::MissDuty),
        ActName::ChooseRelease => ApplicationAct::ChooseRelease { release }.on(application),
        ActName::WithdrawApplication if how > 16 => return None,
        ActName::WithdrawApplication => ApplicationAct::WithdrawApplication {
            reason: reason(ReasonKind::Withdrawal, how),
            text: None,
        }
        .on(application),
        ActName::DeemAccepted => ApplicationAct::DeemAccepted.on(application),
        ActName::LapseCorrection => ApplicationAct::LapseCorrection.on(application),
        // Made from what is wanted, by `documents.rs`.
        ActName::IssueDocument => return None,
        ActName::RecordRegisterAnswer => {
            Act::Project(ProjectAct::RecordRegisterAnswer(RegisterAnswer {
                paper: "business-licence".to_owned(),
                register: "市场监管部门".to_owned(),
                held: how > 7,
                until: (how > 20).then(|| today.plus(i32::from(how))),
                says: None,
            }))
        }
        ActName::ReadInClear => {
            Act::Project(ProjectAct::ReadInClear { reason: "reach-contact".to_owned(), text: None })
        }
        ActName::RegisterProject
        | ActName::PublishPack
        | ActName::EstablishDepartment
        | ActName::EnterCreditRecord
        | ActName::RemoveCreditRecord
        | ActName::RefuseAcceptance
        | ActName::DeclareNotRequired
        | ActName::ClaimCase
        | ActName::GiveOpinion
        | ActName::ReviewCase
        | ActName::SendBack
        | ActName::DecideCase
        | ActName::AskSpecialProcedure
        | ActName::ApproveSpecialProcedure
        | ActName::RejectSpecialProcedure
        | ActName::EndSpecialProcedure
        | ActName::ExtendLimit
        | ActName::WithdrawCase
        | ActName::RevokeDecision
        | ActName::ProvideOwedPaper
        | ActName::ConfirmOwedPaper
        | ActName::ReturnOwedPaper
        | ActName::AskExtension
        | ActName::GrantExtension
        | ActName::RefuseExtension
        | ActName::Recheck
        | ActName::CancelResult
        | ActName::EndTerm
        | ActName::ServeResult
        | ActName::SettleCalendar
        | ActName::CheckCommitment
        | ActName::OfferHearing
        | ActName::AskHearing
        | ActName::WaiveHearing
        | ActName::NotifyHearing
        | ActName::HoldHearing
        | ActName::TransferCase
        | ActName::RenameDepartment
        | ActName::MergeDepartment
        | ActName::TakeBackChange
        | ActName::RegisterDepartmentCode
        | ActName::ConnectSystem
        | ActName::DisconnectSystem
        | ActName::AdmitSystem
        | ActName::FilePaper
        | ActName::ConsultDepartment
        | ActName::AnswerConsultation
        | ActName::UrgeCase
        | ActName::ResumeClock
        | ActName::CloseGap => return case_act(name, case, today, how),
    };
    Some(act)
}

/// Lets everybody try; what is refused is refused.
fn told((flow, accepted): (usize, bool), tries: Vec<Try>) -> Story {
    let mut story = beginning(flow, accepted);
    for (name, which, who, how, days) in tries {
        story.now = story.now.plus_seconds(i64::from(days) * 86_400);
        let name = ActName::ALL[name];
        let cases: Vec<&Case> = story.project.cases.values().map(|case| &**case).collect();
        let case = cases[which % cases.len()].clone();
        if let Some(act) = act(&story, name, &case, how) {
            let _ = story.attempt(&somebody(name, who, &case, &story.project.clone()), &act);
        }
    }
    story
}

fn lawful(story: &Story, case: &Case) -> Result<(), TestCaseError> {
    let states: Vec<NationalState> = case.history.iter().map(|step| step.state).collect();
    prop_assert_eq!(states[0], NationalState::Received);
    prop_assert!(states.windows(2).all(|pair| pair[0].may_precede(pair[1])), "{:?}", states);
    prop_assert!(case.history.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let Some(decided) = &case.decision else { return Ok(()) };
    prop_assert!(states.contains(&NationalState::Accepted));
    prop_assert!(states.contains(&NationalState::DepartmentStarted));
    let refused = matches!(decided.decision.outcome, Outcome::Refuse { .. });
    for predecessor in &case.opened.predecessors {
        prop_assert!(refused || was_there(story, predecessor), "{:?}", predecessor);
    }
    Ok(())
}

fn was_there(story: &Story, predecessor: &Predecessor) -> bool {
    match predecessor {
        Predecessor::Milestone(key) => story.project.milestones.contains_key(key),
        Predecessor::Item(code) => {
            let mut others = story.project.cases.values();
            others.any(|case| case.opened.item == *code && case.decision.is_some())
        }
    }
}

/// A clock can be read at any time, and its ledger keeps to the law.
fn keeps_time(story: &Story, case: &Case) -> Result<(), TestCaseError> {
    let Some(ledger) = &case.ledger else { return Ok(()) };
    for which in [Which::Statutory, Which::Promised] {
        let read = ledger.read(&story.catalog.calendar, which, story.now.day());
        prop_assert!(read.due.is_none_or(|due| ledger.started.is_some_and(|day| day <= due)));
    }
    prop_assert!(ledger.extensions.len() <= 1);
    prop_assert_eq!(ledger.stopped.is_none(), case.is_open());
    prop_assert_eq!(ledger.is_paused(), case.standing == Standing::Paused);
    Ok(())
}

/// The pack with every limit and budget changed and the first working days of April off.
fn changed(more: u16) -> Catalog {
    let mut catalog = catalog().clone();
    let table = include_str!("../../../catalog/jiangsu/calendar.csv");
    let off: String = (7..12).map(|date| format!("2026-04-{date:02},holiday,新假日\n")).collect();
    let calendar = Calendar::parse(&format!("{}\n{off}", table.trim_end()));
    let calendar = calendar.unwrap_or_else(|error| panic!("{error}"));
    let before = std::mem::replace(&mut catalog.calendar, calendar);
    catalog.earlier_calendars.insert(before.digest(), before);
    catalog.pack.digest = [0xcc; 32];
    for item in &mut catalog.items {
        item.statutory = Limit::WorkingDays { days: 20 + more, extension: 1 };
        item.promised = Limit::WorkingDays { days: more, extension: 0 };
    }
    for stage in catalog.flows.values_mut().flat_map(|flow| &mut flow.stages) {
        stage.budget += u32::from(more);
    }
    catalog
}

fn folded(recorded: &[Recorded], like: &Project) -> Option<Project> {
    let (first, rest) = recorded.split_first()?;
    let mut project = Project::register(like.id, &first.envelope, &first.fact)?;
    for recorded in rest {
        project.evolve(&recorded.envelope, &recorded.fact);
    }
    Some(project)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_tried_the_record_is_lawful(begins in begins(), tries in tries()) {
        let story = told(begins, tries);
        for case in story.project.cases.values() {
            lawful(&story, case)?;
            keeps_time(&story, case)?;
        }
    }

    #[test]
    fn folding_the_record_gives_the_project(begins in begins(), tries in tries()) {
        let story = told(begins, tries);
        let versions: Vec<u64> = story.recorded.iter().map(|one| one.envelope.version).collect();
        prop_assert_eq!(versions, (1..=story.recorded.len() as u64).collect::<Vec<_>>());
        let again = folded(&story.recorded, &story.project);
        prop_assert_eq!(again.as_ref(), Some(&story.project));
    }

    /// Other limits, other budgets, other holidays: every clock of a case that runs or has run
    /// reads on every day what it read before.
    #[test]
    fn no_configuration_change_alters_a_past_derivation(
        begins in begins(),
        tries in tries(),
        more in 1..40u16,
    ) {
        let story = told(begins, tries);
        let other = changed(more);
        let again = folded(&story.recorded, &story.project);
        let again = again.as_ref().unwrap_or(&story.project);
        prop_assert_eq!(again, &story.project);
        let clocks = |project: &Project, catalog: &Catalog| -> Vec<_> {
            let days: Vec<Day> = (0..200).step_by(7).map(|n| day("2026-03-02").plus(n)).collect();
            let of_case = project.cases.values().filter_map(|case| {
                let (ledger, calendar) = (case.ledger.as_ref()?, case.calendar(catalog));
                let read = |which| {
                    days.iter().map(move |day| ledger.read(calendar, which, *day)).collect::<Vec<_>>()
                };
                Some((read(Which::Statutory), read(Which::Promised), case.service_due(catalog)))
            });
            of_case.collect()
        };
        prop_assert_eq!(clocks(again, &other), clocks(&story.project, &story.catalog));
        let budgets = |project: &Project| -> Vec<_> {
            project.applications.values().map(|it| (it.budget, it.notice_until)).collect()
        };
        prop_assert_eq!(budgets(again), budgets(&story.project));
    }

    #[test]
    fn every_record_survives_being_written_and_read(begins in begins(), tries in tries()) {
        let story = told(begins, tries);
        for recorded in &story.recorded {
            let bytes = recorded.to_bytes();
            let read = Recorded::from_bytes(&bytes);
            prop_assert_eq!(read.as_ref(), Ok(recorded));
            prop_assert_eq!(read.map(|read| read.to_bytes()), Ok(bytes));
        }
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_but_never_a_panic(
        place in 0..4000usize,
        damage in any::<u8>(),
        cut in 0..4000usize,
    ) {
        let story = beginning(4, false);
        for recorded in &story.recorded {
            let mut bytes = recorded.to_bytes();
            let at = place % bytes.len();
            bytes[at] ^= damage;
            let _ = Recorded::from_bytes(&bytes);
            let _ = Recorded::from_bytes(&bytes[..cut % bytes.len()]);
        }
    }
}
