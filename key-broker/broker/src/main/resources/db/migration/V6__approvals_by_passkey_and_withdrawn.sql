-- A signature is a JWS or, by a passkey, a WebAuthn assertion.
ALTER TABLE approval_signature ALTER COLUMN jws DROP NOT NULL;
ALTER TABLE approval_signature ADD COLUMN assertion jsonb;
ALTER TABLE approval_signature ADD CHECK ((jws IS NULL) <> (assertion IS NULL));

-- Taken back by its approver; it stays, so that it cannot be given again by who has seen it.
ALTER TABLE approval_signature ADD COLUMN withdrawn timestamptz;
ALTER TABLE approval ADD COLUMN withdrawals integer NOT NULL DEFAULT 0;

-- How many signatures the approver's passkey had made at the last one; it only goes on.
ALTER TABLE approver ADD COLUMN sign_count bigint NOT NULL DEFAULT 0;

-- Its end without use is on the record.
ALTER TABLE approval ADD COLUMN ended boolean NOT NULL DEFAULT false;
