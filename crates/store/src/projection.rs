//! The rows of a project in the projection tables, as a pure function of its fold. Writing an
//! act writes the difference to the rows before; verifying compares all of them.

use std::collections::BTreeMap;

use tongban_domain::{
    acts::declaration,
    case::{Case, Standing},
    catalog::Catalog,
    clock::Which,
    document::wanted,
    ids::{ApplicationId, CaseId},
    project::Project,
    time::Day,
};

use crate::{engine::Value, timers::TimerKind};

/// The projection tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Table {
    Projects,
    Applications,
    Cases,
    Timers,
    Unmade,
    Consultations,
    Agencies,
}

impl Table {
    pub(crate) const ALL: [Self; 7] = [
        Self::Projects,
        Self::Applications,
        Self::Cases,
        Self::Timers,
        Self::Unmade,
        Self::Consultations,
        Self::Agencies,
    ];

    /// Columns that make the key; they come first in every row.
    pub(crate) const fn key_columns(self) -> usize {
        match self {
            Self::Projects
            | Self::Applications
            | Self::Cases
            | Self::Consultations
            | Self::Agencies => 2,
            Self::Timers => 3,
            Self::Unmade => 1,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Projects => "projects",
            Self::Applications => "applications",
            Self::Cases => "cases",
            Self::Timers => "timers",
            Self::Unmade => "unmade",
            Self::Consultations => "consultations",
            Self::Agencies => "agencies",
        }
    }

