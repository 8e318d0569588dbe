//! Departments (部门) as dated facts. The catalogue names a role key; the region's
//! organisation resolves it to the body that holds that power there.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::{catalog::Catalog, codes::Uscc, fact::Fact, ids::DepartmentId, time::Day};

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
    /// It goes by another name from a day on (更名).
    #[n(1)]
    DepartmentRenamed {
        /// Which.
        #[n(0)]
        department: DepartmentId,
        /// Its new name.
        #[n(1)]
        name: String,
        /// First day of the name.
        #[n(2)]
        from: Day,
        /// The document that says so.
        #[n(3)]
        basis: String,
    },
    /// Its powers, cases and staff go to another from a day on (撤并).
    #[n(2)]
    DepartmentMerged {
        /// Which.
        #[n(0)]
        department: DepartmentId,
        /// Into which.
        #[n(1)]
        into: DepartmentId,
        /// First day.
        #[n(2)]
        from: Day,
        /// The document that says so.
        #[n(3)]
        basis: String,
    },
    /// What was decided about it for a day is taken back before that day (撤销登记).
    #[n(3)]
    ChangeTakenBack {
        /// Which.
        #[n(0)]
        department: DepartmentId,
        /// For which day.
        #[n(1)]
        from: Day,
    },
    /// Its unified social credit code is on record; electronic licences name it (颁发机构代码).
    #[n(4)]
    DepartmentCoded {
        /// Which.
        #[n(0)]
        department: DepartmentId,
        /// The code.
        #[n(1)]
        code: Uscc,
    },
    /// Its own system is connected: what it does comes from there (接入部门业务系统). Connecting it
    /// again gives it another key, and the one before is void.
    #[n(5)]
    SystemConnected {
        /// Which.
        #[n(0)]
        department: DepartmentId,
        /// Name of the system.
        #[n(1)]
        system: String,
        /// SM3 of the key it shows. The key is 32 random bytes, so nothing leads back to it.
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        key: [u8; 32],
    },
    /// Its own system is not connected any more (停止接入); the key is void.
    #[n(6)]
    SystemDisconnected {
        /// Which.
        #[n(0)]
        department: DepartmentId,
    },
    /// The key given last counts from now on: somebody else than who gave it says so (核准接入).
    #[n(7)]
    SystemAdmitted {
        /// Which.
        #[n(0)]
        department: DepartmentId,
    },
}

impl OrganisationFact {
    /// The department it is about.
    #[must_use]
    pub const fn department(&self) -> DepartmentId {
        match self {
            Self::DepartmentEstablished { department, .. }
            | Self::DepartmentRenamed { department, .. }
            | Self::DepartmentMerged { department, .. }
            | Self::ChangeTakenBack { department, .. }
            | Self::DepartmentCoded { department, .. }
            | Self::SystemConnected { department, .. }
            | Self::SystemDisconnected { department }
            | Self::SystemAdmitted { department } => *department,
        }
    }
}

/// The system a department keeps for itself (部门业务系统), connected to this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentSystem {
    /// Its name.
    pub name: String,
    /// SM3 of the key it shows.
    pub key: [u8; 32],
    /// Whether the key counts.
    pub admitted: bool,
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
    /// Its unified social credit code, where that is on record.
    pub code: Option<Uscc>,
    /// Its own system, where one is connected.
    pub system: Option<DepartmentSystem>,
    /// First day of its powers.
    pub from: Day,
    /// The department it was merged into, and the document that says so.
    pub merged: Option<(DepartmentId, String)>,
}

impl Department {
    /// Its own system, once its key counts.
    #[must_use]
    pub fn admitted_system(&self) -> Option<&DepartmentSystem> {
        self.system.as_ref().filter(|system| system.admitted)
    }
}

/// All departments this node knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    departments: BTreeMap<DepartmentId, Department>,
    /// Names and mergers with the day from which they hold, in the order they were decided.
    changes: Vec<(Day, OrganisationFact)>,
}

