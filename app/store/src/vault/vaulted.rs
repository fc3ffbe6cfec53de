//! A store around another one: every value is sealed, and every key that could say whose or what a value
//! is has another name on the disk. What the disk still tells: how many values there are, how long they
//! are, when they change, and in which order things wait in the outbox.

use super::cipher::{Cipher, Key, Unreadable, seal_whole};
use super::stretch::{derive, named};
use crate::{Col, Durability, Pair, Store, Trouble, Write};
use futures_util::future::try_join_all;
use futures_util::lock::Mutex;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// How well a vault is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strength {
    /// A PIN is enough: public content, the person's own data and drafts.
    Ordinary,
    /// What was entrusted to a post: a PIN alone never opens it.
    Sensitive,
}

impl Strength {
    pub(super) fn tag(self) -> u8 {
        match self {
            Self::Ordinary => 1,
            Self::Sensitive => 2,
        }
    }
}

/// A vault's key while it is open.
#[derive(Clone)]
pub struct OpenKey<C> {
    /// Seals and opens values.
    pub cipher: C,
    /// Makes the names under which keys lie on the disk.
    pub names: Key,
    /// Of this vault.
    pub strength: Strength,
}

impl<C: Cipher> OpenKey<C> {
    /// Both working keys from the one that is kept.
    ///
    /// # Errors
    /// When the cipher does not start.
    pub async fn of(key: &Key, strength: Strength) -> Result<Self, Unreadable> {
        let cipher = C::with_key(&derive(key, "values")).await?;
        Ok(Self { cipher, names: derive(key, "names"), strength })
    }
}

/// A store whose bytes are readable only here.
pub struct Vaulted<S, C> {
    inner: S,
    key: Rc<OpenKey<C>>,
    /// Writes reach the disk in the order in which they were asked for, however long sealing takes.
    turn: Rc<Mutex<()>>,
}

impl<S: Clone, C> Clone for Vaulted<S, C> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), key: self.key.clone(), turn: self.turn.clone() }
    }
}

/// Collections whose keys are places or our own few words: their order matters and they name nobody.
fn plain_keys(col: Col) -> bool {
    matches!(col, Col::Outbox | Col::Attention | Col::Meta)
}

/// Key and value out of what was sealed.
fn pair(col: Col, place: &[u8], plain: Vec<u8>) -> Result<Pair, Trouble> {
    if plain_keys(col) {
        return Ok((place.to_vec(), plain));
    }
    let (length, rest) = plain.split_first().ok_or(Trouble::Unreadable)?;
    let (key, value) = rest.split_at_checked(usize::from(*length)).ok_or(Trouble::Unreadable)?;
    Ok((key.to_vec(), value.to_vec()))
}

impl<S: Store, C: Cipher> Vaulted<S, C> {
    /// Around this store.
    pub fn new(inner: S, key: OpenKey<C>) -> Self {
        Self { inner, key: Rc::new(key), turn: Rc::default() }
    }

    /// The store as it lies on the disk.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// Where a key lies on the disk.
    fn place(&self, col: Col, key: &[u8]) -> Vec<u8> {
        if plain_keys(col) {
            return key.to_vec();
        }
        named(&self.key.names, &[col.name().as_bytes(), &[0], key])[..16].to_vec()
    }

    /// What is authenticated with a value: a value moved to another place does not open there.
    fn about(&self, col: Col, place: &[u8]) -> Vec<u8> {
        [col.name().as_bytes(), &[0, self.key.strength.tag()], place].concat()
    }

    async fn sealed(&self, col: Col, key: &[u8], value: &[u8]) -> Result<Pair, Trouble> {
        let place = self.place(col, key);
        let about = self.about(col, &place);
        let sealed = if plain_keys(col) {
            seal_whole(&self.key.cipher, &about, value).await
        } else {
            // Keys are ids and hashes: far below 255 bytes.
            let length = u8::try_from(key.len()).map_err(|_| Trouble::Other("key".into()))?;
            seal_whole(&self.key.cipher, &about, &[&[length][..], key, value].concat()).await
        };
        Ok((place, sealed.map_err(|_| Trouble::Other("seal".into()))?))
    }

    async fn opened(&self, col: Col, lying: &[Pair]) -> Result<Vec<Pair>, Trouble> {
        let many: Vec<(Vec<u8>, &[u8])> =
            lying.iter().map(|(place, sealed)| (self.about(col, place), sealed.as_slice())).collect();
        let opened = self.key.cipher.open_all(&many).await.map_err(|_| Trouble::Unreadable)?;
        lying.iter().zip(opened).map(|((place, _), plain)| pair(col, place, plain)).collect()
    }

    async fn sealed_write(&self, write: Write) -> Result<Write, Trouble> {
        Ok(match write {
            Write::Put(col, key, value) => {
                let (place, sealed) = self.sealed(col, &key, &value).await?;
                Write::Put(col, place, sealed)
            }
            Write::Del(col, key) => Write::Del(col, self.place(col, &key)),
            Write::Clear(col) => Write::Clear(col),
        })
    }
}

impl<S: Store, C: Cipher> Store for Vaulted<S, C> {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        let place = self.place(col, key);
        let Some(sealed) = self.inner.get(col, &place).await? else { return Ok(None) };
        Ok(self.opened(col, &[(place, sealed)]).await?.pop().map(|(_, value)| value))
    }

    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        let mut pairs = self.opened(col, &self.inner.all(col).await?).await?;
        if !plain_keys(col) {
            pairs.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        }
        Ok(pairs)
    }

    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        if plain_keys(col) {
            return self.inner.keys(col).await;
        }
        Ok(self.all(col).await?.into_iter().map(|(key, _)| key).collect())
    }

    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        let _turn = self.turn.lock().await;
        let sealed = try_join_all(batch.into_iter().map(|write| self.sealed_write(write))).await?;
        self.inner.write(sealed, durability).await
    }
}