    pub(crate) const fn select_all(self) -> &'static str {
        match self {
            Self::Projects => {
                "SELECT region, project, code, name, owner, owner_name, flow, is_key, \
                 registered_at, stages_done, open_cases, last_change, version FROM projects \
                 ORDER BY region, project"
            }
            Self::Applications => {
                "SELECT region, application, project, number, stage, standing, submitted_at, \
                 received_on, notice_until, correction_until, cases, open_cases, project_name, \
                 owner_name, lead FROM applications ORDER BY region, application"
            }
            Self::Cases => {
                "SELECT region, case_id, project, application, number, item, name, stage, \
                 department, standing, state, officer, waits, special_asked, side, is_key, \
                 received_at, accepted_on, started_on, due_on, statutory_due_on, stopped_on, \
                 served_at, promised_days, owed, changed, project_name, owner, owner_name, retyped \
                 FROM cases ORDER BY region, case_id"
            }
            Self::Timers => {
                "SELECT due_at, kind, subject, project FROM timers ORDER BY due_at, kind, subject"
            }
            Self::Unmade => "SELECT project, since FROM unmade ORDER BY project",
            Self::Consultations => {
                "SELECT department, case_id, until, waits, retyped FROM consultations \
                 ORDER BY department, case_id"
            }
            Self::Agencies => {
                "SELECT account, project, until FROM agencies ORDER BY account, project"
            }
        }
    }

    pub(crate) const fn insert(self) -> &'static str {
        match self {
            Self::Projects => {
                "INSERT INTO projects (region, project, code, name, owner, owner_name, flow, \
                 is_key, registered_at, stages_done, open_cases, last_change, version) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            }
            Self::Applications => {
                "INSERT INTO applications (region, application, project, number, stage, standing, \
                 submitted_at, received_on, notice_until, correction_until, cases, open_cases, \
                 project_name, owner_name, lead) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
            }
            Self::Cases => {
                "INSERT INTO cases (region, case_id, project, application, number, item, name, \
                 stage, department, standing, state, officer, waits, special_asked, side, is_key, \
                 received_at, accepted_on, started_on, due_on, statutory_due_on, stopped_on, \
                 served_at, promised_days, owed, changed, project_name, owner, owner_name, \
                 retyped) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
                 $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)"
            }
            Self::Timers => {
                "INSERT INTO timers (due_at, kind, subject, project) VALUES ($1, $2, $3, $4)"
            }
            Self::Unmade => "INSERT INTO unmade (project, since) VALUES ($1, $2)",
            Self::Consultations => {
                "INSERT INTO consultations (department, case_id, until, waits, retyped) \
                 VALUES ($1, $2, $3, $4, $5)"
            }
            Self::Agencies => "INSERT INTO agencies (account, project, until) VALUES ($1, $2, $3)",
        }
    }

    /// Puts a row in the place of the one with its key.
    pub(crate) const fn update(self) -> &'static str {
        match self {
            Self::Projects => {
                "UPDATE projects SET code = $3, name = $4, owner = $5, owner_name = $6, flow = \
                 $7, is_key = $8, registered_at = $9, stages_done = $10, open_cases = $11, \
                 last_change = $12, version = $13 WHERE region = $1 AND project = $2"
            }
            Self::Applications => {
                "UPDATE applications SET project = $3, number = $4, stage = $5, standing = $6, \
                 submitted_at = $7, received_on = $8, notice_until = $9, correction_until = \
                 $10, cases = $11, open_cases = $12, project_name = $13, owner_name = $14, lead = $15 WHERE \
                 region = $1 AND application = $2"
            }
            Self::Cases => {
                "UPDATE cases SET project = $3, application = $4, number = $5, item = $6, name \
                 = $7, stage = $8, department = $9, standing = $10, state = $11, officer = $12, \
                 waits = $13, special_asked = $14, side = $15, is_key = $16, received_at = $17, \
                 accepted_on = $18, started_on = $19, due_on = $20, statutory_due_on = $21, \
                 stopped_on = $22, served_at = $23, promised_days = $24, owed = $25, changed = \
                 $26, project_name = $27, owner = $28, owner_name = $29, retyped = $30 \
                 WHERE region = $1 AND case_id = $2"
            }
            Self::Timers => {
                "UPDATE timers SET project = $4 WHERE due_at = $1 AND kind = $2 AND subject = \
                 $3"
            }
            Self::Unmade => "UPDATE unmade SET since = $2 WHERE project = $1",
            Self::Consultations => {
                "UPDATE consultations SET until = $3, waits = $4, retyped = $5 \
                 WHERE department = $1 AND case_id = $2"
            }
            Self::Agencies => "UPDATE agencies SET until = $3 WHERE account = $1 AND project = $2",
        }
    }

    pub(crate) const fn clear(self) -> &'static str {
        match self {
            Self::Projects => "DELETE FROM projects",
            Self::Applications => "DELETE FROM applications",
            Self::Cases => "DELETE FROM cases",
            Self::Timers => "DELETE FROM timers",
            Self::Unmade => "DELETE FROM unmade",
            Self::Consultations => "DELETE FROM consultations",
            Self::Agencies => "DELETE FROM agencies",
        }
    }

    pub(crate) const fn delete(self) -> &'static str {
        match self {
            Self::Projects => "DELETE FROM projects WHERE region = $1 AND project = $2",
            Self::Applications => "DELETE FROM applications WHERE region = $1 AND application = $2",
            Self::Cases => "DELETE FROM cases WHERE region = $1 AND case_id = $2",
            Self::Timers => "DELETE FROM timers WHERE due_at = $1 AND kind = $2 AND subject = $3",
            Self::Unmade => "DELETE FROM unmade WHERE project = $1",
            Self::Consultations => {
                "DELETE FROM consultations WHERE department = $1 AND case_id = $2"
            }
            Self::Agencies => "DELETE FROM agencies WHERE account = $1 AND project = $2",
        }
    }
}

/// All rows of a project, by table and key.
pub(crate) type Rows = BTreeMap<(Table, Vec<Value>), Vec<Value>>;

