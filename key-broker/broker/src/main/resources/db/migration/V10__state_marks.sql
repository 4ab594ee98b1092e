-- Each revision of the shared state has a mark that no other history of this database would give it, so that a broker that saw the
-- one can tell whether this database is still, or again, the one that it saw.
CREATE TABLE state_mark (
    revision bigint PRIMARY KEY,
    mark     uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO state_mark (revision) SELECT revision FROM shared_state;

-- By the database itself, whoever takes a revision; one that was there before cannot be taken again.
CREATE FUNCTION mark_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO state_mark (revision) VALUES (NEW.revision);
    RETURN NULL;
END
$$;
CREATE TRIGGER state_is_marked AFTER UPDATE OF revision ON shared_state
    FOR EACH ROW WHEN (OLD.revision <> NEW.revision) EXECUTE FUNCTION mark_state();

-- The record by which each broker's journal last bore witness of the state it had seen.
ALTER TABLE journal_position ADD COLUMN witnessed bigint NOT NULL DEFAULT 0;
