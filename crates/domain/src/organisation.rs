//! Departments (部门) as dated facts. The catalogue names a role key; the region's
//! organisation resolves it to the body that holds that power there.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::{catalog::Catalog, fact::Fact, ids::DepartmentId, time::Day};

/// What happened to the organisation of the region.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum OrganisationFact {
    /// A department took up its powers (设立).
    #[n(0)]
    DepartmentEstablished {
        /// Its id.
        #[n(0)]
        department: DepartmentId,
        /// Role key of the catalogue.
        #[n(1)]
        key: String,
        /// Its name.
        #[n(2)]
        name: String,
        /// Code of the region.
        #[n(3)]
        region: u32,
        /// First day.
        #[n(4)]
        from: Day,
    },
}

/// A department of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Id.
    pub id: DepartmentId,
    /// Role key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Code of the region.
    pub region: u32,
    /// First day of its powers.
    pub from: Day,
}

/// All departments this node knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    departments: BTreeMap<DepartmentId, Department>,
}

impl Organisation {
    /// Takes one fact in.
    pub fn evolve(&mut self, fact: &Fact) {
        if let Fact::Organisation(OrganisationFact::DepartmentEstablished {
            department,
            key,
            name,
            region,
            from,
        }) = fact
        {
            let established = Department {
                id: *department,
                key: key.clone(),
                name: name.clone(),
                region: *region,
                from: *from,
            };
            self.departments.insert(*department, established);
        }
    }

    /// A department by id.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(&id)
    }

    /// All departments, by id.
    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.values()
    }

    /// The body that holds a power for a region: its own, else that of the region above.
    #[must_use]
    pub fn resolve(&self, catalog: &Catalog, key: &str, region: u32) -> Option<&Department> {
        catalog.region_and_above(region).find_map(|region| {
            self.departments
                .values()
                .find(|department| department.key == key && department.region == region.code)
        })
    }
}
