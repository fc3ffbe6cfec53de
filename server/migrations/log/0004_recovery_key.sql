-- The public half of the union's recovery key; its secret half is split among officers and never here.
CREATE TABLE recovery_key (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL);
