//! Several tabs of one person on one phone: one leads (Web Locks), the others pass their questions to it
//! over a BroadcastChannel and hear what it hears. When the leader goes, the next in line takes over.

use crate::browser::{listen, transferable};
use domain::bridge::Ask;
use domain::{DocId, from_cbor, to_cbor};
use js_sys::{Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use web_sys::BroadcastChannel;

/// What tabs say to each other.
#[derive(Serialize, Deserialize)]
pub enum TabMessage {
    /// A follower asks the leader.
    Ask {
        /// The follower.
        tab: DocId,
        /// Its number for the answer.
        id: u32,
        /// The question, CBOR.
        ask: ByteBuf,
    },
    /// The leader answers.
    Answer {
        /// The follower.
        tab: DocId,
        /// Its number.
        id: u32,
        /// The answer, CBOR.
        answer: ByteBuf,
    },
    /// The leader heard something: an event, CBOR, as a follower shows it.
    Event(ByteBuf),
    /// This person signed in again: the leader's rounds have waited for it.
    SignedIn,
    /// A tab leads from now on.
    Lead,
    /// Somebody touched a tab.
    Touched,
}

/// The channel of one person's tabs.
#[derive(Clone)]
pub struct Tabs {
    channel: BroadcastChannel,
}

impl Tabs {
    /// Joins; `run` hears every message of the other tabs.
    pub fn join(name: &str, run: impl Fn(TabMessage) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        listen(&channel, "message", move |event| {
            let Ok(data) = Reflect::get(&event, &"data".into()) else { return };
            if let Some(message) = from_cbor(&Uint8Array::new(&data).to_vec()) {
                run(message);
            }
        });
        Some(Self { channel })
    }
    /// Tells all other tabs.
    pub fn tell(&self, message: &TabMessage) {
        let _ = self.channel.post_message(&transferable(&to_cbor(message)));
    }
}

/// Would asking twice do something twice?
pub fn writes(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::Create { .. }
            | Ask::Edit { .. }
            | Ask::Act { .. }
            | Ask::Undo { .. }
            | Ask::Settle { .. }
            | Ask::Wipe
    )
}
