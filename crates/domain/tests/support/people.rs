//! The city of Suzhou as the stories know it: its catalogue, departments, people and papers.

use std::{collections::BTreeMap, sync::OnceLock};

use tongban_domain::{
    acts::{NumberKind, Supply},
    catalog::Catalog,
    codes::Uscc,
    fact::{Channel, Fact},
    ids::{AccountId, DepartmentId, FileId, SealedId},
    organisation::{Organisation, OrganisationFact},
    paper::FileReference,
    permission::{Actor, Mandate, Role},
    sealed::{Sealed, SealedValue},
    time::{Day, Instant},
};

use super::pack;

/// 苏州市, where the stories happen and every power has its department.
pub(crate) const SUZHOU: u32 = 320_500;
/// 南京市, another city, without any department here.
pub(crate) const NANJING: u32 = 320_100;
/// The company that builds.
pub(crate) const COMPANY: &str = "91350100M000100Y43";
/// Another company.
pub(crate) const OTHER_COMPANY: &str = "11100000000013338W";

/// The catalogue of the province, read once.
pub(crate) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(pack::jiangsu)
}

/// One department of Suzhou for every role key of the catalogue.
pub(crate) fn organisation() -> Organisation {
    let mut organisation = Organisation::default();
    for (index, role) in catalog().departments.values().enumerate() {
        let mut id = [0xd0; 16];
        id[15] = index as u8;
        organisation.evolve(&Fact::Organisation(OrganisationFact::DepartmentEstablished {
            department: DepartmentId::from_bytes(id),
            key: role.key.clone(),
            name: format!("苏州市{}", role.title),
            region: SUZHOU,
            from: day("2018-01-01"),
        }));
    }
    organisation
}

/// A department that has nothing to do with another's case, but for what it is asked.
pub(crate) fn other_department(than: DepartmentId) -> DepartmentId {
    let all = organisation();
    let other = all.departments().map(|it| it.id).find(|id| *id != than);
    other.unwrap_or_else(|| panic!("there is one department alone"))
}

/// A day written as 2026-03-02.
pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A unified social credit code.
pub(crate) fn uscc(text: &str) -> Uscc {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Words kept in the vault.
pub(crate) fn sealed(words: &str) -> Sealed {
    let id = SealedId::from_bytes([0x5e; 16]);
    SealedValue { id, salt: [0x5a; 16], value: words.to_owned() }.seal()
}

/// An uploaded file.
pub(crate) fn file() -> FileReference {
    FileReference { file: FileId::from_bytes([0xf1; 16]), size: 4096, sm3: [0xf5; 32] }
}

fn account(role: Role, department: Option<DepartmentId>, number: u8) -> AccountId {
    let mut id = department.map_or([0; 16], |department| *department.as_bytes());
    id[0] = role as u8 + 1;
    id[1] = number;
    AccountId::from_bytes(id)
}

/// Somebody in office: the n-th to hold this role there.
pub(crate) fn staff(
    role: Role,
    department: Option<DepartmentId>,
    region: u32,
    number: u8,
) -> Actor {
    Actor {
        account: Some(account(role, department, number)),
        person: None,
        mandates: vec![Mandate { role, department, region }],
        organisation: None,
        channel: Channel::Web,
    }
}

/// A clerk of the window of a region.
pub(crate) fn window(region: u32) -> Actor {
    staff(Role::Window, None, region, 1)
}

/// The staff of the company that builds.
pub(crate) fn owner() -> Actor {
    Actor { organisation: Some(uscc(COMPANY)), ..staff(Role::Owner, None, SUZHOU, 1) }
}

/// The staff of another company.
pub(crate) fn stranger() -> Actor {
    Actor { organisation: Some(uscc(OTHER_COMPANY)), ..staff(Role::Owner, None, SUZHOU, 2) }
}

/// The n-th person who acts for owners.
pub(crate) fn agent(number: u8) -> Actor {
    staff(Role::Agent, None, 0, number)
}

/// The account of that person.
pub(crate) fn agent_account(number: u8) -> AccountId {
    account(Role::Agent, None, number)
}

/// Ids and numbers counted from one: every run tells the same story.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter {
    ids: u64,
    numbers: BTreeMap<(NumberKind, i32), u32>,
}

impl Supply for Counter {
    fn id(&mut self, _now: Instant) -> [u8; 16] {
        self.ids += 1;
        let mut id = [0; 16];
        id[8..].copy_from_slice(&self.ids.to_be_bytes());
        id
    }

    fn number(&mut self, kind: NumberKind, day: Day) -> u32 {
        let period = match kind {
            NumberKind::Project => i32::from(day.year()),
            NumberKind::Case | NumberKind::ConstructionPermit | NumberKind::Document => day.0,
        };
        let last = self.numbers.entry((kind, period)).or_default();
        *last += 1;
        *last
    }
}
