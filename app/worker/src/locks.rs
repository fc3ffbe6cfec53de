//! Locking and unlocking this phone. What a lock is made of is `store::vault`; here it meets the clock, the
//! other tabs, and the person's database, which opens only behind it.

use crate::browser::now_ms;
use crate::core::{self, failed};
use crate::keys::{self, Opened};
use crate::shelf::{self, shelf};
use crate::slots::{self, Home};
use crate::{idle, wire};
use domain::bridge::{Answer, Event};
use domain::lock::{LockAnswer, LockAsk, Packed, Secret, good_phrase, good_pin};
use domain::{DocId, Who};
use serde_bytes::{ByteArray, ByteBuf};
use std::cell::{Cell, RefCell};
use store::vault::{
    self, COST, Key, Lease, OpenKey, Origin, Slot, SlotId, Standing, Strength, Web, has_moved, move_all,
};
use store::{IndexedDb, Trouble};
use wasm_bindgen_futures::spawn_local;

thread_local! {
    static OPENED: RefCell<Option<Opened>> = const { RefCell::new(None) };
    /// Who the server said is here, until they unlock.
    static COMING: RefCell<Option<Who>> = const { RefCell::new(None) };
    /// When the server's word was last written down, device time UTC ms.
    static NOTED: Cell<i64> = const { Cell::new(0) };
}

/// The server's word is written down so often at most.
const NOTE_MS: i64 = 60_000;

/// What happens here may fail as a store does.
type Done<T> = Result<T, Trouble>;

/// The open place.
pub fn opened() -> Option<Opened> {
    OPENED.with_borrow(Clone::clone)
}

/// Only the leading tab watches the time and hears how long it may be.
pub fn is_for_leader(ask: &Packed) -> bool {
    opened().is_some() && matches!(ask.open::<LockAsk>(), Some(LockAsk::Alive | LockAsk::Idle(_)))
}

/// Answers. What the leading tab must do itself comes by way of the core.
pub async fn serve(ask: &Packed) -> Answer {
    let Some(ask) = ask.open::<LockAsk>() else { return failed(&Trouble::Other("lock".into())) };
    let done = match ask {
        LockAsk::Doors => doors().await,
        LockAsk::Come(who) => come(who).await,
        LockAsk::Protect { who, secret, old } => protect(who, secret, old).await,
        LockAsk::Open { door, secret } => open(door, secret).await,
        LockAsk::Proof { door, pin } => proof(door, &pin).await,
        LockAsk::Change { old, new } => change(old, new).await,
        LockAsk::Anew(door) => anew(door).await,
        LockAsk::State => state().await,
        LockAsk::Alive => {
            idle::touched();
            return Answer::Done;
        }
        LockAsk::Idle(minutes) => set_idle(minutes).await,
        LockAsk::Close => {
            close().await;
            return Answer::Done;
        }
    };
    done.map_or_else(|trouble| failed(&trouble), |answer| Answer::Lock(Packed::of(&answer)))
}

async fn doors() -> Done<LockAnswer> {
    if let Some(opened) = keys::borrow().await {
        let who = opened.who.clone();
        enter(opened);
        return Ok(LockAnswer::Open(Box::new(who)));
    }
    let people = slots::people().await?;
    let mut doors = vec![];
    for slot in people.slots.iter().filter(|slot| !slot.out) {
        doors.push(slots::door(slot).await?);
    }
    let old = people.old.into_iter().find(|old| old.signed_in).map(|old| Box::new(old.who));
    Ok(LockAnswer::Doors(doors, old))
}

/// Somebody signed in, or the server was asked who is here.
async fn come(who: Who) -> Done<LockAnswer> {
    if let Some(opened) = opened().filter(|opened| opened.who.person == who.person) {
        core::signed_in_again();
        confirmed();
        return Ok(LockAnswer::Open(Box::new(opened.who)));
    }
    if !Web::is_here() {
        return Ok(keep_nothing(who));
    }
    COMING.set(Some(who.clone()));
    match slot_of(&who).await? {
        Some(slot) => Ok(LockAnswer::Closed(slots::door(&slot).await?)),
        None => Ok(LockAnswer::New),
    }
}

/// Without WebCrypto nothing can be locked, so nothing is kept.
fn keep_nothing(who: Who) -> LockAnswer {
    let (idle_min, database) = (who.idle_minutes(), String::from("lianxin.memory"));
    enter(Opened { slot: Default::default(), database, key: None, who: who.clone(), idle_min });
    LockAnswer::Open(Box::new(who))
}

async fn slot_of(who: &Who) -> Done<Option<Slot>> {
    Ok(slots::people().await?.slots.into_iter().find(|slot| slot.is_of(&who.person.0)))
}