impl Organisation {
    /// Takes one fact in.
    pub fn evolve(&mut self, fact: &Fact) {
        let Fact::Organisation(fact) = fact else { return };
        match fact {
            OrganisationFact::DepartmentEstablished { department, key, name, region, from } => {
                let established = Department {
                    id: *department,
                    key: key.clone(),
                    name: name.clone(),
                    region: *region,
                    code: None,
                    system: None,
                    from: *from,
                    merged: None,
                };
                self.departments.insert(*department, established);
            }
            OrganisationFact::DepartmentRenamed { from, .. }
            | OrganisationFact::DepartmentMerged { from, .. } => {
                self.changes.push((*from, fact.clone()));
            }
            OrganisationFact::ChangeTakenBack { department, from } => {
                self.changes
                    .retain(|(day, change)| day != from || change.department() != *department);
            }
            OrganisationFact::DepartmentCoded { department, code } => {
                if let Some(department) = self.departments.get_mut(department) {
                    department.code = Some(code.clone());
                }
            }
            OrganisationFact::SystemConnected { department, system, key } => {
                if let Some(department) = self.departments.get_mut(department) {
                    department.system =
                        Some(DepartmentSystem { name: system.clone(), key: *key, admitted: false });
                }
            }
            OrganisationFact::SystemDisconnected { department } => {
                if let Some(department) = self.departments.get_mut(department) {
                    department.system = None;
                }
            }
            OrganisationFact::SystemAdmitted { department } => {
                let known = self.departments.get_mut(department);
                if let Some(system) = known.and_then(|it| it.system.as_mut()) {
                    system.admitted = true;
                }
            }
        }
    }

    /// The organisation as it stands on a day: names and mergers in force are applied, later
    /// ones still to come.
    #[must_use]
    pub fn on(&self, day: Day) -> Self {
        let mut standing = self.clone();
        let (mut due, to_come): (Vec<_>, Vec<_>) =
            standing.changes.drain(..).partition(|(from, _)| *from <= day);
        due.sort_by_key(|(from, _)| *from);
        standing.changes = to_come;
        for (_, change) in due {
            match change {
                OrganisationFact::DepartmentRenamed { department, name, .. } => {
                    if let Some(department) = standing.departments.get_mut(&department) {
                        department.name = name;
                    }
                }
                OrganisationFact::DepartmentMerged { department, into, basis, .. } => {
                    if let Some(department) = standing.departments.get_mut(&department) {
                        department.merged = Some((into, basis));
                    }
                }
                OrganisationFact::DepartmentEstablished { .. }
                | OrganisationFact::DepartmentCoded { .. }
                | OrganisationFact::SystemConnected { .. }
                | OrganisationFact::SystemDisconnected { .. }
                | OrganisationFact::SystemAdmitted { .. }
                | OrganisationFact::ChangeTakenBack { .. } => {}
            }
        }
        standing
    }

    /// What was decided and is not in force yet, with its first day.
    pub fn to_come(&self) -> impl Iterator<Item = &(Day, OrganisationFact)> {
        self.changes.iter()
    }

    /// The department and all that were merged into it.
    pub fn with_predecessors(&self, id: DepartmentId) -> impl Iterator<Item = DepartmentId> {
        let merged = self.departments.keys().copied();
        merged.filter(move |known| self.successor(*known) == id)
    }

    /// The department that has the powers, cases and staff of this one now: itself, unless it
    /// was merged.
    #[must_use]
    pub fn successor(&self, id: DepartmentId) -> DepartmentId {
        let mut at = id;
        // A merger into itself by a detour is refused; the bound only keeps this total.
        for _ in 0..=self.departments.len() {
            match self.departments.get(&at).and_then(|department| department.merged.as_ref()) {
                Some((into, _)) => at = *into,
                None => break,
            }
        }
        at
    }

    /// The first day of a merger of this department that is decided and still to come.
    #[must_use]
    pub fn merges_on(&self, id: DepartmentId) -> Option<Day> {
        self.changes.iter().find_map(|(from, change)| match change {
            OrganisationFact::DepartmentMerged { department, .. } => {
                (*department == id).then_some(*from)
            }
            OrganisationFact::DepartmentRenamed { .. }
            | OrganisationFact::DepartmentEstablished { .. }
            | OrganisationFact::DepartmentCoded { .. }
            | OrganisationFact::SystemConnected { .. }
            | OrganisationFact::SystemDisconnected { .. }
            | OrganisationFact::SystemAdmitted { .. }
            | OrganisationFact::ChangeTakenBack { .. } => None,
        })
    }

    /// Whether merging one department into another, with all mergers decided so far, would lead
    /// back to it.
    #[must_use]
    pub fn would_circle(&self, department: DepartmentId, into: DepartmentId) -> bool {
        self.on(Day(i32::MAX)).successor(into) == department
    }

    /// A department by id.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(&id)
    }

    /// The department whose system shows a key with this SM3; none that was merged into another.
    #[must_use]
    pub fn with_key(&self, key: &[u8; 32]) -> Option<&Department> {
        self.departments.values().find(|department| {
            department.merged.is_none()
                && department.admitted_system().is_some_and(|system| system.key == *key)
        })
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
                .and_then(|department| self.department(self.successor(department.id)))
        })
    }
}
