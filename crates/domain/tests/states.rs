//! National states (办理状态) and the standings between them.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ACTS, About, ActName, Verdict},
    case::{NationalState, Recommendation::Pass, Standing},
    refusal::Refusal,
};

use support::{
    Story,
    anyone::{case_act, right_person},
    people::day,
    somebody::paper,
};

const ITEM: &str = "LX-17a";

/// Given one case, brought to this standing by real acts.
fn at(standing: Standing) -> Story {
    let received = || Story::registered("E").on("2026-03-02").submits_soil_and_water();
    let notified =
        || received().window().asks_to_correct(&[(paper("agent-identity"), "paper-expired")]);
    let accepted = || Story::soil_and_water("2026-03-02");
    let decided = |verdict| accepted().reviewed(ITEM).approver(ITEM).decides(verdict);
    let gap = || Verdict::PassWithGap {
        papers: vec!["earthwork-agreement".to_owned()],
        until: day("2026-03-16"),
    };
    let refused = || Verdict::Refuse { reason: "conditions-not-met".to_owned() };
    match standing {
        Standing::Received => received(),
        Standing::NeedsCorrection => notified(),
        Standing::Corrected => notified().owner().corrects(&[paper("agent-identity")]),
        Standing::WithOfficer => accepted(),
        Standing::WithReviewer => accepted().officer(ITEM).recommends(Pass),
        Standing::WithApprover => accepted().reviewed(ITEM),
        Standing::Paused => {
            let asked = accepted().officer(ITEM).asks_special("expert-review", 8);
            asked.approver(ITEM).approves_special()
        }
        Standing::Passed => decided(Verdict::Pass),
        Standing::PassedWithGap => decided(gap()),
        Standing::Refused => decided(refused()),
        Standing::NotRequired => {
            received().window().about(ITEM).declares_not_required("no-permit-needed")
        }
        Standing::AcceptanceRefused => {
            received().window().about(ITEM).refuses_acceptance("wrong-authority")
        }
        Standing::Withdrawn => accepted().owner().about(ITEM).withdraws("project-changed"),
        Standing::Revoked => decided(Verdict::Pass).approver(ITEM).revokes("beyond-power"),
        Standing::Lapsed => decided(Verdict::Pass)
            .on("2029-03-03")
            .timer()
            .about(ITEM)
            .ends_term()
            .approver(ITEM)
            .rechecks(false),
    }
}

#[test]
fn every_standing_is_reached_by_acts() {
    for standing in Standing::ALL {
        at(standing).then_stands(ITEM, standing);
    }
}

#[test]
fn every_way_there_goes_through_lawful_states() {
    for standing in Standing::ALL {
        let story = at(standing);
        let history = &story.case(ITEM).history;
        for pair in history.windows(2) {
            let (before, next) = (pair[0].state, pair[1].state);
            assert!(before.may_precede(next), "{before:?} → {next:?}");
            assert!(pair[0].at <= pair[1].at);
        }
        assert_eq!(history[0].state, NationalState::Received);
    }
}

/// Every act about a case, from every standing, by the right person: it starts where its
/// declaration says and nowhere else.
#[test]
fn an_act_starts_only_where_its_declaration_says() {
    for standing in Standing::ALL {
        let story = at(standing);
        let case = story.case(ITEM).clone();
        for declaration in ACTS.iter().filter(|one| one.name.about() == About::Case) {
            let name = declaration.name;
            let act = case_act(name, &case, story.now.day(), 1).unwrap();
            let outcome = story.clone().attempt(&right_person(name, &case), &act);
            let wrong = Err(Refusal::WrongStanding(name, standing));
            let declared = declaration.from.contains(&standing);
            assert_eq!(outcome == wrong, !declared, "{name:?} from {standing:?}: {outcome:?}");
        }
    }
}

/// 11, 12 and 13 close a case: only 15 may follow.
#[test]
fn after_a_decision_only_a_revocation_moves_the_case() {
    for standing in [Standing::Passed, Standing::PassedWithGap, Standing::Refused] {
        let story = at(standing);
        let case = story.case(ITEM).clone();
        let before = case.history.len();
        for name in ActName::ALL {
            let Some(act) = case_act(*name, &case, story.now.day(), 2) else { continue };
            let mut after = story.clone().on("2026-03-17");
            let done = after.attempt(&right_person(*name, &case), &act).is_ok();
            let history = &after.case(ITEM).history;
            if !done || history.len() == before {
                assert_eq!(history.len(), before, "{name:?}");
                continue;
            }
            assert_eq!(after.case(ITEM).state(), NationalState::Revoked, "{name:?}");
            assert!([ActName::RevokeDecision, ActName::CloseGap].contains(name), "{name:?}");
        }
    }
}

#[test]
fn a_withdrawal_before_acceptance_is_2_and_after_it_14() {
    let withdrawn = |story: Story| story.owner().about(ITEM).withdraws("project-changed");
    for standing in Standing::ALL.into_iter().filter(|standing| standing.is_open()) {
        let expected = if standing.is_in_department() {
            NationalState::Withdrawn
        } else {
            NationalState::WithdrawnBeforeAcceptance
        };
        withdrawn(at(standing)).then_state(ITEM, expected);
    }
}

#[test]
fn every_closing_has_an_acceptance_and_a_department_before_it() {
    for standing in [Standing::Passed, Standing::PassedWithGap, Standing::Refused] {
        let story = at(standing);
        let states: Vec<_> = story.case(ITEM).history.iter().map(|step| step.state).collect();
        assert_eq!(
            states[..3],
            [NationalState::Received, NationalState::Accepted, NationalState::DepartmentStarted]
        );
    }
}

#[test]
fn hands_inside_the_department_are_no_national_states() {
    for standing in [Standing::WithOfficer, Standing::WithReviewer, Standing::WithApprover] {
        at(standing).then_history(ITEM, &[1, 3, 8]);
    }
}

#[test]
fn an_act_is_known_by_its_key() {
    for name in ActName::ALL {
        assert_eq!(ActName::from_key(name.key()), Some(*name));
    }
    assert_eq!(ActName::from_key("set-status"), None);
}