/// Makes a lock, moves everything behind it, opens.
async fn protect(who: Who, secret: Secret, old: Option<Secret>) -> Done<LockAnswer> {
    let strength = if who.needs_strong_lock() { Strength::Sensitive } else { Strength::Ordinary };
    let Some(secret) = fit(secret, strength) else { return Ok(LockAnswer::Wrong(0)) };
    let now = now_ms();
    let hint: String = who.no.chars().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect();
    let (mut slot, key) = Slot::new(&who.person.0, hint, strength, now);
    slot.from = match old_place(&who, &slot, &key, old).await? {
        Ok(from) => from,
        Err(wrong) => return Ok(wrong),
    };
    slot.lock::<Web>(&secret, &key, COST).await.map_err(|_| Trouble::Other("lock".into()))?;
    let home = Home { idle_min: who.idle_minutes(), lease: Lease::confirmed(now), who };
    unlock(slot, &key, home).await
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
        let old = old.and_then(|old| fit(old, Strength::Ordinary));
        let Some(old) = old else { return Ok(Err(LockAnswer::Wrong(0))) };
        let Ok(old) = weaker.unlock::<Web>(&old).await else { return Ok(Err(LockAnswer::Wrong(0))) };
        let sealed = slot.seal_old::<Web>(key, &old).await.map_err(|_| Trouble::Other("seal".into()))?;
        let key = Some((sealed, weaker.strength));
        return Ok(Ok(Some(Origin { database: weaker.database(), key, slot: Some(weaker.id) })));
    }
    let remembered = slots::people().await?.old.iter().any(|old| old.who.person == who.person);
    let database = slots::old_database(who.person);
    Ok(Ok(remembered.then_some(Origin { database, key: None, slot: None })))
}

