//! When to sync: after a save, at a hint, when the network comes back, and now and then. After trouble it
//! waits longer each time, with jitter, so that a shift coming up does not arrive in one second.

use crate::browser::{listen, random16, scope, sleep};
use crate::core::{Repo, open_hints};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use futures_util::{StreamExt, pin_mut};
use repo::{LinkTrouble, RoundTrouble};
use std::cell::RefCell;
use std::rc::Rc;

/// Saves that follow each other quickly go up together.
const GATHER_MS: u32 = 150;
/// Without hints (old proxies) it still asks this often.
const CALM_MS: u32 = 60_000;

thread_local! {
    static KICK: RefCell<Option<UnboundedSender<()>>> = const { RefCell::new(None) };
}

/// Begins the rounds.
pub fn start(repo: Rc<Repo>) {
    let (sender, receiver) = unbounded();
    KICK.set(Some(sender));
    listen(&scope(), "online", |_| kick());
    wasm_bindgen_futures::spawn_local(run(repo, receiver));
}

/// Asks for a round soon.
pub fn kick() {
    KICK.with_borrow(|kick| {
        if let Some(kick) = kick {
            let _ = kick.unbounded_send(());
        }
    });
}

/// Ends the rounds.
pub fn stop() {
    KICK.set(None);
}

/// The first round at once: on a new phone somebody waits for it.
async fn run(repo: Rc<Repo>, mut kicked: UnboundedReceiver<()>) {
    let mut failures = 0u32;
    loop {
        let wait_ms = match repo.sync_round().await {
            Ok(()) => {
                failures = 0;
                crate::locks::confirmed();
                open_hints();
                CALM_MS
            }
            Err(trouble) => {
                failures += 1;
                pause(&trouble, failures)
            }
        };
        if !wait(&mut kicked, wait_ms).await {
            return;
        }
    }
}

/// How long to wait after trouble: as the server asked, or longer each time. A session that ended waits for
/// the person; signing in kicks.
fn pause(trouble: &RoundTrouble, failures: u32) -> u32 {
    let random = random16().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let grown = repo::next_delay(failures, random);
    let ms = match trouble {
        RoundTrouble::Link(LinkTrouble::Busy { retry_after_ms }) => grown.max(*retry_after_ms),
        RoundTrouble::Link(LinkTrouble::SessionEnded | LinkTrouble::TooOld | LinkTrouble::Revoked) => 600_000,
        // Somebody may vouch for this device any moment.
        RoundTrouble::Link(LinkTrouble::Stranger) => 15_000,
        _ => grown,
    };
    ms.min(u64::from(u32::MAX)) as u32
}

/// Waits for a kick or the time; `false` when the rounds have ended.
async fn wait(kicked: &mut UnboundedReceiver<()>, ms: u32) -> bool {
    let time = sleep(ms);
    pin_mut!(time);
    let again = match select(kicked.next(), time).await {
        Either::Left((None, _)) => return false,
        Either::Left((Some(()), _)) => true,
        Either::Right(_) => false,
    };
    if again {
        sleep(GATHER_MS).await;
        while kicked.try_recv().is_ok() {}
    }
    true
}
