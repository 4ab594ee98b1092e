-- Where a key lives: resident in its device, or replicated: kept here wrapped by a KEK of the device.
ALTER TABLE key ADD COLUMN residence text NOT NULL DEFAULT 'RESIDENT';
ALTER TABLE key ALTER COLUMN residence DROP DEFAULT;

-- The intent that the version was born by, and the wrapped key itself; it is erased when the key is destroyed.
ALTER TABLE key_version ADD COLUMN birth text NOT NULL DEFAULT '';
ALTER TABLE key_version ALTER COLUMN birth DROP DEFAULT;
ALTER TABLE key_version ADD COLUMN wrapped bytea;