/// Tries a secret, and opens.
async fn open(door: DocId, secret: Secret) -> Done<LockAnswer> {
    let (mut slot, key) = match try_key(ByteArray::new(door.0), secret).await? {
        Ok(opened) => opened,
        Err(wait) => return Ok(LockAnswer::Wrong(wait)),
    };
    let now = now_ms();
    let open = open_key(&key, slot.strength).await?;
    let mut home = slots::home(&slot, &open).await?;
    if let Some(who) = coming(home.who.person) {
        (home.who, home.lease, slot.out) = (who, Lease::confirmed(now), false);
    }
    if home.lease.standing(now, home.who.lease_ms()) != Standing::Good || slot.out {
        slots::put(&slot).await?;
        return Ok(LockAnswer::Expired);
    }
    if home.who.needs_strong_lock() && slot.strength == Strength::Ordinary {
        COMING.set(Some(home.who.clone()));
        return Ok(LockAnswer::Stronger(Box::new(home.who)));
    }
    home.lease.seen(now);
    slot.used_ms = now;
    unlock(slot, &key, home).await
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

/// Who the server said is here, if it is this person.
fn coming(person: DocId) -> Option<Who> {
    COMING.with_borrow(|coming| coming.clone().filter(|who| who.person == person))
}

async fn open_key(key: &Key, strength: Strength) -> Done<OpenKey<Web>> {
    OpenKey::of(key, strength).await.map_err(|_| Trouble::Other("webcrypto".into()))
}

/// The lock is written down, everything lies behind it, the database opens.
async fn unlock(mut slot: Slot, key: &Key, home: Home) -> Done<LockAnswer> {
    let open = open_key(key, slot.strength).await?;
    slots::put_both(&slot, &open, &home).await?;
    if let Some(from) = slot.from.clone() {
        finish_move(&mut slot, &from, key, &open).await?;
    }
    COMING.take();
    let (who, idle_min) = (home.who.clone(), home.idle_min);
    let opened = Opened { slot: slot.id, database: slot.database(), key: Some(open), who, idle_min };
    keys::tell_open(&opened);
    enter(opened);
    Ok(LockAnswer::Open(Box::new(home.who)))
}

/// Moves everything here; cut anywhere, it is done again at the next unlocking. The old place goes last.
async fn finish_move(slot: &mut Slot, from: &Origin, key: &Key, open: &OpenKey<Web>) -> Done<()> {
    let vault = shelf(&slot.database(), Some(open.clone())).await?;
    if !has_moved(&vault).await? {
        let old_key = match &from.key {
            Some((sealed, strength)) => {
                let old = slot.open_old::<Web>(key, sealed).await.map_err(|_| Trouble::Unreadable)?;
                Some(open_key(&old, *strength).await?)
            }
            None => None,
        };
        let old = shelf(&from.database, old_key).await?;
        move_all(&old, &vault).await?;
        shelf::close(&old);
    }
    shelf::close(&vault);
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

fn enter(opened: Opened) {
    OPENED.set(Some(opened.clone()));
    idle::start(opened.idle_min);
    core::attach(opened);
}

/// Another tab unlocked.
pub fn opened_elsewhere(opened_there: Opened) {
    if opened().is_none() {
        let who = opened_there.who.clone();
        enter(opened_there);
        wire::event(&Event::Opened(who));
    }
}

/// Another tab locked.
pub fn locked_elsewhere() {
    if opened().is_some() {
        spawn_local(async {
            shut().await;
            wire::event(&Event::Locked);
        });
    }
}

/// Locks here and in all tabs. The page takes a fresh worker then, whose memory holds nothing.
pub async fn close() {
    keys::tell_lock();
    shut().await;
}

/// Nobody touched the screen for too long.
pub async fn idled() {
    close().await;
    wire::event(&Event::Locked);
}

async fn shut() {
    OPENED.take();
    core::shut().await;
}

/// The server answered this device just now.
pub fn confirmed() {
    let now = now_ms();
    if (now - NOTED.get()).abs() > NOTE_MS {
        NOTED.set(now);
        note(|home| home.lease = Lease::confirmed(now_ms()));
    }
}

/// The server said who this is now: posts may have changed.
pub fn is_now(who: Who) {
    OPENED.with_borrow_mut(|opened| {
        if let Some(opened) = opened {
            opened.who = who.clone();
        }
    });
    note(move |home| home.who = who.clone());
}

/// Writes down what changed about the open place. On a full phone it is left out; the next round tries again.
fn note(change: impl Fn(&mut Home) + 'static) {
    let Some((opened, key)) = locked() else { return };
    spawn_local(async move { drop(slots::note(opened.slot, &key, change).await) });
}

/// The open place and its key, where there is one.
fn locked() -> Option<(Opened, OpenKey<Web>)> {
    let opened = opened()?;
    let key = opened.key.clone()?;
    Some((opened, key))
}

/// Signed out: nothing opens here until the next sign-in.
pub async fn sign_out() -> Done<()> {
    let Some((opened, _)) = locked() else { return Ok(()) };
    let mut slot = slots::slot(opened.slot).await?;
    slot.out = true;
    slots::put(&slot).await
}

/// Everything of the open person goes from this phone: the key first. For 清除本机数据 and for a device
/// that was revoked; whoever calls has seen to what was not sent.
pub async fn erase() -> Done<()> {
    let Some((opened, _)) = locked() else {
        close().await;
        return Ok(());
    };
    let slot = slots::slot(opened.slot).await?;
    close().await;
    slots::erase(&slot).await
}

async fn proof(door: DocId, pin: &str) -> Done<LockAnswer> {
    let slot = slots::slot(ByteArray::new(door.0)).await?;
    Ok(match slot.proof::<Web>(pin).await {
        Some(proof) => LockAnswer::Proof(ByteBuf::from(proof.to_vec())),
        None => LockAnswer::Wrong(0),
    })
}

async fn change(old: Secret, new: Secret) -> Done<LockAnswer> {
    let Some((opened, _)) = locked() else { return Ok(LockAnswer::Expired) };
    let (mut slot, key) = match try_key(opened.slot, old).await? {
        Ok(opened) => opened,
        Err(wait) => return Ok(LockAnswer::Wrong(wait)),
    };
    let new = fit(new, slot.strength);
    let Some(new) = new else {
        slots::put(&slot).await?;
        return Ok(LockAnswer::Wrong(0));
    };
    slot.lock::<Web>(&new, &key, COST).await.map_err(|_| Trouble::Other("lock".into()))?;
    slots::put(&slot).await?;
    state().await
}

/// What lies behind a forgotten secret goes.
async fn anew(door: DocId) -> Done<LockAnswer> {
    let slot = slots::slot(ByteArray::new(door.0)).await?;
    slots::erase(&slot).await?;
    Ok(LockAnswer::New)
}

async fn state() -> Done<LockAnswer> {
    let Some((opened, key)) = locked() else { return Ok(LockAnswer::Expired) };
    let slot = slots::slot(opened.slot).await?;
    let home = slots::home(&slot, &key).await?;
    Ok(LockAnswer::State(slots::door(&slot).await?, home.idle_min, home.lease.confirmed_ms))
}

async fn set_idle(minutes: u32) -> Done<LockAnswer> {
    let Some((opened, key)) = locked() else { return Ok(LockAnswer::Expired) };
    let minutes = minutes.clamp(1, 60);
    slots::note(opened.slot, &key, |home| home.idle_min = minutes).await?;
    OPENED.with_borrow_mut(|opened| opened.as_mut().map(|opened| opened.idle_min = minutes));
    idle::start(minutes);
    state().await
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
