-- Systems of departments. What of a case was typed by hand for a department that has one:
ALTER TABLE cases ADD COLUMN retyped INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_retyped ON cases (department) WHERE retyped > 0;
-- Messages are given to a system in the order of the journal.
CREATE INDEX messages_in_order ON messages (recipient, position, place);
-- How far messages were pushed to a system, and since when it does not take them.
CREATE TABLE pushed (
    department BLOB NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    place INTEGER NOT NULL,
    pushed_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next_at INTEGER,
    failing_since INTEGER
) STRICT, WITHOUT ROWID;
