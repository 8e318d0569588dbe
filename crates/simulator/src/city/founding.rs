//! Founding a city: one department for each role of the catalogue, people in every office, and
//! owners with an account each.

use std::collections::BTreeMap;

use tongban_domain::{
    catalog::DepartmentRole,
    fact::Channel,
    ids::DepartmentId,
    permission::{Actor, Mandate, Role},
    project::OrganisationReference,
    time::Day,
};
use tongban_store::{NewAccount, Store};

use super::{
    City, DEMO_PASSWORD, Owner, Staff,
    companies::{COMPANIES, Trade, code, department_code},
    names::{person, phone},
};
use crate::{dice::Dice, error::SimulationError};

/// 2018-01-01: before any project that a simulation starts.
const ESTABLISHED: Day = Day(17_532);

/// Establishes the departments of a city and makes accounts for its staff and owners, all with
/// [`DEMO_PASSWORD`]. Logins are `owner`, `window`, `supervisor`, `government`, `admin`, `admin-city`,
/// `sysadmin`, `secadmin`, `auditor`, `agent` and, for a department,
/// `officer-planning`, `officer2-planning`, `reviewer-planning`, `approver-planning`.
///
/// # Errors
/// When the node has no catalogue, no such region, or has these accounts already.
pub fn found_city(store: &Store, city: u32) -> Result<City, SimulationError> {
    let catalog = store.catalog()?;
    let region = catalog
        .regions
        .get(&city)
        .ok_or_else(|| SimulationError::Missing(format!("region {city}")))?;
    let province = catalog.region_and_above(city).last().map_or(city, |it| it.code);
    let mut founder = Founder {
        store,
        region: city,
        dice: Dice::seeded(u64::from(city)),
        departments: 0,
        // One hash for all: hashing is slow on purpose, and the password is known anyway.
        hash: store.hash_password(DEMO_PASSWORD)?,
    };
    let mut departments = BTreeMap::new();
    for role in catalog.departments.values() {
        if !role.elsewhere {
            let staff = founder.department(role, &region.name)?;
            departments.insert(staff.id, staff);
        }
    }
    Ok(City {
        region: city,
        name: region.name.clone(),
        departments,
        windows: [
            founder.official("window", Role::Window, None)?,
            founder.official("window2", Role::Window, None)?,
        ],
        supervisor: founder.official("supervisor", Role::Supervisor, None)?,
        government: founder.official("government", Role::Government, None)?,
        administrator: founder.keeper("admin", province)?,
        owners: founder.owners()?,
        system_administrator: founder.official("sysadmin", Role::SystemAdministrator, None)?,
        security_administrator: founder.official("secadmin", Role::SecurityAdministrator, None)?,
        audit_administrator: founder.official("auditor", Role::AuditAdministrator, None)?,
        city_administrator: founder.keeper("admin-city", city)?,
        agent: founder.official("agent", Role::Agent, None)?,
    })
}

struct Founder<'a> {
    store: &'a Store,
    region: u32,
    dice: Dice,
    /// How many departments there are.
    departments: u32,
    hash: String,
}

impl Founder<'_> {
    fn department(&mut self, role: &DepartmentRole, city: &str) -> Result<Staff, SimulationError> {
        let name = format!("{city}{}", role.title);
        let id = self.store.establish_department(&role.key, &name, self.region, ESTABLISHED)?;
        let code = department_code(self.region, self.departments)?;
        self.departments += 1;
        self.store.register_department_code(id, code, None)?;
        let key = &role.key;
        Ok(Staff {
            id,
            key: key.clone(),
            name,
            officers: [
                self.official(&format!("officer-{key}"), Role::Officer, Some(id))?,
                self.official(&format!("officer2-{key}"), Role::Officer, Some(id))?,
            ],
            reviewer: self.official(&format!("reviewer-{key}"), Role::Reviewer, Some(id))?,
            approver: self.official(&format!("approver-{key}"), Role::Approver, Some(id))?,
        })
    }

    /// Somebody who keeps the catalogue at the level of a region.
    fn keeper(&mut self, login: &str, region: u32) -> Result<Actor, SimulationError> {
        let name = person(&mut self.dice);
        let phone = phone(&mut self.dice);
        let mandates = vec![Mandate { role: Role::Administrator, department: None, region }];
        self.account(login, name, phone, None, mandates)
    }

    fn official(
        &mut self,
        login: &str,
        role: Role,
        department: Option<DepartmentId>,
    ) -> Result<Actor, SimulationError> {
        let name = person(&mut self.dice);
        let phone = phone(&mut self.dice);
        let mandates = vec![Mandate { role, department, region: self.region }];
        self.account(login, name, phone, None, mandates)
    }

    fn owners(&mut self) -> Result<Vec<Owner>, SimulationError> {
        let mut owners = Vec::new();
        for (place, (name, trade)) in COMPANIES.into_iter().enumerate() {
            owners.push(self.owner(place as u32, name, trade)?);
        }
        Ok(owners)
    }

    fn owner(&mut self, place: u32, name: &str, trade: Trade) -> Result<Owner, SimulationError> {
        let login = if place == 0 { "owner".to_owned() } else { format!("owner{}", place + 1) };
        let uscc = code(trade, self.region, place)?;
        let organisation = OrganisationReference { uscc, name: name.to_owned() };
        let representative = person(&mut self.dice);
        let contact = person(&mut self.dice);
        let phone = phone(&mut self.dice);
        let mandate = Mandate { role: Role::Owner, department: None, region: self.region };
        let actor = self.account(
            &login,
            contact.clone(),
            phone.clone(),
            Some(&organisation),
            vec![mandate],
        )?;
        Ok(Owner { organisation, trade, representative, contact, phone, actor })
    }

    fn account(
        &self,
        login: &str,
        name: String,
        phone: String,
        organisation: Option<&OrganisationReference>,
        mandates: Vec<Mandate>,
    ) -> Result<Actor, SimulationError> {
        let new = NewAccount {
            temporary: false,
            login: login.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
            name,
            phone,
            id_number: String::new(),
            organisation: organisation.map(|known| (known.uscc.clone(), known.name.clone())),
            mandates,
            made_by: None,
        };
        let account = self.store.make_account_hashed(new, &self.hash)?;
        Ok(account.actor(Channel::Web))
    }
}
