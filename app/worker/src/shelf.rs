//! Where the open person's records lie: behind their lock, or, where a browser hides WebCrypto because the
//! page came over plain HTTP from another machine, in memory only. Nothing is ever kept readable.

use store::vault::{Vaulted, Web};
use store::{Col, Durability, IndexedDb, Memory, Pair, Store, Trouble, Write};

/// One of the two.
#[derive(Clone)]
pub enum Shelf {
    /// On the disk, sealed.
    Vault(Vaulted<IndexedDb, Web>),
    /// Gone with the page.
    Memory(Memory),
}

impl Shelf {
    /// Lets go of the database.
    pub fn close(&self) {
        if let Self::Vault(vault) = self {
            vault.inner().close();
        }
    }
}

impl Store for Shelf {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        match self {
            Self::Vault(vault) => vault.get(col, key).await,
            Self::Memory(memory) => memory.get(col, key).await,
        }
    }
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        match self {
            Self::Vault(vault) => vault.all(col).await,
            Self::Memory(memory) => memory.all(col).await,
        }
    }
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        match self {
            Self::Vault(vault) => vault.keys(col).await,
            Self::Memory(memory) => memory.keys(col).await,
        }
    }
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        match self {
            Self::Vault(vault) => vault.write(batch, durability).await,
            Self::Memory(memory) => memory.write(batch, durability).await,
        }
    }
}
