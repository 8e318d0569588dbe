//! Legal timers that are due.

use tongban_domain::{
    acts::{Act, ActName, ApplicationAct, CaseAct, ProjectAct},
    ids::{ApplicationId, ProjectId},
    permission::Actor,
    time::Instant,
};

use crate::{
    acts::{ActError, ActOptions, Acted},
    engine::query,
    error::StoreError,
    node::Store,
    projection::timer_case,
    ticket::Ticket,
};

/// What a timer does when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimerKind {
    /// No correction notice in five working days: accepted by law.
    DeemAccepted,
    /// Corrections did not come in time.
    LapseCorrection,
    /// The planned end of a special procedure has passed.
    ResumeClock,
    /// Papers owed did not come in time.
    CloseGap,
    /// The term of a result ran out.
    EndTerm,
    /// Ten working days after the decision: the result is handed over.
    ServeResult,
    /// Something that had to be applied for afterwards was not.
    MissDuty,
}

impl TimerKind {
    /// Stable name for storage.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::DeemAccepted => "deem-accepted",
            Self::LapseCorrection => "lapse-correction",
            Self::ResumeClock => "resume-clock",
            Self::CloseGap => "close-gap",
            Self::EndTerm => "end-term",
            Self::ServeResult => "serve-result",
            Self::MissDuty => "miss-duty",
        }
    }

    /// The act it calls for.
    #[must_use]
    pub const fn act(self) -> ActName {
        match self {
            Self::DeemAccepted => ActName::DeemAccepted,
            Self::LapseCorrection => ActName::LapseCorrection,
            Self::ResumeClock => ActName::ResumeClock,
            Self::CloseGap => ActName::CloseGap,
            Self::EndTerm => ActName::EndTerm,
            Self::ServeResult => ActName::ServeResult,
            Self::MissDuty => ActName::MissDuty,
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [
            Self::DeemAccepted,
            Self::LapseCorrection,
            Self::ResumeClock,
            Self::CloseGap,
            Self::EndTerm,
            Self::ServeResult,
            Self::MissDuty,
        ]
        .into_iter()
        .find(|kind| kind.key() == key)
    }
}

/// A timer that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueTimer {
    /// When it was due.
    pub due_at: Instant,
    /// What to do.
    pub kind: TimerKind,
    /// The application or case.
    pub subject: [u8; 16],
    /// The project.
    pub project: ProjectId,
}

impl Store {
    /// After a new calendar took effect: has every running clock that it moves read it, each by
    /// a fact that names the case. Gives how many did. Done once per calendar, also when the
    /// node was stopped in between.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settle_calendar(&self) -> Result<usize, StoreError> {
        const SETTLED: &str = "calendar-settled";
        let catalog = self.catalog()?;
        let digest: String =
            catalog.calendar.digest().iter().map(|byte| format!("{byte:02x}")).collect();
        if self.setting(SETTLED)?.as_deref() == Some(digest.as_str()) {
            return Ok(0);
        }
        let mut settled = 0;
        for id in self.projects_being_handled()? {
            let Some(project) = self.project(id)? else { continue };
            let moved = project.cases.values().filter(|case| {
                case.standing.is_in_department()
                    && case.ledger.as_ref().is_some_and(|ledger| {
                        let own = catalog.calendar_of(ledger.calendar);
                        ledger.is_moved_by(own, &catalog.calendar)
                    })
            });
            for case in moved {
                let act = CaseAct::SettleCalendar.on(case.opened.case);
                let done = self
                    .act(id, &act, &Actor::timer(), ActOptions::default())
                    .and_then(Ticket::wait);
                match done {
                    Ok(_) => settled += 1,
                    // Decided or settled in the meantime.
                    Err(
                        ActError::Refused(_)
                        | ActError::Changed
                        | ActError::OutOfOrder(_)
                        | ActError::UnknownProject,
                    ) => {}
                    Err(ActError::Store(error)) => return Err(error),
                }
            }
        }
        self.keep_setting(SETTLED, &digest)?;
        Ok(settled)
    }

    /// Timers due by now, the earliest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn due_timers(&self, most: usize) -> Result<Vec<DueTimer>, StoreError> {
        const DUE: &str = "SELECT due_at, kind, subject, project FROM timers WHERE due_at <= $1 \
                           ORDER BY due_at, kind, subject LIMIT $2";
        let values = [self.now().0.into(), (most as i64).into()];
        self.read(|connection| {
            query(connection, DUE, &values, |row| {
                let kind: String = row.get(1)?;
                let kind = TimerKind::from_key(&kind)
                    .ok_or_else(|| StoreError::Damaged(format!("timer kind {kind}")))?;
                Ok(DueTimer {
                    due_at: Instant(row.get(0)?),
                    kind,
                    subject: row.get(2)?,
                    project: ProjectId::from_bytes(row.get(3)?),
                })
            })
        })
    }

    /// Carries out what a timer calls for. Doing it again is refused without effect.
    ///
    /// # Errors
    /// When the act is refused or the database fails.
    pub fn fire(&self, timer: &DueTimer) -> Result<Acted, ActError> {
        let application = ApplicationId::from_bytes(timer.subject);
        let case = timer_case(timer.subject);
        let mut options = ActOptions::default();
        let act = match timer.kind {
            TimerKind::DeemAccepted => ApplicationAct::DeemAccepted.on(application),
            TimerKind::LapseCorrection => ApplicationAct::LapseCorrection.on(application),
            TimerKind::ResumeClock => CaseAct::ResumeClock.on(case),
            TimerKind::EndTerm => CaseAct::EndTerm.on(case),
            TimerKind::ServeResult => CaseAct::ServeResult.on(case),
            TimerKind::MissDuty => Act::Project(ProjectAct::MissDuty),
            TimerKind::CloseGap => {
                let (text, value) = self.seal("容缺材料逾期未补齐，依法撤销。");
                options.sealed.push(value);
                CaseAct::CloseGap { text }.on(case)
            }
        };
        self.act(timer.project, &act, &Actor::timer(), options)?.wait()
    }
}
