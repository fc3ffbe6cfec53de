//! Who uses this phone: a small database of its own with one lock a person. It holds no name; what must be
//! known of a person before their database opens lies sealed in it. Each person's records lie in a
//! database of that person alone.

use crate::browser::now_ms;
use domain::lock::Door;
use domain::{DocId, Who, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::cell::RefCell;
use store::vault::{Lease, OpenKey, Slot, SlotId, Way, Web};
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

/// What is known of a person before their database opens.
#[derive(Clone, Serialize, Deserialize)]
pub struct Home {
    /// Who.
    pub who: Who,
    /// How long without the server.
    pub lease: Lease,
    /// Minutes without a touch until it locks.
    pub idle_min: u32,
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

async fn store() -> Result<IndexedDb, Trouble> {
    if let Some(store) = PEOPLE.with_borrow(Clone::clone) {
        return Ok(store);
    }
    let store = IndexedDb::open(DATABASE).await?;
    PEOPLE.set(Some(store.clone()));
    Ok(store)
}

async fn write(batch: Vec<Write>) -> Result<(), Trouble> {
    store().await?.write(batch, Durability::Strict).await
}

/// Where a lock's sealed part lies, beside it.
fn home_key(id: &SlotId) -> Vec<u8> {
    [&id[..], b"h"].concat()
}

/// Everybody.
pub async fn people() -> Result<People, Trouble> {
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
pub async fn slot(id: SlotId) -> Result<Slot, Trouble> {
    let found = store().await?.get(Col::Meta, &id[..]).await?;
    found.and_then(|bytes| from_cbor(&bytes)).ok_or_else(|| Trouble::Other("slot".into()))
}

fn putting(slot: &Slot) -> Write {
    Write::Put(Col::Meta, slot.id.to_vec(), to_cbor(slot))
}

/// Keeps a lock, on the disk itself when it returns.
pub async fn put(slot: &Slot) -> Result<(), Trouble> {
    write(vec![putting(slot)]).await
}

/// Keeps a lock and what lies sealed beside it.
pub async fn put_both(slot: &Slot, key: &OpenKey<Web>, home: &Home) -> Result<(), Trouble> {
    write(vec![putting(slot), putting_home(slot, key, home).await?]).await
}

/// Forgets a lock, or somebody remembered from before: with the lock goes the only way to the key.
pub async fn forget(key: &[u8]) -> Result<(), Trouble> {
    write(vec![Write::Del(Col::Meta, key.to_vec()), Write::Del(Col::Meta, [key, b"h"].concat())]).await
}

/// First the key, then the data: cut between the two, what is left opens for nobody.
pub async fn erase(slot: &Slot) -> Result<(), Trouble> {
    forget(&slot.id[..]).await?;
    if let Some(from) = &slot.from {
        if let Some(old) = from.slot {
            forget(&old[..]).await?;
        }
        IndexedDb::destroy(&from.database).await?;
    }
    IndexedDb::destroy(&slot.database()).await
}

/// What lies sealed beside a lock.
pub async fn home(slot: &Slot, key: &OpenKey<Web>) -> Result<Home, Trouble> {
    let sealed = store().await?.get(Col::Meta, &home_key(&slot.id)).await?.unwrap_or_default();
    let bytes = slot.open_home(key, &sealed).await.map_err(|_| Trouble::Unreadable)?;
    from_cbor(&bytes).ok_or(Trouble::Unreadable)
}

async fn putting_home(slot: &Slot, key: &OpenKey<Web>, home: &Home) -> Result<Write, Trouble> {
    let sealed = slot.seal_home(key, &to_cbor(home)).await.map_err(|_| Trouble::Other("seal".into()))?;
    Ok(Write::Put(Col::Meta, home_key(&slot.id), sealed))
}

/// Changes it on the disk.
pub async fn note(id: SlotId, key: &OpenKey<Web>, change: impl Fn(&mut Home)) -> Result<(), Trouble> {
    let slot = slot(id).await?;
    let mut home = home(&slot, key).await?;
    change(&mut home);
    home.lease.seen(now_ms());
    write(vec![putting_home(&slot, key, &home).await?]).await
}

/// What a lock screen shows. What waits inside can be counted without the key.
pub async fn door(slot: &Slot) -> Result<Door, Trouble> {
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
