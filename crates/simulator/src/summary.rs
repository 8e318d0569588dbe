//! What a simulation brought about, measured from the folds of its projects.

use std::{collections::BTreeMap, fmt};

use tongban_domain::{
    case::{NationalState, Standing},
    ids::ProjectId,
    paper::PaperFigure,
    time::Day,
};

/// The outcome of a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// First day.
    pub from: Day,
    /// Last day.
    pub last: Day,
    /// Projects registered.
    pub projects: usize,
    /// Projects whose last stage is done.
    pub finished: usize,
    /// Projects that their owners gave up.
    pub given_up: usize,
    /// Joint applications.
    pub applications: usize,
    /// Cases.
    pub cases: usize,
    /// Cases decided after the promised day.
    pub late: usize,
    /// Acts done, those of the timers included.
    pub acts: u64,
    /// Facts that these acts made.
    pub facts: u64,
    /// Acts of the law's own timers.
    pub timers: u64,
    /// Cases by where they stand at the end.
    pub standings: BTreeMap<Standing, usize>,
    /// How often each national state was entered.
    pub states: BTreeMap<NationalState, usize>,
    /// Working days of approval of the finished projects; none when none is finished.
    pub approval: Option<Approval>,
    /// Acts that were refused, by act and kind of refusal. Chance plans ahead and the law moves
    /// in between: a handful of these is expected, more is a fault of the simulation.
    pub refused: BTreeMap<String, u64>,
    /// Papers of all applications.
    pub papers: PaperFigure,
    /// The story project, where there was room for it.
    pub story: Option<StoryReport>,
}

/// Working days of approval over the finished projects: all stage clocks of a project together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Half of the projects took no longer.
    pub median: u32,
    /// The longest.
    pub longest: u32,
}

/// The story project as it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryReport {
    /// Its id.
    pub project: ProjectId,
    /// Its code.
    pub code: String,
    /// The day of the first application.
    pub submitted: Day,
    /// The day of the construction permit.
    pub permit: Option<Day>,
    /// Calendar days from one to the other.
    pub days_to_permit: Option<i32>,
    /// Calendar days that the plan foresaw.
    pub planned_days: Option<i32>,
    /// Most departments that had a case of it on one day.
    pub departments_at_once: usize,
    /// Special procedures that paused a clock before the permit.
    pub pauses: usize,
    /// Correction notices.
    pub notices: usize,
    /// Whether its completion is filed.
    pub finished: bool,
}

impl Summary {
    /// National states that no case entered.
    #[must_use]
    pub fn missing_states(&self) -> Vec<NationalState> {
        let missing = |state: &NationalState| !self.states.contains_key(state);
        NationalState::ALL.into_iter().filter(missing).collect()
    }

    /// Standings in which no case ended.
    #[must_use]
    pub fn missing_standings(&self) -> Vec<Standing> {
        let missing = |standing: &Standing| !self.standings.contains_key(standing);
        Standing::ALL.into_iter().filter(missing).collect()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} to {}", self.from, self.last)?;
        writeln!(
            f,
            "projects       {} ({} finished, {} given up)",
            self.projects, self.finished, self.given_up
        )?;
        writeln!(
            f,
            "cases          {} in {} applications, {} decided late",
            self.cases, self.applications, self.late
        )?;
        writeln!(
            f,
            "facts          {} by {} acts, {} of them by timers",
            self.facts, self.acts, self.timers
        )?;
        let papers = &self.papers;
        writeln!(
            f,
            "papers         {} by items, {} in sets: {} pulled ({:.1} %), {} asked, {} saved",
            papers.by_items,
            papers.in_sets,
            papers.pulled,
            papers.pulled as f64 * 100.0 / papers.in_sets.max(1) as f64,
            papers.asked,
            papers.saved()
        )?;
        match self.approval {
            Some(Approval { median, longest }) => writeln!(
                f,
                "approval       median {median}, longest {longest} working days of finished projects"
            )?,
            None => writeln!(f, "approval       no project is finished")?,
        }
        let counted = |count: usize, name: &str| format!("{name} {count}");
        let standings: Vec<String> =
            self.standings.iter().map(|(at, count)| counted(*count, at.name())).collect();
        writeln!(f, "cases stand    {}", standings.join(", "))?;
        let states: Vec<String> =
            self.states.iter().map(|(state, count)| counted(*count, state.name())).collect();
        writeln!(f, "states entered {}", states.join(", "))?;
        for state in self.missing_states() {
            writeln!(f, "never entered  {}", state.name())?;
        }
        for (what, count) in &self.refused {
            writeln!(f, "refused        {count} × {what}")?;
        }
        match &self.story {
            Some(story) => writeln!(f, "story          {story}"),
            None => writeln!(f, "story          no room for it in this city or period"),
        }
    }
}

impl fmt::Display for StoryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", crate::STORY_NAME, self.code)?;
        match (self.days_to_permit, self.planned_days) {
            (Some(days), Some(planned)) => {
                write!(f, "permit after {days} calendar days, planned were {planned}")?;
            }
            (Some(days), None) => write!(f, "permit after {days} calendar days")?,
            (None, _) => f.write_str("no permit yet")?,
        }
        write!(
            f,
            "; {} departments at once, {} expert review, {} correction notice; {}",
            self.departments_at_once,
            self.pauses,
            self.notices,
            if self.finished { "completion is filed" } else { "under construction" }
        )
    }
}
