//! What screens ask about locks, and the answers. Where a place opens, it comes along.

use crate::enter::{enter, keep_nothing};
use crate::slots::{self, slot_of};
use crate::{Done, now_ms};
use domain::lock::{LockAnswer, LockAsk, Secret, good_phrase, good_pin};
use domain::{DocId, Who, lock::Home};
use serde_bytes::{ByteArray, ByteBuf};
use store::Trouble;
use store::vault::{self, COST, Handed, Key, Lease, Origin, Slot, SlotId, Standing, Strength, Web};

/// An answer, and a place that was opened.
pub type Answered = Done<(LockAnswer, Option<Handed>)>;

/// Answers; `here` is the place that is open.
pub async fn answer(ask: LockAsk, here: Option<Handed>) -> Answered {
    let answer = match ask {
        LockAsk::Protect { who, secret, old } => return protect(who, secret, old).await,
        LockAsk::Open { door, secret, coming } => return open(door, secret, coming).await,
        LockAsk::Come(who) if !Web::is_here() => return Ok(keep_nothing(who)),
        LockAsk::Come(who) => match slot_of(&who).await? {
            Some(slot) => LockAnswer::Closed(slots::door(&slot).await?),
            None => LockAnswer::New,
        },
        LockAsk::Doors => doors().await?,
        LockAsk::Proof { door, pin } => proof(door, &pin).await?,
        LockAsk::Anew(door) => {
            slots::erase(ByteArray::new(door.0)).await?;
            LockAnswer::New
        }
        LockAsk::Change { old, new } => change(here, old, new).await?,
        LockAsk::State => state(here).await?,
    };
    Ok((answer, None))
}

async fn doors() -> Done<LockAnswer> {
    let people = slots::people().await?;
    let mut doors = vec![];
    for slot in people.slots.iter().filter(|slot| !slot.out) {
        doors.push(slots::door(slot).await?);
    }
    let old = people.old.into_iter().find(|old| old.signed_in).map(|old| Box::new(old.who));
    Ok(LockAnswer::Doors(doors, old))
}

/// Makes a lock, moves everything behind it, opens.
async fn protect(who: Who, secret: Secret, old: Option<Secret>) -> Answered {
    let strength = if who.needs_strong_lock() { Strength::Sensitive } else { Strength::Ordinary };
    let Some(secret) = fit(secret, strength) else { return Ok((LockAnswer::Wrong(0), None)) };
    let now = now_ms();
    let hint = who.no.chars().skip(who.no.chars().count().saturating_sub(3)).collect();
    let (mut slot, key) = Slot::new(&who.person.0, hint, strength, now);
    slot.from = match old_place(&who, &slot, &key, old).await? {
        Ok(from) => from,
        Err(wrong) => return Ok((wrong, None)),
    };
    slot.lock::<Web>(&secret, &key, COST).await.map_err(|_| Trouble::Other("lock".into()))?;
    let home = Home { idle_min: who.idle_minutes(), confirmed_ms: now, seen_ms: now, who };
    enter(slot, &key, home).await
}

/// What is here of this person so far: a database of before there were locks, or a vault whose secret is
/// given. Refused when there is a vault and the secret does not open it.
async fn old_place(
    who: &Who,
    slot: &Slot,
    key: &Key,
    old: Option<Secret>,
) -> Done<Result<Option<Origin>, LockAnswer>> {
    if let Some(weaker) = slot_of(who).await? {
        let Some(old) = old else { return Ok(Err(LockAnswer::Wrong(0))) };
        let old = match try_key(weaker.id, old).await? {
            Ok((_, old)) => old,
            Err(wait) => return Ok(Err(LockAnswer::Wrong(wait))),
        };
        let sealed = slot.seal_old::<Web>(key, &old).await.map_err(|_| Trouble::Other("seal".into()))?;
        let key = Some((sealed, weaker.strength));
        return Ok(Ok(Some(Origin { database: weaker.database(), key, slot: Some(weaker.id) })));
    }
    let remembered = slots::people().await?.old.iter().any(|old| old.who.person == who.person);
    let database = slots::old_database(who.person);
    Ok(Ok(remembered.then_some(Origin { database, key: None, slot: None })))
}

