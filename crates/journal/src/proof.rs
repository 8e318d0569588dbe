//! Proofs over the tree: that a leaf is in it, and that an older tree is its beginning (RFC 6962
//! §2.1.1, §2.1.2; checked as RFC 9162 §2.1.3.2 and §2.1.4.2 say).

use crate::tree::{LeafHashes, NodeHash, hash, parents};

/// Which of the two trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashing {
    /// SHA-256.
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Hashing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sm3];

    fn parent(self, left: &NodeHash, right: &NodeHash) -> NodeHash {
        match self {
            Self::Sha256 => hash::<sha2::Sha256>(&[&[1], left, right]),
            Self::Sm3 => hash::<sm3::Sm3>(&[&[1], left, right]),
        }
    }
}

/// Gives the hashes of complete subtrees.
pub trait NodeSource {
    /// What can go wrong.
    type Error;

    /// The hashes of the subtree over the leaves `place << level .. (place + 1) << level`.
    ///
    /// # Errors
    /// When it is not stored.
    fn node(&mut self, level: u8, place: u64) -> Result<LeafHashes, Self::Error>;
}

/// The hashes over the leaves `from..to`, where `from` is a multiple of the largest power of two
/// that the range needs.
fn range<S: NodeSource>(source: &mut S, from: u64, to: u64) -> Result<LeafHashes, S::Error> {
    let length = to - from;
    if length.is_power_of_two() {
        let level = length.trailing_zeros();
        return source.node(level as u8, from >> level);
    }
    let middle = from + split(length);
    let (left, right) = (range(source, from, middle)?, range(source, middle, to)?);
    Ok(parents(left, right))
}

/// The largest power of two smaller than a length of two or more.
fn split(length: u64) -> u64 {
    1 << (u64::BITS - 1 - (length - 1).leading_zeros())
}

