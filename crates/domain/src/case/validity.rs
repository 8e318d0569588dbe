//! How long a result holds (有效期): it begins with the decision or its service, may be extended,
//! and ends by law unless what it was for has begun.

use super::{Case, CaseFact, Predecessor};
use crate::{
    acts::Drafting,
    calendar::Calendar,
    catalog::{Endpoint, Life, LifeEffect, LifeFrom, Term},
    ids::CaseId,
    project::Project,
    refusal::Refusal,
    sealed::Sealed,
    time::{Day, Instant},
};

/// The term of a result as it was pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// The last day it holds.
    pub until: Day,
    /// What follows after that day.
    pub effect: LifeEffect,
    /// What, once there, frees it of its term.
    pub unless: Vec<Predecessor>,
    /// How often it may still be extended.
    pub extensions_left: u8,
    /// By how much each time.
    pub each: Option<Term>,
    /// The last day to ask for an extension.
    pub ask_by: Day,
    /// An extension asked for in time and undecided at the end counts as granted.
    pub deemed: bool,
    /// Legal basis.
    pub basis: String,
    /// An extension waits for an answer since.
    pub asked: Option<Instant>,
    /// It has to be looked at again before works start.
    pub recheck: bool,
}

impl Validity {
    /// Whether nothing has to be waited for any more: it ended, or what it was for has begun.
    #[must_use]
    pub fn is_free(&self, project: &Project) -> bool {
        self.unless.iter().any(|end| project.has(end))
    }
}

/// The fact with which the term of a granted case begins on a day, if its item has one.
pub(crate) fn begin(
    drafting: &Drafting<'_, '_>,
    case: &Case,
    from: LifeFrom,
    day: Day,
) -> Option<CaseFact> {
    let catalog = drafting.context.catalog;
    let life = catalog.life(&case.opened.item).filter(|life| life.from == from)?;
    let until = life.ends.after(day, &catalog.calendar);
    Some(CaseFact::ValidityBegun {
        until,
        effect: life.effect,
        unless: life.unless.iter().map(predecessor).collect(),
        extensions: life.extensions,
        each: life.each,
        ask_by: ask_by(life, until, &catalog.calendar),
        deemed: life.deemed,
        basis: life.basis.clone(),
    })
}

fn predecessor(end: &Endpoint) -> Predecessor {
    match end {
        Endpoint::Item(code) => Predecessor::Item(code.clone()),
        Endpoint::Milestone(key) => Predecessor::Milestone(key.clone()),
    }
}

fn ask_by(life: &Life, until: Day, calendar: &Calendar) -> Day {
    life.ask_before.map_or(until, |term| term.before(until, calendar))
}

/// What stands against asking for an extension.
pub(crate) fn cannot_ask(project: &Project, case: &Case, today: Day) -> Option<Refusal> {
    let validity = match running(project, case) {
        Ok(validity) => validity,
        Err(refusal) => return Some(refusal),
    };
    if validity.asked.is_some() {
        Some(Refusal::AlreadySo)
    } else if validity.extensions_left == 0 {
        Some(Refusal::NoExtensionLeft)
    } else {
        (today > validity.ask_by).then_some(Refusal::AskedTooLate(validity.ask_by))
    }
}

/// What stands against granting or refusing one.
pub(crate) fn cannot_answer(project: &Project, case: &Case) -> Option<Refusal> {
    match running(project, case) {
        Ok(validity) => validity.asked.is_none().then_some(Refusal::NothingAsked),
        Err(refusal) => Some(refusal),
    }
}

/// What stands against a fresh look.
pub(crate) fn cannot_recheck(case: &Case) -> Option<Refusal> {
    match &case.validity {
        Some(validity) => (!validity.recheck).then_some(Refusal::AlreadySo),
        None => Some(Refusal::NoTerm),
    }
}

fn running<'a>(project: &Project, case: &'a Case) -> Result<&'a Validity, Refusal> {
    let validity = case.validity.as_ref().filter(|validity| !validity.is_free(project));
    validity.ok_or(Refusal::NoTerm)
}

/// Grants an extension, by the department or, when it was asked for in time and not answered,
/// by law.
pub(crate) fn extend(drafting: &mut Drafting<'_, '_>, case: &Case, by_law: bool) {
    let Some(validity) = &case.validity else { return };
    let calendar = &drafting.context.catalog.calendar;
    let each = validity.each.unwrap_or(Term::Months(0));
    let until = each.after(validity.until, calendar);
    // As long before the new end as before the old one.
    let notice = validity.until.since(validity.ask_by);
    let ask_by = until.plus(-notice);
    drafting.add_case(case.opened.case, CaseFact::ValidityExtended { until, ask_by, by_law });
}

/// Refuses it; a term that has run out meanwhile ends with that.
pub(crate) fn refuse(drafting: &mut Drafting<'_, '_>, case: &Case, text: &Sealed) {
    drafting.add_case(case.opened.case, CaseFact::ExtensionRefused { text: text.clone() });
    let today = drafting.context.today();
    if case.validity.as_ref().is_some_and(|validity| today > validity.until) {
        end(drafting, case);
    }
}

/// The timer after the last day.
pub(crate) fn run_out(drafting: &mut Drafting<'_, '_>, id: CaseId) -> Result<(), Refusal> {
    let case = drafting.case(id)?;
    let Some(validity) = &case.validity else { return Err(Refusal::NoTerm) };
    if validity.is_free(&drafting.project) || validity.recheck {
        return Err(Refusal::NoTerm);
    }
    if drafting.context.today() <= validity.until {
        return Err(Refusal::NotDueYet(validity.until.plus(1)));
    }
    match validity.asked {
        Some(_) if validity.deemed => extend(drafting, &case, true),
        // The department has to answer first: the delay is not the owner's.
        Some(_) => return Err(Refusal::AlreadySo),
        None => end(drafting, &case),
    }
    Ok(())
}

fn end(drafting: &mut Drafting<'_, '_>, case: &Case) {
    let Some(validity) = &case.validity else { return };
    let on = validity.until;
    let fact = match validity.effect {
        LifeEffect::Lapse => CaseFact::Lapsed { on },
        LifeEffect::Recheck => CaseFact::RecheckDue { on },
    };
    drafting.add_case(case.opened.case, fact);
}
