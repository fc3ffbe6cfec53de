//! Claim: the phone takes in only what continues the history it has seen; when one breaks off it keeps everything,
//! says so, keeps the evidence, and goes on by itself when the known history does.

use crate::bench::*;
use domain::bridge::{Answer, Ask};
use domain::{Hash, from_cbor};
use repo::{Package, RoundTrouble, Witness};
use serde_bytes::ByteBuf;
use sync::{Checkpoint, End, Frame, Proof, Request, leaf_hash};

/// A server history as the standard describes it, written a second time and without any cleverness.
#[derive(Clone)]
struct History {
    leaves: Vec<Hash>,
    epoch: &'static str,
    key: u8,
}

impl History {
    fn new(leaves: std::ops::Range<u8>) -> Self {
        Self { leaves: leaves.map(|n| leaf_hash(&[n])).collect(), epoch: "e1", key: 1 }
    }
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                Hash::of(&[&[1][..], &Self::root(left).0, &Self::root(right).0].concat())
            }
        }
    }
    fn path(m: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
        if m == leaves.len() {
            return if is_whole { vec![] } else { vec![Self::root(leaves)] };
        }
        let k = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(k);
        let (mut path, other) = match m <= k {
            true => (Self::path(m, left, is_whole), Self::root(right)),
            false => (Self::path(m - k, right, false), Self::root(left)),
        };
        path.push(other);
        path
    }
    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: "lianxin/e1".into(),
            size: self.leaves.len() as u64,
            root: Self::root(&self.leaves),
            audit: 0,
            audit_end: Hash([0; 32]),
            epoch: self.epoch.into(),
            at_ms: 1,
            key: ByteBuf::from(vec![self.key; 32]),
            sig: ByteBuf::from(vec![0; 64]),
        }
    }
    /// The end of an answer with a proof from what the phone named, as well as this history can make one.
    fn end(&self, asked: &Request) -> Frame {
        let seen = asked.seen.as_ref().expect("the phone says what it has seen");
        let from = if asked.epoch == self.epoch { seen.size } else { 0 };
        let m = (from as usize).min(self.leaves.len());
        let path = if m == 0 { vec![] } else { Self::path(m, &self.leaves, true) };
        let proof = Some(Box::new(Proof { from, checkpoint: self.checkpoint(), path }));
        Frame::End(End { epoch: self.epoch.into(), proof, ..end() })
    }
    fn answers(&self, bench: &Bench, title: &str) {
        let (mine, page) =
            (self.clone(), Theirs::draft(&format!("02{}", self.leaves.len()), title, "").whole());
        bench.next(move |asked| {
            let mut frames = acks(asked);
            frames.push(Frame::Doc(Box::new(page)));
            frames.push(Frame::Cursors([(scope(), mine.leaves.len() as u64)].into()));
            frames.push(mine.end(asked));
            (frames, Ok(()))
        });
    }
}

