-- What happened to all accounts is looked through by time.
CREATE INDEX access_events_by_time ON access_events (at, id);
-- An office that one administrator gives counts when another one has granted it.
ALTER TABLE mandates ADD COLUMN granted_at INTEGER;
ALTER TABLE mandates ADD COLUMN granted_by BLOB;
UPDATE mandates SET granted_at = 0;
-- Until now one administrator did what is the matter of three; the page of the node says so until
-- the offices are given to others.
INSERT INTO mandates (account, place, role, department, region, granted_at, granted_by)
  SELECT account, place + 100, 'system-administrator', department, region, 0, NULL
  FROM mandates WHERE role = 'administrator';
INSERT INTO mandates (account, place, role, department, region, granted_at, granted_by)
  SELECT account, place + 200, 'security-administrator', department, region, 0, NULL
  FROM mandates WHERE role = 'administrator';
