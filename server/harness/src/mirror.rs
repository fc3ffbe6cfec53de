//! The strongest check of convergence: a phone that lived through everything must show exactly what a phone
//! shows that the same person bought today.

use crate::phone::{Phone, Start};
use domain::bridge::{Answer, Ask, Opened};
use domain::{Carry, DocId, Hash, Row, Seal};
use std::collections::BTreeMap;
use std::rc::Rc;
use store::Disk;

/// What differs between this phone and a fresh one of the same person, in words. `all`: every phone of the town.
pub(crate) fn differences(phone: &Phone, all: &[Phone]) -> Vec<String> {
    let world = phone.0.world.clone();
    let (person, kinds, disk) = (phone.0.person, phone.0.kinds.get(), Rc::new(Disk::default()));
    let key = phone.0.key.clone();
    let start = Start { world, at: usize::MAX, person, disk, key, skew_ms: 0, kinds };
    let fresh = Phone::start(start);
    if fresh.sync().is_err() {
        return vec!["a fresh phone cannot sync".into()];
    }
    let who = format!("phone {}", phone.0.at);
    let (old, new) = (rows(phone), rows(&fresh));
    let mut wrong = vec![];
    for id in old.keys().chain(new.keys()).collect::<std::collections::BTreeSet<_>>() {
        match (old.get(id), new.get(id)) {
            (Some(one), Some(other)) if one == other => {
                wrong.extend(bodies(&who, phone, &fresh, one).filter(|_| !has_no_key(one.id, all)));
            }
            (Some(one), Some(other)) => wrong.push(format!("{who} {id}: row {one:?} is {other:?} afresh")),
            (Some(one), None) => wrong.push(format!("{who} still has {} {id} ({})", one.kind, one.title)),
            (None, Some(other)) => wrong.push(format!("{who} lacks {} {id} ({})", other.kind, other.title)),
            (None, None) => {}
        }
    }
    wrong
}

/// A sealed record that its author took back, while the request that brings it was still on its way and the phone
/// had no room to note that: what arrived at the server nobody can open, and nobody misses it.
fn has_no_key(id: DocId, all: &[Phone]) -> bool {
    let seals: Vec<repo::SealRec> = all.iter().filter_map(|phone| phone.record(id)?.seal).collect();
    !seals.is_empty() && seals.iter().all(|seal| seal.keys.is_empty())
}

fn rows(phone: &Phone) -> BTreeMap<DocId, Row> {
    let all = domain::modules::kinds().iter().flat_map(|kind| phone.list(kind.name()));
    all.map(|line| (line.row.id, line.row)).collect()
}

fn bodies(who: &str, old: &Phone, new: &Phone, row: &Row) -> Option<String> {
    let ahead = domain::modules::kind(&row.kind).is_some_and(|kind| kind.carry() == Carry::Ahead);
    if !ahead {
        return None;
    }
    let id = row.id;
    match (old.ask(Ask::Open(id)), new.ask(Ask::Open(id))) {
        (Answer::Opened(one), Answer::Opened(other)) => {
            if let Some(wrong) = pictures(who, new, &other) {
                return Some(wrong);
            }
            let (one, other) = (seen(*one), seen(*other));
            let parts: Vec<String> = one
                .iter()
                .zip(&other)
                .filter(|(a, b)| a != b)
                .map(|(a, b)| format!("{a} is {b} afresh"))
                .collect();
            (!parts.is_empty()).then(|| format!("{who} {} {id}: {}", row.kind, parts.join("; ")))
        }
        (one, other) => Some(format!("{who} {} {id}: opens as {one:?}, afresh as {other:?}", row.kind)),
    }
}

/// What is wrong with the pictures of a sealed document: at the server they are ciphertext, and whoever opens the
/// document sees them.
fn pictures(who: &str, fresh: &Phone, opened: &Opened) -> Option<String> {
    if Seal::of(&opened.values) != Seal::Open {
        return None;
    }
    let files = opened.values.keys().filter_map(|key| Hash::parse(key.strip_prefix("pics/")?));
    let mut wrong = files.filter_map(|hash| {
        // One that never came up is in the ledger.
        let file = fresh.0.world.file(hash).filter(|file| Hash::of(file) == hash)?;
        let is_open = !sync::is_sealed_file(&file);
        let is_seen = || matches!(fresh.picture(hash), Answer::Bytes(_));
        (is_open || !is_seen()).then(|| format!("{who} {}: picture {hash} open {is_open}", opened.meta.id))
    });
    wrong.next()
}

/// Everything of an opened document that must be equal on every phone of a person, part by part.
fn seen(opened: Opened) -> Vec<String> {
    let mut acts: Vec<(Option<u64>, domain::ActId)> = opened
        .entries
        .iter()
        .map(|entry| (entry.receipt.as_ref().map(|receipt| receipt.n), entry.id))
        .collect();
    acts.sort();
    let steps: Vec<(&str, bool)> =
        opened.steps.iter().map(|view| (view.step.code.as_str(), view.refusal.is_none())).collect();
    let mut conflicts = opened.conflicts.clone();
    conflicts.iter_mut().for_each(|(_, values)| values.sort_by_key(|value| format!("{value:?}")));
    vec![
        format!("meta {:?}", opened.meta),
        format!("values {:?}", opened.values),
        format!("acts {acts:?}"),
        format!("row {:?}", opened.row),
        format!("status {}", opened.status.code),
        format!("steps {steps:?}"),
        format!("timeline {:?}", opened.timeline),
        format!("may_edit {}", opened.may_edit),
        format!("conflicts {conflicts:?}"),
        format!("waiting {}", opened.waiting),
    ]
}
