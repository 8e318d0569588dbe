//! Cases in queues: one queue with saved views, ordered by the legal clock.

use tongban_domain::{
    case::Standing,
    codes::Uscc,
    ids::{AccountId, ApplicationId, CaseId, DepartmentId, ProjectId},
    time::{Day, Instant},
};

use crate::{
    engine::{Row, Value, query},
    error::StoreError,
    node::Store,
};

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Id.
    pub id: CaseId,
    /// The project.
    pub project: ProjectId,
    /// The application.
    pub application: ApplicationId,
    /// Case number.
    pub number: String,
    /// Item code.
    pub item: String,
    /// Item name.
    pub name: String,
    /// Stage.
    pub stage: u8,
    /// The department.
    pub department: DepartmentId,
    /// Where it stands.
    pub standing: Standing,
    /// The officer.
    pub officer: Option<AccountId>,
    /// Waits for a predecessor.
    pub waits: bool,
    /// A special procedure waits for approval.
    pub special_asked: bool,
    /// Key project.
    pub is_key: bool,
    /// When it was received.
    pub received_at: Instant,
    /// The day it was accepted.
    pub accepted_on: Option<Day>,
    /// Last day of the promise; a forecast while paused.
    pub due_on: Option<Day>,
    /// Last day of the law.
    pub statutory_due_on: Option<Day>,
    /// The day it was decided or ended.
    pub stopped_on: Option<Day>,
    /// Papers still owed.
    pub owed: u32,
    /// Name of the project.
    pub project_name: String,
    /// Name of the owner.
    pub owner_name: String,
    /// Promised days.
    pub promised_days: Option<u16>,
}

/// A saved view of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QueueView {
    /// With the officers (承办), taken up by nobody yet.
    Todo,
    /// Mine.
    Mine,
    /// In the department's hands, whoever's.
    Open,
    /// With the reviewers (审核).
    Review,
    /// With the approver (批准).
    Sign,
    /// A special procedure is running, or waits for approval.
    Special,
    /// Waiting for another department.
    Waiting,
    /// Due within two days.
    Warn,
    /// Past the promise.
    Late,
    /// Papers still owed after a pass with gap.
    Gap,
    /// Cases of other departments on which the department's opinion is asked (征求意见).
    Consulted,
    /// Cases of other departments in stages that the department leads (牵头).
    Lead,
    /// Decided or ended.
    Done,
}

impl QueueView {
    /// All, in order.
    pub const ALL: [Self; 13] = [
        Self::Todo,
        Self::Mine,
        Self::Open,
        Self::Review,
        Self::Sign,
        Self::Special,
        Self::Waiting,
        Self::Warn,
        Self::Late,
        Self::Gap,
        Self::Consulted,
        Self::Lead,
        Self::Done,
    ];

    /// Stable name for addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Mine => "mine",
            Self::Open => "open",
            Self::Review => "review",
            Self::Sign => "sign",
            Self::Special => "special",
            Self::Waiting => "waiting",
            Self::Warn => "warn",
            Self::Late => "late",
            Self::Gap => "gap",
            Self::Consulted => "consult",
            Self::Lead => "lead",
            Self::Done => "done",
        }
    }

    /// Cases that other departments decide, where this one has a say.
    #[must_use]
    pub const fn is_of_others(self) -> bool {
        matches!(self, Self::Consulted | Self::Lead)
    }

    /// The view with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key)
    }

    /// What the tab says.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Todo => "待承办",
            Self::Mine => "我承办的",
            Self::Open => "全部在办",
            Self::Review => "待审核",
            Self::Sign => "待批准",
            Self::Special => "特别程序",
            Self::Waiting => "等待前置",
            Self::Warn => "即将到期",
            Self::Late => "超期",
            Self::Gap => "容缺待补",
            Self::Consulted => "征求意见",
            Self::Lead => "牵头阶段",
            Self::Done => "已办结",
        }
    }

    /// The condition, over `$1` department (or null for all), `$2` today, `$3` account.
    const fn condition(self) -> &'static str {
        match self {
            Self::Todo => "standing = 'with-officer' AND officer IS NULL",
            Self::Mine => {
                "officer = $3 AND standing IN ('with-officer', 'with-reviewer', 'with-approver', 'paused')"
            }
            Self::Open | Self::Consulted | Self::Lead => {
                "standing IN ('with-officer', 'with-reviewer', 'with-approver', 'paused')"
            }
            Self::Review => "standing = 'with-reviewer'",
            Self::Sign => {
                "standing IN ('with-officer', 'with-reviewer', 'with-approver') \
                 AND (standing = 'with-approver' OR special_asked = 1)"
            }
            Self::Special => {
                "standing IN ('with-officer', 'with-reviewer', 'with-approver', 'paused') \
                 AND (standing = 'paused' OR special_asked = 1)"
            }
            Self::Waiting => {
                "waits = 1 AND standing IN ('with-officer', 'with-reviewer', 'with-approver')"
            }
            Self::Warn => {
                "standing IN ('with-officer', 'with-reviewer', 'with-approver') \
                 AND due_on >= $2 AND due_on <= $2 + 2"
            }
            Self::Late => {
                "standing IN ('with-officer', 'with-reviewer', 'with-approver') AND due_on < $2"
            }
            Self::Gap => "standing = 'passed-with-gap' AND owed > 0",
            Self::Done => {
                "standing IN ('passed', 'passed-with-gap', 'refused', 'withdrawn', 'revoked', \
                 'lapsed')"
            }
        }
    }
}

