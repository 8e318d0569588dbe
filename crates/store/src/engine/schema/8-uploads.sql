-- How much a project holds is looked up at every upload.
CREATE INDEX files_by_project ON files (project, size);
