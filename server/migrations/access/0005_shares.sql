-- The server's half of a phone's key, for officers who unlock with a PIN while there is a link. Worth nothing
-- without the phone; the proof says nothing about the PIN to whoever has not the phone's salt.
CREATE TABLE share (
    slot    BLOB NOT NULL PRIMARY KEY,
    person  BLOB NOT NULL,
    device  BLOB NOT NULL,
    proof   BLOB NOT NULL,
    share   BLOB NOT NULL,
    tries   INTEGER NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX share_person ON share (person);
