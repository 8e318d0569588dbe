//! The hash tree over the journal, as it is stored: leaves beside their facts, complete subtrees
//! of 256, 65 536 … leaves in a table of their own.

use tongban_journal::{Frontier, LeafHashes, NodeSource};

use crate::{
    change::{Expects, Statement},
    engine::{Connection, Row, Value, execute, query},
    error::StoreError,
};

/// Every how many levels a subtree is stored: 256 times as many leaves.
const STEP: u8 = 8;

/// Appends a leaf; adds the statements that store the subtrees which it completes.
pub(crate) fn append(
    statements: &mut Vec<Statement>,
    frontier: &mut Frontier,
    node: u32,
    leaf: LeafHashes,
) {
    const KEEP: &str = "INSERT INTO nodes (node, level, place, hashes) VALUES ($1, $2, $3, $4)";
    frontier.append_noting(leaf, |level, place, hashes| {
        if level % STEP == 0 {
            let values = vec![
                i64::from(node).into(),
                i64::from(level).into(),
                (place as i64).into(),
                Value::Blob(hashes.to_bytes().to_vec()),
            ];
            statements.push(Statement { sql: KEEP, values, expects: Expects::Anything });
        }
    });
}

/// Fills in what a journal written before the tree was stored lacks.
pub(crate) fn fill(connection: &Connection) -> Result<(), StoreError> {
    const ALL: &str = "SELECT node, position, bytes FROM facts ORDER BY node, position";
    const LEAF: &str = "UPDATE facts SET leaf = $3 WHERE node = $1 AND position = $2";
    let mut frontier = Frontier::default();
    let leaves = query(connection, ALL, &[], |row| {
        let (node, position, bytes): (u32, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok((node, position, tongban_journal::leaf_hashes(&bytes)))
    })?;
    for (node, position, leaf) in leaves {
        let hashes = Value::Blob(leaf.to_bytes().to_vec());
        execute(connection, LEAF, &[i64::from(node).into(), position.into(), hashes])?;
        let mut subtrees = Vec::new();
        append(&mut subtrees, &mut frontier, node, leaf);
        for Statement { sql, values, .. } in subtrees {
            execute(connection, sql, &values)?;
        }
    }
    Ok(())
}

/// The stored tree of a node.
pub(crate) struct StoredTree<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) node: u32,
}

impl NodeSource for StoredTree<'_> {
    type Error = StoreError;

    fn node(&mut self, level: u8, place: u64) -> Result<LeafHashes, StoreError> {
        const LEAVES: &str = "SELECT leaf FROM facts \
                              WHERE node = $1 AND position > $2 AND position <= $3 \
                              ORDER BY position";
        const NODES: &str = "SELECT hashes FROM nodes \
                             WHERE node = $1 AND level = $2 AND place >= $3 AND place < $4 \
                             ORDER BY place";
        // The stored level below, and how many of its subtrees make this one.
        let base = level - level % STEP;
        let count = 1u64 << (level % STEP);
        let (first, end) = ((place * count) as i64, ((place + 1) * count) as i64);
        let read = |row: &Row<'_>| {
            let bytes: Vec<u8> = row.get(0)?;
            LeafHashes::from_bytes(&bytes).map_err(|error| StoreError::Damaged(error.to_string()))
        };
        let node = i64::from(self.node).into();
        let parts = if base == 0 {
            query(self.connection, LEAVES, &[node, first.into(), end.into()], read)?
        } else {
            let values = [node, i64::from(base).into(), first.into(), end.into()];
            query(self.connection, NODES, &values, read)?
        };
        if parts.len() as u64 != count {
            return Err(StoreError::Damaged(format!("the tree lacks part {place} of {level}")));
        }
        let mut whole = Frontier::default();
        for part in parts {
            whole.append(part);
        }
        let roots = whole.roots();
        Ok(LeafHashes { sm3: roots.sm3, sha256: roots.sha256 })
    }
}
