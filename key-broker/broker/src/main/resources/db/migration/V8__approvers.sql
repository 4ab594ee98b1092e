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

-- Of which role its approvers are to be.
ALTER TABLE approval ADD COLUMN role text NOT NULL DEFAULT '';
ALTER TABLE approval ALTER COLUMN role DROP DEFAULT;

-- What people are told of an approval, each once; entered with what it tells of, in one transaction.
CREATE TABLE notice (
    id       text PRIMARY KEY,
    approval text        NOT NULL REFERENCES approval,
    what     text        NOT NULL,
    level    integer     NOT NULL,
    created  timestamptz NOT NULL,
    UNIQUE (approval, what, level)
);

-- By which ways it is to be told; a row goes when it was, or was given up.
CREATE TABLE notice_delivery (
    notice   text        NOT NULL REFERENCES notice,
    channel  text        NOT NULL,
    attempts integer     NOT NULL,
    due      timestamptz NOT NULL,
    PRIMARY KEY (notice, channel)
);
CREATE INDEX notice_delivery_by_due ON notice_delivery (channel, due);
