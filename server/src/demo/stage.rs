//! Plays the demo's past: what each person did at which time, pushed to the desk as their phones would have
//! pushed it, so that gate and rulebook let through everything that is there.

use super::phone::Phone;
use crate::cli::Stop;
use crate::house::House;
use crate::log::{Log, Stored};
use domain::modules::kind;
use domain::{DocId, Meta, OrgCode, Raw, Scope, Values, Who, scopes_held};
use std::collections::{BTreeMap, HashMap};
use sync::{Fate, Frame, Item};

/// One thing that somebody did.
pub struct Event {
    /// When, official time, UTC ms.
    pub at_ms: i64,
    /// Staff number of who did it.
    pub no: String,
    /// The document.
    pub doc: DocId,
    /// What.
    pub what: What,
}

/// What somebody did.
pub enum What {
    /// Began the document.
    Begin {
        /// Its kind.
        kind: &'static str,
        /// Unit it belongs to.
        unit: OrgCode,
        /// Under this name; `None` for the own one.
        alias: Option<DocId>,
        /// First values.
        values: Values,
    },
    /// Decided: CBOR of the kind's act.
    Act(Vec<u8>),
    /// Decided something that names the own unit, such as a confirmation.
    ActAs(fn(&Who) -> Vec<u8>),
}

/// Plays all events in the order of their times.
///
/// # Errors
/// With the rule, when something of the demo breaks one.
pub async fn play(house: &House, mut events: Vec<Event>) -> Result<(), Stop> {
    events.sort_by_key(|event| event.at_ms);
    let begin_ms = events.first().map_or_else(|| house.now_ms(), |event| event.at_ms);
    enrol_those_with_accounts(house, begin_ms).await?;
    for event in events {
        let who = house.desk.who_by_no(&event.no).ok_or_else(|| broken(&event, "没有这个人"))?;
        let phone = if has_account(&who.no) { Phone::signing(who) } else { Phone::of(who) };
        let items = match &event.what {
            What::Begin { .. } => begin(&phone, &event)?,
            What::Act(act) => decide(house, &phone, &event, act).await?,
            What::ActAs(act) => decide(house, &phone, &event, &act(&phone.who)).await?,
        };
        let request = phone.request(items, house.desk.epoch(), cursors(house, &phone.who).await?);
        let frames = house.desk.answer(phone.who.person, request, event.at_ms).await?;
        frames.iter().try_for_each(|frame| accepted(frame, &event))?;
    }
    Ok(())
}

fn has_account(no: &str) -> bool {
    super::PEOPLE.iter().any(|person| person.no == no)
}

/// The phones on which the people with accounts did all this; the others' are from before signatures.
async fn enrol_those_with_accounts(house: &House, at_ms: i64) -> Result<(), Stop> {
    for who in super::PEOPLE.iter().filter_map(|person| house.desk.who_by_no(person.no)) {
        let phone = Phone::of(who);
        phone.enrol(&house.desk, "演示用手机", at_ms).await?;
    }
    Ok(())
}

/// A phone that has everything, so that nothing comes down.
async fn cursors(house: &House, who: &Who) -> Result<BTreeMap<Scope, u64>, Stop> {
    let heads: HashMap<Scope, u64> = house.desk.log().heads().await?.into_iter().collect();
    let at = |scope: Scope| (heads.get(&scope).copied().unwrap_or(0), scope);
    Ok(scopes_held(who).into_iter().map(at).map(|(n, scope)| (scope, n)).collect())
}

fn begin(phone: &Phone, event: &Event) -> Result<Vec<(DocId, Item)>, Stop> {
    let What::Begin { kind: name, unit, alias, values } = &event.what else { return Ok(vec![]) };
    let owner = alias.unwrap_or(phone.who.person);
    let meta = Meta { id: event.doc, kind: (*name).into(), owner, unit: unit.clone(), born_ms: event.at_ms };
    Ok(vec![(event.doc, birth(phone, &meta, values, event)?)])
}

fn birth(phone: &Phone, meta: &Meta, values: &Values, event: &Event) -> Result<Item, Stop> {
    let kind = kind(&meta.kind).ok_or_else(|| broken(event, "没有这个类型"))?;
    phone.begin(kind, meta, values).map_err(|refusal| broken(event, &refusal.zh()))
}

/// The act, and the documents that it brings into being.
async fn decide(house: &House, phone: &Phone, event: &Event, act: &[u8]) -> Result<Vec<(DocId, Item)>, Stop> {
    let stored = house.desk.log().load(event.doc).await?.ok_or_else(|| broken(event, "材料还没有"))?;
    let Stored { meta, values, heads, acts, .. } = stored;
    let kind = kind(&meta.kind).ok_or_else(|| broken(event, "没有这个类型"))?;
    let mut items = vec![(event.doc, phone.act(event.doc, meta.owner, heads, event.at_ms, act.to_vec()))];
    let unit_owner = phone.who.person;
    for child in kind.offspring(&Raw { meta, values, entries: acts }, act) {
        let meta = Meta {
            id: child.id,
            kind: child.kind.into(),
            owner: unit_owner,
            unit: child.unit,
            born_ms: event.at_ms,
        };
        let born = birth(phone, &meta, &child.values, event)?;
        let heads = match &born {
            Item::Change(raw) => heads_of(raw),
            Item::Act(_) => vec![],
        };
        items.push((child.id, born));
        items.extend(
            child
                .acts
                .into_iter()
                .map(|act| (child.id, phone.act(child.id, unit_owner, heads.clone(), event.at_ms, act))),
        );
    }
    Ok(items)
}

fn heads_of(raw: &[u8]) -> Vec<domain::Hash> {
    automerge::Change::from_bytes(raw.to_vec())
        .map(|change| vec![domain::Hash(change.hash().0)])
        .unwrap_or_default()
}

fn accepted(frame: &Frame, event: &Event) -> Result<(), Stop> {
    match frame {
        Frame::Ack { fate: Fate::Accepted(_) | Fate::Duplicate(_), .. } => Ok(()),
        Frame::Ack { fate: Fate::Refused(refusal), .. } => Err(broken(event, &refusal.zh())),
        Frame::Ack { fate, .. } => Err(broken(event, &format!("{fate:?}"))),
        _ => Ok(()),
    }
}

fn broken(event: &Event, why: &str) -> Stop {
    let (no, doc) = (&event.no, event.doc);
    Stop::new(
        format!("演示内容有误（{no}，{doc}）：{why}"),
        format!("the demo's content breaks a rule ({no}, {doc})"),
    )
}
