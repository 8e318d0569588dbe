//! The hash tree of RFC 6962 over all leaves of a node, with SM3 and SHA-256 side by side.

/// A node of one of the two trees.
pub type NodeHash = [u8; 32];

/// Both hashes of one leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafHashes {
    /// SM3(0x00 ‖ bytes).
    pub sm3: NodeHash,
    /// SHA-256(0x00 ‖ bytes).
    pub sha256: NodeHash,
}

/// Both roots of a tree of some size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roots {
    /// Number of leaves.
    pub size: u64,
    /// Root of the SM3 tree.
    pub sm3: NodeHash,
    /// Root of the SHA-256 tree.
    pub sha256: NodeHash,
}

impl LeafHashes {
    /// Both, SM3 first, as they are stored.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 64] {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&self.sm3);
        bytes[32..].copy_from_slice(&self.sha256);
        bytes
    }

    /// Reads them back.
    ///
    /// # Errors
    /// [`Damaged`] when there are not 64 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let (sm3, sha256) = bytes.split_at_checked(32).ok_or(Damaged)?;
        let hash = |bytes: &[u8]| bytes.try_into().map_err(|_| Damaged);
        Ok(Self { sm3: hash(sm3)?, sha256: hash(sha256)? })
    }
}

/// The hashes of a leaf with these canonical bytes (RFC 6962 §2.1: prefix 0x00).
#[must_use]
pub fn leaf_hashes(bytes: &[u8]) -> LeafHashes {
    LeafHashes {
        sm3: hash::<sm3::Sm3>(&[&[0], bytes]),
        sha256: hash::<sha2::Sha256>(&[&[0], bytes]),
    }
}

pub(crate) fn hash<D: sha2::digest::Digest>(parts: &[&[u8]]) -> NodeHash {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    let output = digest.finalize();
    let mut node = [0; 32];
    // Both SM3 and SHA-256 give 32 bytes.
    node.copy_from_slice(&output);
    node
}

/// The hashes of the node over two others (RFC 6962 §2.1: prefix 0x01).
pub(crate) fn parents(left: LeafHashes, right: LeafHashes) -> LeafHashes {
    LeafHashes {
        sm3: hash::<sm3::Sm3>(&[&[1], &left.sm3, &right.sm3]),
        sha256: hash::<sha2::Sha256>(&[&[1], &left.sha256, &right.sha256]),
    }
}

/// The right edge of the tree: the roots of its complete subtrees, largest first. Enough to
/// append leaves and to give the roots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<LeafHashes>,
}

/// Stored bytes are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored edge of the journal tree is damaged")]
pub struct Damaged;

impl Frontier {
    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn append(&mut self, leaf: LeafHashes) {
        self.append_noting(leaf, |_, _, _| ());
    }

    /// Appends a leaf and tells of every subtree that it completes: its level (1 is two leaves),
    /// its place among those of its level, from 0, and its hashes.
    pub fn append_noting(&mut self, leaf: LeafHashes, mut note: impl FnMut(u8, u64, LeafHashes)) {
        let mut node = leaf;
        // A complete subtree is merged for each trailing one bit of the size.
        for level in 1..=self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = parents(left, node);
                // A size of 64 bits has no more levels than fit.
                note(level as u8, self.size >> level, node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The roots. Of the empty tree: the hashes of nothing.
    #[must_use]
    pub fn roots(&self) -> Roots {
        let empty = LeafHashes { sm3: hash::<sm3::Sm3>(&[]), sha256: hash::<sha2::Sha256>(&[]) };
        let root = self.peaks.iter().copied().rev().reduce(|right, left| parents(left, right));
        let LeafHashes { sm3, sha256 } = root.unwrap_or(empty);
        Roots { size: self.size, sm3, sha256 }
    }

    /// The bytes under which a node keeps its frontier.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for peak in &self.peaks {
            bytes.extend_from_slice(&peak.sm3);
            bytes.extend_from_slice(&peak.sha256);
        }
        bytes
    }

    /// Reads them back.
    ///
    /// # Errors
    /// [`Damaged`] when their number does not fit the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(Damaged)?;
        let size = u64::from_be_bytes(*size);
        if rest.len() != size.count_ones() as usize * 64 {
            return Err(Damaged);
        }
        let peaks: Result<Vec<LeafHashes>, Damaged> =
            rest.chunks_exact(64).map(LeafHashes::from_bytes).collect();
        Ok(Self { size, peaks: peaks? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The tree definition of RFC 6962 §2.1, written down a second time and slowly.
    fn by_definition(leaves: &[LeafHashes]) -> LeafHashes {
        match leaves {
            [] => LeafHashes { sm3: hash::<sm3::Sm3>(&[]), sha256: hash::<sha2::Sha256>(&[]) },
            [leaf] => *leaf,
            many => {
                let mut split = 1;
                while split * 2 < many.len() {
                    split *= 2;
                }
                parents(by_definition(&many[..split]), by_definition(&many[split..]))
            }
        }
    }

    /// Roots of the eight test leaves that Certificate Transparency publishes.
    #[test]
    fn the_published_roots_of_certificate_transparency_are_met() {
        let leaves: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        let published = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut frontier = Frontier::default();
        for (leaf, root) in leaves.iter().zip(published) {
            frontier.append(leaf_hashes(leaf));
            assert_eq!(hex(&frontier.roots().sha256), root, "{} leaves", frontier.size());
        }
    }

    #[test]
    fn the_empty_tree_has_the_hash_of_nothing() {
        let roots = Frontier::default().roots();
        let sm3 = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b";
        assert_eq!(hex(&roots.sm3), sm3);
    }

    #[test]
    fn every_small_tree_agrees_with_the_definition() {
        let leaves: Vec<LeafHashes> = (0..130u32).map(|n| leaf_hashes(&n.to_be_bytes())).collect();
        let mut frontier = Frontier::default();
        for size in 0..=leaves.len() {
            let root = by_definition(&leaves[..size]);
            let found = frontier.roots();
            assert_eq!((found.sm3, found.sha256), (root.sm3, root.sha256), "{size} leaves");
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier.clone()));
            if let Some(leaf) = leaves.get(size) {
                frontier.append(*leaf);
            }
        }
    }

    #[test]
    fn a_damaged_frontier_is_refused() {
        let mut frontier = Frontier::default();
        frontier.append(leaf_hashes(b"one"));
        let bytes = frontier.to_bytes();
        assert_eq!(Frontier::from_bytes(&bytes[..bytes.len() - 1]), Err(Damaged));
        assert_eq!(Frontier::from_bytes(b"short"), Err(Damaged));
    }
}
