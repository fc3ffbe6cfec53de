//! The place that is open here. How it opens is the business of a program of its own (`app/locks`), to which
//! the screens' questions go unread; here the open place meets the clock, the other tabs, and the core.

use crate::browser::{now_ms, scope};
use crate::core::{self, failed};
use crate::{idle, keys, wire};
use domain::bridge::{Answer, Event};
use domain::lock::{HOME, Home, Packed};
use domain::{Who, from_cbor, to_cbor};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use store::vault::Handed;
use store::{Col, Durability, Store, Trouble, Write};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

thread_local! {
    static OPENED: RefCell<Option<Handed>> = const { RefCell::new(None) };
    /// When the server's word was last written down, device time UTC ms.
    static NOTED: Cell<i64> = const { Cell::new(0) };
}

/// The server's word is written down so often at most.
const NOTE_MS: i64 = 60_000;

/// The open place.
pub fn opened() -> Option<Handed> {
    OPENED.with_borrow(Clone::clone)
}

/// Asks the program of the locks; what it says has an answer, an opened place, or a trouble.
async fn call(what: &str, ask: &[u8]) -> Result<JsValue, Trouble> {
    let lost = |_| Trouble::Other("locks".into());
    let run: Function =
        Reflect::get(&scope(), &"LIANXIN_LOCKS".into()).map_err(lost)?.dyn_into().map_err(lost)?;
    let here = opened().map_or(JsValue::NULL, |place| place.object().into());
    let promise = run.call3(&JsValue::NULL, &what.into(), &Uint8Array::from(ask), &here).map_err(lost)?;
    let said = JsFuture::from(promise.unchecked_into::<Promise>()).await.map_err(lost)?;
    match part(&said, "trouble").and_then(|name| name.as_string()).as_deref() {
        None => Ok(said),
        Some("Full") => Err(Trouble::Full),
        Some("Blocked") => Err(Trouble::Blocked),
        Some("Unreadable") => Err(Trouble::Unreadable),
        Some(name) => Err(Trouble::Other(name.into())),
    }
}

fn part(said: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(said, &name.into()).ok().filter(|part| !part.is_undefined())
}

/// Passes a question on, and enters the place that was opened.
pub async fn serve(ask: &Packed) -> Answer {
    let said = match call("ask", ask.bytes()).await {
        Ok(said) => said,
        Err(trouble) => return failed(&trouble),
    };
    if let Some(place) = part(&said, "opened").and_then(|place| Handed::of(&place)) {
        keys::tell_open(&place);
        enter(place);
    }
    let answer = part(&said, "answer").map(|bytes| Uint8Array::new(&bytes).to_vec());
    Answer::Lock(Packed::from_bytes(answer.unwrap_or_default()))
}

fn enter(place: Handed) {
    if opened().is_some() {
        return;
    }
    let Some(who) = from_cbor(&place.who) else { return };
    idle::start(place.idle_min);
    OPENED.set(Some(place.clone()));
    core::attach(place, who);
}

/// Another tab unlocked.
pub fn opened_elsewhere(place: Handed) {
    if opened().is_none()
        && let Some(who) = from_cbor(&place.who)
    {
        enter(place);
        wire::event(&Event::Opened(who));
    }
}

/// Another tab locked.
pub fn locked_elsewhere() {
    if opened().is_some() {
        spawn_local(async {
            shut().await;
            wire::event(&Event::Locked);
        });
    }
}

/// Locks here and in all tabs. The page takes a fresh worker then, whose memory holds nothing.
pub async fn close() {
    keys::tell_lock();
    shut().await;
}

/// Nobody touched the screen for too long.
pub async fn idled() {
    close().await;
    wire::event(&Event::Locked);
}

async fn shut() {
    OPENED.take();
    core::shut().await;
}

/// The server answered this device just now.
pub fn confirmed() {
    let now = now_ms();
    if (now - NOTED.get()).abs() > NOTE_MS {
        NOTED.set(now);
        note(move |home| (home.confirmed_ms, home.seen_ms) = (now, now));
    }
}

/// The server said who this is now: posts may have changed.
pub fn is_now(who: Who) {
    OPENED.with_borrow_mut(|place| {
        if let Some(place) = place {
            place.who = to_cbor(&who);
        }
    });
    note(move |home| home.who = who);
}

/// So many minutes without a touch.
pub fn set_idle(minutes: u32) {
    let minutes = minutes.clamp(1, 60);
    idle::start(minutes);
    OPENED.with_borrow_mut(|place| {
        if let Some(place) = place {
            place.idle_min = minutes;
        }
    });
    note(move |home| home.idle_min = minutes);
}

/// Writes down what changed about the open place; only the leading tab is told of such things. On a full phone it is
/// left out; the next round tries again.
fn note(change: impl FnOnce(&mut Home) + 'static) {
    let Some(store) = core::store().filter(|_| opened().is_some_and(|place| place.key.is_some())) else {
        return;
    };
    let change: Box<dyn FnOnce(&mut Home)> = Box::new(change);
    spawn_local(async move {
        let kept = store.get(Col::Meta, HOME).await.ok().flatten();
        if let Some(mut home) = kept.and_then(|bytes| from_cbor::<Home>(&bytes)) {
            change(&mut home);
            home.seen_ms = home.seen_ms.max(now_ms());
            let put = Write::Put(Col::Meta, HOME.to_vec(), to_cbor(&home));
            let _ = store.write(vec![put], Durability::Strict).await;
        }
    });
}

/// Signed out: nothing opens here until the next sign-in.
pub async fn sign_out() -> Result<(), Trouble> {
    call("out", &[]).await.map(drop)
}

/// Everything of the open person goes from this phone: the key first. For 清除本机数据 and for a device
/// that was revoked; whoever calls has seen to what was not sent. Other tabs hear of it when there is nothing
/// left that they could offer to unlock.
pub async fn erase() -> Result<(), Trouble> {
    let place = opened();
    shut().await;
    OPENED.set(place); // whom it is about
    let done = call("erase", &[]).await.map(drop);
    OPENED.take();
    keys::tell_lock();
    done
}
