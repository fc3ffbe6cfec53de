//! A store in memory that can lose power: what was written relaxed since the last strict write is gone.

use crate::{Col, Durability, Pair, Store, Trouble, Write};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

type Shelf = BTreeMap<(Col, Vec<u8>), Vec<u8>>;

/// The disk under a [`Memory`] store; outlives it, as a phone's disk outlives a crash.
#[derive(Default)]
pub struct Disk {
    seen: RefCell<Shelf>,
    durable: RefCell<Shelf>,
    fail: RefCell<Option<Trouble>>,
}

impl Disk {
    /// Power is cut: only strict writes (and relaxed ones before them) are left.
    pub fn cut_power(&self) {
        *self.seen.borrow_mut() = self.durable.borrow().clone();
    }
    /// The next write fails with this, then all is well again.
    pub fn fail_next(&self, trouble: Trouble) {
        *self.fail.borrow_mut() = Some(trouble);
    }
    /// A copy of what is durable, as when somebody clones the phone.
    pub fn copy(&self) -> Rc<Disk> {
        let durable = self.durable.borrow().clone();
        Rc::new(Disk { seen: RefCell::new(durable.clone()), durable: RefCell::new(durable), fail: RefCell::default() })
    }
}

/// A store on a [`Disk`] in memory.
#[derive(Clone, Default)]
pub struct Memory(pub Rc<Disk>);

impl Store for Memory {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(self.0.seen.borrow().get(&(col, key.to_vec())).cloned())
    }
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        let shelf = self.0.seen.borrow();
        Ok(shelf.iter().filter(|((c, _), _)| *c == col).map(|((_, k), v)| (k.clone(), v.clone())).collect())
    }
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        let shelf = self.0.seen.borrow();
        Ok(shelf.keys().filter(|(c, _)| *c == col).map(|(_, k)| k.clone()).collect())
    }
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        if let Some(trouble) = self.0.fail.borrow_mut().take() {
            return Err(trouble);
        }
        let mut shelf = self.0.seen.borrow_mut();
        batch.into_iter().for_each(|write| apply(&mut shelf, write));
        if durability == Durability::Strict {
            *self.0.durable.borrow_mut() = shelf.clone();
        }
        Ok(())
    }
}

fn apply(shelf: &mut Shelf, write: Write) {
    match write {
        Write::Put(col, key, value) => {
            shelf.insert((col, key), value);
        }
        Write::Del(col, key) => {
            shelf.remove(&(col, key));
        }
        Write::Clear(col) => shelf.retain(|(c, _), _| *c != col),
    }
}
