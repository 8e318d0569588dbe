//! The owner's desk. Window clerks use the same pages when they handle a project for its owner.

mod account;
mod acts;
mod agents;
mod application;
mod apply;
mod case;
mod check;
mod correct;
mod draft;
pub(crate) mod load;
mod plan;
mod project;
mod projects;
mod proof;
mod register;
mod slots;
mod tasks;
mod today;

pub(crate) use account::{MessageLine, account, message_lines, messages};
pub(crate) use acts::{application_act, carry_out, case_act, no_faults, project_act};
pub(crate) use agents::agents;
use agents::page as agents_page;
pub(crate) use application::{
    ApplicationHead, application, head as application_head, reasons, receipt, sent, summaries,
};
pub(crate) use apply::{apply, preview_application, start_application};
pub(crate) use case::{OwedView, ResultView, case, owed_views, provide_owed, result_view, ways};
pub(crate) use check::{check, submit};
pub(crate) use correct::{fix, submit_fix};
pub(crate) use load::{Loaded, Look, load_application, load_case, load_project};
use plan::page as plan_page;
pub(crate) use plan::{milestones, plan};
pub(crate) use project::{
    FactLine, fact_lines, facts, licences, masked, project, project_timeline,
};
pub(crate) use projects::{own_projects, projects};
pub(crate) use proof::proof;
pub(crate) use register::{new_project, read as read_registration, register_project};
pub(crate) use slots::{library_file, not_needed, slots, take_back, take_over, upload};
pub(crate) use tasks::{discard, save_section, section, tasks};
pub(crate) use today::today;
