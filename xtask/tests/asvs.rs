//! The trace of OWASP's Application Security Verification Standard 5.0, levels 1 and 2: complete, of
//! known states, and what it points to is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Requirements of level 1, and of level 2 beyond them.
const COUNTS: [(&str, usize); 2] = [("1", 70), ("2", 183)];

/// Held by a test; by how it is built; by the operator's surroundings; does not apply; not met.
const STATES: [&str; 5] = ["test", "built", "outside", "none", "open"];

#[test]
fn every_requirement_has_its_test_or_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join("docs/asvs.csv")).expect("docs/asvs.csv");
    let mut seen = BTreeSet::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut parts = line.splitn(4, ',');
        let mut next = || parts.next().unwrap_or_default();
        let (requirement, level, state, why) = (next(), next(), next(), next());
        assert!(seen.insert(requirement), "{requirement} stands there twice");
        assert!(STATES.contains(&state), "{requirement}: there is no state {state}");
        assert!(why.len() > 5, "{requirement}: where, or why?");
        *counts.entry(level).or_default() += 1;
        let words = why.split([' ', ',', ';', ':', '"', '(', ')']);
        let beginnings = ["crates/", "tests/", "web/", "docs/", "catalog/"];
        let mut named = 0;
        let paths = words.filter(|word| beginnings.iter().any(|begin| word.starts_with(begin)));
        for path in paths.map(|path| path.trim_end_matches('.')) {
            assert!(root.join(path).exists(), "{requirement}: {path} is not there");
            named += 1;
        }
        let bare = ["access.rs", "logins.rs", "Cargo.lock", "crates/faults"];
        let told = named > 0 || bare.iter().any(|name| why.contains(name));
        assert!(state != "test" || told, "{requirement}: which test?");
    }
    assert_eq!(counts, BTreeMap::from(COUNTS));
}
