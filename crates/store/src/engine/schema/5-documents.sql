-- Projects that call for a document that was not made yet; since the latest of them does.
CREATE TABLE unmade (
  project BLOB NOT NULL PRIMARY KEY, since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX unmade_by_time ON unmade (since DESC, project);
-- Why a document could not be made when it was tried last; nothing that cannot be lost.
CREATE TABLE document_problems (
  project BLOB NOT NULL, kind TEXT NOT NULL, subject BLOB NOT NULL, sentence TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (project, kind, subject)
) STRICT, WITHOUT ROWID;
-- Projects whose older documents somebody looked for.
CREATE TABLE documents_asked (
  project BLOB NOT NULL PRIMARY KEY, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
