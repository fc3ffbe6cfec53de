-- The log. Plain SQL: a second home (PostgreSQL) takes the same tables with its own type names.
-- Only ever add to this schema: each step must work while the program before it still runs.

-- epoch; nothing else yet
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

-- 'n' is the one order of everything; the others are number series, e.g. 'appeal/LB/2026'
CREATE TABLE counters (key TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL);

-- One line for each document. values, heads and snapshot are caches: they can be rebuilt from changes.
CREATE TABLE docs (
    id       BLOB NOT NULL PRIMARY KEY,
    kind     TEXT NOT NULL,
    owner    BLOB NOT NULL,
    unit     TEXT NOT NULL,
    born_ms  INTEGER NOT NULL,
    n        INTEGER NOT NULL,   -- last change or act that all readers see
    line     BLOB NOT NULL,      -- the row for lists, CBOR
    heads    BLOB NOT NULL,      -- 32 bytes each
    body     BLOB NOT NULL,      -- values, CBOR
    snapshot BLOB NOT NULL
);

-- The truth about bodies: raw changes as they came.
CREATE TABLE changes (
    n           INTEGER NOT NULL PRIMARY KEY,
    doc         BLOB NOT NULL REFERENCES docs (id),
    hash        BLOB NOT NULL UNIQUE,
    actor       BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    person      BLOB NOT NULL,
    device      TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    bytes       BLOB NOT NULL
);
CREATE INDEX changes_doc ON changes (doc, n);

-- The truth about decisions: entries with their receipts, CBOR.
CREATE TABLE acts (
    n           INTEGER NOT NULL PRIMARY KEY,
    doc         BLOB NOT NULL REFERENCES docs (id),
    id          BLOB NOT NULL UNIQUE,
    actor       BLOB NOT NULL,      -- person or alias, as the entry says
    narrow      INTEGER NOT NULL,   -- 1: only for the scopes in narrow_acts
    person      BLOB NOT NULL,      -- who really pushed it; never leaves the server
    device      TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    entry       BLOB NOT NULL
);
CREATE INDEX acts_doc ON acts (doc, narrow, n);
CREATE INDEX acts_actor ON acts (doc, actor);

CREATE TABLE narrow_acts (
    doc   BLOB NOT NULL,
    scope TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (doc, scope, n)
);

-- One line for each scope in which a document lies, has lain, or has narrow acts.
CREATE TABLE feed (
    scope   TEXT NOT NULL,
    doc     BLOB NOT NULL,
    n       INTEGER NOT NULL,   -- last thing that happened to it in this scope
    first_n INTEGER,            -- when it first came in; NULL: only narrow acts lie here
    entered INTEGER NOT NULL,   -- when it last came in; 0: never
    here    INTEGER NOT NULL,   -- 1: its readers include this scope now
    PRIMARY KEY (scope, doc)
);
CREATE INDEX feed_n ON feed (scope, n);
CREATE INDEX feed_here ON feed (doc, here);

-- Who is who, folded from receipts; read into memory at start.
CREATE TABLE people (id BLOB NOT NULL PRIMARY KEY, no TEXT NOT NULL, who BLOB NOT NULL);
CREATE INDEX people_no ON people (no);
CREATE TABLE aliases (alias BLOB NOT NULL PRIMARY KEY, person BLOB NOT NULL);

-- To whom an Automerge actor belongs.
CREATE TABLE actors (
    doc    BLOB NOT NULL,
    actor  BLOB NOT NULL,
    person BLOB NOT NULL,
    device TEXT NOT NULL,
    PRIMARY KEY (doc, actor)
);

-- Refused pushes: who, where, which rule; never content.
CREATE TABLE audit (
    at_ms  INTEGER NOT NULL,
    person BLOB NOT NULL,
    device TEXT NOT NULL,
    doc    BLOB NOT NULL,
    code   TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at_ms);
