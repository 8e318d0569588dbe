//! The whole matrix: who may do what to whose project and case, and when. Each cell is worked out, and what is closed
//! and can be made up for a case is tried; the printed table is under review like any other source.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use std::collections::BTreeMap;

use tongban_domain::{
    acts::{About, ActName, Subject, available},
    case::{Stance, Standing},
    fact::Fact,
    ids::AccountId,
    permission::{Actor, Role},
    project::{Power, ProjectFact},
    refusal::Refusal,
};

use support::{
    Story,
    anyone::case_act,
    givens::ITEM,
    people::{self, NANJING, SUZHOU},
};

/// Everybody by office and by what they have to do with the case.
fn visitors(story: &Story) -> Vec<(String, Actor)> {
    let case = story.case(ITEM);
    let own = Some(case.department);
    let other = Some(people::other_department(case.department));
    let lead = story.application().lead;
    assert!(lead.is_some() && lead != own && lead != other, "all three are to be told apart");
    let mut visitors = vec![
        ("建设单位，本单位".to_owned(), people::owner()),
        ("建设单位，别的单位".to_owned(), people::stranger()),
        ("受托人，申报权限".to_owned(), people::agent(1)),
        ("受托人，全部权限".to_owned(), people::agent(2)),
        ("受托人，已到期".to_owned(), people::agent(3)),
        ("受托人，已解除".to_owned(), people::agent(4)),
        ("受托人，没有受托".to_owned(), people::agent(5)),
    ];
    for role in [Role::Window, Role::Supervisor, Role::Government, Role::Administrator] {
        for (where_, region) in [("本辖区", SUZHOU), ("上级辖区", 320_000), ("别的辖区", NANJING)]
        {
            visitors
                .push((format!("{}，{where_}", role.name()), people::staff(role, None, region, 1)));
        }
    }
    for role in [Role::Officer, Role::Reviewer, Role::Approver] {
        let named = |what: &str| format!("{}，{what}", role.name());
        // The first of each office is the one whom the stories let act.
        visitors.push((named("本部门，经手的人"), people::staff(role, own, SUZHOU, 1)));
        visitors.push((named("本部门，同事"), people::staff(role, own, SUZHOU, 2)));
        visitors.push((named("牵头部门"), people::staff(role, lead, SUZHOU, 1)));
        visitors.push((named("别的部门"), people::staff(role, other, SUZHOU, 1)));
        if role != Role::Officer {
            // In two offices: whoever gave the opinion does not review it.
            let mut both = people::staff(Role::Officer, own, SUZHOU, 1);
            both.mandates.extend(people::staff(role, own, SUZHOU, 1).mandates);
            visitors.push((named("本部门，兼本案承办人"), both));
        }
    }
    for role in [Role::SystemAdministrator, Role::SecurityAdministrator, Role::AuditAdministrator] {
        visitors.push((role.name().to_owned(), people::staff(role, None, SUZHOU, 1)));
    }
    visitors.push((Role::Timer.name().to_owned(), Actor::timer()));
    let nobody = Actor { mandates: Vec::new(), ..people::window(SUZHOU) };
    visitors.push(("没有角色的账号".to_owned(), nobody));
    visitors
}

/// The one case in each standing, and in what happens beside the standings.
fn situations() -> Vec<(&'static str, Story)> {
    let standings = Standing::ALL.map(|standing| (standing.name(), Story::at(standing)));
    let accepted = || Story::soil_and_water("2026-03-02");
    let offered = || accepted().officer(ITEM).offers_hearing();
    let asked = || offered().on("2026-03-05").owner().about(ITEM).asks_hearing();
    let chair = AccountId::from_bytes([0xcc; 16]);
    let other = |story: &Story| people::other_department(story.case(ITEM).department);
    let consulted = || {
        let story = accepted();
        let other = other(&story);
        story.officer(ITEM).consults(other)
    };
    let owing = || Story::at(Standing::PassedWithGap).owner().about(ITEM);
    let mut situations = Vec::from(standings);
    situations.extend([
        ("承办审查，已征求意见", consulted()),
        ("承办审查，已反馈意见", consulted().consulted(ITEM).answers(Stance::NoObjection)),
        ("承办审查，已申请特别程序", accepted().officer(ITEM).asks_special("expert-review", 8)),
        ("承办审查，已告知听证权利", offered()),
        ("承办审查，已申请听证", asked()),
        ("承办审查，已通知听证", asked().officer(ITEM).notifies("2026-03-16", chair)),
        ("容缺办结，已补交", owing().provides("earthwork-agreement")),
        ("已办结，三年未开工", Story::at(Standing::Passed).on("2029-03-05")),
    ]);
    situations.into_iter().map(|(name, story)| (name, with_agents(story))).collect()
}

