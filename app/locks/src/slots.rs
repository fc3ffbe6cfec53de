//! Who uses this phone: a small database of its own with one lock a person. It holds no name; what must be
//! known of a person first lies in their own vault. Each person's records lie in a
//! database of that person alone.

use crate::Done;
use crate::enter::{open_key, place};
use domain::lock::{Door, HOME, Home};
use domain::{DocId, Who, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::cell::RefCell;
use store::vault::{Key, OpenKey, Slot, SlotId, Way, Web};
use store::{Col, Durability, IndexedDb, Store, Trouble, Write};

const DATABASE: &str = "lianxin.people";

/// Somebody remembered from before there were locks; their database lies open until they choose one.
#[derive(Clone, Serialize, Deserialize)]
pub struct Remembered {
    /// Who.
    pub who: Who,
    /// Last time, device time UTC ms.
    pub used_ms: i64,
    /// Has not signed out.
    pub signed_in: bool,
}

/// Everything in the people's database: locks, last used first, and who has none yet.
#[derive(Default)]
pub struct People {
    /// Locks.
    pub slots: Vec<Slot>,
    /// From before.
    pub old: Vec<Remembered>,
}

/// Name of a database of before there were locks.
pub fn old_database(person: DocId) -> String {
    format!("lianxin.{person}")
}

thread_local! {
    /// Open while the worker lives: every unlocking needs it several times.
    static PEOPLE: RefCell<Option<IndexedDb>> = const { RefCell::new(None) };
}

async fn store() -> Done<IndexedDb> {
    if let Some(store) = PEOPLE.with_borrow(Clone::clone) {
        return Ok(store);
    }
    let store = IndexedDb::open(DATABASE).await?;
    PEOPLE.set(Some(store.clone()));
    Ok(store)
}

async fn write(one: Write) -> Done<()> {
    store().await?.write(vec![one], Durability::Strict).await
}

/// Everybody.
pub async fn people() -> Done<People> {
    let all = store().await?.all(Col::Meta).await?;
    let mut people = People::default();
    for (_, value) in &all {
        if let Some(slot) = from_cbor::<Slot>(value) {
            people.slots.push(slot);
        } else if let Some(old) = from_cbor(value) {
            people.old.push(old);
        }
    }
    // A lock that is being replaced by a stronger one is no way in any more, but for its old key.
    let replaced: Vec<SlotId> = people.slots.iter().filter_map(|slot| slot.from.as_ref()?.slot).collect();
    people.slots.retain(|slot| !replaced.contains(&slot.id));
    people.slots.sort_by_key(|slot| -slot.used_ms);
    people.old.sort_by_key(|old| -old.used_ms);
    Ok(people)
}

/// The lock of this name.
pub async fn slot(id: SlotId) -> Done<Slot> {
    let found = store().await?.get(Col::Meta, &id[..]).await?;
    found.and_then(|bytes| from_cbor(&bytes)).ok_or_else(|| Trouble::Other("slot".into()))
}

/// The lock of this person.
pub async fn slot_of(who: &Who) -> Done<Option<Slot>> {
    Ok(people().await?.slots.into_iter().find(|slot| slot.is_of(&who.person.0)))
}

/// Keeps a lock, on the disk itself when it returns.
pub async fn put(slot: &Slot) -> Done<()> {
    write(Write::Put(Col::Meta, slot.id.to_vec(), to_cbor(slot))).await
}

/// Forgets a lock, or somebody remembered from before: with the lock goes the only way to the key.
pub async fn forget(key: &[u8]) -> Done<()> {
    write(Write::Del(Col::Meta, key.to_vec())).await
}

/// Nothing opens here until the next sign-in.
pub async fn sign_out(id: SlotId) -> Done<()> {
    let mut slot = slot(id).await?;
    slot.out = true;
    put(&slot).await
}

/// First the key, then the data: cut between the two, what is left opens for nobody.
pub async fn erase(id: SlotId) -> Done<()> {
    let slot = slot(id).await?;
    forget(&slot.id[..]).await?;
    if let Some(from) = &slot.from {
        if let Some(old) = from.slot {
            forget(&old[..]).await?;
        }
        IndexedDb::destroy(&from.database).await?;
    }
    IndexedDb::destroy(&slot.database()).await
}

/// What must be known before anything else is opened.
pub async fn home(slot: &Slot, key: &Key) -> Done<Home> {
    let key = open_key(key, slot.strength).await?;
    home_behind(&slot.database(), key).await
}

/// The same, in a place that is open.
pub async fn home_behind(database: &str, key: OpenKey<Web>) -> Done<Home> {
    let vault = place(database, Some(key)).await?;
    let kept = vault.get(Col::Meta, HOME).await;
    vault.inner().close();
    kept?.and_then(|bytes| from_cbor(&bytes)).ok_or(Trouble::Unreadable)
}

/// What a lock screen shows. What waits inside can be counted without the key.
pub async fn door(slot: &Slot) -> Done<Door> {
    let mut unsent = 0;
    if slot.from.is_none() {
        let store = IndexedDb::open(&slot.database()).await?;
        unsent = store.keys(Col::Outbox).await?.len() + store.keys(Col::Attention).await?.len();
        store.close();
    }
    let has = |what: fn(&Way) -> bool| slot.ways.iter().any(what);
    let passkey = slot.ways.iter().find_map(|way| match way {
        Way::Passkey { credential, input, .. } => Some((credential.clone(), ByteBuf::from(input.to_vec()))),
        _ => None,
    });
    Ok(Door {
        id: DocId(*slot.id),
        hint: slot.hint.clone(),
        pin: has(|way| matches!(way, Way::Pin(_))),
        phrase: has(|way| matches!(way, Way::Phrase(_))),
        shared: has(|way| matches!(way, Way::Shared(_))),
        passkey,
        unsent,
    })
}
