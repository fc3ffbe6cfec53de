//! Claim: what the server refuses keeps the person's words, takes along what built on it, and lets the rest
//! of the queue go on (reliability A6, D9).

use crate::bench::*;
use domain::bridge::{Answer, Ask, Resolve, Sent};
use domain::modules::news::DraftAct;
use domain::{Label, Refusal, Tone, Who};
use sync::{Fate, Frame};

fn not_now() -> Refusal {
    Refusal::NotNow(Label {
        code: "review2".into(),
        zh: "待复审".into(),
        en: "Second review".into(),
        tone: Tone::Info,
    })
}

/// A delivered draft of mine.
fn delivered(bench: &Bench) -> domain::DocId {
    let (doc, _) = bench.draft("送清凉", "绿豆汤。");
    bench.sync().unwrap();
    doc
}

#[test]
fn a_refused_edit_takes_later_work_on_the_document_along_and_spares_the_others() {
    let bench = Bench::new();
    let doc = delivered(&bench);
    let (_, refused_at) = kept(bench.write(doc, "绿豆汤。", "绿豆汤和西瓜。"));
    kept(bench.title(doc, "送西瓜"));
    kept(bench.act(doc, &DraftAct::Submit));
    let (other, _) = bench.draft("另一篇", "");
    bench.fates(move |seq| match seq {
        seq if seq == refused_at => Fate::Refused(Refusal::NotEditor),
        seq if seq < refused_at + 3 => Fate::Refused(Refusal::Unreadable("depends_on_refused".into())),
        _ => Fate::Accepted(None),
    });
    bench.sync().unwrap();
    assert!(bench.outbox().is_empty(), "the queue behind it went on");
    let all = bench.attention();
    assert_eq!(all.len(), 2, "edits make one entry, the step its own");
    let edits = all.iter().find(|one| one.id == refused_at).unwrap();
    assert_eq!(edits.what, "修改 正文、标题");
    assert_eq!(
        edits.words,
        [("正文".to_string(), "绿豆汤和西瓜。".to_string()), ("标题".into(), "送西瓜".into())]
    );
    assert!(all.iter().all(|one| one.refusal == Refusal::NotEditor), "the root says why");
    assert_eq!(bench.text(doc), "绿豆汤。", "the document shows what the union has");
    let sent = |id| bench.drafts().into_iter().find(|line| line.row.id == id).unwrap().sent;
    assert_eq!((sent(doc), sent(other)), (Sent::Attention, Sent::Delivered));
}

#[test]
fn work_kept_while_the_request_was_under_way_falls_with_what_it_built_on() {
    let bench = std::rc::Rc::new(Bench::new());
    let doc = delivered(&bench);
    let (_, first) = kept(bench.write(doc, "绿豆汤。", "绿豆汤一。"));
    let during = bench.clone();
    bench.next(move |_| {
        kept(during.write(doc, "绿豆汤一。", "绿豆汤一二。"));
        let mut frames = vec![Frame::Ack { seq: first, fate: Fate::Refused(Refusal::NotEditor) }];
        frames.extend(plain_end());
        (frames, Ok(()))
    });
    bench.sync().unwrap();
    assert!(bench.outbox().is_empty());
    assert_eq!(bench.attention()[0].words, [("正文".to_string(), "绿豆汤一二。".to_string())]);
    assert_eq!(bench.text(doc), "绿豆汤。");
}

#[test]
fn after_a_refusal_new_writing_has_a_new_actor() {
    let bench = Bench::new();
    let doc = delivered(&bench);
    kept(bench.title(doc, "一"));
    bench.fates(|_| Fate::Refused(Refusal::NotEditor));
    bench.sync().unwrap();
    let actor_of = |raw: &[u8]| automerge::Change::from_bytes(raw.to_vec()).unwrap().actor_id().clone();
    let refused = actor_of(pushed(&bench).last().unwrap());
    kept(bench.title(doc, "二"));
    bench.sync().unwrap();
    assert_ne!(actor_of(pushed(&bench).last().unwrap()), refused, "burnt numbers are never used again");
}

fn pushed(bench: &Bench) -> Vec<Vec<u8>> {
    let change = |push: &sync::Push| match &push.item {
        sync::Item::Change(raw) => Some(raw.to_vec()),
        sync::Item::Act(_) => None,
    };
    bench.last_request().push.iter().filter_map(change).collect()
}

