-- Devices, folded from receipts like people; read into memory at start.
CREATE TABLE devices (id BLOB NOT NULL PRIMARY KEY, device BLOB NOT NULL);

-- What revoked devices sent afterwards: kept as it came, never removed, put to use only by an officer's act.
CREATE TABLE parcels (
    id      BLOB NOT NULL PRIMARY KEY,   -- hash of the pushes
    device  BLOB NOT NULL,               -- document of the device
    at_ms   INTEGER NOT NULL,
    parcel  BLOB NOT NULL,               -- CBOR
    settled INTEGER                      -- 1 adopted, 0 sent back, NULL open
);
CREATE INDEX parcels_device ON parcels (device, settled);
