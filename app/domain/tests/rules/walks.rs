//! Random rows of acts by random people, judged as the server judges them. Whatever they do, these hold.

use crate::bench::{Accepted, Bench, START, folded};
use crate::cast::{cast, who};
use crate::refusals::speaks;
use domain::modules::{appeal, kind, news};
use domain::*;
use std::collections::{BTreeMap, BTreeSet};

/// The same numbers for the same seed, on every machine.
struct Dice(u64);
impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// One accepted act of a walk.
struct Stepped {
    by: Who,
    step: String,
    accepted: Accepted,
}

struct Walk {
    bench: Bench,
    id: DocId,
    steps: Vec<Stepped>,
}

/// Walks `rounds` steps: every second one is an act that somebody may do, so that walks get far; the
/// others are anything by anybody.
fn walk(
    bench: Bench,
    id: DocId,
    acts: &[Vec<u8>],
    step: impl Fn(&[u8]) -> String,
    seed: u64,
    rounds: usize,
) -> Walk {
    let people = cast();
    let mut walk = Walk { bench, id, steps: vec![] };
    let mut dice = Dice(seed);
    for _ in 0..rounds {
        walk.bench.days(dice.roll(9) as i64);
        walk.bench.skew_ms = (dice.roll(40) as i64 - 20) * DAY_MS;
        let any: Vec<(usize, usize)> =
            (0..people.len()).flat_map(|p| (0..acts.len()).map(move |a| (p, a))).collect();
        let allowed = |(p, a): &(usize, usize)| {
            walk.bench.clone().act_bytes(&people[*p].1, id, acts[*a].clone()).is_ok()
        };
        let fitting: Vec<(usize, usize)> =
            if dice.roll(2) == 0 { any.iter().copied().filter(allowed).collect() } else { vec![] };
        let choice = if fitting.is_empty() { &any } else { &fitting };
        let (p, a) = choice[dice.roll(choice.len())];
        let by = people[p].1.clone();
        match walk.bench.act_bytes(&by, id, acts[a].clone()) {
            Ok(accepted) => walk.steps.push(Stepped { by, step: step(&acts[a]), accepted }),
            Err(refusal) => speaks(&refusal, ""),
        }
    }
    walk
}

/// Every move stands in the table of the kind.
fn moves_by_the_table<K: Kind>(walk: &Walk, seed: u64) {
    for stepped in &walk.steps {
        let (from, to) = (stepped.accepted.from.as_str(), stepped.accepted.receipt.to.as_str());
        let fits = |rule: &Rule<K>| {
            let starts = rule.from.iter().any(|status| status.code() == from);
            starts
                && rule.step.code() == stepped.step
                && rule.to.map_or(from.to_string(), |to| to.code().into()) == to
        };
        assert!(K::RULES.iter().any(fits), "seed {seed}: {from} --{}--> {to} is in no table", stepped.step);
    }
}

/// The same acts in any order of arrival fold to the same document.
fn folds_the_same(walk: &Walk, seed: u64) {
    let raw = &walk.bench.docs[&walk.id];
    let kind = kind(&raw.meta.kind).expect("known");
    let mut mixed = raw.clone();
    let mut dice = Dice(seed);
    for i in (1..mixed.entries.len()).rev() {
        mixed.entries.swap(i, dice.roll(i + 1));
    }
    assert_eq!(kind.row(raw), kind.row(&mixed), "seed {seed}");
    assert_eq!(kind.readers(raw), kind.readers(&mixed), "seed {seed}");
    assert_eq!(kind.timeline(raw), kind.timeline(&mixed), "seed {seed}");
    if let Some(last) = walk.steps.last() {
        assert_eq!(folded(kind, raw), last.accepted.receipt.to, "seed {seed}");
    }
}

/// A step that led elsewhere and that the new state does not know is refused as too late, not done twice.
fn not_twice<K: Kind>(walk: &Walk, acts: &[Vec<u8>], seed: u64) -> usize {
    let Some(last) = walk.steps.last() else { return 0 };
    let to = last.accepted.receipt.to.as_str();
    let known =
        |rule: &Rule<K>| rule.step.code() == last.step && rule.from.iter().any(|from| from.code() == to);
    if last.accepted.from == to || K::RULES.iter().any(known) {
        return 0;
    }
    let act =
        acts.iter().find(|act| from_cbor::<K::Act>(act).is_some_and(|act| K::step(&act).code() == last.step));
    let again = walk.bench.clone().act_bytes(&last.by, walk.id, act.expect("played").clone());
    assert!(matches!(again, Err(Refusal::NotNow(_))), "seed {seed}: {} twice: {again:?}", last.step);
    1
}

