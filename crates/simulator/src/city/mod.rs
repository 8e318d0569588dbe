//! The city: its departments with their staff, its window, and the owners who build there.

mod companies;
mod firms;
mod founding;
mod names;

use std::collections::BTreeMap;

use tongban_domain::{ids::DepartmentId, permission::Actor, project::OrganisationReference};

pub use companies::Trade;
pub(crate) use firms::{Craft, firm};
pub use founding::found_city;
pub(crate) use names::{person, phone};

/// The one password of all accounts of a simulated city.
pub const DEMO_PASSWORD: &str = "tongban-2026";

/// A department with the people who handle its cases.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Its id.
    pub id: DepartmentId,
    /// Role key of the catalogue.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Case officers (承办人).
    pub officers: [Actor; 2],
    /// The reviewer (审核人).
    pub reviewer: Actor,
    /// The approver (批准人).
    pub approver: Actor,
}

/// An organisation that builds, with the one who acts for it.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The organisation.
    pub organisation: OrganisationReference,
    /// What it builds for.
    pub trade: Trade,
    /// Name of its legal representative.
    pub representative: String,
    /// Name of the person who acts for it.
    pub contact: String,
    /// That person's telephone.
    pub phone: String,
    /// That person as the one who acts.
    pub actor: Actor,
}

/// Everybody who acts in a simulated city.
#[derive(Debug, Clone)]
pub struct City {
    /// Code of the city.
    pub region: u32,
    /// Its name.
    pub name: String,
    /// Departments by id.
    pub departments: BTreeMap<DepartmentId, Staff>,
    /// Clerks of the integrated window (综合窗口).
    pub windows: [Actor; 2],
    /// Supervision (督查).
    pub supervisor: Actor,
    /// The head of government (本级人民政府负责人).
    pub government: Actor,
    /// The keeper of the catalogue.
    pub administrator: Actor,
    /// Who keeps departments and accounts.
    pub system_administrator: Actor,
    /// Who grants offices.
    pub security_administrator: Actor,
    /// Who looks at what the others did.
    pub audit_administrator: Actor,
    /// Keeps the overlay of the city.
    pub city_administrator: Actor,
    /// Acts for owners who let it (受托人).
    pub agent: Actor,
    /// Owners; the first one has the story project.
    pub owners: Vec<Owner>,
}

impl City {
    /// The people of a department.
    #[must_use]
    pub fn staff(&self, department: DepartmentId) -> Option<&Staff> {
        self.departments.get(&department)
    }

    /// The department with this role key.
    #[must_use]
    pub fn staff_of(&self, key: &str) -> Option<&Staff> {
        self.departments.values().find(|staff| staff.key == key)
    }
}
