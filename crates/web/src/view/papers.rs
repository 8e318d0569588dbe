//! The set of papers of an application, as a list with where each came from.

use tongban_domain::{
    application::Application,
    paper::{FilledSlot, Provenance},
    project::Project,
};
use tongban_store::{Store, StoreError};

use super::{Names, RegisterLine, Registers};
use crate::{
    components::{Chip, ItemState},
    words,
};

/// A file to open.
pub(crate) struct FileLink {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) meta: String,
}

/// A paper in the set.
pub(crate) struct PaperLine {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) chip: Chip,
    /// Where it came from; empty when it was simply uploaded.
    pub(crate) source: String,
    /// What a register says about it.
    pub(crate) register: Option<RegisterLine>,
    pub(crate) file: Option<FileLink>,
    pub(crate) older: Vec<FileLink>,
    /// The owner hands it in, so it may be sent back.
    pub(crate) from_owner: bool,
}

/// All papers of an application, in order; `only` keeps those that one item asks for.
pub(crate) fn paper_lines(
    store: &Store,
    project: &Project,
    application: &Application,
    names: &Names,
    only: Option<&str>,
) -> Result<Vec<PaperLine>, StoreError> {
    let registers = Registers::of(store, project)?;
    application
        .slots
        .iter()
        .filter(|slot| only.is_none_or(|item| slot.slot.items.iter().any(|asks| asks == item)))
        .map(|slot| paper_line(store, (project, &registers), slot, names))
        .collect()
}

fn paper_line(
    store: &Store,
    (project, registers): (&Project, &Registers<'_>),
    slot: &FilledSlot,
    names: &Names,
) -> Result<PaperLine, StoreError> {
    let mut files = Vec::new();
    for (at, from) in &slot.versions {
        if let Some(reference) = from.file()
            && let Some(file) = store.file(reference.file)?
        {
            files.push(FileLink {
                url: format!("/files/{}", file.id),
                name: file.name,
                meta: format!("{} · {}提交", words::size(file.size), words::short_day(at.day())),
            });
        }
    }
    let file = files.pop();
    let (chip, source) = match slot.current() {
        Some(Provenance::Uploaded(_)) => (Chip::new(ItemState::Done, "已提交"), String::new()),
        Some(Provenance::Earlier(application, _)) => {
            let number = project.applications.get(application).map_or("", |it| it.number.as_str());
            let source = format!("本项目申报 {number} 已提交，不用再交");
            (Chip::new(ItemState::Done, "已调取"), source)
        }
        Some(Provenance::Library(from, _)) => {
            let from = store.project(*from)?.map_or(String::new(), |it| it.name.clone());
            let source = format!("建设单位从「{from}」带入");
            (Chip::new(ItemState::Done, "已提交"), source)
        }
        Some(Provenance::Instead(_, reason)) => {
            let source = format!("建设单位改为上传：{}，请核验", names.reason(reason));
            (Chip::new(ItemState::Done, "已提交"), source)
        }
        Some(Provenance::NotNeeded(reason)) => {
            let source = format!("建设单位说明不需要：{}", names.reason(reason));
            (Chip::new(ItemState::NotNeeded, "不需要"), source)
        }
        Some(Provenance::Result(case)) => {
            let document = project
                .cases
                .get(case)
                .and_then(|case| case.decision.as_ref())
                .and_then(|decided| decided.decision.document.clone());
            let source = format!("平台已有结果，免交：{}", document.unwrap_or_default());
            (Chip::new(ItemState::Done, "已调取"), source)
        }
        Some(Provenance::Awaited(code)) => {
            let source = format!("由「{}」的办理结果自动带入，免交", names.item(code));
            (Chip::new(ItemState::NotNeeded, "免交"), source)
        }
        Some(Provenance::Register(name)) => {
            (Chip::new(ItemState::NotNeeded, "免交"), format!("由窗口向{name}核验，免交"))
        }
        None if slot.slot.deferrable => {
            (Chip::new(ItemState::Tolerated, "容缺后补"), "可以容缺，受理后补交".to_owned())
        }
        None => (Chip::new(ItemState::Todo, "未提交"), String::new()),
    };
    let register = registers.about(&slot.slot.paper);
    let answered = register.as_ref().is_some_and(|line| line.answered);
    let by_register = matches!(slot.current(), Some(Provenance::Register(_)));
    let source = if answered && by_register { String::new() } else { source };
    let from_owner = slot.current().is_none_or(Provenance::is_owners);
    Ok(PaperLine {
        from_owner,
        key: slot.slot.paper.clone(),
        name: slot.slot.name.clone(),
        chip,
        source,
        register,
        file,
        older: files,
    })
}
