//! Claim: whatever goes wrong between phone and server, the outbox keeps everything, says so, and the next
//! good round delivers it (reliability D9, D20).

use crate::bench::*;
use domain::bridge::{Ask, Sent};
use domain::modules::news::DraftAct;
use repo::{LinkTrouble, RoundTrouble};
use sync::{Fate, Frame};

fn all_troubles() -> Vec<LinkTrouble> {
    let mut all = vec![
        LinkTrouble::Offline,
        LinkTrouble::SessionEnded,
        LinkTrouble::Portal,
        LinkTrouble::Busy { retry_after_ms: 5_000 },
        LinkTrouble::Stranger,
        LinkTrouble::Revoked,
        LinkTrouble::TooOld,
    ];
    all.extend([400, 403, 404, 408, 413, 500, 502, 504].map(LinkTrouble::Server));
    all
}

fn with_work() -> Bench {
    let bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "井口送去绿豆汤。");
    kept(bench.write(doc, "井口送去绿豆汤。", "井口送去绿豆汤和药品。"));
    kept(bench.act(doc, &DraftAct::Submit));
    bench.ask(Ask::PutBlob { doc: None, bytes: vec![7; 1_000].into(), mime: "image/jpeg".into() });
    bench
}

#[test]
fn no_trouble_of_the_link_empties_the_outbox() {
    for trouble in all_troubles() {
        let bench = with_work();
        let before = bench.outbox();
        let told = trouble.clone();
        bench.next(move |_| (vec![], Err(told)));
        assert_eq!(bench.sync(), Err(RoundTrouble::Link(trouble.clone())));
        assert_eq!(bench.outbox(), before, "{trouble:?}");
        let state = bench.phone.state();
        assert_eq!((state.waiting, state.attention, state.running), (4, 0, None), "{trouble:?}");
        assert_eq!(state.session_ended, trouble == LinkTrouble::SessionEnded);
        assert_eq!(state.stranger, trouble == LinkTrouble::Stranger);
        assert_eq!(state.revoked, trouble == LinkTrouble::Revoked);
        assert_eq!(state.oldest_ms, Some(START_MS));
        assert_eq!(bench.drafts()[0].sent, Sent::Waiting);
        assert_eq!(bench.sync(), Ok(()), "after {trouble:?}");
        assert!(bench.outbox().is_empty());
        assert_eq!(bench.phone.state().synced_ms, Some(START_MS));
        assert_eq!(bench.drafts()[0].sent, Sent::Delivered);
    }
}

#[test]
fn an_answer_cut_after_any_frame_loses_nothing_and_doubles_nothing() {
    for cut in 0..6 {
        let bench = with_work();
        bench.next(move |request| {
            let mut frames = accept(request);
            frames.truncate(cut);
            (frames, Err(LinkTrouble::Offline))
        });
        assert!(bench.sync().is_err());
        // Before its end nothing proves the history that it was acknowledged in.
        let acked = if cut == 5 { 3 } else { 0 };
        assert_eq!(bench.outbox().len(), 4 - acked, "what was acknowledged is done, the rest waits");
        bench.next(|request| {
            let fate = |push: &sync::Push| Frame::Ack { seq: push.seq, fate: Fate::Duplicate(None) };
            let mut frames: Vec<Frame> = request.push.iter().map(fate).collect();
            frames.extend(plain_end());
            (frames, Ok(()))
        });
        assert_eq!(bench.sync(), Ok(()));
        assert!(bench.outbox().is_empty());
        let doc = bench.drafts()[0].row.id;
        assert_eq!(bench.text(doc), "井口送去绿豆汤和药品。");
        assert_eq!(bench.open(doc).entries.len(), 1);
    }
}

#[test]
fn an_empty_answer_is_not_success() {
    let bench = with_work();
    bench.next(|_| (vec![], Ok(())));
    assert_eq!(bench.sync(), Err(RoundTrouble::Link(LinkTrouble::Offline)));
    assert_eq!(bench.outbox().len(), 4);
}

#[test]
fn a_session_of_somebody_else_is_not_taken_in() {
    let bench = with_work();
    let other = person("0200018", "LB02.8", &[]);
    bench.next(move |request| {
        let mut frames = acks(request);
        frames.push(Frame::Me(other));
        frames.extend(plain_end());
        (frames, Ok(()))
    });
    assert_eq!(bench.sync(), Err(RoundTrouble::Link(LinkTrouble::SessionEnded)));
    assert_eq!(bench.outbox().len(), 4);
    assert_eq!(bench.phone.state().synced_ms, None);
}

#[test]
fn retry_holds_a_document_back_while_the_others_go_on() {
    let bench = Bench::new();
    let (first, one) = bench.draft("甲", "");
    kept(bench.title(first, "甲二"));
    let (_, other) = bench.draft("乙", "");
    bench.fates(move |seq| if seq >= other { Fate::Accepted(None) } else { Fate::Retry });
    assert_eq!(bench.sync(), Ok(()));
    assert_eq!(bench.outbox().iter().map(|line| line.seq).collect::<Vec<_>>(), [one, one + 1]);
    assert_eq!(bench.wire.requests.borrow().len(), 1, "not asked again within the round");
    assert_eq!(bench.sync(), Ok(()));
    assert!(bench.outbox().is_empty());
}

#[test]
fn a_large_outbox_goes_up_in_several_requests_in_order() {
    let bench = Bench::new();
    let (doc, _) = bench.draft("长稿", "");
    for i in 0..300 {
        kept(bench.title(doc, &format!("标题{i}")));
    }
    assert_eq!(bench.sync(), Ok(()));
    let requests = bench.wire.requests.borrow();
    let sizes: Vec<usize> = requests.iter().map(|request| request.push.len()).collect();
    assert_eq!(sizes, [256, 45]);
    let places: Vec<u64> =
        requests.iter().flat_map(|request| request.push.iter().map(|push| push.seq)).collect();
    assert!(places.is_sorted());
    assert_eq!(bench.open(doc).row.title, "标题299");
}

#[test]
fn a_revoked_phone_hands_over_all_it_has_and_keeps_the_words() {
    let bench = with_work();
    let aside = |request: &sync::Request| {
        let told =
            |push: &sync::Push| Frame::Ack { seq: push.seq, fate: Fate::Refused(domain::Refusal::PutAside) };
        (request.push.iter().map(told).collect::<Vec<Frame>>(), Err(LinkTrouble::Revoked))
    };
    bench.next(aside);
    assert_eq!(bench.sync(), Err(RoundTrouble::Link(LinkTrouble::Revoked)));
    let state = bench.phone.state();
    assert!(state.revoked && state.attention > 0, "{state:?}");
    assert!(bench.attention().iter().all(|one| one.refusal == domain::Refusal::PutAside));
    assert!(
        bench.attention().iter().any(|one| one.words.iter().any(|(_, text)| text.contains("绿豆汤和药品")))
    );
}
