//! A project as the simulation follows it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tongban_domain::{ids::CaseId, paper::FileReference, project::Project};

use crate::{fate::Fate, showcase, sketch::Sketch, story};

/// What a project is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// One of many; whatever happens to it is chance.
    Ordinary,
    /// The project of the story, scene by scene.
    Story,
    /// Shows at the end one case in each rarer standing.
    Crossroads,
    /// Ends while the owner has to correct.
    AwaitsCorrection,
    /// Ends corrected, before the window looks at it again.
    HasCorrected,
    /// Ends right after it was handed in.
    JustArrived,
}

impl Part {
    /// Whether nothing unforeseen happens to it.
    pub(crate) fn is_calm(self) -> bool {
        self != Self::Ordinary
    }

    /// The answers that the script needs; all others are the usual ones.
    pub(crate) fn answers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Ordinary => &[],
            Self::Story => story::ANSWERS,
            Self::Crossroads => showcase::CROSSROADS_ANSWERS,
            Self::AwaitsCorrection | Self::HasCorrected | Self::JustArrived => {
                showcase::NEWCOMER_ANSWERS
            }
        }
    }
}

/// How far a stage has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Nothing has been done about it.
    Ahead,
    /// The owner prepares it.
    Opening,
    /// Its questions are answered; the joint application waits until it makes sense.
    Open,
    /// The joint application is under way.
    Applied,
}

/// A project with everything the simulation knows beyond its fold.
pub(crate) struct Life {
    /// What it is there for.
    pub(crate) part: Part,
    /// What it is.
    pub(crate) sketch: Sketch,
    /// Its fold after the last act; none before it is registered.
    pub(crate) project: Option<Arc<Project>>,
    /// The paper it hands in wherever a document is asked for.
    pub(crate) document: Option<FileReference>,
    /// The paper it hands in where only pictures are taken.
    pub(crate) picture: Option<FileReference>,
    /// Answers, also those that were not handed in yet.
    pub(crate) answers: BTreeMap<String, String>,
    /// Stages 0–4; 0 is not used.
    pub(crate) phases: [Phase; 5],
    /// Milestones that are going to be recorded.
    pub(crate) milestones: BTreeSet<&'static str>,
    /// What is going to become of its cases.
    pub(crate) fates: BTreeMap<CaseId, Fate>,
    /// Working days that trouble may still cost. The province promises 90 in all; this keeps
    /// chance from heaping every misfortune on one project. Whether the promise holds is
    /// measured from the clocks at the end.
    pub(crate) slack: u32,
    /// Applies for a stage while the last decision before it is being signed.
    pub(crate) eager: bool,
    /// Its acts come from the script of the story, not from the course of things.
    pub(crate) scripted: bool,
    /// Its owner has given it up.
    pub(crate) given_up: bool,
}

impl Life {
    /// A project that nobody has heard of yet.
    pub(crate) fn new(part: Part, sketch: Sketch, eager: bool) -> Self {
        let slack = if matches!(sketch.flow.as_str(), "A" | "B") { 28 } else { 38 };
        Self {
            part,
            sketch,
            project: None,
            document: None,
            picture: None,
            answers: BTreeMap::new(),
            phases: [Phase::Ahead; 5],
            milestones: BTreeSet::new(),
            fates: BTreeMap::new(),
            slack,
            eager,
            scripted: part == Part::Story,
            given_up: false,
        }
    }

    /// How far a stage has come.
    pub(crate) fn phase(&self, stage: u8) -> Phase {
        self.phases[usize::from(stage.min(4))]
    }

    /// Notes how far a stage has come.
    pub(crate) fn set_phase(&mut self, stage: u8, phase: Phase) {
        self.phases[usize::from(stage.min(4))] = phase;
    }
}
