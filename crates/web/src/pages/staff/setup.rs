//! What is configured on this node and what is not yet: departments, offices, calendar, and the
//! accounts of staff.

use askama::Template;
use axum::{Form, extract::State};
use tongban_domain::{
    catalog::{Catalog, Choice, Region},
    codes::{ResidentId, Uscc},
    permission::{Mandate, Role, covers},
};
use tongban_store::{Account, NewAccount, StoreError};

use super::reorganisation::{ToCome, to_come};
use crate::{
    app::App,
    components::{Control, FaultSummary, FormField},
    error::PageResult,
    forms::{Faults, Typed},
    pages::{html, html_with_faults},
    session::{SignedIn, prove},
    shell::{Desk, Frame, Shell},
    unified::Passwords,
};

struct DepartmentLine {
    name: String,
    power: String,
    code: String,
    region: String,
    officers: usize,
    reviewers: usize,
    approvers: usize,
}

impl DepartmentLine {
    fn is_complete(&self) -> bool {
        self.officers > 0 && self.reviewers > 0 && self.approvers > 0
    }
}

#[derive(Template)]
#[template(path = "staff/setup.html")]
struct SetupPage {
    shell: Shell,
    faults: Faults,
    /// What is missing, in sentences.
    missing: Vec<String>,
    departments: Vec<DepartmentLine>,
    fields: Vec<FormField>,
    /// The form of a reorganisation.
    changes: Vec<FormField>,
    /// The form for the code of a department.
    codes: Vec<FormField>,
    /// Reorganisations decided and not in force yet.
    to_come: Vec<ToCome>,
    /// What was just done, in a sentence.
    done: &'static str,
    /// Login and password of the account just made, shown once.
    made: Option<(String, String)>,
    may_edit: bool,
    /// Whether the password that is shown opens anything.
    passwords: Passwords,
}

impl SetupPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

