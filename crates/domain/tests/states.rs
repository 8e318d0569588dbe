//! National states (办理状态) and the standings between them.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ACTS, About, ActName},
    case::{CaseFact, NationalState, Standing},
    fact::Fact,
    refusal::Refusal,
};

use support::{
    Story,
    anyone::{case_act, right_person},
    people,
};

use support::givens::ITEM;

#[test]
fn every_standing_is_reached_by_acts() {
    for standing in Standing::ALL {
        Story::at(standing).then_stands(ITEM, standing);
    }
}

#[test]
fn every_way_there_goes_through_lawful_states() {
    for standing in Standing::ALL {
        let story = Story::at(standing);
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
        let story = Story::at(standing);
        let case = story.case(ITEM).clone();
        // Asked for its opinion, a department answers where the declaration says.
        let (of, until) = (people::other_department(case.department), story.now.day());
        let asked = CaseFact::DepartmentConsulted { of, until, text: people::sealed("意见") };
        let story = story.learns(Fact::Case(case.opened.case, asked));
        for declaration in ACTS.iter().filter(|one| one.name.about() == About::Case) {
            let name = declaration.name;
            let act = case_act(name, &case, story.now.day(), 1).unwrap();
            let outcome = story.clone().attempt(&right_person(name, &case, &story.project), &act);
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
        let story = Story::at(standing);
        let case = story.case(ITEM).clone();
        let before = case.history.len();
        for name in ActName::ALL {
            let Some(act) = case_act(*name, &case, story.now.day(), 2) else { continue };
            let mut after = story.clone().on("2026-03-17");
            let done = after.attempt(&right_person(*name, &case, &story.project), &act).is_ok();
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
        withdrawn(Story::at(standing)).then_state(ITEM, expected);
    }
}

#[test]
fn every_closing_has_an_acceptance_and_a_department_before_it() {
    for standing in [Standing::Passed, Standing::PassedWithGap, Standing::Refused] {
        let story = Story::at(standing);
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
        Story::at(standing).then_history(ITEM, &[1, 3, 8]);
    }
}

#[test]
fn an_act_is_known_by_its_key() {
    for name in ActName::ALL {
        assert_eq!(ActName::from_key(name.key()), Some(*name));
    }
    assert_eq!(ActName::from_key("set-status"), None);
}
