-- Who may come in, apart from the log: credentials are not in the log's backups, and signing in never waits
-- for the log's one writer. Nothing here can be read back as a password or a cookie.
CREATE TABLE account (
    person     BLOB NOT NULL PRIMARY KEY,
    no         TEXT NOT NULL UNIQUE,
    phc        TEXT NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    hash       BLOB NOT NULL PRIMARY KEY,
    person     BLOB NOT NULL,
    device     TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person);

-- Devices on which this person has signed in before: they keep a way in while somebody else guesses.
CREATE TABLE known (
    hash    BLOB NOT NULL,
    person  BLOB NOT NULL,
    seen_ms INTEGER NOT NULL,
    PRIMARY KEY (hash, person)
) STRICT, WITHOUT ROWID;
