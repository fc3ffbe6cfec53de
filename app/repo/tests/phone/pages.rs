//! Claim: what comes down merges with what waits, a page and its cursors are one write, and documents leave
//! only when nothing of them waits (design §4; reliability D11 as far as the phone alone can).

use crate::bench::*;
use domain::bridge::Event;
use domain::{Edit, Who};
use repo::LinkTrouble;
use store::Trouble;
use sync::{BodyFrame, End, Fate, Frame};

#[test]
fn others_writing_merges_with_mine_that_waits() {
    let bench = Bench::new();
    let mut theirs = Theirs::draft("0200099", "合写", "开头。");
    bench.brings(vec![theirs.whole()]);
    bench.sync().unwrap();
    let id = theirs.meta.id;
    kept(bench.write(id, "开头。", "开头。我的一段。"));
    let raw =
        theirs.edit(&[Edit::Text {
            key: "text".into(), base: "开头。".into(), text: "新开头。".into()
        }]);
    let delta = theirs.frame(BodyFrame::Delta(vec![raw.into()]));
    bench.next(move |_| {
        let mut frames = vec![Frame::Doc(Box::new(delta))];
        frames.extend(plain_end());
        (frames, Err(LinkTrouble::Offline))
    });
    assert!(bench.sync().is_err(), "the page came whole, then the link broke");
    assert_eq!(bench.text(id), "新开头。我的一段。");
    assert_eq!(bench.outbox().len(), 1);
    bench.sync().unwrap();
    theirs.take(&bench.last_request());
    let (_, values) = domain::crdt::read(&theirs.doc, id).unwrap();
    assert_eq!(values["text"], "新开头。我的一段。".into(), "phone and server read the same");
}

#[test]
fn a_page_and_its_cursors_are_written_together_or_not_at_all() {
    let bench = Bench::new();
    let whole = Theirs::draft("0200099", "别人的", "").whole();
    let disk = bench.disk.clone();
    let page = whole.clone();
    bench.next(move |_| {
        disk.fail_next(Trouble::Lost);
        (std::iter::once(Frame::Doc(Box::new(page))).chain(plain_end()).collect(), Ok(()))
    });
    assert!(bench.sync().is_err());
    assert!(bench.drafts().is_empty());
    bench.brings(vec![whole]);
    bench.sync().unwrap();
    assert!(bench.last_request().cursors.is_empty(), "asked again from where it stood");
    assert_eq!(bench.drafts().len(), 1);
    bench.sync().unwrap();
    assert_eq!(bench.last_request().cursors[&scope()], 7);
}

#[test]
fn a_delta_that_does_not_fit_asks_for_the_whole_document() {
    let bench = Bench::new();
    let mut theirs = Theirs::draft("0200099", "别人的", "一");
    let raw = theirs.edit(&[Edit::Set { key: "title".into(), value: "新题".into() }]);
    bench.brings(vec![theirs.frame(BodyFrame::Delta(vec![raw.into()]))]);
    let whole = theirs.whole();
    let id = theirs.meta.id;
    bench.next(move |request| {
        assert_eq!(request.want, [id]);
        (std::iter::once(Frame::Doc(Box::new(whole))).chain(plain_end()).collect(), Ok(()))
    });
    bench.sync().unwrap();
    assert_eq!(bench.text(id), "一");
    bench.sync().unwrap();
    assert!(bench.last_request().want.is_empty());
}

#[test]
fn a_lost_scope_takes_its_documents_after_what_waits_was_answered() {
    let bench = Bench::new();
    let (theirs, quiet) =
        (Theirs::draft("0200099", "有我的修改", "一"), Theirs::draft("0200098", "没有", ""));
    bench.brings(vec![theirs.whole(), quiet.whole()]);
    bench.sync().unwrap();
    kept(bench.title(theirs.meta.id, "我改的题"));
    bench.next(|_| (removed(), Ok(())));
    bench.fates(|_| Fate::Refused(domain::Refusal::NotEditor));
    bench.sync().unwrap();
    assert_eq!(bench.wire.requests.borrow().len(), 2, "the scope went in the answer to the first push");
    assert!(bench.drafts().iter().all(|line| line.row.id != quiet.meta.id), "gone at once");
    bench.fates(|_| Fate::Refused(domain::Refusal::NotEditor));
    bench.sync().unwrap();
    assert!(bench.drafts().is_empty(), "gone after its answer");
    assert_eq!(bench.attention()[0].words, [("标题".to_string(), "我改的题".to_string())]);
    assert!(!bench.last_request().cursors.contains_key(&scope()));
}

