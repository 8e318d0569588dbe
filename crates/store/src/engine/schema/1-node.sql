-- One node's database. Plain columns, keys made by the application, no logic in triggers.
-- Everything below "projections" can be rebuilt from facts and sealed values.

CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- journal --------------------------------------------------------------------------------
CREATE TABLE facts (
  node INTEGER NOT NULL, position INTEGER NOT NULL, stream_kind INTEGER NOT NULL,
  stream BLOB NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (node, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX facts_by_stream ON facts (stream_kind, stream, version);
CREATE TABLE claims (
  kind TEXT NOT NULL, value TEXT NOT NULL, stream BLOB NOT NULL, PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
  kind TEXT NOT NULL, period INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (kind, period)
) STRICT, WITHOUT ROWID;
CREATE TABLE packs (digest BLOB NOT NULL PRIMARY KEY, files BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE answers (
  account BLOB NOT NULL, request TEXT NOT NULL, digest BLOB NOT NULL, answer TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (account, request)
) STRICT, WITHOUT ROWID;

-- vault ----------------------------------------------------------------------------------
CREATE TABLE sealed (
  id BLOB NOT NULL PRIMARY KEY, salt BLOB NOT NULL, value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE persons (
  id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, id_number TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- accounts, sessions, drafts, files: outside the journal -----------------------------------
CREATE TABLE accounts (
  id BLOB NOT NULL PRIMARY KEY, login TEXT NOT NULL UNIQUE, person BLOB NOT NULL,
  password TEXT NOT NULL, organisation TEXT, organisation_name TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE mandates (
  account BLOB NOT NULL, place INTEGER NOT NULL, role TEXT NOT NULL, department BLOB,
  region INTEGER NOT NULL, PRIMARY KEY (account, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
  digest BLOB NOT NULL PRIMARY KEY, account BLOB NOT NULL, created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account, digest);
CREATE TABLE guesses (
  subject TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE drafts (
  id BLOB NOT NULL PRIMARY KEY, project BLOB NOT NULL, kind TEXT NOT NULL, stage INTEGER NOT NULL,
  subject BLOB, made_by BLOB NOT NULL, changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_by_project ON drafts (project, id);
CREATE TABLE draft_values (
  draft BLOB NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (draft, kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE files (
  id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL, media TEXT NOT NULL, size INTEGER NOT NULL,
  sm3 BLOB NOT NULL, draft BLOB, project BLOB NOT NULL, uploaded_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- projections ------------------------------------------------------------------------------
CREATE TABLE projects (
  region INTEGER NOT NULL, project BLOB NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
  owner TEXT NOT NULL, owner_name TEXT NOT NULL, flow TEXT NOT NULL, is_key INTEGER NOT NULL,
  registered_at INTEGER NOT NULL, stages_done INTEGER NOT NULL, open_cases INTEGER NOT NULL,
  last_change INTEGER NOT NULL, version INTEGER NOT NULL,
  PRIMARY KEY (region, project)
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_by_owner ON projects (owner, last_change, project);
CREATE INDEX projects_by_id ON projects (project);
CREATE TABLE applications (
  region INTEGER NOT NULL, application BLOB NOT NULL, project BLOB NOT NULL, number TEXT NOT NULL,
  stage INTEGER NOT NULL, standing TEXT NOT NULL, submitted_at INTEGER NOT NULL,
  received_on INTEGER NOT NULL, notice_until INTEGER NOT NULL, correction_until INTEGER,
  cases INTEGER NOT NULL, open_cases INTEGER NOT NULL,
  project_name TEXT NOT NULL, owner_name TEXT NOT NULL,
  PRIMARY KEY (region, application)
) STRICT, WITHOUT ROWID;
CREATE INDEX applications_by_standing ON applications (standing, notice_until, application);
CREATE INDEX applications_by_number ON applications (number);
CREATE INDEX applications_by_id ON applications (application);
CREATE TABLE cases (
  region INTEGER NOT NULL, case_id BLOB NOT NULL, project BLOB NOT NULL, application BLOB NOT NULL,
  number TEXT NOT NULL, item TEXT NOT NULL, name TEXT NOT NULL, stage INTEGER NOT NULL,
  department BLOB NOT NULL, standing TEXT NOT NULL, state INTEGER NOT NULL, officer BLOB,
  waits INTEGER NOT NULL, special_asked INTEGER NOT NULL, side INTEGER NOT NULL,
  is_key INTEGER NOT NULL, received_at INTEGER NOT NULL, accepted_on INTEGER, started_on INTEGER,
  due_on INTEGER, statutory_due_on INTEGER, stopped_on INTEGER, served_at INTEGER,
  promised_days INTEGER, owed INTEGER NOT NULL, changed INTEGER NOT NULL,
  project_name TEXT NOT NULL, owner TEXT NOT NULL, owner_name TEXT NOT NULL,
  PRIMARY KEY (region, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_department ON cases (department, standing, due_on, case_id);
CREATE INDEX cases_by_standing ON cases (standing, due_on, case_id);
CREATE INDEX cases_by_id ON cases (case_id);
CREATE INDEX cases_by_number ON cases (number);
CREATE INDEX cases_by_owner ON cases (owner, standing, case_id);
CREATE TABLE timers (
  due_at INTEGER NOT NULL, kind TEXT NOT NULL, subject BLOB NOT NULL, project BLOB NOT NULL,
  PRIMARY KEY (due_at, kind, subject)
) STRICT, WITHOUT ROWID;

-- outbox -----------------------------------------------------------------------------------
CREATE TABLE messages (
  position INTEGER NOT NULL, place INTEGER NOT NULL, recipient TEXT NOT NULL, act TEXT NOT NULL,
  project BLOB NOT NULL, application BLOB, case_id BLOB, at INTEGER NOT NULL,
  delivered_at INTEGER, PRIMARY KEY (position, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_by_recipient ON messages (recipient, at, position, place);
CREATE INDEX messages_undelivered ON messages (delivered_at, position, place);
