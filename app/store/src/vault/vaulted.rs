//! A store around another one: every value is sealed, and every key that could say whose or what a value
//! is has another name on the disk. What the disk still tells: how many values there are, how long they
//! are, when they change, and in which order things wait in the outbox.

use super::cipher::{Cipher, Key, Piece, Unreadable};
use super::packs::{self, Entry};
use super::stretch::{derive, named};
use crate::{Col, Durability, Pair, Store, Trouble, Write};
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

    /// Where a key lies on the disk.
    fn place(&self, col: Col, key: &[u8]) -> Vec<u8> {
        if plain_keys(col) {
            return key.to_vec();
        }
        named(&self.names, &[col.name().as_bytes(), &[0], key])[..16].to_vec()
    }

    /// What is authenticated with a value: a value moved to another place does not open there.
    fn about(&self, col: Col, place: &[u8]) -> Vec<u8> {
        [col.name().as_bytes(), &[0, self.strength.tag()], place].concat()
    }
}

/// A store whose bytes are readable only here. Without a key it changes nothing: for what lay on a phone before
/// there were locks, and for memory where a browser offers no WebCrypto.
pub struct Vaulted<S, C> {
    inner: S,
    key: Option<Rc<OpenKey<C>>>,
    /// Writes reach the disk in the order in which they were asked for, however long sealing takes. Inside: the
    /// number of the next pack, once it is known.
    turn: Rc<Mutex<Option<u64>>>,
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

/// Key and value as they are sealed together.
fn joined(col: Col, key: &[u8], value: Vec<u8>) -> Result<Vec<u8>, Trouble> {
    if plain_keys(col) {
        return Ok(value);
    }
    // Keys are ids and hashes: far below 255 bytes.
    let length = u8::try_from(key.len()).map_err(|_| Trouble::Other("key".into()))?;
    Ok([&[length][..], key, &value].concat())
}

/// Key and value out of what was sealed.
fn parted(col: Col, place: Vec<u8>, plain: Vec<u8>) -> Result<Pair, Trouble> {
    if plain_keys(col) {
        return Ok((place, plain));
    }
    let (length, rest) = plain.split_first().ok_or(Trouble::Unreadable)?;
    let (key, value) = rest.split_at_checked(usize::from(*length)).ok_or(Trouble::Unreadable)?;
    Ok((key.to_vec(), value.to_vec()))
}

/// A batch on its way to the disk: what has to be sealed, and what each write becomes.
struct Batch {
    writes: Vec<Write>,
    /// Beside each put of `writes`, in order.
    pieces: Vec<Piece>,
    rows: Vec<Entry>,
}

impl Batch {
    fn of<C: Cipher>(key: &OpenKey<C>, asked: Vec<Write>) -> Result<Self, Trouble> {
        let mut batch = Self { writes: vec![], pieces: vec![], rows: vec![] };
        for write in asked {
            match write {
                Write::Put(Col::Rows, at, value) => batch.rows.push((at, Some(value))),
                Write::Del(Col::Rows, at) => batch.rows.push((at, None)),
                Write::Put(col, at, value) => {
                    let (place, plain) = (key.place(col, &at), joined(col, &at, value)?);
                    batch.put(key, col, place, plain);
                }
                Write::Del(col, at) => batch.writes.push(Write::Del(col, key.place(col, &at))),
                Write::Clear(col) => {
                    if col == Col::Rows {
                        batch.rows.clear();
                    }
                    batch.writes.push(Write::Clear(col));
                }
            }
        }
        Ok(batch)
    }

    fn put<C: Cipher>(&mut self, key: &OpenKey<C>, col: Col, place: Vec<u8>, plain: Vec<u8>) {
        self.pieces.push((key.about(col, &place), plain));
        self.writes.push(Write::Put(col, place, vec![]));
    }

    /// The lines of lists as packs from this number on; the number after them.
    fn pack<C: Cipher>(&mut self, key: &OpenKey<C>, mut number: u64, most: usize) -> Result<u64, Trouble> {
        for lines in std::mem::take(&mut self.rows).chunks(most) {
            self.put(key, Col::Rows, packs::place(number), packs::pack(lines)?);
            number += 1;
        }
        Ok(number)
    }

