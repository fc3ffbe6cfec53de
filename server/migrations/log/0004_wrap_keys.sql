-- Public keys of devices, to which phones wrap the keys of sealed documents. Private keys are never here.

CREATE TABLE wrap_keys (
    id     INTEGER NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    device TEXT NOT NULL,
    key    BLOB NOT NULL,
    UNIQUE (person, device)
);

-- The public half of the union's recovery key; its secret half is split among officers and never here.
CREATE TABLE recovery_key (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL);
