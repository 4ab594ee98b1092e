-- What the broker asks for itself it asks for once, whichever broker has the duty.
CREATE UNIQUE INDEX approval_own ON approval (operation, key_id)
    WHERE requester = 'keyproof-broker' AND used_by IS NULL AND NOT ended;

-- Roles and hats lent for a time. A row lends nothing by itself: the signatures over its terms do, which each broker verifies.
CREATE TABLE elevation (
    id         text PRIMARY KEY,
    holder     text        NOT NULL,
    terms      jsonb       NOT NULL,
    change     text        NOT NULL,
    approval   text        NOT NULL REFERENCES approval,
    requested  timestamptz NOT NULL,
    began      timestamptz,
    until      timestamptz,
    intent     text,
    ended      timestamptz,
    ended_by   text,
    review_due timestamptz,
    reviewer   text,
    verdict    text,
    review     text,
    reviewed   timestamptz,
    noticed    boolean     NOT NULL DEFAULT false,
    overdue    boolean     NOT NULL DEFAULT false
);
CREATE INDEX elevation_standing ON elevation (until) WHERE began IS NOT NULL AND ended IS NULL;
CREATE INDEX elevation_reviewed ON elevation (id) WHERE review_due IS NOT NULL AND (NOT noticed OR NOT overdue);

-- Which calls were made under which; derived from the brokers' journals, of which each was read up to a sequence.
CREATE TABLE elevation_call (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    elevation text    NOT NULL,
    record    text    NOT NULL UNIQUE,
    time      text    NOT NULL,
    operation text    NOT NULL,
    key_id    text,
    code      integer NOT NULL,
    problem   text
);
CREATE INDEX elevation_call_by_elevation ON elevation_call (elevation, number);
CREATE TABLE elevation_indexed (
    source   text PRIMARY KEY,
    epoch    text   NOT NULL,
    sequence bigint NOT NULL
);
