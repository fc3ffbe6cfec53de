-- The device to which a session is bound: its document in the log. NULL until the device has proved its key.
ALTER TABLE session ADD COLUMN bound BLOB;

-- One-time codes for enrolling a device: a hash, ten minutes, gone when used. What came of one is an act in
-- the log; this is only the secret on its way.
CREATE TABLE code (
    person   BLOB NOT NULL PRIMARY KEY,   -- for whom
    hash     BLOB NOT NULL,
    by       BLOB NOT NULL,               -- who gave it out
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
