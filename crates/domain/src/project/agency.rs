//! Agents of the owner (受托人): who acts for it on one project, within what it allowed and until a
//! day (行政许可法 art. 29).

use minicbor::{Decode, Encode};

use super::{Project, ProjectFact};
use crate::{
    acts::{ActName, Drafting},
    ids::AccountId,
    permission::Role,
    refusal::Refusal,
    time::Day,
};

/// What an owner may leave to an agent (委托权限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Power {
    /// Apply, correct, bring papers, agree on the plan, record milestones, ask for an extension.
    #[n(0)]
    Apply,
    /// Promise in the owner's name (告知承诺).
    #[n(1)]
    Commit,
    /// Ask for a hearing or give it up (听证).
    #[n(2)]
    Hearing,
    /// Withdraw (撤回).
    #[n(3)]
    Withdraw,
}

impl Power {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Apply, Self::Commit, Self::Hearing, Self::Withdraw];

    /// Stable name for forms and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Commit => "commit",
            Self::Hearing => "hearing",
            Self::Withdraw => "withdraw",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Apply => "申报、补正、提交材料、约定计划、登记里程碑和申请延续",
            Self::Commit => "代为作出告知承诺",
            Self::Hearing => "申请和放弃听证",
            Self::Withdraw => "撤回申报和办件",
        }
    }

    /// The power with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|power| power.key() == key)
    }
}

/// What one agent was allowed (委托).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// What.
    pub powers: Vec<Power>,
    /// The last day.
    pub until: Day,
    /// It was ended before.
    pub ended: bool,
}

impl Project {
    /// What an agent may do here on a day; none when nothing was allowed, or no more.
    #[must_use]
    pub fn agency(&self, agent: AccountId, today: Day) -> Option<&Agency> {
        self.agents.get(&agent).filter(|agency| !agency.ended && today <= agency.until)
    }
}

/// Allows somebody to act for the owner; what was allowed before is replaced.
pub(super) fn authorise(
    drafting: &mut Drafting<'_, '_>,
    agent: AccountId,
    powers: &[Power],
    until: Day,
) -> Result<(), Refusal> {
    let mut powers = powers.to_vec();
    powers.sort_unstable();
    powers.dedup();
    if powers.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    if until < drafting.context.today() {
        return Err(Refusal::BadDay(until));
    }
    // Whoever authorises is no agent of itself.
    if drafting.context.actor.account == Some(agent) {
        return Err(Refusal::NotAllowed(ActName::AuthoriseAgent));
    }
    let known = drafting.project.agency(agent, drafting.context.today());
    if known.is_some_and(|known| known.powers == powers && known.until == until) {
        return Err(Refusal::AlreadySo);
    }
    drafting.add_project(ProjectFact::AgentAuthorised { agent, powers, until });
    Ok(())
}

/// Ends it: the owner with anybody, an agent with itself.
pub(super) fn end(drafting: &mut Drafting<'_, '_>, agent: AccountId) -> Result<(), Refusal> {
    let own = drafting.context.actor.account == Some(agent);
    if drafting.role() == Role::Agent && !own {
        return Err(Refusal::NotAllowed(ActName::EndAgency));
    }
    let today = drafting.context.today();
    if drafting.project.agency(agent, today).is_none() {
        return Err(Refusal::AlreadySo);
    }
    drafting.add_project(ProjectFact::AgencyEnded { agent });
    Ok(())
}
