//! Legal timers that are due.

use tongban_domain::{
    acts::Act,
    ids::{ApplicationId, ProjectId},
    permission::Actor,
    time::Instant,
};

use crate::{
    acts::{ActError, ActOptions, Acted},
    error::StoreError,
    node::Store,
    projection::timer_case,
    sqlite::{id_bytes, query},
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
                    subject: id_bytes(row, 2)?,
                    project: ProjectId::from_bytes(id_bytes(row, 3)?),
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
            TimerKind::DeemAccepted => Act::DeemAccepted { application },
            TimerKind::LapseCorrection => Act::LapseCorrection { application },
            TimerKind::ResumeClock => Act::ResumeClock { case },
            TimerKind::EndTerm => Act::EndTerm { case },
            TimerKind::ServeResult => Act::ServeResult { case },
            TimerKind::MissDuty => Act::MissDuty,
            TimerKind::CloseGap => {
                let (text, value) = self.seal("容缺材料逾期未补齐，依法撤销。");
                options.sealed.push(value);
                Act::CloseGap { case, text }
            }
        };
        self.act(timer.project, &act, &Actor::timer(), options)?.wait()
    }
}
