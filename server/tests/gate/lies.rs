//! Changes that are spelled perfectly and say the wrong thing: operations, predecessors, places and numbers
//! altered before Automerge encodes them. These get past every parser, so the rules themselves must hold.

use crate::kit::*;
use crate::mutations::{number, targets};
use automerge::legacy::{ElementId, Key, MarkData, ObjectId, OpId, OpType};
use automerge::{ActorId, Automerge, ChangeHash, ExpandedChange, ObjType, ROOT, ReadDoc, ScalarValue};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

const KEYS: [&str; 12] = [
    "kind",
    "owner",
    "born",
    "body",
    "note",
    "title",
    "amount",
    "urgent",
    "photo",
    "items/手套",
    "items/帽",
    "secret",
];

/// Names that exist in the document, for lies that come close to the truth.
struct Known {
    actors: Vec<ActorId>,
    hashes: Vec<ChangeHash>,
    max_op: u64,
}

impl Known {
    fn of(doc: &Automerge) -> Self {
        let metas = doc.get_changes_meta(&[]);
        let actors: BTreeSet<ActorId> = metas.iter().map(|meta| meta.actor.clone().into_owned()).collect();
        let hashes = metas.iter().map(|meta| meta.hash).collect();
        Self {
            actors: actors.into_iter().collect(),
            hashes,
            max_op: metas.iter().map(|m| m.max_op).max().unwrap_or(0),
        }
    }
    fn id(&self, dice: &mut Dice) -> OpId {
        let actor = match self.actors.len() {
            0 => ActorId::from([1; 16]),
            n => self.actors[dice.below(n)].clone(),
        };
        OpId(1 + dice.below(self.max_op as usize + 4) as u64, actor)
    }
}

fn lie(change: &mut ExpandedChange, known: &Known, dice: &mut Dice) {
    match dice.below(12) {
        0 => change.start_op = (change.start_op.get() + dice.below(3) as u64).try_into().expect("not zero"),
        1 => change.seq = (change.seq + dice.below(3) as u64).saturating_sub(1).max(1),
        2 if !known.actors.is_empty() => {
            change.actor_id = known.actors[dice.below(known.actors.len())].clone()
        }
        3 => change.deps.retain(|_| dice.below(2) == 0),
        4 if !known.hashes.is_empty() => {
            let dep = known.hashes[dice.below(known.hashes.len())];
            if !change.deps.contains(&dep) {
                change.deps.push(dep);
            }
        }
        _ => lie_in_operations(change, known, dice),
    }
}

fn lie_in_operations(change: &mut ExpandedChange, known: &Known, dice: &mut Dice) {
    let count = change.operations.len();
    let (at, other) = (dice.below(count), dice.below(count));
    match dice.below(9) {
        0 => change.operations.swap(at, other),
        1 => change.operations.push(change.operations[at].clone()),
        2 if count > 1 => drop(change.operations.remove(at)),
        3 => change.operations[at].key = KEYS[dice.below(KEYS.len())].into(),
        4 => change.operations[at].key = Key::Seq(ElementId::Id(known.id(dice))),
        5 => {
            change.operations[at].obj = [ObjectId::Root, ObjectId::Id(known.id(dice))][dice.below(2)].clone()
        }
        6 => change.operations[at].pred = (0..dice.below(3)).map(|_| known.id(dice)).collect(),
        7 => change.operations[at].insert ^= true,
        _ => change.operations[at].action = action(dice),
    }
}

fn action(dice: &mut Dice) -> OpType {
    match dice.below(9) {
        0 => OpType::Delete,
        1 => OpType::Make([ObjType::Text, ObjType::Map, ObjType::List, ObjType::Table][dice.below(4)]),
        2 => OpType::Increment(3),
        3 => OpType::MarkBegin(MarkData { name: "b".into(), value: true.into(), expand: true }),
        4 => OpType::MarkEnd(false),
        5 => OpType::Put(ScalarValue::Null),
        6 => OpType::Put(7.into()),
        7 => OpType::Put(ScalarValue::counter(1)),
        _ => OpType::Put("字".into()),
    }
}

