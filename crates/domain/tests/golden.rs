//! Golden bytes: what is in a journal today must be readable for ever.
//!
//! One example of every fact with the bytes it is hashed as. A changed line means that old
//! journals can no longer be read: add a new variant instead of changing an old one.

#[path = "golden/case_facts.rs"]
mod case_facts;
#[path = "support/facts.rs"]
mod facts;
#[path = "golden/other_facts.rs"]
mod other_facts;

use std::{collections::BTreeSet, fs, path::Path};

use tongban_domain::{
    acts::ActName,
    case::CaseFact,
    fact::{ActorStamp, Channel, Envelope, Fact, LAYOUT, Recorded, StreamId, StreamKind},
    ids::{AccountId, ActId, ApplicationId, CaseId, DepartmentId, FileId, SealedId},
    paper::FileReference,
    permission::Role,
    sealed::Sealed,
    time::{Day, Instant},
};

/// A word that tells examples of one fact apart, and the fact.
type Example<T> = (&'static str, T);

fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn sealed() -> Sealed {
    Sealed { id: SealedId::from_bytes([0x18; 16]), digest: [0x19; 32] }
}

fn file() -> FileReference {
    FileReference { file: FileId::from_bytes([0x1a; 16]), size: 1_048_577, sm3: [0x1b; 32] }
}

/// Every fact with a name of its own.
fn examples() -> Vec<(String, Fact)> {
    let (application, case) =
        (ApplicationId::from_bytes([0x13; 16]), CaseId::from_bytes([0x14; 16]));
    let of_project = other_facts::projects().into_iter().map(|(word, f)| (word, Fact::Project(f)));
    let of_application = other_facts::applications()
        .into_iter()
        .map(|(word, f)| (word, Fact::Application(application, f)));
    let of_case = case_facts::all().into_iter().map(|(word, f)| (word, Fact::Case(case, f)));
    of_project
        .chain(of_application)
        .chain(of_case)
        .chain(other_facts::others())
        .map(|(word, fact)| match (facts::name(&fact), word) {
            (name, "") => (name.to_owned(), fact),
            (name, word) => (format!("{name} ({word})"), fact),
        })
        .collect()
}

/// Whole records: an envelope with everything in it, and one with nothing optional.
fn records() -> [(&'static str, Recorded); 2] {
    let actor = ActorStamp {
        account: Some(AccountId::from_bytes([0x11; 16])),
        role: Role::Officer,
        department: Some(DepartmentId::from_bytes([0x15; 16])),
    };
    let full = Envelope {
        node: 320_500,
        epoch: 2,
        origin: 320_571,
        stream: StreamId { kind: StreamKind::Project, id: [0x1c; 16] },
        version: 300,
        act: ActId::from_bytes([0x1d; 16]),
        actor,
        channel: Channel::Window,
        visit: Some("original-check".to_owned()),
        source_system: Some("部门系统".to_owned()),
        recorded_at: Instant(1_772_413_200_000_000),
        claimed_at: Some(Instant(1_772_326_800_000_000)),
        catalog: [0x1e; 32],
        calendar: [0x1f; 32],
        act_name: ActName::DecideCase,
    };
    let bare = Envelope {
        actor: ActorStamp { account: None, role: Role::Timer, department: None },
        channel: Channel::Timer,
        visit: None,
        source_system: None,
        claimed_at: None,
        act_name: ActName::ResumeClock,
        ..full.clone()
    };
    let record = |envelope, fact| Recorded { layout: LAYOUT, envelope, fact };
    let case = CaseId::from_bytes([0x14; 16]);
    let served = Fact::Case(case, CaseFact::Served);
    [
        ("record (everything)", record(full, served.clone())),
        ("record (nothing optional)", record(bare, served)),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16));
    pairs.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn bytes_of(fact: &Fact) -> Vec<u8> {
    minicbor::to_vec(fact).unwrap_or_else(|error| panic!("{error:?}"))
}

/// What lies in the snapshot: name and bytes, line by line. Empty before the first run.
fn stored() -> Vec<(String, Vec<u8>)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/golden__facts.snap");
    let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
    let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
    body.lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, bytes)| (name.to_owned(), unhex(bytes)))
        .collect()
}

#[test]
fn the_bytes_of_every_fact_stay_what_they_are() {
    let of_facts = examples().into_iter().map(|(name, fact)| (name, bytes_of(&fact)));
    let of_records = records().map(|(name, record)| (name.to_owned(), record.to_bytes()));
    let lines: Vec<String> = of_facts
        .chain(of_records)
        .map(|(name, bytes)| format!("{name}: {}", hex(&bytes)))
        .collect();
    insta::assert_snapshot!("facts", lines.join("\n"));
}

#[test]
fn stored_bytes_still_mean_what_they_meant() {
    let (examples, records) = (examples(), records());
    for (name, bytes) in stored() {
        if let Some((_, record)) = records.iter().find(|(known, _)| *known == name) {
            assert_eq!(Recorded::from_bytes(&bytes).as_ref(), Ok(record), "{name}");
            continue;
        }
        let known = examples.iter().find(|(known, _)| *known == name);
        let (_, fact) = known.unwrap_or_else(|| panic!("no example is called {name} any more"));
        assert_eq!(minicbor::decode::<Fact>(&bytes).unwrap(), *fact, "{name}");
    }
}

/// Bytes as earlier programs wrote them.
#[test]
fn facts_of_earlier_programs_are_still_read() {
    let older = include_str!("golden/older.txt");
    let read = older.lines().filter_map(|line| line.split_once(": "));
    let bytes: Vec<Vec<u8>> = read.map(|(_, bytes)| unhex(bytes)).collect();
    let application = ApplicationId::from_bytes([0x13; 16]);
    let expected = Fact::Application(application, other_facts::submitted_before_modes());
    assert_eq!(bytes.len(), 1);
    assert_eq!(minicbor::decode::<Fact>(&bytes[0]).unwrap(), expected);
}

#[test]
fn a_record_carries_the_bytes_of_its_fact() {
    for (name, record) in records() {
        let (whole, fact) = (record.to_bytes(), bytes_of(&record.fact));
        assert!(whole.ends_with(&fact), "{name}");
    }
}

#[test]
fn a_record_of_another_layout_is_not_read() {
    let [(_, mut record), _] = records();
    record.layout = LAYOUT + 1;
    assert!(Recorded::from_bytes(&record.to_bytes()).is_err());
}

/// The names of [`facts::name`], so that a new variant needs an example here.
#[test]
fn every_fact_has_an_example() {
    let names: BTreeSet<&str> = examples().iter().map(|(_, fact)| facts::name(fact)).collect();
    let source = include_str!("support/facts.rs");
    let declared: BTreeSet<&str> = source
        .lines()
        .filter(|line| line.contains("::"))
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    assert_eq!(names, declared);
}

#[test]
fn examples_have_names_of_their_own() {
    let examples = examples();
    let names: BTreeSet<&String> = examples.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), examples.len());
}
