//! Crate arrows point inward only: nobody may depend on a room nearer to the street.
#![expect(clippy::expect_used, reason = "a test that cannot go on should panic")]

use std::{collections::BTreeMap, process::Command};

/// What each crate of ours may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("tongban-domain", &[]),
    ("tongban-journal", &[]),
    ("tongban-documents", &["tongban-domain"]),
    ("tongban-typesetter", &["tongban-documents", "tongban-domain"]),
    ("tongban-inspect", &[]),
    ("tongban-outside", &["tongban-domain"]),
    ("tongban-store", &["tongban-domain", "tongban-inspect", "tongban-journal"]),
    ("tongban-search", &[]),
    ("tongban-spreadsheet", &[]),
    (
        "tongban-web",
        &[
            "tongban-domain",
            "tongban-outside",
            "tongban-search",
            "tongban-spreadsheet",
            "tongban-store",
        ],
    ),
    (
        "tongban-worker",
        &["tongban-documents", "tongban-outside", "tongban-store", "tongban-domain"],
    ),
    ("tongban-simulator", &["tongban-store", "tongban-domain"]),
    (
        "tongban",
        &[
            "tongban-bench",
            "tongban-documents",
            "tongban-domain",
            "tongban-journal",
            "tongban-outside",
            "tongban-store",
            "tongban-search",
            "tongban-spreadsheet",
            "tongban-web",
            "tongban-worker",
            "tongban-simulator",
        ],
    ),
    (
        "tongban-bench",
        &["tongban-domain", "tongban-private-postgres", "tongban-simulator", "tongban-store"],
    ),
    ("tongban-faults", &["tongban-private-postgres", "tongban-simulator", "tongban-store"]),
    ("tongban-private-postgres", &[]),
    ("xtask", &[]),
];

/// Crates that a pure room must not know.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("tongban-domain", &["tokio", "rusqlite", "axum", "rand_core", "getrandom"]),
    ("tongban-journal", &["tokio", "rusqlite", "axum"]),
    ("tongban-search", &["tokio", "rusqlite", "axum"]),
    ("tongban-documents", &["tokio", "rusqlite", "axum"]),
    ("tongban-inspect", &["tokio", "rusqlite", "axum"]),
    ("tongban-outside", &["tokio", "rusqlite", "axum"]),
    ("tongban-typesetter", &["tokio", "rusqlite", "axum"]),
    ("tongban-spreadsheet", &["tokio", "rusqlite", "axum"]),
    ("tongban-web", &["rusqlite"]),
    ("tongban-worker", &["rusqlite", "axum"]),
    ("tongban-simulator", &["rusqlite", "axum", "tokio"]),
];

fn dependencies() -> BTreeMap<String, Vec<String>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo answers");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let normal = package["dependencies"].as_array().into_iter().flatten();
            let names = normal
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| text(&dependency["name"]));
            (text(&package["name"]), names.collect())
        })
        .collect()
}

#[test]
fn no_arrow_points_outward() {
    let dependencies = dependencies();
    for (name, used) in &dependencies {
        let allowed = ALLOWED
            .iter()
            .find(|(room, _)| room == name)
            .unwrap_or_else(|| panic!("{name} has no row in ALLOWED: say what it may use"))
            .1;
        for other in used.iter().filter(|other| dependencies.contains_key(*other)) {
            assert!(allowed.contains(&other.as_str()), "{name} must not depend on {other}");
        }
    }
}

#[test]
fn pure_rooms_know_no_database_and_no_network() {
    let dependencies = dependencies();
    for (name, forbidden) in FORBIDDEN {
        for other in *forbidden {
            let used = dependencies[*name].iter().any(|found| found == other);
            assert!(!used, "{name} must not know {other}");
        }
    }
}
