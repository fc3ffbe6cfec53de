//! While somebody who signed in for the first time here chooses a lock, the first round of sync goes on in memory.
//! Nothing of it is kept until there is a lock; then it goes behind it and the list stands at once. Whatever does not
//! work here comes with the ordinary rounds.

use crate::browser::sleep;
use crate::core::Repo;
use crate::host::Browser;
use crate::link::Http;
use crate::locks;
use crate::shelf::{Disk, Shelf};
use crate::signer::Signer;
use domain::bridge::Event;
use domain::{DocId, Who};
use futures_channel::oneshot::{Receiver, channel};
use futures_util::future::select;
use futures_util::pin_mut;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use store::Memory;
use store::vault::Vaulted;

/// How long the lock waits for a first page that is under way. Whoever has none by then sees the app without it.
const PATIENCE_MS: u32 = 2_000;

struct Ahead {
    person: DocId,
    store: Memory,
    http: Http,
    repo: Rc<Repo>,
    /// Hears of the first page, or of the end.
    page: Receiver<()>,
}

thread_local! {
    static AHEAD: RefCell<Option<Ahead>> = const { RefCell::new(None) };
}

/// This person chooses a lock: asks the server meanwhile.
pub async fn begin(who: Who) {
    stop();
    let (person, store, http) = (who.person, Memory::default(), Http::default());
    let signer = Signer::of(person).await;
    http.signer.replace(signer.clone());
    let shelf = Vaulted::new(Disk::Memory(store.clone()), None);
    let Ok(repo) = Repo::open(shelf, http.clone(), Browser(signer), who).await else { return };
    // The lock was quicker: the ordinary rounds run.
    if locks::opened().is_some() {
        return;
    }
    let repo = Rc::new(repo);
    let page = first_page(&repo);
    AHEAD.set(Some(Ahead { person, store, http, repo: repo.clone(), page }));
    let _ = repo.sync_round().await;
}

fn first_page(repo: &Repo) -> Receiver<()> {
    let (sender, page) = channel();
    let sender = Cell::new(Some(sender));
    repo.on_event(Box::new(move |event| {
        let is_over = matches!(&event, Event::Sync(state) if state.running.is_none());
        if (is_over || matches!(event, Event::Changed { .. }))
            && let Some(sender) = sender.take()
        {
            let _ = sender.send(());
        }
    }));
    page
}

/// The lock is there: puts behind it what came.
pub async fn settle(person: DocId, place: &Shelf) {
    let Some(mut ahead) = AHEAD.take().filter(|ahead| ahead.person == person) else { return };
    let patience = sleep(PATIENCE_MS);
    pin_mut!(patience);
    select(&mut ahead.page, patience).await;
    ahead.http.pretend_offline.set(true);
    ahead.repo.close().await;
    let _ = repo::move_in(&ahead.store, place).await;
}

/// Nobody needs it: another person came, or another tab leads.
pub fn stop() {
    AHEAD.take();
}

impl Drop for Ahead {
    /// What is still under way need not come.
    fn drop(&mut self) {
        self.http.pretend_offline.set(true);
    }
}
