//! The last step of every way in: the lock is written down, everything lies behind it, and the open place is
//! handed to whoever asked.

use crate::Done;
use crate::asks::Answered;
use crate::slots;
use domain::lock::{HOME, Home, LockAnswer};
use domain::{Who, to_cbor};
use store::vault::{Handed, Key, OpenKey, Origin, Slot, SlotId, Strength, Vaulted, Web, has_moved, move_all};
use store::{Col, Durability, IndexedDb, Store, Trouble, Write};

/// A person's place.
pub type Place = Vaulted<IndexedDb, Web>;

/// The database of this name, sealed with this key; without one as it was before there were locks.
pub async fn place(database: &str, key: Option<OpenKey<Web>>) -> Done<Place> {
    Ok(Vaulted::new(IndexedDb::open(database).await?, key))
}

/// Both working keys.
pub async fn open_key(key: &Key, strength: Strength) -> Done<OpenKey<Web>> {
    OpenKey::of(key, strength).await.map_err(|_| Trouble::Other("webcrypto".into()))
}

/// Opens.
pub async fn enter(mut slot: Slot, key: &Key, home: Home) -> Answered {
    let open = open_key(key, slot.strength).await?;
    let vault = place(&slot.database(), Some(open.clone())).await?;
    let new = Write::Put(Col::Meta, HOME.to_vec(), to_cbor(&home));
    vault.write(vec![new.clone()], Durability::Strict).await?;
    // From here on this lock is the only way in; what it needs to open lies behind it already.
    slots::put(&slot).await?;
    if let Some(from) = slot.from.clone() {
        finish_move(&mut slot, &from, key, &vault, new).await?;
    }
    vault.inner().close();
    let opened = Handed {
        slot: slot.id,
        database: slot.database(),
        key: Some(open),
        who: to_cbor(&home.who),
        idle_min: home.idle_min,
    };
    Ok((LockAnswer::Open(Box::new(home.who)), Some(opened)))
}

/// Without WebCrypto nothing can be locked, so nothing is kept.
pub fn keep_nothing(who: Who) -> (LockAnswer, Option<Handed>) {
    let opened = Handed {
        slot: SlotId::default(),
        database: "lianxin.memory".into(),
        key: None,
        who: to_cbor(&who),
        idle_min: who.idle_minutes(),
    };
    (LockAnswer::Open(Box::new(who)), Some(opened))
}

/// Moves everything here; cut anywhere, it is done again at the next unlocking. The old place goes last.
async fn finish_move(slot: &mut Slot, from: &Origin, key: &Key, vault: &Place, new: Write) -> Done<()> {
    if !has_moved(vault).await? {
        let old_key = match &from.key {
            Some((sealed, strength)) => {
                let old = slot.open_old::<Web>(key, sealed).await.map_err(|_| Trouble::Unreadable)?;
                Some(open_key(&old, *strength).await?)
            }
            None => None,
        };
        let old = place(&from.database, old_key).await?;
        move_all(&old, vault, vec![new]).await?;
        old.inner().close();
    }
    IndexedDb::destroy(&from.database).await?;
    if let Some(old) = from.slot {
        slots::forget(&old[..]).await?;
    }
    for old in slots::people().await?.old.iter().filter(|old| slot.is_of(&old.who.person.0)) {
        slots::forget(&old.who.person.0).await?;
    }
    slot.from = None;
    slots::put(slot).await
}
