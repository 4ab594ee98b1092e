-- What a data key is for. Those of before had only a length: 24 bytes of header, 12 of IV and 16 of tag lie around the key.
ALTER TABLE data_key ADD COLUMN algorithm text;
UPDATE data_key SET algorithm = CASE octet_length(ciphertext) - 52
    WHEN 16 THEN 'AES_128_GCM' WHEN 24 THEN 'AES_192_GCM' WHEN 64 THEN 'AES_256_XTS' ELSE 'AES_256_GCM' END;
ALTER TABLE data_key ALTER COLUMN algorithm SET NOT NULL;

-- The limit that held when uses were last taken: the lower of the key's own and of policy's on that day. 0 for none.
ALTER TABLE key_version ADD COLUMN uses_limit bigint NOT NULL DEFAULT 0;
UPDATE key_version v SET uses_limit = k.usage_limit FROM key k WHERE k.id = v.key_id;

-- Which record, of which broker's journal, says that the object was born so. What was written down before names none: it is adopted anew.
DELETE FROM device_object;
DELETE FROM device_token;
ALTER TABLE device_object ADD COLUMN source text NOT NULL;
ALTER TABLE device_object ADD COLUMN epoch text NOT NULL;
ALTER TABLE device_object ADD COLUMN sequence bigint NOT NULL;