/// What stands under every key, texts included.
fn contents(doc: &Automerge) -> Contents {
    let read = |key: &str| {
        let all = doc.get_all(ROOT, key).expect("readable");
        all.into_iter().map(|(value, id)| doc.text(&id).unwrap_or_else(|_| format!("{value:?}"))).collect()
    };
    doc.keys(ROOT).map(|key| (key.clone(), read(&key))).collect()
}

/// Keys that the operations name, or whose text they touch.
fn named(change: &ExpandedChange, after: &Automerge) -> BTreeSet<String> {
    let text_at = |id: &OpId| {
        let made_by = |key: &&str| {
            let found = after.get(ROOT, *key).expect("readable");
            found.is_some_and(
                |(_, made)| matches!(made, automerge::ObjId::Id(c, a, _) if c == id.0 && a == id.1),
            )
        };
        ["body", "note"].into_iter().find(made_by)
    };
    let key_of = |op: &automerge::legacy::Op| match (&op.obj, &op.key) {
        (ObjectId::Root, Key::Map(key)) => Some(key.to_string()),
        (ObjectId::Id(id), _) => text_at(id).map(str::to_string),
        _ => None,
    };
    change.operations.iter().filter_map(key_of).collect()
}

type Contents = BTreeMap<String, Vec<String>>;

/// A stored document with an honest next change to lie about.
struct Target {
    store: Store,
    honest: ExpandedChange,
    known: Known,
    before: Contents,
}

impl Target {
    fn of(store: Store, raw: &[u8]) -> Self {
        let doc = store.snapshot.as_ref().map_or_else(Automerge::new, |_| store.doc());
        let honest = automerge::Change::try_from(raw).expect("a change").decode();
        Self { store, honest, known: Known::of(&doc), before: contents(&doc) }
    }

    /// The verdict on one lie; what is let in must be sound and must change only what it names.
    fn try_one(&self, dice: &mut Dice) -> String {
        let mut change = self.honest.clone();
        (0..=dice.below(3)).for_each(|_| lie(&mut change, &self.known, dice));
        let raw = automerge::Change::from(change.clone()).raw_bytes().to_vec();
        let judged = catch_unwind(AssertUnwindSafe(|| self.store.ask(&raw)));
        match judged.expect("no panic gets out") {
            Err(refused) => format!("{refused:?}").chars().take_while(|c| *c != '[').collect(),
            Ok(admitted) => {
                check_sound(self.store.snapshot.as_deref(), &admitted);
                let after = Automerge::load(&admitted.snapshot).expect("loads");
                let touched = named(&change, &after);
                let rest = |all: Contents| {
                    all.into_iter().filter(|(key, _)| !touched.contains(key)).collect::<Contents>()
                };
                assert_eq!(
                    rest(self.before.clone()),
                    rest(contents(&after)),
                    "a key that no operation names changed"
                );
                "accepted".into()
            }
        }
    }
}

#[test]
fn twenty_thousand_well_spelled_lies() {
    let (count, seed) = (number("LIANXIN_MUTATIONS", 20_000), number("LIANXIN_SEED", 1));
    let targets: Vec<Target> = targets().into_iter().map(|(store, raw)| Target::of(store, &raw)).collect();
    let mut dice = Dice(seed ^ 0x1135);
    let mut verdicts: BTreeMap<String, u64> = BTreeMap::new();
    println!("seed {seed}");
    for _ in 0..count {
        let target = &targets[dice.below(targets.len())];
        *verdicts.entry(target.try_one(&mut dice)).or_default() += 1;
    }
    verdicts.iter().for_each(|(verdict, times)| println!("{times:>8} {verdict}"));
    let all_kinds = ["NotAllowed", "OutOfOrder", "accepted"];
    assert!(all_kinds.iter().all(|kind| verdicts.keys().any(|verdict| verdict.starts_with(kind))));
    assert!(
        !verdicts.keys().any(|verdict| verdict.starts_with("Poison")),
        "rules refuse before Automerge breaks"
    );
}
