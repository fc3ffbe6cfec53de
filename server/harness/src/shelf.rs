//! A phone's store: memory that pauses before and after every call, so that power can be cut there.

use crate::step::pause;
use store::{Col, Durability, Memory, Pair, Store, Trouble, Write};

/// A [`Memory`] store with pauses.
#[derive(Clone)]
pub struct Shelf(pub(crate) Memory);

impl Store for Shelf {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        pause().await;
        self.0.get(col, key).await
    }
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        pause().await;
        self.0.all(col).await
    }
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        pause().await;
        self.0.keys(col).await
    }
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        pause().await;
        let done = self.0.write(batch, durability).await;
        pause().await;
        done
    }
}
