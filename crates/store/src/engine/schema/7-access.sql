-- A password that somebody else gave has to be changed; an account can be closed; a second factor
-- is an encrypted secret, and no step of its clock opens twice.
ALTER TABLE accounts ADD COLUMN temporary INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN closed_at INTEGER;
ALTER TABLE accounts ADD COLUMN second_factor BLOB;
ALTER TABLE accounts ADD COLUMN last_step INTEGER NOT NULL DEFAULT 0;
-- When the person last proved who it is, and by how many factors.
ALTER TABLE sessions ADD COLUMN confirmed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN factors INTEGER NOT NULL DEFAULT 1;
-- Logins and what was done to accounts.
CREATE TABLE access_events (
  account BLOB NOT NULL, at INTEGER NOT NULL, id BLOB NOT NULL, event TEXT NOT NULL,
  done_by BLOB, address TEXT NOT NULL, PRIMARY KEY (account, at, id)
) STRICT, WITHOUT ROWID;