/// The rows of a project.
pub(crate) fn rows(project: &Project, catalog: &Catalog) -> Rows {
    let mut rows = Rows::new();
    let mut put = |table: Table, row: Vec<Value>| {
        rows.insert((table, row[..table.key_columns()].to_vec()), row);
    };
    put(Table::Projects, project_row(project));
    if let Some(last) = project.open_duties().map(|duty| duty.until).min() {
        put(Table::Timers, timer_row(project, TimerKind::MissDuty, *project.id.as_bytes(), last));
    }
    if let Some(since) = wanted(project).iter().map(|wanted| wanted.since).max() {
        put(Table::Unmade, vec![project.id.as_bytes().into(), since.0.into()]);
    }
    for (agent, agency) in project.agents.iter().filter(|(_, agency)| !agency.ended) {
        let until = i64::from(agency.until.0).into();
        put(Table::Agencies, vec![agent.as_bytes().into(), project.id.as_bytes().into(), until]);
    }
    for application in project.applications.values() {
        put(Table::Applications, application_row(project, application));
        for (kind, subject, due) in application_timers(project, application) {
            put(Table::Timers, timer_row(project, kind, subject, due));
        }
    }
    for case in project.cases.values() {
        put(Table::Cases, case_row(project, case, catalog));
        // Asked anew, a department has its last question here.
        for asked in &case.consultations {
            let waits = asked.answer.is_none() && case.is_open();
            put(
                Table::Consultations,
                vec![
                    asked.of.as_bytes().into(),
                    case.opened.case.as_bytes().into(),
                    i64::from(asked.until.0).into(),
                    waits.into(),
                    i64::from(case.ways_in.retyped_answers(asked.of)).into(),
                ],
            );
        }
        for (kind, due) in case_timers(project, case, catalog) {
            put(Table::Timers, timer_row(project, kind, *case.opened.case.as_bytes(), due));
        }
    }
    rows
}

fn project_row(project: &Project) -> Vec<Value> {
    let open = project.cases.values().filter(|case| case.is_open()).count();
    let last_change = project
        .cases
        .values()
        .filter_map(|case| case.history.last())
        .map(|step| step.at)
        .max()
        .unwrap_or(project.registered_at);
    vec![
        i64::from(project.region).into(),
        project.id.as_bytes().into(),
        project.code.to_string().into(),
        project.name.clone().into(),
        project.owner.uscc.to_string().into(),
        project.owner.name.clone().into(),
        project.flow.clone().into(),
        project.key.into(),
        project.registered_at.0.into(),
        i64::from(project.last_stage_done()).into(),
        (open as i64).into(),
        last_change.0.into(),
        (project.version as i64).into(),
    ]
}

/// Where an application stands for the window: the earliest standing of its cases.
fn application_standing(
    project: &Project,
    application: &tongban_domain::application::Application,
) -> Standing {
    project.cases_of(application).map(|case| case.standing).min().unwrap_or(Standing::Received)
}

fn application_row(
    project: &Project,
    application: &tongban_domain::application::Application,
) -> Vec<Value> {
    let open = project.cases_of(application).filter(|case| case.is_open()).count();
    let correction = application.open_correction().map(|correction| i64::from(correction.until.0));
    vec![
        i64::from(project.region).into(),
        application.id.as_bytes().into(),
        project.id.as_bytes().into(),
        application.number.clone().into(),
        i64::from(application.stage).into(),
        application_standing(project, application).key().into(),
        application.submitted_at.0.into(),
        i64::from(application.received_on.0).into(),
        i64::from(application.notice_until.0).into(),
        correction.into(),
        (application.cases.len() as i64).into(),
        (open as i64).into(),
        project.name.clone().into(),
        project.owner.name.clone().into(),
        application.lead.as_ref().map(|lead| lead.as_bytes()).into(),
    ]
}

