-- Public keys of devices, to which phones wrap the keys of sealed documents. Private keys are never here.

CREATE TABLE wrap_keys (
    id     INTEGER NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    device TEXT NOT NULL,
    key    BLOB NOT NULL,
    UNIQUE (person, device)
);
