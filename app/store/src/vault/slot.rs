//! One person's lock on one phone: what is kept in the open so that the vault's key can come back, and the
//! ways in which it does. A slot holds no name: a random id, the last three digits of a staff number for
//! whoever shares the phone, and a mark by which a person who signs in is known again.

use super::cipher::{Cipher, Key, Unreadable, fresh, open, seal};
use super::stretch::{Cost, derive, named, stretch};
use super::{Strength, Tries};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};

/// Random name of a slot; its database is named after it.
pub type SlotId = ByteArray<16>;

/// What a person brings to open.
#[derive(Clone)]
pub enum Secret {
    /// Digits.
    Pin(String),
    /// Words.
    Phrase(String),
    /// What the passkey's PRF makes of [`Way::Passkey`]'s input.
    Passkey {
        /// Name of the passkey.
        credential: Vec<u8>,
        /// What it was asked with.
        input: Key,
        /// What it answered.
        secret: Key,
    },
    /// Digits, and what the server gave for their proof.
    Shared {
        /// Digits.
        pin: String,
        /// The server's share.
        share: Key,
    },
}

/// What [`Secret::Shared`] shows the server: it says that the PIN is right, and nothing about the PIN to
/// whoever has not this phone's salt.
pub type Proof = Key;

/// A key sealed under something stretched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretched {
    salt: ByteArray<16>,
    cost: Cost,
    sealed: ByteBuf,
}

/// One way in which the key comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Way {
    /// A PIN alone; only for an ordinary vault.
    Pin(Stretched),
    /// A passphrase.
    Phrase(Stretched),
    /// A PIN and the server's share.
    Shared(Stretched),
    /// A passkey.
    Passkey {
        /// Name of the passkey, to ask for it.
        credential: ByteBuf,
        /// What to ask it with.
        input: ByteArray<32>,
        /// The key, sealed under its answer.
        sealed: ByteBuf,
    },
}

/// Where everything has to be moved from before this slot's vault is whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The old database.
    pub database: String,
    /// Its key and strength when it was a vault: sealed under this slot's key.
    pub key: Option<(ByteBuf, Strength)>,
    /// The old slot, which goes with it.
    pub slot: Option<SlotId>,
}

/// What lies in the open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name.
    pub id: SlotId,
    /// By which its person is known again.
    pub mark: ByteArray<16>,
    /// The end of the staff number.
    pub hint: String,
    /// How well it is locked.
    pub strength: Strength,
    /// Last opened, device time UTC ms.
    pub used_ms: i64,
    /// Signed out here; opens only after a new sign-in.
    pub out: bool,
    /// Ways in.
    pub ways: Vec<Way>,
    /// Wrong tries.
    pub tries: Tries,
    /// Not yet whole.
    pub from: Option<Origin>,
}

/// The mark of a person in a slot. It tells nobody a name, but who suspects a staff number can check it.
pub fn mark_of(slot: &SlotId, person: &[u8]) -> ByteArray<16> {
    let mark = named(&slot[..], &[b"person", person]);
    ByteArray::new(*mark.first_chunk().expect("32 is more than 16"))
}

impl Slot {
    /// A new one with its key, locked in no way yet.
    pub fn new(person: &[u8], hint: String, strength: Strength, now_ms: i64) -> (Self, Key) {
        let id = SlotId::new(fresh());
        let mark = mark_of(&id, person);
        let (ways, tries) = (vec![], Tries::default());
        let (out, from) = (false, None);
        (Self { id, mark, hint, strength, used_ms: now_ms, out, ways, tries, from }, fresh())
    }

    /// Is it this person's?
    pub fn is_of(&self, person: &[u8]) -> bool {
        self.mark == mark_of(&self.id, person)
    }

    /// Name of its database.
    pub fn database(&self) -> String {
        let hex: String = self.id.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("lianxin.vault.{hex}")
    }