/// The way from a leaf to the root of the tree of this size, from the leaf upwards.
///
/// # Errors
/// Those of the source. A leaf that is not in the tree has an empty way.
pub fn inclusion<S: NodeSource>(
    source: &mut S,
    leaf: u64,
    size: u64,
) -> Result<Vec<LeafHashes>, S::Error> {
    let mut path = Vec::new();
    if leaf >= size {
        return Ok(path);
    }
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if leaf < middle {
            path.push(range(source, middle, to)?);
            to = middle;
        } else {
            path.push(range(source, from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// What shows that the tree of size `old` is the beginning of the tree of size `new`.
///
/// # Errors
/// Those of the source. Nothing has to be shown of an empty tree, or of the same.
pub fn consistency<S: NodeSource>(
    source: &mut S,
    old: u64,
    new: u64,
) -> Result<Vec<LeafHashes>, S::Error> {
    let mut proof = Vec::new();
    if old == 0 || old >= new {
        return Ok(proof);
    }
    // RFC 6962 §2.1.2, walked down instead of recursed.
    let (mut from, mut to, mut whole) = (0, new, true);
    while old != to {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(range(source, middle, to)?);
            to = middle;
        } else {
            proof.push(range(source, from, middle)?);
            from = middle;
            whole = false;
        }
    }
    if !whole {
        proof.push(range(source, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Whether a path leads from a leaf's hash to a root (RFC 9162 §2.1.3.2).
#[must_use]
pub fn leads_to(
    hashing: Hashing,
    leaf: u64,
    size: u64,
    from: &NodeHash,
    path: &[NodeHash],
    root: &NodeHash,
) -> bool {
    if leaf >= size {
        return false;
    }
    let (mut place, mut last, mut reached) = (leaf, size - 1, *from);
    for step in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            reached = hashing.parent(step, &reached);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            reached = hashing.parent(&reached, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && reached == *root
}

/// Whether a proof shows that the tree `old` is the beginning of the tree `new` (RFC 9162
/// §2.1.4.2). Trees are given by size and root.
#[must_use]
pub fn prefix_of(
    hashing: Hashing,
    old: (u64, &NodeHash),
    new: (u64, &NodeHash),
    proof: &[NodeHash],
) -> bool {
    if old.0 == new.0 {
        return proof.is_empty() && old.1 == new.1;
    }
    if old.0 > new.0 {
        return false;
    }
    if old.0 == 0 {
        return proof.is_empty();
    }
    // A complete older tree is itself the first node of the proof.
    let own = old.0.is_power_of_two().then_some(old.1);
    let mut steps = own.into_iter().chain(proof);
    let Some(first) = steps.next() else { return false };
    let (mut place, mut last) = (old.0 - 1, new.0 - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut older, mut newer) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            older = hashing.parent(step, &older);
            newer = hashing.parent(step, &newer);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            newer = hashing.parent(&newer, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && older == *old.1 && newer == *new.1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tree::{Frontier, leaf_hashes};

    /// A tree in memory that also counts what is asked of it.
    struct Leaves(Vec<LeafHashes>);

    impl NodeSource for Leaves {
        type Error = std::convert::Infallible;

        fn node(&mut self, level: u8, place: u64) -> Result<LeafHashes, Self::Error> {
            if level == 0 {
                return Ok(self.0[place as usize]);
            }
            let left = self.node(level - 1, place * 2)?;
            Ok(parents(left, self.node(level - 1, place * 2 + 1)?))
        }
    }

    fn leaves(count: u64) -> (Leaves, Vec<LeafHashes>) {
        let all: Vec<LeafHashes> = (0..count).map(|n| leaf_hashes(&n.to_be_bytes())).collect();
        let mut frontier = Frontier::default();
        let mut roots = vec![root_of(&frontier)];
        for leaf in &all {
            frontier.append(*leaf);
            roots.push(root_of(&frontier));
        }
        (Leaves(all), roots)
    }

    fn root_of(frontier: &Frontier) -> LeafHashes {
        let roots = frontier.roots();
        LeafHashes { sm3: roots.sm3, sha256: roots.sha256 }
    }

    fn one(hashing: Hashing, pair: &LeafHashes) -> NodeHash {
        match hashing {
            Hashing::Sha256 => pair.sha256,
            Hashing::Sm3 => pair.sm3,
        }
    }

    fn all_of(hashing: Hashing, path: &[LeafHashes]) -> Vec<NodeHash> {
        path.iter().map(|pair| one(hashing, pair)).collect()
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved_and_nothing_else() {
        const MOST: u64 = 70;
        let (mut source, roots) = leaves(MOST);
        for size in 1..=MOST {
            for leaf in 0..size {
                let Ok(path) = inclusion(&mut source, leaf, size);
                for hashing in Hashing::ALL {
                    let own = one(hashing, &source.0[leaf as usize]);
                    let (path, root) =
                        (all_of(hashing, &path), one(hashing, &roots[size as usize]));
                    assert!(leads_to(hashing, leaf, size, &own, &path, &root), "{leaf} of {size}");
                    for other in (0..size).filter(|other| *other != leaf) {
                        assert!(!leads_to(hashing, other, size, &own, &path, &root));
                    }
                    let longer = [path.clone(), vec![root]].concat();
                    assert!(!leads_to(hashing, leaf, size, &own, &longer, &root));
                    if let Some((_, shorter)) = path.split_last() {
                        assert!(!leads_to(hashing, leaf, size, &own, shorter, &root));
                    }
                }
            }
        }
    }

    #[test]
    fn every_small_tree_is_the_beginning_of_every_later_one() {
        const MOST: u64 = 300;
        let (mut source, roots) = leaves(MOST);
        for new in 0..=MOST {
            for old in 0..=new {
                let Ok(proof) = consistency(&mut source, old, new);
                let hashing = if (old + new) % 2 == 0 { Hashing::Sm3 } else { Hashing::Sha256 };
                let proof = all_of(hashing, &proof);
                let root = |size: u64| one(hashing, &roots[size as usize]);
                let holds = |old: (u64, &NodeHash), new: (u64, &NodeHash), proof: &[NodeHash]| {
                    prefix_of(hashing, old, new, proof)
                };
                assert!(holds((old, &root(old)), (new, &root(new)), &proof), "{old} in {new}");
                if old > 0 {
                    let wrong = root(if old == 1 { 2 } else { old - 1 });
                    assert!(!holds((old, &wrong), (new, &root(new)), &proof), "{old} in {new}");
                }
                if old != new && old > 0 {
                    assert!(!holds((old, &root(old)), (new, &root(new - 1)), &proof));
                    // The linear part counts as well (GHSA-672p-m5jq-mrh8).
                    for at in 0..proof.len() {
                        let mut forged = proof.clone();
                        forged[at][7] ^= 1;
                        assert!(!holds((old, &root(old)), (new, &root(new)), &forged));
                    }
                }
            }
        }
    }

    /// Proofs that Certificate Transparency publishes for its eight test leaves.
    #[test]
    fn the_published_proofs_of_certificate_transparency_are_met() {
        let leaf = |text: &str| {
            let bytes: Vec<u8> = (0..text.len() / 2)
                .map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap_or(0))
                .collect();
            leaf_hashes(&bytes)
        };
        let texts = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let mut source = Leaves(texts.iter().map(|text| leaf(text)).collect());
        let hex = |path: Vec<LeafHashes>| -> Vec<String> {
            let text = |pair: &LeafHashes| pair.sha256.iter().map(|b| format!("{b:02x}")).collect();
            path.iter().map(text).collect()
        };
        let Ok(path) = inclusion(&mut source, 5, 8);
        assert_eq!(
            hex(path),
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        let Ok(proof) = consistency(&mut source, 6, 8);
        assert_eq!(
            hex(proof),
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is put in, the checks end and say no.
        #[test]
        fn forged_proofs_are_refused(
            leaf: u64, size: u64, own: NodeHash, root: NodeHash,
            path in proptest::collection::vec(any::<NodeHash>(), 0..70),
        ) {
            for hashing in Hashing::ALL {
                prop_assert!(!leads_to(hashing, leaf, size, &own, &path, &root));
                let (old, new) = ((leaf.min(size), &own), (leaf.max(size), &root));
                prop_assert!(old.0 == 0 || !prefix_of(hashing, old, new, &path));
            }
        }
    }
}
