-- What a key is for and whose: scope is {"service", "tenant", "environment"}, each where it has one.
ALTER TABLE key ADD COLUMN sensitivity text;
ALTER TABLE key ADD COLUMN residency text;
ALTER TABLE key ADD COLUMN scope jsonb NOT NULL DEFAULT '{}';

-- When it begins, how often one version may protect (0 for no limit), and when it is to be destroyed and by which order.
ALTER TABLE key ADD COLUMN activates timestamptz;
ALTER TABLE key ADD COLUMN usage_limit bigint NOT NULL DEFAULT 0;
UPDATE key SET usage_limit = 4294967296 WHERE algorithm = 'AES_256_GCM';
ALTER TABLE key ADD COLUMN destroys timestamptz;
ALTER TABLE key ADD COLUMN destruction_order text;
ALTER TABLE key ADD COLUMN destruction_approval text;

-- The version that protects: the newest one, unless a rotation was backed out.
ALTER TABLE key ADD COLUMN current_version integer;
UPDATE key SET current_version = (SELECT max(version) FROM key_version WHERE key_id = key.id);
ALTER TABLE key ALTER COLUMN current_version SET NOT NULL;

-- A retired version processes nothing any more. Uses are taken in blocks, so a broker that dies has counted too many, never too few.
ALTER TABLE key_version ADD COLUMN retired timestamptz;
ALTER TABLE key_version ADD COLUMN uses bigint NOT NULL DEFAULT 0;

CREATE TABLE key_alias (
    name   text PRIMARY KEY,
    key_id text NOT NULL REFERENCES key
);
CREATE INDEX key_alias_by_key ON key_alias (key_id);

-- Who used a key on which day (UTC), as far as it was written down; the journal has every call.
CREATE TABLE key_use (
    key_id     text        NOT NULL REFERENCES key,
    actor      text        NOT NULL,
    day        date        NOT NULL,
    operations bigint      NOT NULL,
    last       timestamptz NOT NULL,
    PRIMARY KEY (key_id, actor, day)
);

-- Data keys that follow their KEK: wrapped by it, under a context, never in clear.
CREATE TABLE data_key (
    id         text PRIMARY KEY,
    kek        text        NOT NULL REFERENCES key,
    version    integer     NOT NULL,
    ciphertext bytea       NOT NULL,
    context    jsonb       NOT NULL,
    created    timestamptz NOT NULL
);
CREATE INDEX data_key_by_kek ON data_key (kek, version, id);

-- The move of a KEK's data keys to another version of it; one row per KEK, the latest move.
CREATE TABLE re_wrap (
    kek        text PRIMARY KEY REFERENCES key,
    version    integer     NOT NULL,
    total      bigint      NOT NULL,
    moved      bigint      NOT NULL,
    failed     bigint      NOT NULL,
    per_second integer     NOT NULL,
    ordered_by text        NOT NULL,
    began      timestamptz NOT NULL,
    due        timestamptz NOT NULL,
    ended      timestamptz
);

-- Which broker sees to what is due; another takes over when this one does not renew.
CREATE TABLE duty (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    holder   text        NOT NULL,
    until    timestamptz NOT NULL
);
INSERT INTO duty (holder, until) VALUES ('', now());

-- An intent that was settled as without effect cannot have one later, whatever a lost connection still carries.
ALTER TABLE effect ADD COLUMN refused boolean NOT NULL DEFAULT false;