pub(super) fn page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    typed: &Typed,
    faults: Faults,
    made: Option<(String, String)>,
) -> PageResult {
    let store = app.store();
    let (catalog, organisation) = (app.catalog()?, store.organisation());
    let accounts: Vec<Account> =
        store.accounts()?.into_iter().filter(|it| it.closed_at.is_none()).collect();
    let holders =
        |role: Role| accounts.iter().flat_map(|it| &it.mandates).filter(move |it| it.role == role);
    let departments: Vec<DepartmentLine> = organisation
        .departments()
        .filter(|department| department.merged.is_none())
        .map(|department| {
            let count = |role: Role| {
                holders(role).filter(|it| it.department == Some(department.id)).count()
            };
            DepartmentLine {
                name: department.name.clone(),
                power: catalog
                    .departments
                    .get(&department.key)
                    .map_or(department.key.clone(), |role| role.name.clone()),
                code: department.code.as_ref().map_or(String::new(), ToString::to_string),
                region: catalog
                    .regions
                    .get(&department.region)
                    .map_or(String::new(), |region| region.name.clone()),
                officers: count(Role::Officer),
                reviewers: count(Role::Reviewer),
                approvers: count(Role::Approver),
            }
        })
        .collect();
    let mut missing = Vec::new();
    let idle = departments.iter().filter(|department| !department.is_complete()).count();
    if idle > 0 {
        missing.push(format!(
            "{idle} 个部门还没有配齐承办、审核、批准人员，它们的事项受理后没有人办理"
        ));
    }
    let uncoded = departments.iter().filter(|department| department.code.is_empty()).count();
    if uncoded > 0 {
        missing.push(format!("{uncoded} 个部门没有登记统一社会信用代码，它们的电子证照不能制作"));
    }
    for (role, what) in [
        (Role::Window, "综合窗口还没有人员，申报没有人核对"),
        (Role::Supervisor, "还没有督查人员"),
        (Role::Government, "还没有登记政府负责人，联合办理时限不能延长"),
        (Role::SecurityAdministrator, "还没有安全管理员，新建账号的角色没有人授予"),
        (Role::AuditAdministrator, "还没有审计管理员，登录和授权没有人审计"),
    ] {
        if holders(role).next().is_none() {
            missing.push(what.to_owned());
        }
    }
    let alone = |account: &&Account| {
        let offices = account.mandates.iter().map(|mandate| mandate.role);
        let apart = offices.clone().filter(|role| role.stands_alone()).count();
        apart > 0 && account.mandates.len() > 1
    };
    for account in accounts.iter().filter(alone) {
        missing.push(format!(
            "{}一人兼任系统、安全、审计管理员或者其他角色，应当由不同的人分别担任",
            account.name
        ));
    }
    let without: Vec<&str> = catalog
        .departments
        .values()
        .filter(|role| !role.elsewhere)
        .filter(|role| !organisation.departments().any(|it| it.key == role.key))
        .map(|role| role.name.as_str())
        .collect();
    if !without.is_empty() {
        missing.push(format!("没有部门承担：{}", without.join("、")));
    }
    let next_year = store.now().day().year() + 1;
    if !catalog.calendar.official_years().contains(&next_year) {
        missing.push(format!("{next_year} 年的放假安排还没有载入，跨年的期限按周末推算并标明暂定"));
    }
    if catalog.overlays.is_empty() {
        missing.push("没有本地实施清单，承诺时限按省级目录执行".to_owned());
    }
    let faulty = !faults.is_empty();
    let page = SetupPage {
        shell: frame.shell(Desk::Staff),
        missing,
        departments,
        fields: fields(app, who, typed, &faults)?,
        changes: changes(app, typed, &faults),
        codes: codes(app, typed, &faults),
        to_come: to_come(app),
        done: match typed.get("done") {
            "reorganised" => "机构改革已登记，到生效之日自动执行。",
            "coded" => "部门代码已登记，等待制作的证照随后制成。",
            "taken-back" => "机构改革的登记已撤销，部门照旧。",
            _ => "",
        },
        faults,
        made,
        may_edit: who.0.is(Role::SystemAdministrator),
        passwords: app.settings().passwords(),
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

/// Offices that belong to a department, and those of the whole region.
const ROLES: [Role; 12] = [
    Role::Officer,
    Role::Reviewer,
    Role::Approver,
    Role::Window,
    Role::Supervisor,
    Role::Government,
    Role::Administrator,
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
    Role::Owner,
    Role::Agent,
];

const fn in_department(role: Role) -> bool {
    matches!(role, Role::Officer | Role::Reviewer | Role::Approver)
}

fn fields(
    app: &App,
    who: &SignedIn,
    typed: &Typed,
    faults: &Faults,
) -> Result<Vec<FormField>, StoreError> {
    let catalog = app.store().catalog()?;
    let regions = regions(&catalog, who);
    let regions = regions.map(|it| Choice::new(it.code.to_string(), it.name.clone())).collect();
    let organisation = app.store().organisation();
    let departments = organisation
        .departments()
        .filter(|department| department.merged.is_none())
        .map(|department| Choice::new(department.id.to_string(), department.name.clone()));
    let roles = ROLES.map(|role| Choice::new(role.key().to_owned(), role.name().to_owned()));
    let show = |field: FormField| field.again(typed, faults);
    Ok(vec![
        show(FormField::own("name", "姓名", Control::Line)),
        show(FormField::own("login", "账号", Control::Line)),
        show(FormField::own("phone", "联系电话", Control::Typed("tel", "tel"))).optional(),
        show(FormField::own("id_number", "居民身份号码", Control::Line))
            .hint("用统一身份认证登录的要填；加密保存")
            .optional(),
        show(FormField::own("role", "角色", Control::Select(roles.to_vec()))),
        show(FormField::own("department", "部门", Control::Select(departments.collect())))
            .hint("承办、审核、批准人员要选")
            .optional(),
        show(FormField::own("region", "辖区", Control::Select(regions)))
            .hint("综合窗口、督查、政府负责人和事项管理员的管辖范围；不选为本级")
            .optional(),
        show(FormField::own("uscc", "统一社会信用代码", Control::Line))
            .hint("建设单位人员要填")
            .optional(),
        show(FormField::own("unit", "单位名称", Control::Line)).hint("建设单位人员要填").optional(),
    ])
}

/// The region for which somebody makes accounts.
fn own_region(who: &SignedIn) -> u32 {
    let keeps = |it: &&Mandate| it.role == Role::SystemAdministrator;
    let mandate = who.0.mandates.iter().find(keeps).or(who.0.mandates.first());
    mandate.map_or(0, |mandate| mandate.region)
}

/// For which regions there may be offices: those of the node, and the province, whose list the
/// node has a copy of.
fn regions<'a>(catalog: &'a Catalog, who: &SignedIn) -> impl Iterator<Item = &'a Region> {
    let own = own_region(who);
    let known = catalog.regions.values();
    known.filter(move |it| it.parent.is_none() || covers(catalog, own, it.code))
}

fn standing(app: &App) -> Vec<Choice> {
    let organisation = app.store().organisation();
    let standing = organisation.departments().filter(|department| department.merged.is_none());
    standing
        .map(|department| Choice::new(department.id.to_string(), department.name.clone()))
        .collect()
}