fn case_row(project: &Project, case: &Case, catalog: &Catalog) -> Vec<Value> {
    let day = |day: Option<Day>| day.map(|day| i64::from(day.0));
    let ledger = case.ledger.as_ref();
    // Each clock reads the calendar it was pinned to.
    let due = |which| {
        day(ledger.and_then(|ledger| ledger.due(catalog.calendar_of(ledger.calendar), which)))
    };
    let waits = case.is_open() && project.missing_predecessors(case).next().is_some();
    let promised = ledger.and_then(|ledger| ledger.limit(Which::Promised).days());
    // A case that ended before acceptance never had a clock; it ended on its last step's day.
    let ended = || case.history.last().filter(|_| !case.is_open()).map(|step| step.at.day());
    let stopped = ledger.and_then(|ledger| ledger.stopped).or_else(ended);
    vec![
        i64::from(case.region).into(),
        case.opened.case.as_bytes().into(),
        project.id.as_bytes().into(),
        case.application.as_bytes().into(),
        case.opened.number.clone().into(),
        case.opened.item.clone().into(),
        case.opened.name.clone().into(),
        i64::from(case.stage).into(),
        case.department.as_bytes().into(),
        case.standing.key().into(),
        i64::from(case.state().code()).into(),
        case.officer.as_ref().map(|officer| officer.as_bytes()).into(),
        waits.into(),
        case.asked_special().is_some().into(),
        case.opened.side.into(),
        case.opened.goes_first().into(),
        case.received_at.0.into(),
        day(ledger.map(|ledger| ledger.accepted)).into(),
        day(ledger.and_then(|ledger| ledger.started)).into(),
        due(Which::Promised).into(),
        due(Which::Statutory).into(),
        day(stopped).into(),
        case.served.map(|at| at.0).into(),
        promised.map(i64::from).into(),
        i64::from(case.owed_count()).into(),
        (case.changed as i64).into(),
        project.name.clone().into(),
        project.owner.uscc.to_string().into(),
        project.owner.name.clone().into(),
        i64::from(case.ways_in.retyped).into(),
    ]
}

/// Each timer fires at the start of the day after the last day.
fn timer_row(project: &Project, kind: TimerKind, subject: [u8; 16], last_day: Day) -> Vec<Value> {
    let due = last_day.plus(1).begins();
    vec![
        due.0.into(),
        kind.key().into(),
        Value::Blob(subject.to_vec()),
        project.id.as_bytes().into(),
    ]
}

fn application_timers(
    project: &Project,
    application: &tongban_domain::application::Application,
) -> Vec<(TimerKind, [u8; 16], Day)> {
    let id: ApplicationId = application.id;
    let stands = |standing| project.cases_of(application).any(|case| case.standing == standing);
    let mut timers = Vec::new();
    if application.correction.is_none() && stands(Standing::Received) {
        timers.push((TimerKind::DeemAccepted, *id.as_bytes(), application.notice_until));
    }
    if let Some(correction) = application.open_correction()
        && stands(Standing::NeedsCorrection)
    {
        timers.push((TimerKind::LapseCorrection, *id.as_bytes(), correction.until));
    }
    timers
}

fn case_timers(project: &Project, case: &Case, catalog: &Catalog) -> Vec<(TimerKind, Day)> {
    let mut timers = Vec::new();
    if case.standing == Standing::Paused
        && let Some(pause) = case.ledger.as_ref().and_then(|ledger| ledger.pauses.last())
    {
        timers.push((TimerKind::ResumeClock, pause.planned_end));
    }
    if case.standing == Standing::PassedWithGap {
        let open = case.owed.iter().filter(|owed| owed.provided.is_none());
        if let Some(until) = open.map(|owed| owed.owed.until).min() {
            timers.push((TimerKind::CloseGap, until));
        }
    }
    if let (Some(due), None) = (case.service_due(catalog), case.served) {
        timers.push((TimerKind::ServeResult, due));
    }
    if let Some(validity) = case.validity.as_ref().filter(|_| case.has_passed())
        && !validity.recheck
        && !validity.is_free(project)
        // An extension asked for in time is the department's to answer, unless silence grants it.
        && (validity.asked.is_none() || validity.deemed)
    {
        timers.push((TimerKind::EndTerm, validity.until));
    }
    // What was revoked or withdrawn in between is not handed over, and has no term.
    timers.retain(|(kind, _)| declaration(kind.act()).from.contains(&case.standing));
    timers
}

/// What a timer's subject is.
pub(crate) fn timer_case(subject: [u8; 16]) -> CaseId {
    CaseId::from_bytes(subject)
}
