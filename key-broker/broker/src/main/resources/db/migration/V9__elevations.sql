-- What the broker asks for itself it asks for once, whichever broker has the duty.
CREATE UNIQUE INDEX approval_own ON approval (operation, key_id)
    WHERE requester = 'keyproof-broker' AND used_by IS NULL AND NOT ended;
