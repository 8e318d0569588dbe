//! Ways of handling (办理方式): which are open to a case, and why. A function of the item's
//! lists, the project, the measures of the pack and the owner's credit; its outcome is stored
//! with the case, so that it can be explained years later.

use minicbor::{Decode, Encode};

use crate::{
    catalog::{Catalog, Effect, Item, MeasureCause},
    credit::{Credit, CreditKind},
    ids::CreditRecordId,
    project::Project,
    time::Day,
};

/// A way of handling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Mode {
    /// 告知承诺: decided at once on a signed promise, checked later.
    #[n(0)]
    Commitment,
    /// 容缺受理: listed papers may follow.
    #[n(1)]
    Deferral,
    /// 绿色通道: first in every queue.
    #[n(2)]
    GreenChannel,
}

impl Mode {
    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commitment => "告知承诺",
            Self::Deferral => "容缺受理",
            Self::GreenChannel => "绿色通道",
        }
    }
}

/// What decides whether a way is open.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Ground {
    /// The item's list allows it.
    #[n(0)]
    Listed,
    /// The item is not on the list; matters of public safety, ecology, life and health never
    /// are for commitment.
    #[n(1)]
    NotListed,
    /// The project is a key project (重点项目).
    #[n(2)]
    KeyProject,
    /// A credit record of the owner.
    #[n(3)]
    Credit {
        /// Which.
        #[n(0)]
        record: CreditRecordId,
        /// What kind.
        #[n(1)]
        kind: CreditKind,
        /// The last day it may be used.
        #[n(2)]
        until: Day,
    },
}

/// Why a way of handling was open to a case or closed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ModeReason {
    /// The way.
    #[n(0)]
    pub mode: Mode,
    /// Whether it is open.
    #[n(1)]
    pub open: bool,
    /// What decides it.
    #[n(2)]
    pub ground: Ground,
    /// Legal basis of the measure applied; empty where the item's own list decides.
    #[n(3)]
    pub basis: String,
}

/// The ways of handling an item, each with what decides it. Items merged into it (合并办理) are
/// part of its case and go the way it goes.
#[must_use]
pub fn modes(
    catalog: &Catalog,
    project: &Project,
    item: &Item,
    credit: &Credit,
    day: Day,
) -> Vec<ModeReason> {
    let bar = |effect| applied(catalog, project, credit, day, effect);
    let listed = |mode, listed: bool, effect| {
        let barred = if listed { bar(effect) } else { None };
        match barred {
            Some((ground, basis)) => ModeReason { mode, open: false, ground, basis },
            None => {
                let ground = if listed { Ground::Listed } else { Ground::NotListed };
                ModeReason { mode, open: listed, ground, basis: String::new() }
            }
        }
    };
    let mut modes = vec![
        listed(Mode::Commitment, item.commitment, Effect::NoCommitment),
        listed(Mode::Deferral, item.deferral, Effect::NoDeferral),
    ];
    modes.extend(green_channel(catalog, project, credit, day));
    modes
}

/// Whether the project goes first, and why; nothing where neither measure nor record says so.
#[must_use]
pub fn green_channel(
    catalog: &Catalog,
    project: &Project,
    credit: &Credit,
    day: Day,
) -> Option<ModeReason> {
    let mode = Mode::GreenChannel;
    let (ground, basis) = applied(catalog, project, credit, day, Effect::GreenChannel)?;
    let barred = match ground {
        // The key project goes first for its own sake, not the owner's.
        Ground::KeyProject => None,
        Ground::Credit { .. } | Ground::Listed | Ground::NotListed => {
            applied(catalog, project, credit, day, Effect::NoGreenChannel)
        }
    };
    Some(match barred {
        Some((ground, basis)) => ModeReason { mode, open: false, ground, basis },
        None => ModeReason { mode, open: true, ground, basis },
    })
}

/// The first measure of the pack with this effect whose cause holds. Only what a published list
/// of measures names may be applied.
fn applied(
    catalog: &Catalog,
    project: &Project,
    credit: &Credit,
    day: Day,
    effect: Effect,
) -> Option<(Ground, String)> {
    catalog.measures.iter().filter(|measure| measure.effect == effect).find_map(|measure| {
        let ground = match measure.when {
            MeasureCause::KeyProject => project.key.then_some(Ground::KeyProject),
            MeasureCause::Credit(kind) => credit
                .of(&project.owner.uscc, day)
                .find(|record| record.entry.kind == kind)
                .map(|record| Ground::Credit {
                    record: record.entry.record,
                    kind,
                    until: record.entry.until,
                }),
        };
        let basis: Vec<String> = measure.basis.iter().map(|law| catalog.cite(law)).collect();
        ground.map(|ground| (ground, basis.join("、")))
    })
}
