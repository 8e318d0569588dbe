-- As whom the provider of the unified login knows somebody (a cell, and the digest it is found by), for
-- which legal person, empty where somebody comes for himself, and whose account that is here.
CREATE TABLE unified_logins (
  id BLOB NOT NULL PRIMARY KEY, subject BLOB NOT NULL, subject_digest BLOB NOT NULL,
  organisation TEXT NOT NULL, account BLOB NOT NULL, since INTEGER NOT NULL,
  UNIQUE (subject_digest, organisation)
) STRICT, WITHOUT ROWID;

-- Security keys (WebAuthn): what a key is known by, its public key, and what it said last.
CREATE TABLE security_keys (
  id BLOB NOT NULL PRIMARY KEY, account BLOB NOT NULL, credential BLOB NOT NULL UNIQUE,
  transports INTEGER NOT NULL, public_key BLOB NOT NULL, state BLOB NOT NULL, name TEXT NOT NULL,
  since INTEGER NOT NULL, used INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX security_keys_of ON security_keys (account, since);
-- What a security key was asked for in a session, until it answers.
ALTER TABLE sessions ADD COLUMN asked BLOB;
