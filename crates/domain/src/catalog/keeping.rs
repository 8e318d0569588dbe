//! Who keeps which part of a pack: the province its whole, a city or county the overlays of its
//! own regions (省、市、县三级事项清单).

use std::collections::BTreeMap;

use toml::Table;

use super::{Catalog, SourceFile};
use crate::permission::covers;

/// Paths of files that differ between two packs and are not for an office of these regions to
/// change, in order. An office of the province keeps all of it.
#[must_use]
pub fn beyond_office(
    catalog: &Catalog,
    offices: &[u32],
    before: &[SourceFile],
    after: &[SourceFile],
) -> Vec<String> {
    let whole = |office| catalog.regions.get(office).is_some_and(|region| region.parent.is_none());
    if offices.iter().any(whole) {
        return Vec::new();
    }
    let mut paths: BTreeMap<&str, [Option<&SourceFile>; 2]> = BTreeMap::new();
    for (side, files) in [before, after].into_iter().enumerate() {
        for file in files {
            let sides = paths.entry(file.path.as_str()).or_default();
            sides[side] = Some(file);
        }
    }
    let own = |file: &SourceFile| {
        let region = overlay_region(file);
        region.is_some_and(|region| offices.iter().any(|office| covers(catalog, *office, region)))
    };
    paths
        .into_iter()
        .filter(|(_, [before, after])| before.map(|it| &it.text) != after.map(|it| &it.text))
        // As it was and as it is now: nobody takes over a file by writing another region into it.
        .filter(|(_, sides)| !sides.iter().flatten().all(|file| own(file)))
        .map(|(path, _)| path.to_owned())
        .collect()
}

/// The region that an overlay says it is for, or its name while it says nothing that can be read:
/// somebody is writing at it. None for any other file.
#[must_use]
pub fn overlay_region(file: &SourceFile) -> Option<u32> {
    if !file.path.starts_with("overlays/") || !file.path.ends_with(".toml") {
        return None;
    }
    let table: Option<Table> = file.text.parse().ok();
    let said = table.as_ref().and_then(|table| table.get("overlay")?.get("region")?.as_integer());
    match said {
        Some(region) => u32::try_from(region).ok(),
        None => file.path.trim_start_matches("overlays/").trim_end_matches(".toml").parse().ok(),
    }
}

/// A new overlay that changes nothing yet, to be filled in.
#[must_use]
pub fn new_overlay(catalog: &Catalog, region: u32) -> Option<SourceFile> {
    let known = catalog.regions.get(&region)?;
    let mut overlay = Table::new();
    overlay.insert("region".to_owned(), i64::from(region).into());
    overlay.insert("name".to_owned(), format!("{}工程建设项目审批事项实施清单", known.name).into());
    overlay.insert("version".to_owned(), "1".into());
    overlay.insert("signed_off_by".to_owned(), "".into());
    let text = format!(
        "# 只能缩短承诺时限、减少材料、指明本地部门和办理地点。例：\n\
         # [[item]]\n# code = \"SG-09\"\n# promised = \"3\"\n# drop_papers = []\n\n[overlay]\n{overlay}"
    );
    Some(SourceFile { path: format!("overlays/{region}.toml"), text })
}
