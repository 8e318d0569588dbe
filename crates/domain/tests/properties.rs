//! Whatever anybody tries, in any order: nothing panics, and what was recorded is lawful.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use proptest::prelude::*;
use tongban_domain::{
    acts::{Act, ActName, ApplicationAct, ProjectAct, declaration},
    application::{Application, Demand, Release, Target},
    case::{Case, NationalState, Outcome, Predecessor, Standing},
    clock::Which,
    fact::Recorded,
    permission::{Actor, Role},
    project::{FieldValue, Planned, Project},
    reason::ReasonKind,
};

use support::{
    Story,
    anyone::{case_act, person, reason},
    draft::Form,
    people::{self, NANJING, catalog, file},
};

/// One try: which act, about which case, by whom, with which details, after how many days.
type Try = (usize, usize, u8, u8, i32);

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..ActName::ALL.len(), 0..8usize, any::<u8>(), any::<u8>(), 0..4i32);
    prop::collection::vec(one, 1..120)
}

/// Given stage 1 on own land with two environmental side items, some papers still owed.
fn beginning(accepted: bool) -> Story {
    let submitted = Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("land-industrial", "own")
        .answering("eia-class", "form")
        .answering("soil-water", "report")
        .on_commitment("LX-15")
        .handed_in();
    if accepted { submitted.window().accepts() } else { submitted }
}

/// Mostly the right person, now and then anybody.
fn somebody(name: ActName, who: u8, case: &Case) -> Actor {
    let allowed = declaration(name).by;
    match who % 8 {
        0 => person(Role::ALL[usize::from(who / 8) % Role::ALL.len()], case),
        1 if who > 127 => people::stranger(),
        1 => people::window(NANJING),
        2.. => person(allowed[usize::from(who) % allowed.len()].role, case),
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
        | ActName::EndTerm
        | ActName::ServeResult
        | ActName::SettleCalendar
        | ActName::CheckCommitment
        | ActName::ResumeClock
        | ActName::CloseGap => return case_act(name, case, today, how),
    };
    Some(act)
}

/// Lets everybody try; what is refused is refused.
fn told(accepted: bool, tries: Vec<Try>) -> Story {
    let mut story = beginning(accepted);
    for (name, which, who, how, days) in tries {
        story.now = story.now.plus_seconds(i64::from(days) * 86_400);
        let name = ActName::ALL[name];
        let cases: Vec<&Case> = story.project.cases.values().map(|case| &**case).collect();
        let case = cases[which % cases.len()].clone();
        if let Some(act) = act(&story, name, &case, how) {
            let _ = story.attempt(&somebody(name, who, &case), &act);
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
    fn whatever_is_tried_the_record_is_lawful(accepted: bool, tries in tries()) {
        let story = told(accepted, tries);
        for case in story.project.cases.values() {
            lawful(&story, case)?;
            keeps_time(&story, case)?;
        }
    }

    #[test]
    fn folding_the_record_gives_the_project(accepted: bool, tries in tries()) {
        let story = told(accepted, tries);
        let versions: Vec<u64> = story.recorded.iter().map(|one| one.envelope.version).collect();
        prop_assert_eq!(versions, (1..=story.recorded.len() as u64).collect::<Vec<_>>());
        let again = folded(&story.recorded, &story.project);
        prop_assert_eq!(again.as_ref(), Some(&story.project));
    }

    #[test]
    fn every_record_survives_being_written_and_read(accepted: bool, tries in tries()) {
        let story = told(accepted, tries);
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
        let story = beginning(false);
        for recorded in &story.recorded {
            let mut bytes = recorded.to_bytes();
            let at = place % bytes.len();
            bytes[at] ^= damage;
            let _ = Recorded::from_bytes(&bytes);
            let _ = Recorded::from_bytes(&bytes[..cut % bytes.len()]);
        }
    }
}