/// What a queue page asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueFilter {
    /// The department; none for all.
    pub department: Option<DepartmentId>,
    /// Who looks.
    pub account: AccountId,
    /// Part of a name or number; empty for all.
    pub text: String,
    /// Rows to skip to: the last due day and id of the page before.
    pub after: Option<(i64, CaseId)>,
    /// Most rows.
    pub most: usize,
}

/// `%text%` with the wildcards of LIKE escaped by `!`.
pub(super) fn containing(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| if matches!(c, '%' | '_' | '!') { vec!['!', c] } else { vec![c] })
        .collect();
    format!("%{escaped}%")
}

macro_rules! case_columns {
    () => {
        "SELECT case_id, project, application, number, item, name, stage, department, standing, \
         officer, waits, special_asked, is_key, received_at, accepted_on, due_on, \
         statutory_due_on, stopped_on, owed, project_name, owner_name, promised_days FROM cases "
    };
}

fn read_case(row: &Row<'_>) -> Result<CaseRow, StoreError> {
    let day = |column| Ok::<_, StoreError>(row.get::<Option<i32>>(column)?.map(Day));
    let standing: String = row.get(8)?;
    Ok(CaseRow {
        id: CaseId::from_bytes(row.get(0)?),
        project: ProjectId::from_bytes(row.get(1)?),
        application: ApplicationId::from_bytes(row.get(2)?),
        number: row.get(3)?,
        item: row.get(4)?,
        name: row.get(5)?,
        stage: row.get(6)?,
        department: DepartmentId::from_bytes(row.get(7)?),
        standing: Standing::from_key(&standing)
            .ok_or_else(|| StoreError::Damaged(format!("standing {standing}")))?,
        officer: row.get::<Option<[u8; 16]>>(9)?.map(AccountId::from_bytes),
        waits: row.get(10)?,
        special_asked: row.get(11)?,
        is_key: row.get(12)?,
        received_at: Instant(row.get(13)?),
        accepted_on: day(14)?,
        due_on: day(15)?,
        statutory_due_on: day(16)?,
        stopped_on: day(17)?,
        owed: row.get(18)?,
        project_name: row.get(19)?,
        owner_name: row.get(20)?,
        promised_days: row.get(21)?,
    })
}

const OF_OWNER: &str = concat!(
    case_columns!(),
    "WHERE owner = $1 AND (stopped_on IS NULL OR stopped_on >= $2) \
     ORDER BY COALESCE(due_on, 1000000), case_id LIMIT 500"
);

const OF_AGENT: &str = concat!(
    case_columns!(),
    "WHERE project IN (SELECT project FROM agencies WHERE account = $1 AND until >= $3) \
     AND (stopped_on IS NULL OR stopped_on >= $2) \
     ORDER BY COALESCE(due_on, 1000000), case_id LIMIT 500"
);

/// Days later than any clock: cases without a due day come last.
const NEVER: i64 = 1_000_000;

impl Store {
    /// Projects with a case that was accepted and has not ended.
    pub(crate) fn projects_being_handled(&self) -> Result<Vec<ProjectId>, StoreError> {
        const RUNNING: &str = "SELECT DISTINCT project FROM cases WHERE accepted_on IS NOT NULL \
                               AND stopped_on IS NULL ORDER BY project";
        self.read(|connection| {
            query(connection, RUNNING, &[], |row| Ok(ProjectId::from_bytes(row.get(0)?)))
        })
    }

    /// How many cases were accepted and have not ended.
    ///
    /// # Errors
    /// When the database fails.
    pub fn cases_being_handled(&self) -> Result<u64, StoreError> {
        const COUNT: &str =
            "SELECT COUNT(*) FROM cases WHERE accepted_on IS NOT NULL AND stopped_on IS NULL";
        let found =
            self.read(|connection| query(connection, COUNT, &[], |row| row.get::<i64>(0)))?;
        Ok(found.first().map_or(0, |count| *count as u64))
    }

