-- The hash tree: SM3 and SHA-256 of every leaf beside its fact, of every complete subtree of 256,
-- 65 536 … leaves by itself, and what was signed. Enough for any proof without hashing the
-- journal again.
ALTER TABLE facts ADD COLUMN leaf BLOB;
CREATE TABLE nodes (
  node INTEGER NOT NULL, level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY (node, level, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
  node INTEGER NOT NULL, epoch INTEGER NOT NULL, size INTEGER NOT NULL, signed_at INTEGER NOT NULL,
  text TEXT NOT NULL, PRIMARY KEY (node, epoch, size)
) STRICT, WITHOUT ROWID;
-- The public keys of every epoch, as they are published.
CREATE TABLE journal_keys (
  node INTEGER NOT NULL, epoch INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (node, epoch)
) STRICT, WITHOUT ROWID;