fn removed() -> Vec<Frame> {
    vec![Frame::ScopeRemoved(scope()), Frame::Cursors(Default::default()), Frame::End(end())]
}

#[test]
fn a_document_in_another_held_scope_stays() {
    let bench = Bench::new();
    let theirs = Theirs::draft("0200099", "两处都有", "");
    let mut frame = theirs.whole();
    frame.scopes.insert(domain::Scope("members".into()));
    bench.brings(vec![frame]);
    bench.sync().unwrap();
    bench.next(|_| (removed(), Ok(())));
    bench.sync().unwrap();
    assert_eq!(bench.drafts().len(), 1);
    let id = theirs.meta.id;
    bench.next(move |_| {
        let mut frames = vec![Frame::Left(domain::Scope("members".into()), id)];
        frames.extend(plain_end());
        (frames, Ok(()))
    });
    bench.sync().unwrap();
    assert!(bench.drafts().is_empty());
}

#[test]
fn another_history_is_taken_in_and_what_waits_goes_up_to_it() {
    let bench = Bench::new();
    let theirs = Theirs::draft("0200099", "别人的", "一");
    bench.brings(vec![theirs.whole()]);
    bench.sync().unwrap();
    kept(bench.write(theirs.meta.id, "一", "一二"));
    let (whole, restored) = (theirs.whole(), Frame::End(End { epoch: "e2".into(), ..end() }));
    bench.next(move |request| {
        assert_eq!((request.epoch.as_str(), request.push.len()), ("e1", 1));
        let put_off = Frame::Ack { seq: request.push[0].seq, fate: Fate::Retry };
        (vec![put_off, Frame::Doc(Box::new(whole)), Frame::Cursors([(scope(), 3)].into()), restored], Ok(()))
    });
    bench.next(|request| {
        assert_eq!((request.epoch.as_str(), request.cursors[&scope()], request.push.len()), ("e2", 3, 1));
        let mut frames = acks(request);
        frames.push(Frame::End(End { epoch: "e2".into(), ..end() }));
        (frames, Ok(()))
    });
    bench.sync().unwrap();
    assert_eq!(bench.text(theirs.meta.id), "一二");
    assert!(bench.outbox().is_empty());
}

#[test]
fn a_cut_costs_one_page_of_many() {
    let bench = Bench::new();
    let docs: Vec<_> = (0..3).map(|i| Theirs::draft(&format!("020009{i}"), "页", "").whole()).collect();
    bench.next(move |_| {
        let mut frames = vec![];
        for (n, doc) in docs.into_iter().enumerate() {
            frames.push(Frame::Doc(Box::new(doc)));
            frames.push(Frame::Cursors([(scope(), n as u64 + 1)].into()));
        }
        frames.truncate(5);
        (frames, Err(LinkTrouble::Offline))
    });
    assert!(bench.sync().is_err());
    assert_eq!(bench.drafts().len(), 2);
    bench.sync().unwrap();
    assert_eq!(bench.last_request().cursors[&scope()], 2);
}

#[test]
fn news_about_me_counts_at_once() {
    let bench = Bench::new();
    let stripped = Who { posts: vec![], ..editor() };
    let me = stripped.clone();
    bench.next(move |_| (std::iter::once(Frame::Me(me)).chain(plain_end()).collect(), Ok(())));
    bench.sync().unwrap();
    assert!(bench.heard.borrow().iter().any(|event| matches!(event, Event::Me(who) if *who == stripped)));
    let theirs = Theirs::draft("0200099", "别人的", "");
    bench.brings(vec![theirs.whole()]);
    bench.sync().unwrap();
    assert_eq!(refused(bench.title(theirs.meta.id, "x")), domain::Refusal::NotEditor);
    assert!(!bench.open(theirs.meta.id).may_edit);
}

#[test]
fn first_sync_shows_progress_and_ends() {
    let bench = Bench::new();
    let page = Theirs::draft("0200099", "一", "").whole();
    bench.next(move |_| {
        let end = Frame::End(End { more: true, left: 41, ..end() });
        (vec![Frame::Doc(Box::new(page)), Frame::Cursors([(scope(), 1)].into()), end], Ok(()))
    });
    bench.next(|_| (vec![], Err(LinkTrouble::Offline)));
    assert!(bench.sync().is_err());
    let first = bench.phone.state().first.expect("still coming");
    assert_eq!((first.0, first.1), (1, 42));
    bench.sync().unwrap();
    assert_eq!(bench.phone.state().first, None);
    kept(bench.title(bench.drafts()[0].row.id, "x"));
    assert_eq!(bench.phone.state().waiting, 1);
}