    /// Adds a way, in the place of an older one of its kind.
    ///
    /// # Errors
    /// A PIN alone for a sensitive vault; not enough memory for `cost`.
    pub async fn lock<C: Cipher>(
        &mut self,
        secret: &Secret,
        key: &Key,
        cost: Cost,
    ) -> Result<(), Unreadable> {
        if self.strength == Strength::Sensitive && matches!(secret, Secret::Pin(_)) {
            return Err(Unreadable);
        }
        let salt = ByteArray::new(fresh());
        let under = under::<C>(secret, &salt, cost).await.ok_or(Unreadable)?;
        let cipher = C::with_key(&under).await?;
        let sealed = ByteBuf::from(seal(&cipher, self.about(secret), key).await?);
        let stretched = |sealed| Stretched { salt, cost, sealed };
        let way = match secret {
            Secret::Pin(_) => Way::Pin(stretched(sealed)),
            Secret::Phrase(_) => Way::Phrase(stretched(sealed)),
            Secret::Shared { .. } => Way::Shared(stretched(sealed)),
            Secret::Passkey { credential, input, .. } => {
                let (credential, input) = (ByteBuf::from(credential.clone()), ByteArray::new(*input));
                Way::Passkey { credential, input, sealed }
            }
        };
        self.ways.retain(|other| std::mem::discriminant(other) != std::mem::discriminant(&way));
        self.ways.push(way);
        Ok(())
    }

    /// The vault's key, if the secret is right.
    ///
    /// # Errors
    /// A wrong secret, a way that this slot has not, or a record that was tampered with.
    pub async fn unlock<C: Cipher>(&self, secret: &Secret) -> Result<Key, Unreadable> {
        let lock = self.ways.iter().find_map(|way| way.lock(secret)).ok_or(Unreadable)?;
        let under = under::<C>(secret, &lock.0, lock.1).await.ok_or(Unreadable)?;
        let cipher = C::with_key(&under).await?;
        let key = open(&cipher, self.about(secret), lock.2).await?;
        key.try_into().map_err(|_| Unreadable)
    }

    /// What to show the server for its share.
    pub async fn proof<C: Cipher>(&self, pin: &str) -> Option<Proof> {
        let shared = self.ways.iter().find_map(|way| match way {
            Way::Shared(lock) => Some(lock),
            _ => None,
        })?;
        Some(derive(&stretch::<C>(pin.as_bytes(), &shared.salt, shared.cost).await?, "share proof"))
    }

    /// Where the vault came from when it was another's key: seals that key under this one's.
    ///
    /// # Errors
    /// When the cipher fails.
    pub async fn seal_old<C: Cipher>(&self, key: &Key, old: &Key) -> Result<ByteBuf, Unreadable> {
        let cipher = C::with_key(&derive(key, "old key")).await?;
        Ok(ByteBuf::from(seal(&cipher, self.id.to_vec(), old).await?))
    }

    /// The old key again.
    ///
    /// # Errors
    /// A record that was tampered with.
    pub async fn open_old<C: Cipher>(&self, key: &Key, sealed: &[u8]) -> Result<Key, Unreadable> {
        let cipher = C::with_key(&derive(key, "old key")).await?;
        open(&cipher, self.id.to_vec(), sealed).await?.try_into().map_err(|_| Unreadable)
    }

    /// What is authenticated with a sealed key: it opens in this slot, this strength and this way only.
    fn about(&self, secret: &Secret) -> Vec<u8> {
        [b"key", &self.id[..], &[self.strength.tag(), secret.kind()]].concat()
    }
}

impl Secret {
    fn kind(&self) -> u8 {
        match self {
            Self::Pin(_) => 1,
            Self::Phrase(_) => 2,
            Self::Passkey { .. } => 3,
            Self::Shared { .. } => 4,
        }
    }
}

impl Way {
    /// Salt, cost and what is sealed, for a secret of this way's kind.
    fn lock(&self, secret: &Secret) -> Option<(ByteArray<16>, Cost, &[u8])> {
        match (self, secret) {
            (Self::Pin(lock), Secret::Pin(_))
            | (Self::Phrase(lock), Secret::Phrase(_))
            | (Self::Shared(lock), Secret::Shared { .. }) => Some((lock.salt, lock.cost, &lock.sealed)),
            (Self::Passkey { sealed, .. }, Secret::Passkey { .. }) => {
                Some((ByteArray::default(), super::COST, sealed))
            }
            _ => None,
        }
    }
}

/// The key under which the vault's key lies.
async fn under<C: Cipher>(secret: &Secret, salt: &[u8; 16], cost: Cost) -> Option<Key> {
    let (words, purpose) = match secret {
        Secret::Passkey { secret, .. } => return Some(derive(secret, "passkey")),
        Secret::Pin(pin) => (pin.as_str(), "pin"),
        Secret::Phrase(words) => (words.trim(), "phrase"),
        Secret::Shared { pin, .. } => (pin.as_str(), "pin and share"),
    };
    let stretched = stretch::<C>(words.as_bytes(), salt, cost).await?;
    let share: &[u8] = if let Secret::Shared { share, .. } = secret { share } else { &[] };
    Some(derive(&[&stretched[..], share].concat(), purpose))
}
