-- Secrets of a session: a new one every quarter of an hour. `session.hash` is the name of the session and
-- stays; the cookie holds the newest secret. A secret is spent once a newer one was used; a spent one that
-- comes back later was copied, and ends the session.
CREATE TABLE secret (
    hash     BLOB NOT NULL PRIMARY KEY,
    session  BLOB NOT NULL,
    made_ms  INTEGER NOT NULL,
    spent_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_session ON secret (session, made_ms);
INSERT INTO secret (hash, session, made_ms) SELECT hash, hash, created_ms FROM session;
