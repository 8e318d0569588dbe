//! A receipt is good as it was given, and changed in any way it is refused.

use proptest::prelude::*;
use tongban_journal::{
    Checkpoint, Frontier, LeafHashes, LeafProof, NodeKeys, NodeSource, Origin, PublicKeys, Receipt,
    inclusion, leaf_hashes,
};

const ORIGIN: Origin = Origin { node: 320_500, epoch: 1 };

struct Leaves(Vec<LeafHashes>);

impl NodeSource for Leaves {
    type Error = std::convert::Infallible;

    fn node(&mut self, level: u8, place: u64) -> Result<LeafHashes, Self::Error> {
        let mut frontier = Frontier::default();
        for leaf in &self.0[(place << level) as usize..((place + 1) << level) as usize] {
            frontier.append(*leaf);
        }
        let roots = frontier.roots();
        Ok(LeafHashes { sm3: roots.sm3, sha256: roots.sha256 })
    }
}

fn keys() -> NodeKeys {
    NodeKeys::from_secret(&[7; 64]).unwrap_or_else(|error| panic!("{error}"))
}

/// A journal of this many facts and the receipt of an act that made some of them.
fn receipt(size: u64, act: std::ops::Range<u64>) -> (Receipt, PublicKeys) {
    let bytes = |leaf: u64| format!("fact {leaf}").into_bytes();
    let mut frontier = Frontier::default();
    let mut source = Leaves(Vec::new());
    for leaf in 0..size {
        let hashes = leaf_hashes(&bytes(leaf));
        frontier.append(hashes);
        source.0.push(hashes);
    }
    let leaves = act.map(|leaf| {
        let Ok(path) = inclusion(&mut source, leaf, size);
        LeafProof { leaf, bytes: bytes(leaf), path }
    });
    let leaves = leaves.collect();
    let time = 1_795_910_400_000_000;
    let checkpoint = Checkpoint { origin: ORIGIN, roots: frontier.roots(), time };
    let checkpoint = checkpoint.signed(&keys()).unwrap_or_else(|error| panic!("{error}"));
    (Receipt { leaves, checkpoint }, keys().public(ORIGIN))
}

fn good(bytes: &[u8], keys: &PublicKeys) -> bool {
    let read = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<Receipt>().ok());
    read.is_some_and(|receipt| receipt.verify(keys).is_ok())
}

#[test]
fn a_receipt_is_read_back_and_holds() {
    for (size, act) in [(1, 0..1), (2, 1..2), (11, 3..6), (64, 0..1), (65, 64..65)] {
        let (receipt, keys) = receipt(size, act);
        let text = receipt.to_string();
        assert_eq!(text.parse::<Receipt>().as_ref(), Ok(&receipt));
        assert!(good(text.as_bytes(), &keys), "{size} leaves");
    }
}

/// The receipt that the verifier in the other language is tried on, too.
#[test]
fn the_golden_receipt_is_what_it_was() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let (receipt, keys) = receipt(11, 3..6);
    for (name, text) in [("receipt.txt", receipt.to_string()), ("keys.txt", keys.to_string())] {
        let path = folder.join(name);
        if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
            std::fs::write(&path, &text).unwrap_or_else(|error| panic!("{error}"));
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(stored == text, "{} is no longer what is written:\n{text}", path.display());
    }
}

#[test]
fn no_byte_can_be_changed_dropped_or_doubled() {
    let (receipt, keys) = receipt(6, 4..6);
    let text = receipt.to_string().into_bytes();
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut other = text.clone();
            other[at] ^= 1 << bit;
            assert!(!good(&other, &keys), "byte {at}, bit {bit}");
        }
        let mut shorter = text.clone();
        let taken = shorter.remove(at);
        assert!(!good(&shorter, &keys), "without byte {at}");
        let mut longer = text.clone();
        longer.insert(at, taken);
        assert!(!good(&longer, &keys), "byte {at} twice");
    }
    assert!(!good(&[text, b"\n".to_vec()].concat(), &keys));
}

#[test]
fn the_receipt_of_another_node_or_epoch_is_refused() {
    let (receipt, _) = receipt(6, 4..6);
    for origin in [Origin { node: 320_100, epoch: 1 }, Origin { node: 320_500, epoch: 2 }] {
        assert!(!good(receipt.to_string().as_bytes(), &keys().public(origin)));
    }
    let others = NodeKeys::from_secret(&[8; 64]).unwrap_or_else(|error| panic!("{error}"));
    assert!(!good(receipt.to_string().as_bytes(), &others.public(ORIGIN)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_refused_without_a_crash(text in "(tongban-receipt 1\n)?(leaf [0-9]{1,3} [A-Za-z=]{0,9}\n|sha256 [A-Za-z+/]{42}A=\n|sm3 .{0,9}\n|checkpoint\n|tongban/[0-9]/[0-9]\n|— .*\n|.{0,9}\n){0,12}") {
        prop_assert!(!good(text.as_bytes(), &receipt(1, 0..1).1));
    }

    /// Parts of good receipts put together in another way.
    #[test]
    fn lines_moved_or_repeated_are_refused(from in 0usize..18, to in 0usize..18, dropped: bool) {
        let (receipt, keys) = receipt(6, 4..6);
        let text = receipt.to_string();
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (from, to) = (from % lines.len(), to % lines.len());
        let line = if dropped { lines.remove(from) } else { lines[from] };
        lines.insert(to.min(lines.len()), line);
        let other = lines.concat();
        prop_assert!(other == text || !good(other.as_bytes(), &keys));
    }
}