/// What the owner left to whom, and what is over.
fn with_agents(story: Story) -> Story {
    let (yesterday, until) = (story.now.day().plus(-1), story.now.day().plus(30));
    let authorised = |number, powers: &[Power], until| {
        let agent = people::agent_account(number);
        Fact::Project(ProjectFact::AgentAuthorised { agent, powers: powers.to_vec(), until })
    };
    story
        .learns(authorised(1, &[Power::Apply], until))
        .learns(authorised(2, &Power::ALL, until))
        .learns(authorised(3, &Power::ALL, yesterday))
        .learns(authorised(4, &Power::ALL, until))
        .learns(Fact::Project(ProjectFact::AgencyEnded { agent: people::agent_account(4) }))
}

fn subject(story: &Story, name: ActName) -> Subject {
    match name.about() {
        About::Project => Subject::Project,
        About::Application => Subject::Application(story.application().id),
        About::Case => Subject::Case(story.case(ITEM).opened.case),
    }
}

#[test]
fn who_may_do_what_to_whose_and_when() {
    let mut table: BTreeMap<(usize, usize), (String, Vec<&str>)> = BTreeMap::new();
    let (mut cells, mut tried, mut open) = (0, 0, 0);
    let situations = situations();
    let (many, some) = (situations.len(), visitors(&situations[0].1).len());
    for (when, mut story) in situations {
        let today = story.now.day();
        for (place, (visitor, actor)) in visitors(&story).into_iter().enumerate() {
            for (row, name) in ActName::ALL.iter().enumerate() {
                cells += 1;
                let offered =
                    available(&story.project, subject(&story, *name), &story.standpoint(&actor));
                let may = offered.iter().any(|declared| declared.name == *name);
                if may {
                    open += 1;
                    let cell = table.entry((row, place)).or_insert((visitor.clone(), Vec::new()));
                    cell.1.push(when);
                }
                // What no button offers is refused, whatever is entered with it.
                let case = story.case(ITEM).clone();
                for which in 0..4 {
                    let Some(act) = case_act(*name, &case, today, which).filter(|_| !may) else {
                        break;
                    };
                    let refused = story.attempt(&actor, &act);
                    assert!(refused.is_err(), "{visitor} did {} at {when}", name.key());
                    tried += usize::from(which == 0);
                }
                // Who has no office is refused for that, not for something found on the way.
                if actor.mandates.is_empty()
                    && let Some(act) = case_act(*name, &case, today, 0)
                {
                    assert_eq!(story.attempt(&actor, &act), Err(Refusal::NotAllowed(*name)));
                }
            }
        }
    }
    let mut lines = vec![format!(
        "{cells} cells: {} acts, {some} visitors, {many} situations; open {open}; \
         tried and refused {tried}",
        ActName::ALL.len(),
    )];
    for (row, name) in ActName::ALL.iter().enumerate() {
        lines.push(format!("\n{} {}", name.key(), tongban_domain::acts::declaration(*name).title));
        let own: Vec<_> = table.range((row, 0)..(row + 1, 0)).map(|(_, cell)| cell).collect();
        if own.is_empty() {
            lines.push("  在这些情形下没有人".to_owned());
        }
        for (visitor, standings) in own {
            let when = match standings.len() {
                all if all == many => "各种情形".to_owned(),
                _ => standings.join("、"),
            };
            lines.push(format!("  {visitor}: {when}"));
        }
    }
    insta::assert_snapshot!("matrix", lines.join("\n"));
}

#[test]
fn who_may_read_whose_project() {
    let story = with_agents(Story::at(Standing::WithReviewer));
    let lines: Vec<String> = visitors(&story)
        .into_iter()
        .map(|(visitor, actor)| {
            let sees = story.standpoint(&actor).may_see(&story.project);
            format!("{visitor}: {}", if sees { "可以看" } else { "看不到" })
        })
        .collect();
    insta::assert_snapshot!("readers", lines.join("\n"));
}
