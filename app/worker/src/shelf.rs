//! Where the open person's records lie: behind their lock, or, where a browser hides WebCrypto because the
//! page came over plain HTTP from another machine, in memory only. Nothing is ever kept readable; a database
//! of before there were locks is only read, once.

use store::vault::{OpenKey, Vaulted, Web};
use store::{Col, Durability, IndexedDb, Memory, Pair, Store, Trouble, Write};

/// A home for sealed records.
pub type Shelf = Vaulted<Disk, Web>;

/// One of these.
#[derive(Clone)]
pub enum Disk {
    /// Of this phone.
    Indexed(IndexedDb),
    /// Gone with the page.
    Memory(Memory),
}

/// The database of this name, sealed with this key; without one as it was before there were locks.
pub async fn shelf(database: &str, key: Option<OpenKey<Web>>) -> Result<Shelf, Trouble> {
    Ok(Vaulted::new(Disk::Indexed(IndexedDb::open(database).await?), key))
}

/// Lets go of the database.
pub fn close(shelf: &Shelf) {
    if let Disk::Indexed(store) = shelf.inner() {
        store.close();
    }
}

impl Store for Disk {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        match self {
            Self::Indexed(store) => store.get(col, key).await,
            Self::Memory(memory) => memory.get(col, key).await,
        }
    }
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        match self {
            Self::Indexed(store) => store.all(col).await,
            Self::Memory(memory) => memory.all(col).await,
        }
    }
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        match self {
            Self::Indexed(store) => store.keys(col).await,
            Self::Memory(memory) => memory.keys(col).await,
        }
    }
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        match self {
            Self::Indexed(store) => store.write(batch, durability).await,
            Self::Memory(memory) => memory.write(batch, durability).await,
        }
    }
}
