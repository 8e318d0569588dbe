-- As whom the provider of the unified login knows somebody (a cell, and the digest it is found by), for
-- which legal person, empty where somebody comes for himself, and whose account that is here.
CREATE TABLE unified_logins (
  id BLOB NOT NULL PRIMARY KEY, subject BLOB NOT NULL, subject_digest BLOB NOT NULL,
  organisation TEXT NOT NULL, account BLOB NOT NULL, since INTEGER NOT NULL,
  UNIQUE (subject_digest, organisation)
) STRICT, WITHOUT ROWID;
