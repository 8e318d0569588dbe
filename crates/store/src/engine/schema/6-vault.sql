-- Personal data, opinions and notes as encrypted cells (store/src/vault). The keyed digests find
-- equal numbers without telling them. What is there in clear is carried over cell by cell.
ALTER TABLE sealed RENAME TO sealed_in_clear;
CREATE TABLE sealed (
  id BLOB NOT NULL PRIMARY KEY, salt BLOB NOT NULL, value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE persons RENAME TO persons_in_clear;
CREATE TABLE persons (
  id BLOB NOT NULL PRIMARY KEY, name BLOB NOT NULL, phone BLOB NOT NULL, id_number BLOB NOT NULL,
  phone_digest BLOB, id_digest BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX persons_by_phone ON persons (phone_digest, id);
CREATE INDEX persons_by_id_number ON persons (id_digest, id);
ALTER TABLE draft_values RENAME TO draft_values_in_clear;
CREATE TABLE draft_values (
  draft BLOB NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (draft, kind, name)
) STRICT, WITHOUT ROWID;
ALTER TABLE files RENAME TO files_in_clear;
CREATE TABLE files (
  id BLOB NOT NULL PRIMARY KEY, name BLOB NOT NULL, media TEXT NOT NULL, size INTEGER NOT NULL,
  sm3 BLOB NOT NULL, draft BLOB, project BLOB NOT NULL, uploaded_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
