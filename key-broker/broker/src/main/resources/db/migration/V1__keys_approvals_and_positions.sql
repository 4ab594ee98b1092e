-- One row: every change of shared state takes the next revision while it holds this row, so revisions commit in order.
CREATE TABLE shared_state (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision    bigint  NOT NULL,
    kill_switch boolean NOT NULL
);
INSERT INTO shared_state (revision, kill_switch) VALUES (0, false);

CREATE TABLE key (
    id                   text PRIMARY KEY,
    name                 text        NOT NULL,
    purpose              text        NOT NULL,
    algorithm            text        NOT NULL,
    state                text        NOT NULL,
    owner                text        NOT NULL,
    tags                 jsonb       NOT NULL,
    created              timestamptz NOT NULL,
    rotation_period_days integer,
    provider             text        NOT NULL,
    attributes           jsonb       NOT NULL,
    revision             bigint      NOT NULL
);
CREATE INDEX key_by_revision ON key (revision);

CREATE TABLE key_version (
    key_id    text        NOT NULL REFERENCES key,
    version   integer     NOT NULL,
    reference text        NOT NULL,
    created   timestamptz NOT NULL,
    PRIMARY KEY (key_id, version)
);

-- How far each broker's journal is reflected here.
CREATE TABLE journal_position (
    source          text PRIMARY KEY,
    epoch           text   NOT NULL,
    intent_sequence bigint NOT NULL,
    settled         bigint NOT NULL
);

-- Which intents have their effect; kept until the intent is settled in the journal.
CREATE TABLE effect (
    intent   text PRIMARY KEY,
    source   text   NOT NULL,
    sequence bigint NOT NULL
);

CREATE TABLE approval (
    id         text PRIMARY KEY,
    statement  text        NOT NULL,
    operation  text        NOT NULL,
    key_id     text        NOT NULL,
    change     text        NOT NULL,
    requester  text        NOT NULL,
    quorum     integer     NOT NULL,
    created    timestamptz NOT NULL,
    expires    timestamptz NOT NULL,
    used_by    text
);

CREATE TABLE approval_signature (
    approval   text        NOT NULL REFERENCES approval,
    approver   text        NOT NULL,
    thumbprint text        NOT NULL,
    jws        text        NOT NULL,
    given      timestamptz NOT NULL,
    PRIMARY KEY (approval, approver)
);

-- Whose signatures count: enrolled on the record.
CREATE TABLE approver (
    id         text PRIMARY KEY,
    thumbprint text        NOT NULL,
    position   text        NOT NULL,
    enrolled   timestamptz NOT NULL
);
