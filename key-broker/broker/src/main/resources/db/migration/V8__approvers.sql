-- The book of approvers: who was enrolled and who revoked, one entry after another. Each names the record that says so; all but the first
-- approvers' carry the approval that they were made by.
CREATE TABLE approver_entry (
    number    bigint PRIMARY KEY,
    operation text   NOT NULL,
    document  text   NOT NULL,
    evidence  text,
    source    text   NOT NULL,
    epoch     text   NOT NULL,
    sequence  bigint NOT NULL
);

-- Who is to be enrolled, where approval of that is asked for.
ALTER TABLE approval ADD COLUMN enrolment text;
