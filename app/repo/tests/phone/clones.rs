//! Claim: a cloned or restored phone loses nothing and doubles nothing: what it wrote under used numbers is
//! written again under its own (reliability A1, D22).

use crate::bench::*;
use domain::{Hash, Refusal};
use std::cell::RefCell;
use std::rc::Rc;
use sync::{BodyFrame, Fate, Frame, Item, Request};

/// A server that knows one document and refuses used numbers, as the gate does.
struct Server(RefCell<Theirs>);

impl Server {
    fn answer(&self, request: &Request) -> Vec<Frame> {
        let mut frames = vec![];
        for push in &request.push {
            let Item::Change(raw) = &push.item else { continue };
            let change = automerge::Change::from_bytes(raw.to_vec()).unwrap();
            let mut server = self.0.borrow_mut();
            let missing: Vec<Hash> = change
                .deps()
                .iter()
                .filter(|dep| server.doc.get_change_meta_by_hash(dep).is_none())
                .map(|dep| Hash(dep.0))
                .collect();
            let fate = match server.doc.clone().apply_changes([change.clone()]) {
                _ if !missing.is_empty() => Fate::MissingDeps(missing),
                Ok(()) => {
                    server.doc.apply_changes([change]).unwrap();
                    Fate::Accepted(None)
                }
                Err(_) => Fate::Refused(Refusal::Unreadable("equivocation".into())),
            };
            frames.push(Frame::Ack { seq: push.seq, fate });
        }
        frames.push(Frame::Doc(Box::new(self.0.borrow().whole())));
        frames.extend(plain_end());
        frames
    }
}

fn serve(bench: &Bench, server: &Rc<Server>) {
    let server = server.clone();
    bench.next(move |request| (server.answer(request), Ok(())));
}

#[test]
fn two_phones_from_one_backup_both_keep_their_words() {
    let server = Rc::new(Server(RefCell::new(Theirs::draft("0200099", "合写", "开头。"))));
    let id = server.0.borrow().meta.id;
    let first = Bench::new();
    serve(&first, &server);
    first.sync().unwrap();
    kept(first.write(id, "开头。", "开头。一。"));
    serve(&first, &server);
    first.sync().unwrap();
    let clone = Bench::on(first.disk.copy(), editor(), 9_000);
    kept(first.write(id, "开头。一。", "开头。一。甲。"));
    kept(clone.write(id, "开头。一。", "开头。一。乙。"));
    kept(clone.title(id, "乙题"));
    serve(&first, &server);
    first.sync().unwrap();
    (0..3).for_each(|_| serve(&clone, &server));
    clone.sync().unwrap();
    assert!(clone.outbox().is_empty() && clone.attention().is_empty());
    let (_, values) = domain::crdt::read(&server.0.borrow().doc, id).unwrap();
    let domain::Value::Str(text) = &values["text"] else { panic!("text") };
    assert_eq!((text.matches("甲。").count(), text.matches("乙。").count()), (1, 1), "{text}");
    assert_eq!(values["title"], "乙题".into());
    kept(clone.title(id, "乙题二"));
    serve(&clone, &server);
    clone.sync().unwrap();
    assert!(clone.outbox().is_empty(), "the clone has numbers of its own now");
}

#[test]
fn news_from_a_clone_that_came_first_moves_my_waiting_writing_to_new_numbers() {
    let server = Rc::new(Server(RefCell::new(Theirs::draft("0200099", "合写", "开头。"))));
    let id = server.0.borrow().meta.id;
    let first = Bench::new();
    serve(&first, &server);
    first.sync().unwrap();
    let clone = Bench::on(first.disk.copy(), editor(), 9_000);
    kept(first.write(id, "开头。", "开头。甲。"));
    serve(&first, &server);
    first.sync().unwrap();
    kept(clone.write(id, "开头。", "开头。乙。"));
    let news = server.0.borrow().frame(BodyFrame::Snapshot(server.0.borrow().doc.save().into()));
    clone.next(move |_| {
        (
            std::iter::once(Frame::Doc(Box::new(news))).chain(plain_end()).collect(),
            Err(repo::LinkTrouble::Offline),
        )
    });
    assert!(clone.sync().is_err());
    let text = clone.text(id);
    assert!(text.contains("甲。") && text.contains("乙。"), "{text}");
    serve(&clone, &server);
    clone.sync().unwrap();
    assert!(clone.outbox().is_empty() && clone.attention().is_empty());
}

#[test]
fn what_the_server_has_already_is_not_written_a_second_time() {
    let server = Rc::new(Server(RefCell::new(Theirs::draft("0200099", "合写", "开头。"))));
    let id = server.0.borrow().meta.id;
    let first = Bench::new();
    serve(&first, &server);
    first.sync().unwrap();
    kept(first.write(id, "开头。", "开头。共。"));
    let clone = Bench::on(first.disk.copy(), editor(), 9_000);
    kept(first.write(id, "开头。共。", "开头。共。甲。"));
    serve(&first, &server);
    first.sync().unwrap();
    kept(clone.write(id, "开头。共。", "开头。共。乙。"));
    let news = server.0.borrow().whole();
    clone.next(move |_| {
        (
            std::iter::once(Frame::Doc(Box::new(news))).chain(plain_end()).collect(),
            Err(repo::LinkTrouble::Offline),
        )
    });
    assert!(clone.sync().is_err());
    (0..2).for_each(|_| serve(&clone, &server));
    clone.sync().unwrap();
    let text = clone.text(id);
    assert!(["共。", "甲。", "乙。"].iter().all(|word| text.matches(word).count() == 1), "{text}");
    assert!(clone.outbox().is_empty() && clone.attention().is_empty());
}

#[test]
fn two_clones_that_write_the_same_words_anew_do_it_once() {
    let server = Rc::new(Server(RefCell::new(Theirs::draft("0200099", "合写", "开头。"))));
    let id = server.0.borrow().meta.id;
    let first = Bench::new();
    serve(&first, &server);
    first.sync().unwrap();
    let clone = Bench::on(first.disk.copy(), editor(), 9_000);
    kept(clone.write(id, "开头。", "开头。乙。"));
    let other = Bench::on(clone.disk.copy(), editor(), 12_000);
    kept(first.write(id, "开头。", "开头。甲。"));
    serve(&first, &server);
    first.sync().unwrap();
    (0..3).for_each(|_| serve(&clone, &server));
    clone.sync().unwrap();
    // The other one hears that its numbers are used, and is cut off before it hears what stands.
    let cut = server.clone();
    other.next(move |request| {
        let acks = cut.answer(request).into_iter().filter(|frame| matches!(frame, Frame::Ack { .. }));
        (acks.collect(), Err(repo::LinkTrouble::Offline))
    });
    assert!(other.sync().is_err());
    (0..3).for_each(|_| serve(&other, &server));
    other.sync().unwrap();
    let text = other.text(id);
    assert!(["甲。", "乙。"].iter().all(|word| text.matches(word).count() == 1), "{text}");
    assert!(other.outbox().is_empty() && other.attention().is_empty());
}
