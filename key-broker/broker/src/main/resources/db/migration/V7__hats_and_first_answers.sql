-- Which hat somebody wears on a key: the first one that policy let him put on, for the key's life. Rows outlive keys that were never born.
CREATE TABLE key_hat (
    key_id text NOT NULL,
    actor  text NOT NULL,
    hat    text NOT NULL,
    PRIMARY KEY (key_id, actor)
);

-- The first answer to a caller's Idempotency-Key. Without status it is still on its way, or nobody knows what became of it.
CREATE TABLE first_answer (
    caller      text        NOT NULL,
    name        text        NOT NULL,
    fingerprint text        NOT NULL,
    request     text        NOT NULL,
    expires     timestamptz NOT NULL,
    status      integer,
    headers     jsonb,
    body        bytea,
    PRIMARY KEY (caller, name)
);
CREATE INDEX first_answer_by_expiry ON first_answer (expires);
