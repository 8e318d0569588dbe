//! What pages show of a project, worked out once: names, sentences, clocks, the ladder, the
//! timeline.

mod case;
mod consultations;
mod documents;
mod hearing;
mod ladder;
mod ledger;
mod milestones;
mod names;
mod papers;
mod registers;
mod timeline;

pub(crate) use case::{CaseSummary, case_turn, clock_mark};
pub(crate) use consultations::{ConsultationsView, consultations_view};
pub(crate) use documents::{
    About as DocumentsAbout, DocumentLine, document_lines, force_chip, force_sentence,
};
pub(crate) use hearing::{HearingView, hearing_view};
pub(crate) use ladder::{LadderStage, PlanLine, ladder, plan_lines};
pub(crate) use ledger::{LedgerView, ledger_view};
pub(crate) use milestones::{MilestoneLine, milestone_lines};
pub(crate) use names::Names;
pub(crate) use papers::{PaperLine, paper_lines};
pub(crate) use registers::{RegisterLine, Registers};
pub(crate) use timeline::{Timeline, timeline};
