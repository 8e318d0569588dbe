//! The authority's desks: window, departments, leaders, supervision, administrator.

mod account;
mod accounts;
mod acts;
mod admin;
mod application;
mod audit;
mod case;
pub(super) mod catalogue;
mod credit;
mod desk;
mod home;
mod persons;
mod project;
mod queue;
mod reorganisation;
mod setup;
mod sign;
mod systems;
mod watch;

pub(crate) use account::{account, messages};
pub(crate) use accounts::{accounts, change_account};
pub(crate) use acts::{application_act, case_act, project_act};
pub(crate) use admin::{admin_acts, admin_calendar, admin_flows, admin_item, admin_items};
pub(crate) use application::{application, page as application_page};
pub(crate) use audit::audit;
pub(crate) use case::{case, page as case_page};
pub(crate) use credit::{credit, enter_credit_record, remove_credit_record};
pub(crate) use desk::{desk, receive, search};
pub(crate) use home::home;
pub(crate) use persons::{person_lines, persons, read_persons, reading_until};
pub(crate) use project::project;
pub(crate) use queue::{queue, queue_csv};
pub(crate) use reorganisation::{register_code, reorganise, take_back_change};
pub(crate) use setup::{make_account, setup};
pub(crate) use sign::sign;
pub(crate) use systems::{admit_system, connect_system, disconnect_system, systems};
pub(crate) use watch::watch;

use tongban_domain::{acts::ActName, ids::DepartmentId};

use crate::{error::PageError, session::SignedIn};

/// Only for those to whom an act that belongs to no project is declared.
pub(crate) fn act_only(who: &SignedIn, act: ActName) -> Result<(), PageError> {
    if who.actor().may(act) { Ok(()) } else { Err(PageError::WrongDesk) }
}

/// The department somebody works in.
pub(crate) fn own_department(who: &SignedIn) -> Option<DepartmentId> {
    who.0.mandates.iter().find_map(|mandate| mandate.department)
}
