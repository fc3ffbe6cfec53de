//! Start, sign-in and sign-out. Whoever signed in here before starts at once, without a network; the
//! server is asked later who they are now.

use super::known::{is_known, note_known};
use crate::client::Client;
use crate::page::failure;
use domain::Who;
use domain::bridge::{Answer, Ask};
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
    /// Somebody is.
    In,
}

/// Asks the phone who uses it and opens their database. Where nobody is known, the sign-in form does not wait
/// for the answer: on a first visit the worker is still on its way.
pub fn boot(client: Client) -> RwSignal<Phase> {
    let phase = RwSignal::new(if is_known() { Phase::Starting } else { Phase::SignedOut });
    provide_context(phase);
    spawn_local(async move {
        match client.ask(Ask::Remembered).await {
            Answer::People(people) => match people.into_iter().next() {
                // Whoever was quicker at the form than the phone with its answer is in already.
                _ if client.me.with_untracked(Option::is_some) => {}
                Some(who) => enter(client, phase, who).await,
                None => show_sign_in(phase),
            },
            Answer::Failed(code, zh, en) => phase.set(Phase::Stuck(failure(&code, &zh, &en))),
            _ => show_sign_in(phase),
        }
    });
    phase
}

/// The form, unless it stands already: it may hold what somebody typed.
fn show_sign_in(phase: RwSignal<Phase>) {
    if phase.get_untracked() != Phase::SignedOut {
        phase.set(Phase::SignedOut);
    }
}

/// Opens the database of this person and shows the app. Returns the sentence when the phone cannot.
pub async fn enter(client: Client, phase: RwSignal<Phase>, who: Who) {
    note_known();
    client.me.set(Some(who.clone()));
    client.ask(Ask::Attach(who)).await;
    phase.set(Phase::In);
}

/// Signs out: the session ends at the server, everything stays on the phone in the person's database.
pub async fn leave(client: Client, phase: RwSignal<Phase>) {
    // Without a network the session ends on this phone only; the server's ends by its own age.
    let _ = api::sign_out().await;
    client.ask(Ask::Detach).await;
    client.me.set(None);
    client.renew();
    phase.set(Phase::SignedOut);
}
