//! A node on which a small city lived.
#![allow(dead_code, clippy::allow_attributes, reason = "not every test needs every helper")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tongban_domain::{catalog::SourceFile, time::Day};
use tongban_private_postgres::PrivatePostgres;
use tongban_simulator::{Options, Simulation, found_city};
use tongban_store::{Clock, Difference, NodeOptions, Store, VerifyOptions, VirtualClock};

pub(crate) fn pack() -> Vec<SourceFile> {
    tongban_store::read_pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu"))
        .unwrap()
}

pub(crate) fn open(folder: &Path) -> (Store, Arc<VirtualClock>) {
    open_at(folder, "2026-01-05".parse().unwrap())
}

pub(crate) fn open_at(folder: &Path, first: Day) -> (Store, Arc<VirtualClock>) {
    let clock = Arc::new(VirtualClock::at(first.at(0, 0)));
    (Store::open(options(folder, clock.clone()).seeded(3)).unwrap(), clock)
}

/// A node on SQLite, whatever the tests are run for: they look into its file.
pub(crate) fn open_file(folder: &Path) -> (Store, Arc<VirtualClock>) {
    let clock = Arc::new(VirtualClock::at("2026-01-05".parse::<Day>().unwrap().at(0, 0)));
    (Store::open(NodeOptions::new(folder, 1, clock.clone()).seeded(3)).unwrap(), clock)
}

/// Options for a node in a folder: on SQLite, or on a database of its own on a private server
/// when the tests are run for PostgreSQL.
pub(crate) fn options(folder: &Path, clock: Arc<dyn Clock>) -> NodeOptions {
    NodeOptions::new(folder, 1, clock).on(database_of(folder))
}

/// Whether the tests are run for PostgreSQL.
pub(crate) fn on_postgres() -> bool {
    tongban_private_postgres::is_tested()
}

/// The database of a folder: the same each time it is asked for.
pub(crate) fn database_of(folder: &Path) -> Option<String> {
    static DATABASES: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());
    on_postgres().then(|| {
        let mut databases = DATABASES.lock().unwrap();
        let fresh = || PrivatePostgres::of_this_process().new_database().unwrap();
        databases.entry(folder.to_owned()).or_insert_with(fresh).clone()
    })
}

/// A node on which a small city lived for a while.
pub(crate) fn lived(folder: &Path) -> Store {
    living(open(folder))
}

/// The same on SQLite, whatever the tests are run for.
pub(crate) fn lived_in_file(folder: &Path) -> Store {
    living(open_file(folder))
}

fn living((store, clock): (Store, Arc<VirtualClock>)) -> Store {
    store.publish_pack(&pack()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    let from = "2026-01-05".parse().unwrap();
    let options = Options { city, projects: 10, days: 120, seed: 3, from };
    Simulation::new(&store, clock, options).run(|_| ()).unwrap();
    store
}

/// The first column of a query, whatever the node stands on.
pub(crate) fn column(folder: &Path, sql: &str) -> Vec<String> {
    if let Some(url) = database_of(folder) {
        let name = url.split(['/', '?']).nth(3).unwrap();
        let rows = PrivatePostgres::of_this_process().psql(name, sql).unwrap();
        return rows.lines().map(ToOwned::to_owned).collect();
    }
    let database = database(folder);
    let mut statement = database.prepare(sql).unwrap();
    let found = statement.query_map([], |row| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            _ => row.get(0)?,
        })
    });
    found.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Changes rows behind the node's back.
pub(crate) fn alter(folder: &Path, sql: &str) {
    match database_of(folder) {
        Some(url) => {
            let name = url.split(['/', '?']).nth(3).unwrap();
            PrivatePostgres::of_this_process().psql(name, sql).unwrap();
        }
        None => database(folder).execute_batch(sql).unwrap(),
    }
}

pub(crate) fn database(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.join("node.db")).unwrap()
}

pub(crate) fn verify(store: &Store) -> Result<u64, Difference> {
    store.verify(&VerifyOptions::default()).unwrap().map(|report| report.facts)
}

/// A database as the program before the vault left it; what was in the vault is gone,
/// but for files, which have other names.
pub(crate) fn before_the_vault(folder: &Path) {
    const TABLES: &str = "\
        DROP TABLE sealed; DROP TABLE persons; DROP TABLE draft_values; \
        ALTER TABLE files RENAME TO cells; \
        CREATE TABLE sealed (id BLOB NOT NULL PRIMARY KEY, salt BLOB NOT NULL, value TEXT NOT NULL) \
          STRICT, WITHOUT ROWID; \
        CREATE TABLE persons (id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
          phone TEXT NOT NULL, id_number TEXT NOT NULL) STRICT, WITHOUT ROWID; \
        CREATE TABLE draft_values (draft BLOB NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, \
          value TEXT NOT NULL, PRIMARY KEY (draft, kind, name)) STRICT, WITHOUT ROWID; \
        CREATE TABLE files (id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL, media TEXT NOT NULL, \
          size INTEGER NOT NULL, sm3 BLOB NOT NULL, draft BLOB, project BLOB NOT NULL, \
          uploaded_at INTEGER NOT NULL) STRICT, WITHOUT ROWID; \
        INSERT INTO files SELECT id, 'a.pdf', media, size, sm3, draft, project, uploaded_at FROM cells; \
        DROP TABLE cells; ALTER TABLE accounts DROP COLUMN temporary; ALTER TABLE accounts DROP COLUMN closed_at; \
        ALTER TABLE accounts DROP COLUMN second_factor; \
        ALTER TABLE accounts DROP COLUMN last_step; \
        ALTER TABLE sessions DROP COLUMN confirmed_at; ALTER TABLE sessions DROP COLUMN factors; \
        DROP TABLE access_events; DROP TABLE register_questions; \
        DROP TABLE pushed; DROP TABLE agencies; DROP INDEX cases_of_project; DROP TABLE consultations; DROP INDEX applications_by_lead; DROP INDEX cases_of_application; \
        ALTER TABLE applications DROP COLUMN lead; DROP TABLE unified_logins; DROP TABLE security_keys; ALTER TABLE sessions DROP COLUMN asked; ALTER TABLE sessions DROP COLUMN address; ALTER TABLE sessions DROP COLUMN device; ALTER TABLE mandates DROP COLUMN granted_at; ALTER TABLE mandates DROP COLUMN granted_by; DROP INDEX messages_in_order; DROP INDEX cases_retyped; ALTER TABLE cases DROP COLUMN retyped; DELETE FROM meta WHERE name = 'person-key'; PRAGMA user_version = 5";
    database(folder).execute_batch(TABLES).unwrap();
}
