//! Reorganisations (机构改革): a department goes by another name, or its powers, cases and staff
//! go to another, from a day on.

use axum::{Form, extract::State};
use tongban_domain::{
    acts::ActName, codes::Uscc, ids::DepartmentId, organisation::OrganisationFact,
    refusal::Refusal, time::Day,
};
use tongban_store::ActError;

use super::{act_only, setup};
use crate::{
    app::App,
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::redirect,
    session::SignedIn,
    shell::Frame,
    words,
};

/// Something decided that takes effect later.
pub(super) struct ToCome {
    pub(super) department: String,
    pub(super) from: String,
    pub(super) sentence: String,
}

/// What was decided and takes effect later.
pub(super) fn to_come(app: &App) -> Vec<ToCome> {
    let organisation = app.store().organisation();
    let name = |id: &DepartmentId| {
        organisation.department(*id).map_or(String::new(), |department| department.name.clone())
    };
    let sentence = |(from, fact): &(_, OrganisationFact)| match fact {
        OrganisationFact::DepartmentRenamed { department, name: new, basis, .. } => {
            format!("{}起，{}更名为{new}（{basis}）", words::day(*from), name(department))
        }
        OrganisationFact::DepartmentMerged { department, into, basis, .. } => format!(
            "{}起，{}并入{}，办件和人员一并移交（{basis}）",
            words::day(*from),
            name(department),
            name(into)
        ),
        OrganisationFact::DepartmentEstablished { .. }
        | OrganisationFact::DepartmentCoded { .. }
        | OrganisationFact::SystemConnected { .. }
        | OrganisationFact::SystemDisconnected { .. }
        | OrganisationFact::SystemAdmitted { .. }
        | OrganisationFact::ChangeTakenBack { .. } => String::new(),
    };
    let line = |change: &(Day, OrganisationFact)| ToCome {
        department: change.1.department().to_string(),
        from: change.0.to_string(),
        sentence: sentence(change),
    };
    organisation.to_come().map(line).collect()
}

/// Renames a department when a name is given, merges it when another is chosen.
pub(crate) async fn reorganise(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        let merges = !typed.get("into").is_empty();
        act_only(&who, if merges { ActName::MergeDepartment } else { ActName::RenameDepartment })?;
        let mut faults = Faults::default();
        let department: Option<DepartmentId> = typed.get("which").parse().ok();
        if department.is_none() {
            faults.add("which", "请选择部门");
        }
        let (name, into) = (typed.get("new_name"), typed.get("into").parse().ok());
        if name.is_empty() == into.is_none() {
            faults.add("new_name", "请填写新的名称，或者选择并入的部门，两项只能填一项");
        }
        let from = typed.get("from").parse().ok();
        if from.is_none() {
            faults.add("from", "请填写生效的日期，如 2026-07-01");
        }
        if typed.get("basis").is_empty() {
            faults.add("basis", "请写明依据的文件和编号");
        }
        if let (Some(department), Some(from), true) = (department, from, faults.is_empty()) {
            let when = (from, typed.get("basis"));
            let done = match into {
                Some(into) => app.store().merge_department(department, into, when, who.0.id),
                None => app.store().rename_department(department, name, when, who.0.id),
            };
            match done {
                Ok(()) | Err(ActError::Refused(Refusal::AlreadySo)) => {
                    return Ok(redirect("/s/admin/setup?done=reorganised"));
                }
                Err(ActError::Refused(refusal)) => {
                    faults.add("from", words::refusal(&refusal, &*app.catalog()?));
                }
                Err(error) => return Err(error.into()),
            }
        }
        setup::page(app, &frame, &who, &typed, faults, None)
    })
    .await
}

/// Puts the unified social credit code of a department on record.
pub(crate) async fn register_code(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        let mut faults = Faults::default();
        let department: Option<DepartmentId> = typed.get("coded").parse().ok();
        if department.is_none() {
            faults.add("coded", "请选择部门");
        }
        let code: Option<Uscc> = typed.get("code").parse().ok();
        if code.is_none() {
            faults.add("code", "统一社会信用代码有误，请核对十八位代码");
        }
        if let (Some(department), Some(code)) = (department, code) {
            match app.store().register_department_code(department, code, Some(who.0.id)) {
                Ok(()) | Err(ActError::Refused(Refusal::AlreadySo)) => {
                    return Ok(redirect("/s/admin/setup?done=coded"));
                }
                Err(ActError::Refused(refusal)) => {
                    faults.add("coded", words::refusal(&refusal, &*app.catalog()?));
                }
                Err(error) => return Err(error.into()),
            }
        }
        setup::page(app, &frame, &who, &typed, faults, None)
    })
    .await
}

/// Takes back what was decided for a day still to come.
pub(crate) async fn take_back_change(
    State(app): State<App>,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        let department = typed.get("which").parse().map_err(|_| PageError::NotFound)?;
        let from = typed.get("from").parse().map_err(|_| PageError::NotFound)?;
        match app.store().take_back_change(department, from, who.0.id) {
            Ok(()) | Err(ActError::Refused(Refusal::AlreadySo)) => {
                Ok(redirect("/s/admin/setup?done=taken-back"))
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}
