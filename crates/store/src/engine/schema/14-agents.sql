-- Who may act for the owner of a project, and until which day.
CREATE TABLE agencies (
  account BLOB NOT NULL, project BLOB NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (account, project)
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_of_project ON cases (project, case_id);
