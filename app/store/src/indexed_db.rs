//! IndexedDB (being written)
pub struct IndexedDb;
