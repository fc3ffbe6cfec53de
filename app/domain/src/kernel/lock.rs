//! Locking this phone: what screens and worker say to each other about it, and the rules about PINs and
//! passphrases. How the bytes on the disk are locked is the store's business.

use crate::{DAY_MS, DocId, Who, from_cbor, to_cbor};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Fewest digits of a PIN.
pub const PIN_DIGITS: usize = 6;
/// Fewest characters of a passphrase.
pub const PHRASE_LETTERS: usize = 10;
/// Minutes without a touch after which the app may lock itself.
pub const IDLE_MINUTES: [u32; 3] = [1, 5, 15];

/// A PIN that is long enough and not one that everybody tries first.
pub fn good_pin(pin: &str) -> bool {
    let digits = pin.as_bytes();
    let step = |by: i16| digits.windows(2).all(|two| i16::from(two[1]) - i16::from(two[0]) == by);
    let half = digits.len() / 2;
    (PIN_DIGITS..=12).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && !(step(0) || step(1) || step(-1))
        && digits[..half] != digits[half..]
}

/// A passphrase that is long enough and has more than a few different characters.
pub fn good_phrase(words: &str) -> bool {
    let letters: Vec<char> = words.trim().chars().collect();
    let different: std::collections::BTreeSet<&char> = letters.iter().collect();
    letters.len() >= PHRASE_LETTERS && different.len() >= 5
}

/// What a person on this phone has to unlock with, from what reaches the phone through posts.
impl Who {
    /// True when a PIN alone is not enough: the phone holds what was entrusted to a post.
    pub fn needs_strong_lock(&self) -> bool {
        self.is_officer()
    }
    /// For so long the phone opens without a word from the server, ms.
    pub fn lease_ms(&self) -> i64 {
        if self.needs_strong_lock() { 3 * DAY_MS } else { 14 * DAY_MS }
    }
    /// Minutes without a touch until the app locks, unless the person chose otherwise.
    pub fn idle_minutes(&self) -> u32 {
        if self.needs_strong_lock() { 5 } else { 15 }
    }
}

/// What a person unlocks with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Secret {
    /// Digits.
    Pin(String),
    /// Words.
    Phrase(String),
    /// A passkey's answer.
    Passkey {
        /// Its name.
        credential: ByteBuf,
        /// What it was asked with, 32 bytes.
        input: ByteBuf,
        /// What it answered, 32 bytes.
        secret: ByteBuf,
    },
    /// Digits and the share that the server keeps.
    Shared {
        /// Digits.
        pin: String,
        /// 32 bytes.
        share: ByteBuf,
    },
}

impl std::fmt::Debug for Secret {
    /// Never printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A message about locks, packed: what carries messages between tabs need not know what is in it. Never
/// printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Packed(ByteBuf);

impl Packed {
    /// Packs a [`LockAsk`] or a [`LockAnswer`].
    pub fn of<T: Serialize>(message: &T) -> Self {
        Self(to_cbor(message).into())
    }
    /// Bytes that somebody else packed.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
    /// The bytes, to be passed on.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
    /// Unpacks it; `None` for something else.
    pub fn open<T: DeserializeOwned>(&self) -> Option<T> {
        from_cbor(&self.0)
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packed(…)")
    }
}

/// What must be known of a person before anything else of theirs is opened. It lies in their own vault.
#[derive(Clone, Serialize, Deserialize)]
pub struct Home {
    /// Who.
    pub who: Who,
    /// When the server last confirmed this device, device time UTC ms.
    pub confirmed_ms: i64,
    /// Latest device time seen since.
    pub seen_ms: i64,
    /// Minutes without a touch until it locks.
    pub idle_min: u32,
}

/// Where it lies, among what the phone knows of itself.
pub const HOME: &[u8] = b"home";

/// One person's place on this phone, seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Random name.
    pub id: DocId,
    /// The end of the staff number; names lie inside.
    pub hint: String,
    /// Opens with a PIN.
    pub pin: bool,
    /// Opens with a passphrase.
    pub phrase: bool,
    /// Opens with a PIN and the server's share.
    pub shared: bool,
    /// Opens with this passkey: name, and what to ask it with.
    pub passkey: Option<(ByteBuf, ByteBuf)>,
    /// Entries inside that the server does not have yet.
    pub unsent: usize,
}

/// What screens ask the lock's program; the worker passes it on unread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LockAsk {
    /// Who can unlock here.
    Doors,
    /// The server just said who this is: after signing in, or asked because the lease was over.
    Come(Who),
    /// Locks this person's data for the first time, or anew and stronger with `old` as the key so far.
    Protect {
        /// Whose.
        who: Who,
        /// From now on.
        secret: Secret,
        /// Until now.
        old: Option<Secret>,
    },
    /// Unlocks.
    Open {
        /// Whose.
        door: DocId,
        /// With what.
        secret: Secret,
        /// Who the server said is here, just now.
        coming: Option<Who>,
    },
    /// What to show the server for its share of the key.
    Proof {
        /// Whose.
        door: DocId,
        /// The PIN.
        pin: String,
    },
    /// Another PIN or passphrase, or one more way in.
    Change {
        /// One that opens now.
        old: Secret,
        /// From now on.
        new: Secret,
    },
    /// Forgets what is here and lies behind a forgotten secret; only ever after the person said so.
    Anew(DocId),
    /// How the open place is locked.
    State,
}

/// What screens hear about locks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LockAnswer {
    /// Places on this phone, last used first, and somebody whose data lies here unlocked from before.
    Doors(Vec<Door>, Option<Box<Who>>),
    /// Unlocked.
    Open(Box<Who>),
    /// Nothing of this person is here yet: choose a lock.
    New,
    /// Locked.
    Closed(Door),
    /// Not the right secret; so many milliseconds until the next try.
    Wrong(i64),
    /// Too long without the server, or the clock was set back: it has to be asked once.
    Expired,
    /// The person has a post by now: choose a stronger lock.
    Stronger(Box<Who>),
    /// For the server.
    Proof(ByteBuf),
    /// The open place, minutes until it locks, and when the server last confirmed it (device time UTC ms).
    State(Door, u32, i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_that_everybody_tries_first_are_refused() {
        for bad in ["", "12345", "123456", "654321", "111111", "123123", "27182a", "1234567890123"] {
            assert!(!good_pin(bad), "{bad}");
        }
        for good in ["271828", "90817263", "112358"] {
            assert!(good_pin(good), "{good}");
        }
    }

    #[test]
    fn a_passphrase_is_ten_characters_of_any_script() {
        for bad in ["", "短短短短短短短短短短", "          ", "abcdefghi", "aaaaaaaaaaaa"] {
            assert!(!good_phrase(bad), "{bad}");
        }
        for good in ["井口第三班早上好啊哦", "correct horse"] {
            assert!(good_phrase(good), "{good}");
        }
    }
}