/// Tries a secret, and opens.
async fn open(door: DocId, secret: Secret, coming: Option<Who>) -> Answered {
    let (mut slot, key) = match try_key(ByteArray::new(door.0), secret).await? {
        Ok(opened) => opened,
        Err(wait) => return Ok((LockAnswer::Wrong(wait), None)),
    };
    let now = now_ms();
    let mut home = slots::home(&slot, &key).await?;
    if let Some(who) = coming.filter(|who| slot.is_of(&who.person.0)) {
        home = Home { who, confirmed_ms: now, seen_ms: now, ..home };
        slot.out = false;
    }
    let lease = Lease { confirmed_ms: home.confirmed_ms, seen_ms: home.seen_ms };
    let over = lease.standing(now, home.who.lease_ms()) != Standing::Good;
    let stronger = home.who.needs_strong_lock() && slot.strength == Strength::Ordinary;
    if over || slot.out || stronger {
        slots::put(&slot).await?;
        let who = Box::new(home.who);
        return Ok((if over || slot.out { LockAnswer::Expired } else { LockAnswer::Stronger(who) }, None));
    }
    home.seen_ms = home.seen_ms.max(now);
    slot.used_ms = now;
    enter(slot, &key, home).await
}

/// The key of this lock, or how long the next try waits. A try is written down before it is made: whoever kills
/// the app in the middle of it has had it all the same.
async fn try_key(id: SlotId, secret: Secret) -> Done<Result<(Slot, Key), i64>> {
    let (mut slot, now) = (slots::slot(id).await?, now_ms());
    let wait = slot.tries.wait_ms(now);
    if wait > 0 {
        return Ok(Err(wait));
    }
    slot.tries.wrong(now);
    slots::put(&slot).await?;
    let Some(secret) = given(secret) else { return Ok(Err(0)) };
    let Ok(key) = slot.unlock::<Web>(&secret).await else { return Ok(Err(slot.tries.wait_ms(now))) };
    slot.tries = vault::Tries::default();
    Ok(Ok((slot, key)))
}

async fn proof(door: DocId, pin: &str) -> Done<LockAnswer> {
    let slot = slots::slot(ByteArray::new(door.0)).await?;
    Ok(match slot.proof::<Web>(pin).await {
        Some(proof) => LockAnswer::Proof(ByteBuf::from(proof.to_vec())),
        None => LockAnswer::Wrong(0),
    })
}

async fn change(here: Option<Handed>, old: Secret, new: Secret) -> Done<LockAnswer> {
    let Some(place) = here.filter(|place| place.key.is_some()) else { return Ok(LockAnswer::Expired) };
    let (mut slot, key) = match try_key(place.slot, old).await? {
        Ok(opened) => opened,
        Err(wait) => return Ok(LockAnswer::Wrong(wait)),
    };
    let new = fit(new, slot.strength);
    if let Some(new) = &new {
        slot.lock::<Web>(new, &key, COST).await.map_err(|_| Trouble::Other("lock".into()))?;
    }
    slots::put(&slot).await?;
    if new.is_some() { state(Some(place)).await } else { Ok(LockAnswer::Wrong(0)) }
}

async fn state(here: Option<Handed>) -> Done<LockAnswer> {
    let Some(place) = here else { return Ok(LockAnswer::Expired) };
    let Some(key) = place.key else { return Ok(LockAnswer::Expired) };
    let slot = slots::slot(place.slot).await?;
    let home = slots::home_behind(&place.database, key).await?;
    Ok(LockAnswer::State(slots::door(&slot).await?, home.idle_min, home.confirmed_ms))
}

/// A new secret, when it is good enough for this strength.
fn fit(secret: Secret, strength: Strength) -> Option<vault::Secret> {
    let good = match &secret {
        Secret::Pin(pin) => strength == Strength::Ordinary && good_pin(pin),
        Secret::Shared { pin, .. } => good_pin(pin),
        Secret::Phrase(words) => good_phrase(words),
        Secret::Passkey { .. } => true,
    };
    if good { given(secret) } else { None }
}

/// The secret as the store takes it.
fn given(secret: Secret) -> Option<vault::Secret> {
    let key = |bytes: ByteBuf| Key::try_from(bytes.into_vec()).ok();
    Some(match secret {
        Secret::Pin(pin) => vault::Secret::Pin(pin),
        Secret::Phrase(words) => vault::Secret::Phrase(words),
        Secret::Passkey { credential, input, secret } => vault::Secret::Passkey {
            credential: credential.into_vec(),
            input: key(input)?,
            secret: key(secret)?,
        },
        Secret::Shared { pin, share } => vault::Secret::Shared { pin, share: key(share)? },
    })
}