    /// A page of the queue: key projects first, then by the legal clock.
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue(&self, view: QueueView, filter: &QueueFilter) -> Result<Vec<CaseRow>, StoreError> {
        let (due, id) = match filter.after {
            Some((due, id)) => (due, Value::Blob(id.as_bytes().to_vec())),
            None if view == QueueView::Done => (i64::MAX, Value::Blob(Vec::new())),
            None => (i64::MIN, Value::Blob(Vec::new())),
        };
        let mut rows = Vec::new();
        for department in self.asked_as(view, filter.department) {
            let values = [
                department.as_ref().map(|id| id.as_bytes()).into(),
                i64::from(self.now().day().0).into(),
                filter.account.as_bytes().into(),
                containing(&filter.text).into(),
                due.into(),
                id.clone(),
                (filter.most as i64).into(),
            ];
            rows.extend(self.read(|connection| {
                query(connection, queue_sql(view, department.is_some()), &values, read_case)
            })?);
        }
        // Of several departments merged into one the rows are brought into one order.
        if view.is_of_others() {
            rows.retain(|row| view != QueueView::Lead || Some(row.department) != filter.department);
            rows.sort_by_key(|row| view.position_after(row));
            rows.dedup_by_key(|row| row.id);
            rows.truncate(filter.most);
        }
        Ok(rows)
    }

    /// As which departments a department is asked, or leads: as itself, and as those that were
    /// merged into it since.
    fn asked_as(
        &self,
        view: QueueView,
        department: Option<DepartmentId>,
    ) -> Vec<Option<DepartmentId>> {
        match department {
            Some(id) if view.is_of_others() => {
                self.organisation().with_predecessors(id).map(Some).collect()
            }
            one => vec![one],
        }
    }

    /// How many cases each view holds, counted up to [`MOST_COUNTED`].
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue_counts(
        &self,
        department: Option<DepartmentId>,
        account: AccountId,
        views: &[QueueView],
    ) -> Result<Vec<(QueueView, u64)>, StoreError> {
        let today = i64::from(self.now().day().0);
        let asked = |view: &QueueView| (*view, self.asked_as(*view, department));
        let asked: Vec<_> = views.iter().map(asked).collect();
        self.read(|connection| {
            let mut counts = Vec::new();
            for (view, departments) in &asked {
                let mut sum = 0;
                for one in departments {
                    let values = [
                        one.as_ref().map(|id| id.as_bytes()).into(),
                        today.into(),
                        account.as_bytes().into(),
                    ];
                    let sql = count_sql(*view, one.is_some());
                    let count = query(connection, sql, &values, |row| row.get::<i64>(0))?;
                    sum += count.first().map_or(0, |count| *count as u64);
                }
                counts.push((*view, sum));
            }
            Ok(counts)
        })
    }

    /// The open cases of an owner's projects, and those that ended in the last thirty days.
    ///
    /// # Errors
    /// When the database fails.
    pub fn cases_of_owner(&self, owner: &Uscc) -> Result<Vec<CaseRow>, StoreError> {
        let since = i64::from(self.now().day().plus(-30).0);
        self.read(|connection| {
            query(connection, OF_OWNER, &[owner.as_str().into(), since.into()], read_case)
        })
    }
}

impl Store {
    /// The same of the projects for whose owners somebody may act today.
    ///
    /// # Errors
    /// When the database fails.
    pub fn cases_of_agent(&self, agent: AccountId) -> Result<Vec<CaseRow>, StoreError> {
        let today = self.now().day();
        let since = i64::from(today.plus(-30).0);
        let values = [agent.as_bytes().into(), since.into(), i64::from(today.0).into()];
        self.read(|connection| query(connection, OF_AGENT, &values, read_case))
    }
}

impl QueueView {
    /// The page position behind a row of this view.
    #[must_use]
    pub fn position_after(self, row: &CaseRow) -> (i64, CaseId) {
        let due = row.due_on.map_or(NEVER, |due| i64::from(due.0));
        let stopped = row.stopped_on.map_or(0, |day| i64::from(day.0));
        let green = if row.is_key { GREEN_CHANNEL } else { 0 };
        (if self == Self::Done { stopped } else { due - green }, row.id)
    }
}