fn draft_acts() -> Vec<Vec<u8>> {
    use news::DraftAct::*;
    let s = || "同意".to_string();
    [Submit, Approve { opinion: s() }, Return { opinion: s() }, PullBack { reason: s() }]
        .iter()
        .map(to_cbor)
        .collect()
}

#[test]
fn whatever_happens_to_a_draft() {
    let acts = draft_acts();
    let step = |act: &[u8]| news::Draft::step(&from_cbor(act).expect("own act")).code().to_string();
    let (mut reached, mut replays) = (BTreeSet::new(), 0);
    for seed in 0..240 {
        let (letter, unit) =
            [('A', "LB04.2"), ('C', "LB04.2"), ('P', "LB04"), ('K', "LB")][seed as usize % 4];
        let mut bench = Bench::new();
        let author = who(letter);
        let id = bench
            .found("news.draft", &author, author.person, unit, news::Draft::sample().write())
            .expect("begun");
        let walk = walk(bench, id, &acts, step, seed, 14);
        moves_by_the_table::<news::Draft>(&walk, seed);
        folds_the_same(&walk, seed);
        replays += not_twice::<news::Draft>(&walk, &acts, seed);
        three_pairs_of_eyes(&walk, &author, seed);
        published_means_an_article(&walk, seed);
        reached.extend(walk.steps.iter().map(|stepped| stepped.accepted.receipt.to.clone()));
    }
    assert_eq!(reached.len(), news::DraftStatus::ALL.len() - 1, "walks went everywhere: {reached:?}");
    assert!(replays > 40, "{replays} walks ended with a step that could be tried again");
}

fn three_pairs_of_eyes(walk: &Walk, author: &Who, seed: u64) {
    let mut round: Vec<DocId> = vec![];
    for stepped in &walk.steps {
        match stepped.step.as_str() {
            "submit" => round = vec![stepped.by.person, author.person],
            "approve" | "return" => {
                assert!(
                    !round.contains(&stepped.by.person),
                    "seed {seed}: {} reviews twice",
                    stepped.by.name
                );
                round.push(stepped.by.person);
            }
            _ => {}
        }
    }
}

fn published_means_an_article(walk: &Walk, seed: u64) {
    let draft: Doc<news::Draft> = walk.bench.doc(walk.id);
    let article = walk.bench.docs.get(&news::article_id(walk.id));
    assert_eq!(draft.status == news::DraftStatus::Published, article.is_some(), "seed {seed}");
    if let Some(raw) = article {
        assert_eq!(Doc::<news::Article>::of(raw).status, news::ArticleStatus::Published, "seed {seed}");
    }
}

fn matter_acts() -> Vec<Vec<u8>> {
    use appeal::{Grade, MatterAct::*};
    let s = || "按规定办理".to_string();
    let assign = |letter: char| Assign {
        unit: OrgCode::new("LB04"),
        handler: who(letter).person,
        handler_name: s(),
        co: vec![],
    };
    let acts = [
        Submit,
        Register { note: s() },
        Accept { words: s() },
        Decline { reason: s(), where_to: s() },
        Forward { to: OrgCode::new("LB"), reason: s() },
        Object { reason: s() },
        assign('H'),
        assign('R'),
        Start { words: s() },
        Answer { text: s() },
        ProposeExtend { reason: s(), days: 20 },
        GrantExtend { words: s() },
        Rate { grade: Grade::Satisfied, words: s() },
        Rate { grade: Grade::Dissatisfied, words: s() },
        OpenAnswer { title: s(), text: s() },
        Archive,
        Withdraw { reason: s() },
    ];
    acts.iter().map(to_cbor).collect()
}

