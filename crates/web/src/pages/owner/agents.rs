//! Who may act for the owner on a project (授权委托).

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::{
    acts::{ActName, Subject},
    project::Power,
};

use super::{
    load_project,
    project::{ProjectHead, head},
};
use crate::{
    app::App,
    components::{Chip, Control, FaultSummary, FormField, ItemState},
    error::PageResult,
    forms::{Faults, Typed},
    pages::{html, html_with_faults},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

/// Somebody who may or might act for the owner.
struct AgentLine {
    id: String,
    name: String,
    login: String,
    powers: String,
    until: String,
    chip: Chip,
    /// Whether this person may end it now.
    may_end: bool,
}

#[derive(Template)]
#[template(path = "owner/agents.html")]
struct AgentsPage {
    shell: Shell,
    faults: Faults,
    head: ProjectHead,
    owner: String,
    agents: Vec<AgentLine>,
    may_authorise: bool,
    fields: Vec<FormField>,
    powers: Vec<(Power, bool)>,
    until: FormField,
}

pub(crate) async fn agents(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| page(app, &frame, &who, &id, &Typed::default(), Faults::default())).await
}

/// The page of the agents; after a fault with what was typed.
pub(super) fn page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    id: &str,
    typed: &Typed,
    faults: Faults,
) -> PageResult {
    let loaded = load_project(app, who, id)?;
    let (project, today) = (&loaded.project, loaded.today);
    let may = |act| loaded.may(act, Subject::Project);
    let (may_authorise, may_end) = (may(ActName::AuthoriseAgent), may(ActName::EndAgency));
    let mut agents = Vec::new();
    for (agent, agency) in &project.agents {
        let in_force = project.agency(*agent, today).is_some();
        // An agent sees its own mandate, not those of others.
        let own = loaded.actor.account == Some(*agent);
        if !own && loaded.standpoint().agency(project).is_some() && !may_authorise {
            continue;
        }
        let account = app.store().account(*agent)?;
        let chip = match (in_force, agency.ended) {
            (true, _) => Chip::new(ItemState::Done, "有效"),
            (false, true) => Chip::new(ItemState::Withdrawn, "已解除"),
            (false, false) => Chip::new(ItemState::NotNeeded, "已到期"),
        };
        agents.push(AgentLine {
            id: agent.to_string(),
            name: account.as_ref().map_or(String::new(), |it| it.name.clone()),
            login: account.map_or(String::new(), |it| it.login),
            powers: agency.powers.iter().map(|it| it.name()).collect::<Vec<_>>().join("；"),
            until: words::day(agency.until),
            chip,
            may_end: may_end && in_force && (own || may_authorise),
        });
    }
    let show = |field: FormField| field.again(typed, &faults);
    let chosen: Vec<&str> = typed.all("power").collect();
    let default = !typed.has("agent");
    let faulty = !faults.is_empty();
    let page = AgentsPage {
        shell: frame.shell(Desk::Owner),
        head: head(&loaded, "agents"),
        owner: project.owner.name.clone(),
        agents,
        may_authorise,
        fields: vec![
            show(FormField::own("agent", "受托人账号", Control::Line))
                .hint("受托人在本平台的账号，由受托人告诉您"),
            show(FormField::own("name", "受托人姓名", Control::Line)),
        ],
        powers: Power::ALL
            .map(|power| {
                let asked = chosen.contains(&power.key());
                (power, asked || default && power == Power::Apply)
            })
            .to_vec(),
        until: show(FormField::own("until", "委托期限", Control::Typed("date", "off")))
            .hint("最后一天；到期自动失效"),
        faults,
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}
