-- Who kept the catalogue of a node kept all of it, also what is the province's; from now on an office
-- keeps the part of its region. The first two digits of a division are its province (GB/T 2260).
UPDATE mandates SET region = region / 10000 * 10000 WHERE role = 'administrator';

-- Departments that were asked for an opinion on a case: whether it is still to come, and how many answers
-- were typed by hand though the department has a system of its own.
CREATE TABLE consultations (
  department BLOB NOT NULL, case_id BLOB NOT NULL, until INTEGER NOT NULL, waits INTEGER NOT NULL,
  retyped INTEGER NOT NULL, PRIMARY KEY (department, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consultations_waiting ON consultations (department, case_id) WHERE waits = 1;
-- The department that leads the stage; none in what was handed in before this was kept.
ALTER TABLE applications ADD COLUMN lead BLOB;
CREATE INDEX applications_by_lead ON applications (lead, application) WHERE open_cases > 0;
CREATE INDEX cases_of_application ON cases (application, case_id);
