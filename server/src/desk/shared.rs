//! What every request needs at hand without touching the disk: who is who, and how far each scope is. Told
//! by the log after each commit, in the order of commits, so it never runs ahead of what is durable.

use super::devices::Devices;
use super::files::{Files, Named};
use super::people::People;
use crate::log::{Everybody, Placed};
use domain::{DocId, Hash, Scope, Who};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use sync::Hint;
use tokio::sync::broadcast;

/// Commits whose hints a slow listener may lag behind.
const HINTS: usize = 256;
/// Commits whose roots are kept at hand, for phones that come back soon.
const ROOTS: usize = 4096;

pub(super) struct Shared {
    people: RwLock<People>,
    devices: RwLock<Devices>,
    heads: RwLock<HashMap<Scope, u64>>,
    last: AtomicU64,
    /// Size and root of the tree after each of the last commits.
    roots: RwLock<VecDeque<(u64, Hash)>>,
    files: RwLock<Files>,
    hints: broadcast::Sender<Arc<[Hint]>>,
}

impl Shared {
    pub fn new(everybody: Everybody, heads: Vec<(Scope, u64)>, last: u64) -> Self {
        let mut devices = Devices::default();
        devices.learn(&everybody.devices);
        let devices = RwLock::new(devices);
        let (people, heads) = (RwLock::new(People::new(everybody)), RwLock::new(heads.into_iter().collect()));
        Self {
            people,
            devices,
            heads,
            last: AtomicU64::new(last),
            roots: RwLock::default(),
            files: RwLock::default(),
            hints: broadcast::channel(HINTS).0,
        }
    }

    /// Takes in what was just committed.
    pub fn learn(&self, placed: &Placed) {
        if !placed.people.is_empty() || !placed.aliases.is_empty() {
            self.people.write().unwrap_or_else(PoisonError::into_inner).learn(placed);
        }
        if !placed.devices.is_empty() {
            self.devices.write().unwrap_or_else(PoisonError::into_inner).learn(&placed.devices);
        }
        let mut heads = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        for (scope, n) in &placed.heads {
            match heads.get_mut(scope) {
                Some(head) => *head = (*head).max(*n),
                None => drop(heads.insert(scope.clone(), *n)),
            }
        }
        drop(heads);
        if let Some(root) = placed.root {
            let mut roots = self.roots.write().unwrap_or_else(PoisonError::into_inner);
            roots.truncate(ROOTS - 1);
            roots.push_front((placed.last, root));
        }
        self.last.fetch_max(placed.last, Ordering::Release);
        let hint = |(scope, n): &(Scope, u64)| Hint { scope: scope.clone(), n: *n };
        // An error means that nobody listens.
        let _ = self.hints.send(placed.heads.iter().map(hint).collect());
    }

    pub fn who(&self, person: DocId) -> Option<Who> {
        self.people.read().unwrap_or_else(PoisonError::into_inner).who(person)
    }
    pub fn who_by_no(&self, no: &str) -> Option<Who> {
        self.people.read().unwrap_or_else(PoisonError::into_inner).by_no(no)
    }
    /// Asks something about everybody.
    pub fn people<T>(&self, ask: impl FnOnce(&People) -> T) -> T {
        ask(&self.people.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// Asks something about all devices.
    pub fn devices<T>(&self, ask: impl FnOnce(&Devices) -> T) -> T {
        ask(&self.devices.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// How far a scope is; 0 when nothing ever happened in it.
    pub fn head(&self, scope: &Scope) -> u64 {
        self.heads.read().unwrap_or_else(PoisonError::into_inner).get(scope).copied().unwrap_or(0)
    }
    /// The root of the tree at a size that one of the last commits left; `None`: the log must be asked.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        let roots = self.roots.read().unwrap_or_else(PoisonError::into_inner);
        let at = roots.partition_point(|(other, _)| *other > size);
        roots.get(at).filter(|(found, _)| *found == size).map(|(_, root)| *root)
    }
    /// Takes in which documents name which files.
    pub fn name(&self, named: Named) {
        if !named.is_empty() {
            self.files.write().unwrap_or_else(PoisonError::into_inner).learn(named);
        }
    }
    /// Documents that name this file, or did.
    pub fn naming(&self, hash: Hash) -> Vec<DocId> {
        self.files.read().unwrap_or_else(PoisonError::into_inner).naming(hash)
    }
    /// The last place of all.
    pub fn last(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }
    pub fn watch(&self) -> broadcast::Receiver<Arc<[Hint]>> {
        self.hints.subscribe()
    }
}
