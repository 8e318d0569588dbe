-- Queues of a department with hundreds of thousands of cases behind it: debts are found without
-- looking at every case that passed with one, and what is done newest first without sorting it.
DROP INDEX cases_by_department;
CREATE INDEX cases_by_department ON cases (department, standing, owed, due_on, case_id);
CREATE INDEX cases_by_end ON cases (department, stopped_on DESC, case_id);
