//! A new city in one command: the provincial pack unchanged, departments, administrators.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{path::Path, process::Command};

use tongban_store::{Guess, NodeOptions, Store, SystemClock};

fn tongban(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tongban"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn nantong_gets_its_node() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nantong");
    let data = data.to_str().unwrap();
    let (done, said) = tongban(&["init", "--division", "320600", "--data", data]);
    assert!(done && said.contains("南通市") && said.contains("/s/admin/setup"), "{said}");
    let config = std::fs::read_to_string(format!("{data}/tongban.toml")).unwrap();
    assert!(config.contains("place = \"南通市\"") && config.contains("secure_cookies = true"));
    let (clean, said) = tongban(&["verify", "--data", data]);
    assert!(clean, "{said}");

    let (again, said) = tongban(&["init", "--division", "320600", "--data", data]);
    assert!(!again && said.contains("nothing was changed"), "{said}");
}

/// Whom no other administrator may help is helped on the server.
#[test]
fn an_administrator_gets_a_password_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nantong");
    let data = data.to_str().unwrap();
    let (done, said) = tongban(&["init", "--division", "320600", "--data", data]);
    assert!(done && ["sysadmin", "secadmin", "auditor"].iter().all(|it| said.contains(it)));
    let config = format!("{data}/tongban.toml");
    let (done, said) = tongban(&["password", "--config", &config, "secadmin"]);
    assert!(done && said.contains("secadmin logs in with"), "{said}");
    let password = said.split("with ").nth(1).unwrap().split(' ').next().unwrap();
    let clock = std::sync::Arc::new(SystemClock { offset: 0 });
    let store = Store::open(NodeOptions::new(data, 1, clock)).unwrap();
    assert!(matches!(store.check_login("secadmin", password).unwrap(), Guess::Right(_)));
    assert!(store.account_named("secadmin").unwrap().unwrap().temporary);
    store.close();
    let (done, said) = tongban(&["password", "--config", &config, "nobody"]);
    assert!(!done && said.contains("there is no open account nobody"), "{said}");
}

#[test]
fn what_is_no_city_or_county_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    for division in ["320000", "999999"] {
        let arguments = ["init", "--division", division, "--data", data.to_str().unwrap()];
        assert!(!tongban(&arguments).0);
        assert!(!data.exists(), "{division}");
    }
}