    async fn sealed<C: Cipher>(mut self, key: &OpenKey<C>) -> Result<Vec<Write>, Trouble> {
        let sealed = key.cipher.seal_all(&self.pieces).await.map_err(|_| Trouble::Other("seal".into()))?;
        let puts = self.writes.iter_mut().filter_map(|write| match write {
            Write::Put(_, _, value) => Some(value),
            _ => None,
        });
        puts.zip(sealed).for_each(|(value, sealed)| *value = sealed);
        Ok(self.writes)
    }
}

impl<S: Store, C: Cipher> Vaulted<S, C> {
    /// Around this store.
    pub fn new(inner: S, key: Option<OpenKey<C>>) -> Self {
        Self { inner, key: key.map(Rc::new), turn: Rc::default() }
    }

    /// The store as it lies on the disk.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// Everything of a collection, opened, under the places where it lies.
    async fn lying(&self, key: &OpenKey<C>, col: Col) -> Result<Vec<Pair>, Trouble> {
        let (places, pieces): (Vec<_>, Vec<_>) = self
            .inner
            .all(col)
            .await?
            .into_iter()
            .map(|(place, sealed)| (place.clone(), (key.about(col, &place), sealed)))
            .unzip();
        let opened = key.cipher.open_all(&pieces).await.map_err(|_| Trouble::Unreadable)?;
        Ok(places.into_iter().zip(opened).collect())
    }

    /// Lines of lists. Many small packs become a few: in one write, so that a cut leaves either.
    async fn rows(&self, key: &OpenKey<C>) -> Result<Vec<Pair>, Trouble> {
        let mut turn = self.turn.lock().await;
        let (places, packs): (Vec<_>, Vec<_>) = self.lying(key, Col::Rows).await?.into_iter().unzip();
        let rows = packs::unpack(&packs)?;
        let next = packs::after(&places);
        *turn = Some(next);
        if places.len() > packs::MANY {
            let lines = rows.iter().map(|(at, value)| (at.clone(), Some(value.clone()))).collect();
            let mut batch = Batch { writes: vec![Write::Clear(Col::Rows)], pieces: vec![], rows: lines };
            let after = batch.pack(key, next, packs::FULL)?;
            // A full phone keeps the small ones.
            if self.inner.write(batch.sealed(key).await?, Durability::Strict).await.is_ok() {
                *turn = Some(after);
            }
        }
        Ok(rows)
    }
}

impl<S: Store, C: Cipher> Store for Vaulted<S, C> {
    async fn get(&self, col: Col, at: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        let Some(key) = &self.key else { return self.inner.get(col, at).await };
        if col == Col::Rows {
            let found = self.rows(key).await?.into_iter().find(|(row, _)| row == at);
            return Ok(found.map(|(_, value)| value));
        }
        let place = key.place(col, at);
        let Some(sealed) = self.inner.get(col, &place).await? else { return Ok(None) };
        let opened = super::cipher::open(&key.cipher, key.about(col, &place), &sealed).await;
        Ok(Some(parted(col, place, opened.map_err(|_| Trouble::Unreadable)?)?.1))
    }

    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        let Some(key) = &self.key else { return self.inner.all(col).await };
        if col == Col::Rows {
            return self.rows(key).await;
        }
        let lying = self.lying(key, col).await?.into_iter();
        let mut pairs =
            lying.map(|(place, plain)| parted(col, place, plain)).collect::<Result<Vec<_>, _>>()?;
        pairs.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(pairs)
    }

    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        if self.key.is_none() || plain_keys(col) {
            return self.inner.keys(col).await;
        }
        Ok(self.all(col).await?.into_iter().map(|(key, _)| key).collect())
    }

    async fn write(&self, asked: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        let Some(key) = &self.key else { return self.inner.write(asked, durability).await };
        let mut turn = self.turn.lock().await;
        let mut batch = Batch::of(key, asked)?;
        if !batch.rows.is_empty() {
            let next = match *turn {
                Some(next) => next,
                None => packs::after(&self.inner.keys(Col::Rows).await?),
            };
            *turn = Some(batch.pack(key, next, usize::MAX)?);
        }
        self.inner.write(batch.sealed(key).await?, durability).await
    }
}