fn evidence(bench: &Bench) -> Witness {
    match bench.ask(Ask::Export) {
        Answer::Bytes(bytes) => from_cbor::<Package>(&bytes).expect("a package").witness,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_history_that_goes_on_is_taken_in() {
    let bench = Bench::new();
    for (i, size) in [3u8, 4, 7, 8, 21].into_iter().enumerate() {
        History::new(0..size).answers(&bench, &format!("第{i}篇"));
        bench.sync().unwrap();
        assert_eq!(bench.drafts().len(), i + 1);
        assert_eq!(evidence(&bench).last, Some(History::new(0..size).checkpoint()));
    }
    History::new(0..21).answers(&bench, "");
    bench.sync().unwrap();
    let seen = bench.last_request().seen.unwrap();
    assert_eq!((seen.size, seen.root, seen.due), (21, History::new(0..21).checkpoint().root, false));
}

#[test]
fn a_rewritten_past_is_not_taken_in_and_nothing_here_is_lost() {
    let mut bench = Bench::new();
    History::new(0..9).answers(&bench, "真的");
    bench.sync().unwrap();
    let (doc, _) = bench.draft("我的", "等着上传");
    let mut forged = History::new(0..12);
    forged.leaves[4] = Hash([9; 32]);
    for _ in 0..2 {
        forged.answers(&bench, "改过的");
        assert_eq!(bench.sync(), Err(RoundTrouble::Broken));
        assert_eq!(bench.drafts().len(), 2, "mine and the true one");
        assert_eq!(bench.outbox().len(), 1, "what waits waits");
        assert_eq!(bench.text(doc), "等着上传");
        assert_eq!(bench.phone.state().trouble.unwrap().0, "E-PROOF");
        bench.restart();
        assert_eq!(bench.phone.state().trouble.unwrap().0, "E-PROOF", "it stays after a restart");
    }
    assert!(bench.last_request().push.is_empty(), "only asks");
    let kept = evidence(&bench);
    let broken = kept.broken.expect("evidence");
    assert_eq!(kept.last, Some(History::new(0..9).checkpoint()));
    assert_eq!((broken.why.as_str(), broken.shown), ("proof", Some(forged.checkpoint())));

    History::new(0..13).answers(&bench, "又是真的");
    History::new(0..14).answers(&bench, "还是真的");
    bench.sync().unwrap();
    assert_eq!((bench.drafts().len(), bench.outbox().len()), (4, 0), "the known history goes on");
    assert_eq!(bench.phone.state().trouble, None);
}

#[test]
fn a_shorter_or_unproven_history_or_another_key_is_not_taken_in() {
    let shorter = History::new(0..5);
    let rekeyed = History { key: 2, ..History::new(0..12) };
    for (other, why) in [(shorter, "proof"), (rekeyed, "key")] {
        let bench = Bench::new();
        History::new(0..9).answers(&bench, "真的");
        bench.sync().unwrap();
        other.answers(&bench, "别的");
        assert_eq!(bench.sync(), Err(RoundTrouble::Broken));
        assert_eq!((bench.drafts().len(), evidence(&bench).broken.unwrap().why), (1, why.into()));
    }
    let bench = Bench::new();
    History::new(0..5).answers(&bench, "真的");
    bench.sync().unwrap();
    bench.brings(vec![Theirs::draft("0200098", "没有证明", "").whole()]);
    assert_eq!(bench.sync(), Err(RoundTrouble::Broken), "cursors beyond what was proven");
    assert_eq!(evidence(&bench).broken.unwrap().why, "missing");
}

#[test]
fn a_restore_that_is_told_is_written_down_openly() {
    let bench = Bench::new();
    History::new(0..9).answers(&bench, "以前的");
    bench.sync().unwrap();
    let restored = History { epoch: "e2", ..History::new(0..6) };
    restored.answers(&bench, "恢复后的");
    restored.answers(&bench, "恢复后的");
    bench.sync().unwrap();
    let kept = evidence(&bench);
    assert_eq!(
        (kept.before, kept.last),
        (vec![History::new(0..9).checkpoint()], Some(restored.checkpoint()))
    );
    assert_eq!((kept.broken, bench.phone.state().trouble), (None, None));
}

#[test]
fn after_an_hour_without_news_a_proof_is_asked_for() {
    let bench = Bench::new();
    History::new(0..9).answers(&bench, "真的");
    bench.sync().unwrap();
    bench.clock.set(START_MS + 61 * 60_000);
    History::new(0..10).answers(&bench, "");
    bench.sync().unwrap();
    assert!(bench.last_request().seen.unwrap().due);
}

#[test]
fn after_a_restore_what_was_confirmed_of_mine_goes_up_again_and_waits_for_others() {
    use domain::{ActId, Refusal};
    use std::collections::BTreeSet;
    use sync::{Fate, Item};
    let bench = Bench::new();
    let (doc, _) = bench.draft("我的稿件", "第一稿");
    kept(bench.write(doc, "第一稿", "第一稿，改过"));
    kept(bench.act(doc, &domain::modules::news::DraftAct::Submit));
    bench.sync().unwrap();
    assert!(bench.outbox().is_empty(), "all of it was acknowledged");
    let names = |request: &Request| -> BTreeSet<Vec<u8>> {
        request.push.iter().map(|push| push.item.key()).collect()
    };
    let sent = names(&bench.wire.requests.borrow()[0]);
    // Another history, which knows nothing of it.
    let end = || Frame::End(End { epoch: "e2".into(), ..end() });
    bench.next(move |_| (vec![Frame::Cursors([(scope(), 2)].into()), end()], Ok(())));
    // It takes the changes; the act rests on what another phone still has to bring.
    bench.next(move |request| {
        let ack = |push: &sync::Push| match &push.item {
            Item::Change(_) => Frame::Ack { seq: push.seq, fate: Fate::Accepted(None) },
            Item::Act(_) => Frame::Ack { seq: push.seq, fate: Fate::Refused(Refusal::NotOwner) },
        };
        let mut frames: Vec<Frame> = request.push.iter().map(ack).collect();
        frames.push(end());
        (frames, Ok(()))
    });
    bench.sync().unwrap();
    assert_eq!(names(&bench.last_request()), sent, "the same things under the same names");
    assert!(bench.attention().is_empty(), "nothing to do for the person");
    assert_eq!(bench.outbox().len(), 1, "the act waits");
    assert_eq!(bench.text(doc), "第一稿，改过");
    bench.next(move |request| {
        let mut frames = acks(request);
        frames.push(end());
        (frames, Ok(()))
    });
    bench.sync().unwrap();
    assert!(bench.outbox().is_empty());
    let entries = bench.open(doc).entries;
    assert_eq!(entries.iter().map(|entry| entry.id).collect::<BTreeSet<ActId>>().len(), entries.len());
    assert!(entries.iter().all(|entry| entry.receipt.is_some()));
}
