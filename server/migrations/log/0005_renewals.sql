-- Documents whose row, readers or person another version of the program computed otherwise than the one before
-- it. Each has a place of its own, by which phones hear of it. person and device are the server's own.
CREATE TABLE renewals (
    n           INTEGER NOT NULL PRIMARY KEY,
    doc         BLOB NOT NULL REFERENCES docs (id),
    person      BLOB NOT NULL,
    device      TEXT NOT NULL,
    received_ms INTEGER NOT NULL
);
CREATE INDEX renewals_doc ON renewals (doc, n);

-- The feed as it stood when the present rules took over. What earlier rules made of it nobody can compute any
-- more; its hash stands in the audit (code renewed/…).
CREATE TABLE feed_base (
    scope   TEXT NOT NULL,
    doc     BLOB NOT NULL,
    n       INTEGER NOT NULL,
    first_n INTEGER,
    entered INTEGER NOT NULL,
    here    INTEGER NOT NULL,
    PRIMARY KEY (scope, doc)
);
CREATE INDEX feed_base_doc ON feed_base (doc);