#[test]
fn whatever_happens_to_a_matter() {
    let acts = matter_acts();
    let step = |act: &[u8]| appeal::Matter::step(&from_cbor(act).expect("own act")).code().to_string();
    let (mut reached, mut replays) = (BTreeSet::new(), 0);
    for seed in 0..160 {
        // Every third matter is raised by an officer who could have handled it.
        let author = who(if seed % 3 == 0 { 'R' } else { 'M' });
        let mut bench = Bench::new();
        let body = appeal::MatterBody { named: true, ..appeal::Matter::sample() };
        let id = bench.found("appeal.matter", &author, author.person, "LB04", body.write()).expect("begun");
        let walk = walk(bench, id, &acts, step, seed, 26);
        moves_by_the_table::<appeal::Matter>(&walk, seed);
        folds_the_same(&walk, seed);
        replays += not_twice::<appeal::Matter>(&walk, &acts, seed);
        numbered_once(&walk, seed);
        nobody_in_his_own_matter(&walk, &author, seed);
        one_second_handling(&walk, seed);
        no_more_than_thirty_days(&walk, seed);
        deadlines_ignore_the_phones_clock(&walk, seed);
        reached.extend(walk.steps.iter().map(|stepped| stepped.accepted.receipt.to.clone()));
    }
    assert_eq!(reached.len(), appeal::MatterStatus::ALL.len() - 1, "walks went everywhere: {reached:?}");
    assert!(replays > 40, "{replays} walks ended with a step that could be tried again");
}

fn numbered_once(walk: &Walk, seed: u64) {
    let stamped = walk.steps.iter().filter(|stepped| stepped.accepted.receipt.stamped.is_some()).count();
    let submitted = walk.steps.iter().any(|stepped| stepped.step == "submit");
    assert_eq!(stamped, usize::from(submitted), "seed {seed}");
}

fn nobody_in_his_own_matter(walk: &Walk, author: &Who, seed: u64) {
    let own = ["submit", "rate", "rate_bad", "withdraw"];
    for stepped in &walk.steps {
        let allowed = (stepped.by.person == author.person) == own.contains(&stepped.step.as_str());
        assert!(allowed, "seed {seed}: {} did {}", stepped.by.name, stepped.step);
    }
}

fn one_second_handling(walk: &Walk, seed: u64) {
    let entered =
        |stepped: &&Stepped| stepped.accepted.receipt.to == "second" && stepped.accepted.from != "second";
    assert!(walk.steps.iter().filter(entered).count() <= 1, "seed {seed}");
}

fn no_more_than_thirty_days(walk: &Walk, seed: u64) {
    assert!(appeal::extended_days(&walk.bench.doc(walk.id)) <= 30, "seed {seed}");
}

fn deadlines_ignore_the_phones_clock(walk: &Walk, seed: u64) {
    let raw = &walk.bench.docs[&walk.id];
    let mut lying = raw.clone();
    let mut dice = Dice(seed);
    lying.entries.iter_mut().for_each(|entry| entry.at_ms = START + dice.roll(10_000) as i64 * 1_000_000);
    let (honest, lying) = (Doc::<appeal::Matter>::of(raw), Doc::<appeal::Matter>::of(&lying));
    assert_eq!(appeal::deadlines(&honest), appeal::deadlines(&lying), "seed {seed}");
    assert_eq!(appeal::Matter::row(&honest), appeal::Matter::row(&lying), "seed {seed}");
    let mut waiting = honest.clone();
    waiting.acts.iter_mut().for_each(|done| done.receipt = None);
    assert_eq!(appeal::deadlines(&waiting), [], "seed {seed}: without a receipt no clock runs");
}

#[test]
fn statistics_count_what_was_decided() {
    let mut out = Figures::new();
    let mut bench = Bench::new();
    let author = who('M');
    let body = appeal::MatterBody { named: true, ..appeal::Matter::sample() };
    let id = bench.found("appeal.matter", &author, author.person, "LB04", body.write()).expect("begun");
    appeal::Matter::figures(&bench.doc(id), &mut out);
    assert_eq!(out, BTreeMap::new(), "a draft is nobody's figure");
    bench.act(&author, id, &appeal::MatterAct::Submit).expect("submitted");
    appeal::Matter::figures(&bench.doc(id), &mut out);
    assert_eq!(out, BTreeMap::from([("appeal.received/LB04/claim".to_string(), 1)]));
}