#[test]
fn an_overtaken_decision_keeps_its_opinion() {
    let bench = Bench::of(person("0200020", "LB02.9", &[(domain::Role::BranchChair, "LB02.9")]));
    let theirs = Theirs::draft("0200017", "送清凉", "绿豆汤。");
    let id = theirs.meta.id;
    let mut frame = theirs.whole();
    frame.acts = vec![submitted(id, &theirs)];
    bench.brings(vec![frame]);
    bench.sync().unwrap();
    kept(bench.act(id, &DraftAct::Return { opinion: "请补充参加人数".into() }));
    bench.fates(|_| Fate::Refused(not_now()));
    bench.sync().unwrap();
    let all = bench.attention();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].what.as_str(), all[0].title.as_str()), ("退回", "送清凉"));
    assert_eq!(all[0].words, [("退回".to_string(), "请补充参加人数".to_string())]);
    assert!(all[0].refusal.zh().contains("待复审"));
    assert_eq!(bench.open(id).entries.len(), 1, "only the submission stands");
}

fn submitted(id: domain::DocId, theirs: &Theirs) -> domain::Entry {
    let receipt = domain::Receipt {
        n: 3,
        at_ms: START_MS,
        to: "review1".into(),
        stamped: None,
        by_name: "李大勇".into(),
        signed: None,
    };
    domain::Entry {
        id: domain::ActId([3; 16]),
        doc: id,
        by: theirs.meta.owner,
        device: "d".into(),
        at_ms: START_MS,
        about: vec![],
        act: domain::to_cbor(&DraftAct::Submit).into(),
        signature: None,
        receipt: Some(receipt),
    }
}

#[test]
fn words_in_attention_can_be_used_again_or_thrown_away_only_by_the_person() {
    let mut bench = Bench::new();
    let doc = delivered(&bench);
    kept(bench.write(doc, "绿豆汤。", "绿豆汤和西瓜。"));
    bench.fates(|_| Fate::Refused(Refusal::NotEditor));
    bench.sync().unwrap();
    bench.restart();
    let id = bench.attention()[0].id;
    assert_eq!(bench.sync(), Ok(()));
    assert_eq!(bench.attention().len(), 1, "syncing never settles it");
    assert!(matches!(bench.ask(Ask::Settle { id, how: Resolve::Reuse }), Answer::Kept { seq: Some(_), .. }));
    assert_eq!((bench.attention().len(), bench.outbox().len()), (0, 1));
    assert_eq!(bench.text(doc), "绿豆汤和西瓜。");
    bench.fates(|_| Fate::Refused(Refusal::NotEditor));
    bench.sync().unwrap();
    let id = bench.attention()[0].id;
    assert_eq!(bench.ask(Ask::Settle { id, how: Resolve::Discard }), Answer::Done);
    assert!(bench.attention().is_empty());
    assert_eq!(refused(bench.ask(Ask::Settle { id, how: Resolve::Discard })), Refusal::Unknown);
}

#[test]
fn words_stay_when_they_cannot_be_used_again() {
    let bench = Bench::new();
    let doc = delivered(&bench);
    kept(bench.write(doc, "绿豆汤。", "绿豆汤和西瓜。"));
    let stripped = Who { posts: vec![], ..editor() };
    let owner_gone = stripped.clone();
    bench.next(move |request| {
        let mut frames: Vec<Frame> = request
            .push
            .iter()
            .map(|p| Frame::Ack { seq: p.seq, fate: Fate::Refused(Refusal::NotEditor) })
            .collect();
        frames.push(Frame::Me(owner_gone));
        frames.push(Frame::ScopeRemoved(scope()));
        frames.extend(plain_end());
        (frames, Ok(()))
    });
    bench.sync().unwrap();
    let other = Theirs::draft("0200099", "别人的", "");
    assert_eq!(refused(bench.title(other.meta.id, "x")), Refusal::Unknown);
    assert_eq!(bench.attention().len(), 1);
    assert!(bench.attention()[0].words[0].1.contains("西瓜"));
}

#[test]
fn a_refused_beginning_is_kept_whole_and_can_be_begun_again() {
    let bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "绿豆汤。");
    kept(bench.title(doc, "送清凉到井口"));
    bench.fates(|_| Fate::Refused(Refusal::rule("本单位暂停投稿", "No drafts at present")));
    bench.sync().unwrap();
    assert!(bench.drafts().is_empty(), "a document that never was is not listed");
    let entry = &bench.attention()[0];
    assert!(entry.words.contains(&("标题".into(), "送清凉到井口".into())), "{:?}", entry.words);
    assert!(entry.words.contains(&("正文".into(), "绿豆汤。".into())));
    let (again, _) = kept(bench.ask(Ask::Settle { id: entry.id, how: Resolve::Reuse }));
    assert_ne!(again, doc);
    assert_eq!(bench.text(again), "绿豆汤。");
    assert_eq!(bench.open(again).row.title, "送清凉到井口");
}
