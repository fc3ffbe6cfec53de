//! Where the open person's records lie: behind their lock, or, where a browser hides WebCrypto because the
//! page came over plain HTTP from another machine, in memory only. Nothing is ever kept readable; a database
//! of before there were locks is only read, once.

use store::vault::{Vaulted, Web};
use store::{Col, Durability, IndexedDb, Memory, Pair, Store, Trouble, Write};

/// One of these.
#[derive(Clone)]
pub enum Shelf {
    /// On the disk, sealed.
    Vault(Vaulted<IndexedDb, Web>),
    /// As it was before there were locks; also for the store's own test.
    Plain(IndexedDb),
    /// Gone with the page.
    Memory(Memory),
}

impl Shelf {
    /// Lets go of the database.
    pub fn close(&self) {
        match self {
            Self::Vault(vault) => vault.inner().close(),
            Self::Plain(store) => store.close(),
            Self::Memory(_) => {}
        }
    }
}

impl Store for Shelf {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        match self {
            Self::Vault(vault) => vault.get(col, key).await,
            Self::Plain(store) => store.get(col, key).await,
            Self::Memory(memory) => memory.get(col, key).await,
        }
    }
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        match self {
            Self::Vault(vault) => vault.all(col).await,
            Self::Plain(store) => store.all(col).await,
            Self::Memory(memory) => memory.all(col).await,
        }
    }
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        match self {
            Self::Vault(vault) => vault.keys(col).await,
            Self::Plain(store) => store.keys(col).await,
            Self::Memory(memory) => memory.keys(col).await,
        }
    }
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        match self {
            Self::Vault(vault) => vault.write(batch, durability).await,
            Self::Plain(store) => store.write(batch, durability).await,
            Self::Memory(memory) => memory.write(batch, durability).await,
        }
    }
}
