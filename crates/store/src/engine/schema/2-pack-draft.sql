-- The working draft of the catalogue: the files of a pack, each with its own version, so that two
-- administrators at work on different files do not meet, and on one file are told.
CREATE TABLE pack_draft (
  path TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL, changed_by BLOB
) STRICT, WITHOUT ROWID;
