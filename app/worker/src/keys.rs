//! Tabs of one phone open and close together: who unlocks hands the key to the others (an object that no
//! program can read out), who comes later asks for it, who locks tells all.

use crate::browser::{listen, object, sleep};
use crate::locks;
use domain::{Who, from_cbor, to_cbor};
use futures_channel::oneshot;
use js_sys::{Reflect, Uint8Array};
use serde_bytes::ByteArray;
use std::cell::RefCell;
use store::vault::{OpenKey, SlotId, Strength, Web};
use wasm_bindgen::JsValue;
use web_sys::BroadcastChannel;

/// A tab that is unlocked answers within this.
const ANSWER_MS: u32 = 60;

/// An open place.
#[derive(Clone)]
pub struct Opened {
    /// Its lock.
    pub slot: SlotId,
    /// Name of its database.
    pub database: String,
    /// The key; `None` where nothing is kept.
    pub key: Option<OpenKey<Web>>,
    /// Whose it is.
    pub who: Who,
    /// Minutes without a touch until it locks.
    pub idle_min: u32,
}

#[derive(Default)]
struct Between {
    channel: Option<BroadcastChannel>,
    asked: Option<oneshot::Sender<Opened>>,
}

thread_local! {
    static BETWEEN: RefCell<Between> = RefCell::default();
}

/// Hears the other tabs from now on.
pub fn start() {
    let Ok(channel) = BroadcastChannel::new("lianxin.keys") else { return };
    listen(&channel, "message", |event| {
        if let Ok(data) = Reflect::get(&event, &"data".into()) {
            hear(&data);
        }
    });
    BETWEEN.with_borrow_mut(|between| between.channel = Some(channel));
}

fn tell(what: &str, opened: Option<&Opened>) {
    let message = object(&[("what", what.into())]);
    if let Some((opened, key)) = opened.and_then(|opened| Some((opened, opened.key.as_ref()?))) {
        let bytes = |bytes: &[u8]| JsValue::from(Uint8Array::from(bytes));
        let sensitive = key.strength == Strength::Sensitive;
        for (name, value) in [
            ("slot", bytes(&opened.slot[..])),
            ("names", bytes(&key.names)),
            ("who", bytes(&to_cbor(&opened.who))),
            ("database", opened.database.as_str().into()),
            ("sensitive", sensitive.into()),
            ("idle", opened.idle_min.into()),
            ("key", key.cipher.handle()),
        ] {
            let _ = Reflect::set(&message, &name.into(), &value);
        }
    }
    BETWEEN.with_borrow(|between| {
        if let Some(channel) = &between.channel {
            let _ = channel.post_message(&message);
        }
    });
}

/// Tells the other tabs that this place is open.
pub fn tell_open(opened: &Opened) {
    tell("open", Some(opened));
}

/// Tells them to lock.
pub fn tell_lock() {
    tell("lock", None);
}

/// The place that another tab has open, if one has.
pub async fn borrow() -> Option<Opened> {
    let (sender, receiver) = oneshot::channel();
    BETWEEN.with_borrow_mut(|between| between.asked = Some(sender));
    tell("ask", None);
    wasm_bindgen_futures::spawn_local(async {
        sleep(ANSWER_MS).await;
        BETWEEN.with_borrow_mut(|between| between.asked = None);
    });
    receiver.await.ok()
}

fn hear(data: &JsValue) {
    let part = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    match part("what").as_string().as_deref() {
        Some("ask") => {
            if let Some(opened) = locks::opened() {
                tell("open", Some(&opened));
            }
        }
        Some("lock") => locks::locked_elsewhere(),
        Some("open") => {
            let Some(opened) = read(part) else { return };
            match BETWEEN.with_borrow_mut(|between| between.asked.take()) {
                Some(asked) => drop(asked.send(opened)),
                None => locks::opened_elsewhere(opened),
            }
        }
        _ => {}
    }
}

fn read(part: impl Fn(&str) -> JsValue) -> Option<Opened> {
    let bytes = |name: &str| Uint8Array::new(&part(name)).to_vec();
    let sensitive = part("sensitive").as_bool()?;
    Some(Opened {
        slot: ByteArray::new(bytes("slot").try_into().ok()?),
        database: part("database").as_string()?,
        key: Some(OpenKey {
            cipher: Web::of_handle(part("key"))?,
            names: bytes("names").try_into().ok()?,
            strength: if sensitive { Strength::Sensitive } else { Strength::Ordinary },
        }),
        who: from_cbor(&bytes("who"))?,
        idle_min: part("idle").as_f64()? as u32,
    })
}
