//! Start, sign-in, locks and sign-out. Whoever signed in here before unlocks without a network; the server
//! is asked later who they are now.

use super::known::{is_known, note_known};
use crate::client::{Client, client};
use crate::page::failure;
use domain::Who;
use domain::bridge::{Answer, Ask};
use domain::lock::{Door, LockAnswer, LockAsk, Packed, Secret};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where the app stands before a page can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Asking the phone who uses it.
    Starting,
    /// The phone could not say who uses it, and why. Not the same as nobody: the work of whoever does is here.
    Stuck(String),
    /// Nobody is signed in here.
    SignedOut,
    /// Somebody's data is here, locked.
    Locked,
    /// Somebody signed in for the first time here, or needs a stronger lock: they choose it.
    Protect,
    /// Somebody is.
    In,
}

/// The way in: what the sign-in, lock and protect pages speak about.
#[derive(Clone, Copy)]
pub struct Gate {
    /// Where the app stands.
    pub phase: RwSignal<Phase>,
    /// Locked places; the first is the one to unlock.
    pub doors: RwSignal<Vec<Door>>,
    /// Who signed in just now, or whose lock is being chosen.
    pub coming: RwSignal<Option<Who>>,
    /// What opened so far, when the lock has to become stronger.
    pub old: RwSignal<Option<Secret>>,
}

/// Asks the phone who uses it. Where nobody is known, the sign-in form does not wait for the answer: on a first
/// visit the worker is still on its way.
pub fn boot(client: Client) -> Gate {
    let gate = Gate {
        phase: RwSignal::new(if is_known() { Phase::Starting } else { Phase::SignedOut }),
        doors: RwSignal::default(),
        coming: RwSignal::default(),
        old: RwSignal::default(),
    };
    provide_context(gate);
    Effect::new(move |before: Option<u32>| {
        let times = client.locked.get();
        if before.is_some_and(|before| before != times) {
            gate.locked();
        }
        times
    });
    Effect::new(move |_| {
        if let Some(who) = client.opened.get()
            && gate.phase.get_untracked() != Phase::In
        {
            gate.enter(who);
        }
    });
    spawn_local(gate.look());
    gate
}

/// The way in.
pub fn gate() -> Gate {
    expect_context()
}

/// Asks the worker about locks; what failed comes back as its words.
pub async fn ask_lock(ask: LockAsk) -> Result<LockAnswer, Answer> {
    match client().ask(Ask::Lock(Packed::of(&ask))).await {
        Answer::Lock(packed) => packed.open().ok_or(Answer::Lock(packed)),
        other => Err(other),
    }
}

impl Gate {
    /// Asks the phone who can unlock here.
    pub async fn look(self) {
        let answer = ask_lock(LockAsk::Doors).await;
        // Whoever was quicker at the form than the phone with its answer is on the way in already.
        if self.coming.with_untracked(Option::is_some) || client().me.with_untracked(Option::is_some) {
            return;
        }
        match answer {
            Ok(LockAnswer::Open(who)) => self.enter(*who),
            Ok(LockAnswer::Doors(doors, _)) if !doors.is_empty() => {
                self.doors.set(doors);
                self.phase.set(Phase::Locked);
            }
            Ok(LockAnswer::Doors(_, Some(who))) => self.protect(*who, None),
            Err(Answer::Failed(code, zh, en)) => self.phase.set(Phase::Stuck(failure(&code, &zh, &en))),
            _ => self.show_sign_in(),
        }
    }

    /// The form, unless it stands already: it may hold what somebody typed.
    fn show_sign_in(self) {
        if self.phase.get_untracked() != Phase::SignedOut {
            self.phase.set(Phase::SignedOut);
        }
    }

    /// The server said who this is: into their place, to their lock, or to choosing one. The sentence when the
    /// phone cannot say.
    pub async fn come(self, who: Who) -> Option<String> {
        let client = client();
        let here = client.me.get_untracked();
        if here.as_ref().is_some_and(|me| me.person == who.person) {
            client.ask(Ask::SignedIn).await;
            self.enter(who);
            return None;
        }
        self.coming.set(Some(who.clone()));
        if here.is_some() {
            client.ask(Ask::Close).await;
            client.me.set(None);
            client.renew();
        }
        // On a first visit the worker is still on its way, and the answer is known: the person chooses meanwhile.
        if !is_known() && window().is_secure_context() {
            self.protect_new(who);
            return None;
        }
        match ask_lock(LockAsk::Come(who.clone())).await {
            Ok(LockAnswer::Open(who)) => self.enter(*who),
            Ok(LockAnswer::Closed(door)) => {
                note_known();
                self.doors.set(vec![door]);
                self.phase.set(Phase::Locked);
            }
            Err(Answer::Failed(code, zh, en)) => {
                self.coming.set(None);
                return Some(failure(&code, &zh, &en));
            }
            _ => self.protect_new(who),
        }
        None
    }

    /// Choosing a lock for somebody who was never here: what the server has for them comes meanwhile.
    fn protect_new(self, who: Who) {
        let coming = Ask::Coming(Box::new(who.clone()));
        spawn_local(async move {
            client().ask(coming).await;
        });
        self.protect(who, None);
    }

    /// Choosing a lock; `old` opens so far.
    pub fn protect(self, who: Who, old: Option<Secret>) {
        note_known();
        self.coming.set(Some(who));
        self.old.set(old);
        self.phase.set(Phase::Protect);
    }

    /// Shows the app; the page that is shown already stays as it is.
    pub fn enter(self, who: Who) {
        note_known();
        self.coming.set(None);
        self.old.set(None);
        client().me.set(Some(who));
        if self.phase.get_untracked() != Phase::In {
            self.phase.set(Phase::In);
        }
    }

    /// Nothing that was readable stays: pages go, and the worker's memory with it.
    fn locked(self) {
        self.phase.set(Phase::Starting);
        self.coming.set(None); // or the phone's answer would be taken for late
        let client = client();
        client.me.set(None);
        client.renew();
        spawn_local(self.look());
    }

    /// Locks now, in all tabs. Pages go first and hand their last words to the worker.
    pub fn lock(self) {
        self.phase.set(Phase::Starting);
        spawn_local(async move {
            client().ask(Ask::Close).await;
            self.locked();
        });
    }

    /// Signs out: the session ends at the server, everything stays on the phone in the person's database.
    pub async fn leave(self) {
        // Without a network the session ends on this phone only; the server's ends by its own age.
        let _ = api::sign_out().await;
        self.out(Ask::Detach).await;
    }

    /// Ends this person's stay here, as `how` says.
    pub async fn out(self, how: Ask) {
        let client = client();
        client.ask(how).await;
        client.me.set(None);
        client.renew();
        self.doors.set(vec![]);
        self.phase.set(Phase::SignedOut);
    }
}
