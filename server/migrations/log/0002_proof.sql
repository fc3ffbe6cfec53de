-- Proof that the past stays as it was. Filled at the first start for what was there before.

-- The Merkle tree over all changes and acts: every complete subtree. key: level << 48 | place.
CREATE TABLE tree (key INTEGER NOT NULL PRIMARY KEY, hash BLOB NOT NULL);

-- Which places were written in one go; what was there before this table has none.
CREATE TABLE batches (first INTEGER NOT NULL PRIMARY KEY, last INTEGER NOT NULL);

-- Each audit line's link in the hash chain over all lines before it.
ALTER TABLE audit ADD COLUMN link BLOB;
CREATE INDEX audit_doc ON audit (doc, person, at_ms);

-- Key of the series from which an act's number is; unknown for older ones.
ALTER TABLE acts ADD COLUMN series TEXT;

-- meta gets: origin (name of the log for ever), secret (blinds who pushed in the leaves), checkpoint (the
-- signed word about all of this).
