//! Ways of handling and the measures that open or close them.

use tongban_domain::{
    catalog::{Catalog, Effect, MeasureCause},
    mode::{Ground, ModeReason},
};

use super::day;

/// What decides whether a way of handling is open, without a full stop.
pub(crate) fn mode_reason(reason: &ModeReason) -> String {
    let why = match &reason.ground {
        Ground::Listed => "事项清单允许".to_owned(),
        Ground::NotListed => "事项清单没有列入".to_owned(),
        Ground::KeyProject => "重点项目".to_owned(),
        Ground::Credit { kind, until, .. } => {
            format!("建设单位有“{}”，有效期至{}", kind.name(), day(*until))
        }
    };
    if reason.basis.is_empty() { why } else { format!("{why}（{}）", reason.basis) }
}

/// The published list of measures, a sentence for each cause.
pub(crate) fn measures(catalog: &Catalog) -> Vec<String> {
    let mut causes: Vec<MeasureCause> = Vec::new();
    for measure in &catalog.measures {
        if !causes.contains(&measure.when) {
            causes.push(measure.when);
        }
    }
    let sentence = |cause: MeasureCause| {
        let of_cause = || catalog.measures.iter().filter(move |measure| measure.when == cause);
        let effects: Vec<&str> = of_cause().map(|measure| effect(measure.effect)).collect();
        let mut basis: Vec<String> =
            of_cause().flat_map(|it| &it.basis).map(|law| catalog.cite(law)).collect();
        basis.dedup();
        let when = match cause {
            MeasureCause::KeyProject => "重点项目",
            MeasureCause::Credit(kind) => kind.name(),
        };
        format!("{when}：{}（{}）", effects.join("、"), basis.join("、"))
    };
    causes.into_iter().map(sentence).collect()
}

/// What a measure does.
pub(crate) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::GreenChannel => "进绿色通道，各部门优先办理",
        Effect::NoGreenChannel => "不进绿色通道",
        Effect::NoCommitment => "不适用告知承诺",
        Effect::NoDeferral => "不适用容缺受理",
    }
}
