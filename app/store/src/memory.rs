//! A store in memory that can lose power: what was written relaxed since the last strict write is gone.

use crate::{Col, Durability, Pair, Store, Trouble, Write};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

type Shelf = BTreeMap<(Col, Vec<u8>), Vec<u8>>;

/// The disk under a [`Memory`] store; outlives it, as a phone's disk outlives a crash.
#[derive(Default)]
pub struct Disk {
    seen: RefCell<Shelf>,
    durable: RefCell<Shelf>,
    /// Relaxed batches since the last strict one.
    loose: RefCell<Vec<Vec<Write>>>,
    fail: RefCell<Option<Trouble>>,
    full: Cell<bool>,
}

impl Disk {
    /// Power is cut: only strict writes (and relaxed ones before them) are left.
    pub fn cut_power(&self) {
        self.cut_power_behind(0);
    }
    /// Power is cut, and of the relaxed batches after the last strict one the first few had reached the disk
    /// by themselves. A batch is there whole or not at all.
    pub fn cut_power_behind(&self, batches: usize) {
        let loose = std::mem::take(&mut *self.loose.borrow_mut());
        let mut durable = self.durable.borrow_mut();
        loose.into_iter().take(batches).flatten().for_each(|write| apply(&mut durable, write));
        *self.seen.borrow_mut() = durable.clone();
    }
    /// Relaxed batches that a power cut may take.
    pub fn loose(&self) -> usize {
        self.loose.borrow().len()
    }
    /// The next write fails with this, then all is well again.
    pub fn fail_next(&self, trouble: Trouble) {
        *self.fail.borrow_mut() = Some(trouble);
    }
    /// From now on there is no room, or room again: nothing can be put, removing still works, as in browsers.
    pub fn fill(&self, full: bool) {
        self.full.set(full);
    }
    /// Everything in a collection that a power cut would leave, sorted by key.
    pub fn durable(&self, col: Col) -> Vec<Pair> {
        in_col(&self.durable.borrow(), col, |key, value| (key.clone(), value.clone()))
    }
    /// A copy of what is durable, as when somebody clones the phone.
    pub fn copy(&self) -> Rc<Disk> {
        let durable = self.durable.borrow().clone();
        Rc::new(Disk {
            seen: RefCell::new(durable.clone()),
            durable: RefCell::new(durable),
            ..Disk::default()
        })
    }
    fn put(&self, batch: Vec<Write>, durability: Durability) {
        let mut seen = self.seen.borrow_mut();
        batch.iter().for_each(|write| apply(&mut seen, write.clone()));
        let mut loose = self.loose.borrow_mut();
        loose.push(batch);
        if durability == Durability::Strict {
            let mut durable = self.durable.borrow_mut();
            loose.drain(..).flatten().for_each(|write| apply(&mut durable, write));
        }
    }
}

/// A store on a [`Disk`] in memory.
#[derive(Clone, Default)]
pub struct Memory(pub Rc<Disk>);

impl Memory {
    fn of<T>(&self, col: Col, take: impl Fn(&Vec<u8>, &Vec<u8>) -> T) -> Vec<T> {
        in_col(&self.0.seen.borrow(), col, take)
    }
}

impl Store for Memory {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(self.0.seen.borrow().get(&(col, key.to_vec())).cloned())
    }
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        Ok(self.of(col, |key, value| (key.clone(), value.clone())))
    }
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        Ok(self.of(col, |key, _| key.clone()))
    }
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        if let Some(trouble) = self.0.fail.borrow_mut().take() {
            return Err(trouble);
        }
        if self.0.full.get() && batch.iter().any(|write| matches!(write, Write::Put(..))) {
            return Err(Trouble::Full);
        }
        self.0.put(batch, durability);
        Ok(())
    }
}

fn in_col<T>(shelf: &Shelf, col: Col, take: impl Fn(&Vec<u8>, &Vec<u8>) -> T) -> Vec<T> {
    let from_here = shelf.range((col, vec![])..).take_while(|((other, _), _)| *other == col);
    from_here.map(|((_, key), value)| take(key, value)).collect()
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