fn codes(app: &App, typed: &Typed, faults: &Faults) -> Vec<FormField> {
    let show = |field: FormField| field.again(typed, faults);
    vec![
        show(FormField::own("coded", "部门", Control::Select(standing(app)))),
        show(FormField::own("code", "统一社会信用代码", Control::Line))
            .hint("十八位；电子证照标识里的颁发机构代码"),
    ]
}

fn changes(app: &App, typed: &Typed, faults: &Faults) -> Vec<FormField> {
    let standing = standing(app);
    let show = |field: FormField| field.again(typed, faults);
    vec![
        show(FormField::own("which", "哪个部门", Control::Select(standing.clone()))),
        show(FormField::own("new_name", "更名为", Control::Line)).optional(),
        show(FormField::own("into", "或者并入", Control::Select(standing))).optional(),
        show(FormField::own("from", "生效日期", Control::Typed("date", "off"))),
        show(FormField::own("basis", "依据的文件和编号", Control::Line)),
    ]
}

pub(crate) async fn setup(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    let typed = Typed::new(pairs);
    app.run(move |app| page(app, &frame, &who, &typed, Faults::default(), None)).await
}

/// Makes an account for somebody of the authority, with a password that is shown once.
pub(crate) async fn make_account(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        prove(app, &who.0, who.1, &typed)?;
        let mut faults = Faults::default();
        for (name, label) in [("name", "姓名"), ("login", "账号")] {
            if typed.get(name).is_empty() {
                faults.add(name, format!("请填写{label}"));
            }
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if !typed.get("login").chars().all(plain) {
            faults.add("login", "账号只能用字母、数字和 - _ .");
        }
        let number = match typed.get("id_number") {
            "" => String::new(),
            typed => match typed.parse::<ResidentId>() {
                Ok(number) => number.in_clear().to_owned(),
                Err(_) => {
                    faults.add("id_number", "居民身份号码有误，请核对十八位号码");
                    String::new()
                }
            },
        };
        let role = Role::from_key(typed.get("role")).filter(|role| ROLES.contains(role));
        let store = app.store();
        let catalog = store.catalog()?;
        let region = match typed.get("region") {
            "" => Some(own_region(&who)),
            typed => regions(&catalog, &who).map(|it| it.code).find(|it| it.to_string() == typed),
        };
        // Only the list is also kept for the province.
        let whole =
            region.and_then(|it| catalog.regions.get(&it)).is_some_and(|it| it.parent.is_none());
        let regional = role.filter(|it| !in_department(*it) && !it.is_outside());
        if region.is_none() || whole && regional.is_some_and(|it| it != Role::Administrator) {
            faults.add("region", "请选择本节点辖区内的地区；省级只有事项管理员");
        }
        let department = typed.get("department").parse().ok();
        let department = department.filter(|id| store.organisation().department(*id).is_some());
        match role {
            None => faults.add("role", "请选择角色"),
            Some(role) if in_department(role) && department.is_none() => {
                faults.add("department", "请选择部门");
            }
            Some(Role::Owner) => {
                if typed.get("uscc").parse::<Uscc>().is_err() {
                    faults.add("uscc", "统一社会信用代码有误，请核对十八位代码");
                }
                if typed.get("unit").is_empty() {
                    faults.add("unit", "请填写单位名称");
                }
            }
            Some(_) => {}
        }
        if let (Some(role), true) = (role, faults.is_empty()) {
            let department = department.filter(|_| in_department(role));
            let region = match department
                .and_then(|id| store.organisation().department(id).map(|it| it.region))
            {
                Some(region) => region,
                None => region.unwrap_or_else(|| own_region(&who)),
            };
            let unit = typed.get("unit").to_owned();
            let organisation = (role == Role::Owner)
                .then(|| typed.get("uscc").parse().ok().map(|uscc| (uscc, unit)))
                .flatten();
            let password = store.new_password();
            let made = store.make_account(NewAccount {
                login: typed.get("login").to_owned(),
                password: password.clone(),
                name: typed.get("name").to_owned(),
                phone: typed.get("phone").to_owned(),
                id_number: number,
                organisation,
                mandates: vec![Mandate { role, department, region }],
                temporary: true,
                made_by: Some(who.0.id),
            });
            match made {
                Ok(account) => {
                    let made = Some((account.login, password));
                    return page(app, &frame, &who, &Typed::default(), Faults::default(), made);
                }
                Err(StoreError::Taken(_)) => faults.add("login", "这个账号已经有人使用"),
                Err(error) => return Err(error.into()),
            }
        }
        page(app, &frame, &who, &typed, faults, None)
    })
    .await
}
