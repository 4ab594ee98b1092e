-- Every object that a token is to hold, as the token showed it at its birth; what differs now was not ordered by us.
CREATE TABLE device_object (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token      text  NOT NULL,
    kind       text  NOT NULL,
    object_id  text  NOT NULL,
    label      text  NOT NULL,
    attributes jsonb NOT NULL,
    born       text  NOT NULL
);
CREATE INDEX device_object_by_id ON device_object (object_id);

-- Tokens of which what they held at first was taken as ordered, by the record of that uid.
CREATE TABLE device_token (
    token   text PRIMARY KEY,
    adopted text NOT NULL
);

-- Ceremonies whose transcript is on the record.
CREATE TABLE ceremony (
    id       text PRIMARY KEY,
    digest   text NOT NULL,
    position text NOT NULL
);

-- What the approved operation is asked with; the days of an order, for its approval is verified again when it is due.
ALTER TABLE approval ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}';
ALTER TABLE key ADD COLUMN destruction_days integer;
