//! Agents of the owner (受托人): within what was left to them, until the last day, on that project
//! alone (行政许可法 art. 29).

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{Act, ActName, ProjectAct},
    case::Standing,
    fact::Fact,
    ids::AccountId,
    notice::{Recipient, messages},
    permission::Role,
    project::{Power, ProjectFact},
    refusal::Refusal,
};

use support::{Story, people, somebody::paper};

/// Soil and water conservation.
const ITEM: &str = "LX-17a";

fn authorise(powers: &[Power], until: &str) -> Act {
    let (agent, until) = (people::agent_account(1), people::day(until));
    Act::Project(ProjectAct::AuthoriseAgent { agent, powers: powers.to_vec(), until })
}

fn end(agent: AccountId) -> Act {
    Act::Project(ProjectAct::EndAgency { agent })
}

/// Given that the owner let somebody act until the end of March.
fn authorised(powers: &[Power]) -> Story {
    Story::registered("E").on("2026-03-02").owner().does(authorise(powers, "2026-03-31"))
}

/// Stage 1, as an agent hands it in.
fn hands_in(story: Story, committed: bool) -> Story {
    let draft = story.draft(1).answering("eia-class", "form");
    let draft = if committed { draft.on_commitment("LX-15") } else { draft };
    draft.handed_in_by(|story| story.someone(people::agent(1)))
}

#[test]
fn an_agent_applies_and_corrects_within_its_mandate_and_is_named_as_such() {
    let story = hands_in(authorised(&[Power::Apply]), false);
    let by = story.recorded.last().map(|recorded| recorded.envelope.actor.clone());
    let by = by.unwrap_or_else(|| panic!("nothing was recorded"));
    assert_eq!((by.role, by.account), (Role::Agent, Some(people::agent_account(1))));
    let story = story.window().asks_to_correct(&[(paper("agent-identity"), "paper-expired")]);
    let story = story.someone(people::agent(1)).corrects(&[paper("agent-identity")]);
    let standing = |item: &str| story.case(item).standing;
    assert_eq!(standing("LX-05"), Standing::Corrected);
}

#[test]
fn what_was_not_left_to_the_agent_is_refused() {
    let story = Story::soil_and_water("2026-03-02");
    let story = story.owner().does(authorise(&[Power::Apply], "2026-03-31"));
    let agent = || people::agent(1);
    story
        .someone(agent())
        .about(ITEM)
        .withdraws("project-changed")
        .then_refused(Refusal::NotAllowed(ActName::WithdrawCase))
        .someone(agent())
        .does(authorise(&Power::ALL, "2027-03-31"))
        .then_refused(Refusal::NotAllowed(ActName::AuthoriseAgent))
        .owner()
        .does(authorise(&[Power::Apply, Power::Withdraw], "2026-03-31"))
        .someone(agent())
        .about(ITEM)
        .withdraws("project-changed")
        .then_stands(ITEM, Standing::Withdrawn);
}

#[test]
fn a_promise_in_the_owners_name_needs_a_mandate_for_just_that() {
    let refused = hands_in(authorised(&[Power::Apply]), true);
    drop(refused.then_refused(Refusal::CommitmentIsTheOwners));
    let story = hands_in(authorised(&[Power::Apply, Power::Commit]), true);
    assert!(story.case("LX-15").opened.committed);
}

#[test]
fn a_mandate_ends_with_its_last_day() {
    let sees = |story: &Story| story.standpoint(&people::agent(1)).may_see(&story.project);
    let story = authorised(&[Power::Apply]).on("2026-03-31");
    assert!(sees(&story));
    let story = story.on("2026-04-01");
    assert!(!sees(&story));
    drop(hands_in(story, false).then_refused(Refusal::NotAllowed(ActName::SubmitApplication)));
}

#[test]
fn the_owner_ends_a_mandate_at_once_and_an_agent_gives_its_own_back() {
    let agent = people::agent_account(1);
    let sees = |story: &Story| story.standpoint(&people::agent(1)).may_see(&story.project);
    let story = authorised(&[Power::Apply]).owner().does(end(agent));
    assert!(!sees(&story));
    let story = story.owner().does(end(agent)).then_refused(Refusal::AlreadySo);
    let story = story.owner().does(authorise(&[Power::Apply], "2026-03-31"));
    assert!(sees(&story), "allowed anew");
    let story = story.someone(people::agent(1)).does(end(agent)).then_facts(&["AgencyEnded"]);
    assert!(!sees(&story));
}

#[test]
fn an_agent_ends_nobody_elses_mandate() {
    let other = people::agent_account(2);
    let until = people::day("2026-03-31");
    let allowed = ProjectFact::AgentAuthorised { agent: other, powers: vec![Power::Apply], until };
    authorised(&Power::ALL)
        .learns(Fact::Project(allowed))
        .someone(people::agent(1))
        .does(end(other))
        .then_refused(Refusal::NotAllowed(ActName::EndAgency));
}

#[test]
fn nothing_is_left_to_nobody_in_the_past_or_twice() {
    let owner = people::owner();
    let itself = owner.account.unwrap_or_else(|| panic!("the owner has an account"));
    let until = people::day("2026-03-31");
    let to_itself = ProjectAct::AuthoriseAgent { agent: itself, powers: vec![Power::Apply], until };
    Story::registered("E")
        .on("2026-03-02")
        .owner()
        .does(authorise(&[], "2026-03-31"))
        .then_refused(Refusal::NothingChosen)
        .owner()
        .does(authorise(&[Power::Apply], "2026-03-01"))
        .then_refused(Refusal::BadDay(people::day("2026-03-01")))
        .owner()
        .does(Act::Project(to_itself))
        .then_refused(Refusal::NotAllowed(ActName::AuthoriseAgent))
        .owner()
        .does(authorise(&[Power::Hearing, Power::Apply, Power::Apply], "2026-03-31"))
        .owner()
        .does(authorise(&[Power::Apply, Power::Hearing], "2026-03-31"))
        .then_refused(Refusal::AlreadySo);
}

#[test]
fn an_agent_of_one_project_is_a_stranger_to_the_next() {
    let story = Story::registered("E").on("2026-03-02");
    drop(hands_in(story, false).then_refused(Refusal::NotAllowed(ActName::SubmitApplication)));
}

#[test]
fn whoever_acts_for_the_owner_hears_what_the_owner_hears() {
    let story = authorised(&[Power::Apply]);
    let told = messages(&story.project, &story.recorded[story.recorded.len() - 1..]);
    let to: Vec<_> = told.into_iter().map(|message| message.to).collect();
    assert_eq!(to, [Recipient::Account(people::agent_account(1))]);
    let story = hands_in(story, false);
    let before = story.recorded.len();
    let story = story.window().accepts();
    let told = messages(&story.project, &story.recorded[before..]);
    let to = |recipient| told.iter().any(|message| message.to == recipient);
    assert!(to(Recipient::Account(people::agent_account(1))));
    let story = story.on("2026-04-01");
    let before = story.recorded.len();
    let story = story.supervisor().does(Act::Project(ProjectAct::MarkKeyProject));
    let told = messages(&story.project, &story.recorded[before..]);
    assert_eq!(told.len(), 1, "the mandate is over: the owner alone");
}
