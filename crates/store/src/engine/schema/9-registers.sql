-- What registers of others are to be asked: a row goes when the answer is a fact of the project, or
-- after a week.
CREATE TABLE register_questions (
    project BLOB NOT NULL,
    paper TEXT NOT NULL,
    register TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    -- why there was no answer when it was tried last
    problem TEXT,
    PRIMARY KEY (project, paper)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_questions_due ON register_questions (register, next_at);
