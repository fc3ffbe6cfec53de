//! How sync stands, exactly as the SyncBar shows it, and telling the screens.

use crate::witness::broken_words;
use crate::{Host, Link, Repo};
use domain::bridge::{Event, SyncState};
use store::Store;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// How sync stands now. `follower` is for the caller to fill in.
    pub fn state(&self) -> SyncState {
        let (waiting, oldest_ms) = self.waiting_count();
        let mem = self.mem.borrow();
        SyncState {
            online: mem.net.online,
            running: mem.net.running,
            waiting,
            oldest_ms,
            attention: mem.att.len() as u32,
            synced_ms: mem.meta.synced_ms,
            session_ended: mem.net.session_ended,
            stranger: mem.net.stranger,
            revoked: mem.net.revoked,
            device: self.host.device(),
            trouble: mem.witness.broken.as_ref().map(|_| broken_words()).or_else(|| mem.net.trouble.clone()),
            first: mem.meta.first.map(|(docs, bytes)| (docs, docs + mem.net.left, bytes)),
            skew_ms: mem.meta.skew_ms,
            follower: false,
        }
    }

    /// Who is told about changes; the last one set.
    pub fn on_event(&self, teller: Box<dyn Fn(Event)>) {
        *self.teller.borrow_mut() = Some(teller);
    }

    pub(crate) fn tell(&self, event: Event) {
        if let Some(teller) = &*self.teller.borrow() {
            teller(event);
        }
    }

    pub(crate) fn tell_state(&self) {
        if self.teller.borrow().is_some() {
            self.tell(Event::Sync(self.state()));
        }
    }

    fn waiting_count(&self) -> (u32, Option<i64>) {
        let lines = self.waiting();
        (lines.len() as u32, lines.iter().map(|line| line.at_ms).min())
    }
}