impl QueueView {
    /// Which cases are the department's in this view: those it decides, or that it has a say in.
    const fn departments(self, one: bool) -> &'static str {
        // In those for all departments the comparison tells what kind of value $1 is.
        match self {
            Self::Consulted if one => {
                "case_id IN (SELECT case_id FROM consultations \
                 WHERE department = $1 AND waits = 1)"
            }
            Self::Consulted => {
                "case_id IN (SELECT case_id FROM consultations \
                 WHERE waits = 1 AND (department = $1 OR $1 IS NULL))"
            }
            Self::Lead if one => {
                "application IN (SELECT application FROM applications \
                 WHERE lead = $1 AND open_cases > 0) AND department <> $1"
            }
            Self::Lead => {
                "application IN (SELECT application FROM applications \
                 WHERE lead IS NOT NULL AND open_cases > 0) AND (department <> $1 OR $1 IS NULL)"
            }
            Self::Todo
            | Self::Mine
            | Self::Open
            | Self::Review
            | Self::Sign
            | Self::Special
            | Self::Waiting
            | Self::Warn
            | Self::Late
            | Self::Gap
            | Self::Done => {
                if one {
                    "department = $1"
                } else {
                    "(department = $1 OR $1 IS NULL)"
                }
            }
        }
    }
}

/// Statements are static text: each is made once and kept for the life of the program. One for
/// a department, which the index answers, and one for all of them.
fn kept(
    texts: &'static std::sync::OnceLock<Vec<String>>,
    make: fn(QueueView, &'static str) -> String,
    view: QueueView,
    filter_by_department: bool,
) -> &'static str {
    let both = |view: QueueView| [false, true].map(|one| make(view, view.departments(one)));
    let texts = texts.get_or_init(|| QueueView::ALL.into_iter().flat_map(both).collect());
    &texts[view as usize * 2 + usize::from(filter_by_department)]
}

/// Up to here cases are counted: more than anybody looks through.
pub const MOST_COUNTED: u64 = 10_000;

/// Days by which the green channel goes before the rest: more than any calendar holds.
const GREEN_CHANNEL: i64 = 2_000_000;

/// The order of open views: the green channel (绿色通道) first, then the legal clock. There are
/// never more open cases than people can handle; they are sorted.
const OPEN_ORDER: &str = "COALESCE(due_on, 1000000) - 2000000 * is_key";

/// What is done, as the index on the end of cases can find it newest first: whatever ended, but for
/// what never was a case.
const DONE_BY_END: &str =
    "stopped_on IS NOT NULL AND standing NOT IN ('acceptance-refused', 'not-required')";

/// Every value has to appear, with what tells its kind; today and the account do not in every view.
const USED: &str = "CAST($2 AS BIGINT) IS NOT NULL AND (officer = $3 OR $3 IS NOT NULL)";

fn queue_sql(view: QueueView, one_department: bool) -> &'static str {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    fn make(view: QueueView, departments: &'static str) -> String {
        let select = case_columns!();
        let (condition, after, order) = if view == QueueView::Done {
            let after = "stopped_on < $5 OR (stopped_on = $5 AND case_id > $6)".to_owned();
            (DONE_BY_END, after, "stopped_on DESC")
        } else {
            let after = format!("{OPEN_ORDER} > $5 OR ({OPEN_ORDER} = $5 AND case_id > $6)");
            (view.condition(), after, OPEN_ORDER)
        };
        format!(
            "{select}WHERE {departments} AND {USED} AND ({condition}) \
             AND (LOWER(name) LIKE LOWER($4) ESCAPE '!' OR LOWER(project_name) LIKE LOWER($4) ESCAPE '!' \
             OR LOWER(number) LIKE LOWER($4) ESCAPE '!' OR LOWER(owner_name) LIKE LOWER($4) ESCAPE '!') \
             AND ({after}) \
             ORDER BY {order}, case_id LIMIT $7"
        )
    }
    kept(&TEXTS, make, view, one_department)
}

fn count_sql(view: QueueView, one_department: bool) -> &'static str {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    fn make(view: QueueView, departments: &'static str) -> String {
        let condition = view.condition();
        format!(
            "SELECT COUNT(*) FROM (SELECT 1 AS found FROM cases WHERE {departments} \
             AND {USED} AND ({condition}) LIMIT {MOST_COUNTED}) AS counted"
        )
    }
    kept(&TEXTS, make, view, one_department)
}

/// The statements that are made of parts.
#[cfg(test)]
pub(crate) fn made_statements() -> Vec<&'static str> {
    let views = QueueView::ALL.into_iter();
    let both = views.flat_map(|view| {
        [true, false].map(|one| [queue_sql(view, one), count_sql(view, one)]).concat()
    });
    both.chain([OF_OWNER, OF_AGENT]).collect()
}
