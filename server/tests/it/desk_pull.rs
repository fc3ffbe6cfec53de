//! What a phone hears: what it may know, once, as little as possible.

use crate::kit::kinds::NoteAct;
use crate::kit::phone::{NOW, Phone};
use crate::kit::{ADMIN, MINERS, ORGANISER, RIGHTS, all_accepted, desk, desk_on_disk, phone, random_id};
use domain::modules::org::{PersonAct, person_id};
use domain::{DocId, OrgCode, Reader, Role, Scope, Values, to_cbor};
use server::desk::Desk;
use server::log::{Log, Memory};
use std::collections::BTreeSet;
use sync::{BodyFrame, DocFrame, Fate, Frame, write_frame};

fn unit(code: &str) -> Reader {
    Reader::Unit(OrgCode::new(code))
}
fn docs(frames: &[Frame]) -> Vec<&DocFrame> {
    fn doc(frame: &Frame) -> Option<&DocFrame> {
        if let Frame::Doc(doc) = frame { Some(doc) } else { None }
    }
    frames.iter().filter_map(doc).collect()
}
async fn ask<L: Log>(desk: &Desk<L>, phone: &Phone) -> Vec<Frame> {
    desk.answer(phone.me, phone.request(), NOW).await.unwrap()
}
/// A phone with `n` notes for the whole of a unit, on the server.
async fn notes<L: Log>(desk: &Desk<L>, no: &str, n: usize, to: &str) -> Vec<DocId> {
    let mut writer = phone(no);
    let mut made = vec![];
    for some in (0..n).collect::<Vec<_>>().chunks(100) {
        for i in some {
            let note = writer.note(to, &format!("通知 {i}"));
            writer.act(note, &NoteAct::Share(unit(to)));
            made.push(note);
        }
        assert!(all_accepted(&writer.sync(desk).await));
        writer.docs.clear();
    }
    made
}

#[tokio::test]
async fn a_grant_brings_the_scope_and_all_of_it_a_revoke_takes_it_and_nothing_else() {
    let desk = desk().await;
    let (mut admin, mut li) = (phone(ADMIN), phone(MINERS[0]));
    let mut sun = phone(MINERS[5]);
    let old: Vec<DocId> = (0..3).map(|i| sun.note("LB02.9", &format!("旧 {i}"))).collect();
    for note in &old {
        sun.act(*note, &NoteAct::Share(Reader::Officers(OrgCode::new("LB02.9"))));
    }
    sun.sync(&desk).await;
    li.sync(&desk).await;
    let own = li.note("LB01.1.1", "自己的");
    li.sync(&desk).await;
    assert_eq!(li.docs.len(), 2, "himself and his note");

    let post = |appoint: bool| {
        let (role, at) = (Role::UnitChair, OrgCode::new("LB02"));
        if appoint { PersonAct::appoint(role, at) } else { PersonAct::dismiss(role, at, "轮换") }
    };
    admin.act(li.me, &post(true));
    assert!(all_accepted(&admin.sync(&desk).await));
    let frames = ask(&desk, &li).await;
    let added: BTreeSet<&Scope> = frames
        .iter()
        .filter_map(|f| if let Frame::ScopeAdded(scope) = f { Some(scope) } else { None })
        .collect();
    let names: Vec<&str> = added.iter().map(|scope| scope.0.as_str()).collect();
    assert_eq!(names, ["officers:LB02", "role:unit_chair@LB02", "unit:LB02"]);
    assert!(matches!(&frames[0], Frame::Me(who) if who.posts.len() == 1));
    li.sync(&desk).await;
    assert!(old.iter().all(|note| li.docs.contains_key(note)));

    admin.act(li.me, &post(false));
    sun.note("LB02.9", "新");
    admin.sync(&desk).await;
    sun.sync(&desk).await;
    let frames = ask(&desk, &li).await;
    let removed = frames.iter().filter(|frame| matches!(frame, Frame::ScopeRemoved(_))).count();
    assert_eq!(removed, 3);
    let told: Vec<DocId> = docs(&frames).iter().map(|doc| doc.id).collect();
    assert_eq!(told, [li.me], "nothing but his own document, which says that the post is gone");
    li.sync(&desk).await;
    assert_eq!(li.docs.keys().copied().collect::<BTreeSet<_>>(), BTreeSet::from([li.me, own]));
}

#[tokio::test]
async fn each_person_gets_exactly_what_the_readers_say() {
    let desk = desk().await;
    let mut writer = phone(MINERS[0]);
    let readers = [
        Reader::Public,
        Reader::Members,
        unit("LB01"),
        unit("LB02.1"),
        Reader::Officers(OrgCode::new("LB01.1")),
        Reader::Role(Role::Rights, OrgCode::new("LB01.9")),
        Reader::Role(Role::Rights, OrgCode::new("LB02")),
        Reader::Person(person_id(MINERS[4])),
    ];
    let mut notes = vec![];
    for reader in &readers {
        let note = writer.note("LB01.1.1", "给");
        writer.act(note, &NoteAct::Share(reader.clone()));
        notes.push((note, reader.clone()));
    }
    let secret = writer.begin("test.secret", random_id(9), "LB01", Values::new());
    let mut organiser = phone(ORGANISER);
    let card = organiser.begin("test.card", organiser.me, "LB01.2", Values::new());
    assert!(all_accepted(&writer.sync(&desk).await) && all_accepted(&organiser.sync(&desk).await));

    let mut cells = 0;
    for no in [ADMIN, RIGHTS, ORGANISER].iter().chain(&MINERS[1..]) {
        let who = desk.who(person_id(no), NOW).unwrap();
        let held = domain::scopes_held(&who);
        let mut reads: BTreeSet<DocId> = notes
            .iter()
            .filter(|(_, reader)| !domain::scopes_of(&BTreeSet::from([reader.clone()])).is_disjoint(&held))
            .map(|(note, _)| *note)
            .collect();
        reads.extend((*no == RIGHTS).then_some(secret));
        reads.extend((!who.posts.is_empty()).then_some(card));
        let mut reader = phone(no);
        reader.wants = notes.iter().map(|(note, _)| *note).chain([secret, card]).collect();
        reader.sync(&desk).await;
        let got: BTreeSet<DocId> = reader
            .docs
            .iter()
            .filter(|(_, held)| held.kind.starts_with("test."))
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(got, reads, "{no}");
        assert_eq!(got.len() + reader.gone.len(), readers.len() + 2, "{no}: the rest is gone");
        for (note, _) in &notes {
            let document = desk.document(&desk.who(reader.me, NOW).unwrap(), *note).await.unwrap();
            assert_eq!(document.is_some(), reads.contains(note), "{no}: export asks the same question");
        }
        cells += notes.len() + 2;
    }
    assert_eq!(cells, 80);
}

#[tokio::test]
async fn nothing_new_costs_under_a_kilobyte_however_much_there_is() {
    let (desk, _home) = desk_on_disk().await;
    notes(&desk, MINERS[0], 200, "LB01").await;
    for no in [MINERS[1], ADMIN, RIGHTS] {
        let mut reader = phone(no);
        reader.sync(&desk).await;
        let frames = ask(&desk, &reader).await;
        assert!(matches!(&frames[..], [Frame::End(end)] if !end.more), "{frames:?}");
        let (request, mut answer) = (to_cbor(&reader.request()), Vec::new());
        frames.iter().for_each(|frame| write_frame(&mut answer, frame));
        let bytes = request.len() + answer.len();
        assert!(bytes < 1_000, "{no}: {bytes} bytes");
    }
}

#[tokio::test]
async fn a_cold_phone_has_a_thousand_documents_after_at_most_two_requests() {
    let (desk, _home) = desk_on_disk().await;
    let made = notes(&desk, MINERS[0], 1_000, "LB01").await;
    let mut reader = phone(MINERS[1]);
    reader.sync(&desk).await;
    assert!(reader.requests <= 2, "{} requests", reader.requests);
    assert!(made.iter().all(|note| reader.docs[note].body.is_some()));
}

#[tokio::test]
async fn a_small_edit_of_a_long_text_travels_small() {
    let desk = desk().await;
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
    // Random text, so that no snapshot of it compresses.
    let text: String = (0..1_500u32)
        .filter_map(|i| char::from_u32(0x4e00 + i.wrapping_mul(2_654_435_761) % 20_000))
        .collect();
    let note =
        li.begin("test.note", li.me, "LB01.1.1", Values::from([("text".into(), text.as_str().into())]));
    li.act(note, &NoteAct::Share(unit("LB01")));
    li.sync(&desk).await;
    wang.sync(&desk).await;
    li.edit(note, domain::Edit::Text { key: "text".into(), base: text.clone(), text: format!("{text}。") });
    li.sync(&desk).await;
    let frames = ask(&desk, &wang).await;
    let [frame] = &docs(&frames)[..] else { panic!("{frames:?}") };
    let BodyFrame::Delta(changes) = &frame.body else { panic!("{:?}", frame.body) };
    let size: usize = changes.iter().map(|change| change.len()).sum();
    assert!(size < 200, "{size} bytes");
    wang.sync(&desk).await;
    assert_eq!(wang.values(note), li.values(note));
}

#[tokio::test]
async fn what_a_phone_sent_is_not_sent_back() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    li.sync(&desk).await;
    let note = li.note("LB01.1.1", "一");
    li.title(note, "二");
    let frames = ask(&desk, &li).await;
    let [frame] = &docs(&frames)[..] else { panic!("{frames:?}") };
    assert_eq!((&frame.body, frame.row.title.as_str()), (&BodyFrame::None, "二"));
    // The answer was lost; the retry is as short.
    let frames = ask(&desk, &li).await;
    assert_eq!(docs(&frames)[0].body, BodyFrame::None);
    li.sync(&desk).await;
    let mut other = Phone::new(li.me, "another phone of the same person");
    other.sync(&desk).await;
    assert_eq!(other.heads(note), li.heads(note));
}

#[tokio::test]
async fn kinds_carried_on_ask_come_as_rows_until_somebody_wants_them() {
    let desk = desk().await;
    let mut organiser = phone(ORGANISER);
    let card =
        organiser.begin("test.card", organiser.me, "LB01.2", Values::from([("name".into(), "甲".into())]));
    organiser.act(card, &crate::kit::kinds::SecretAct::Hand);
    organiser.sync(&desk).await;
    let mut rights = phone(RIGHTS);
    rights.sync(&desk).await;
    let held = &rights.docs[&card];
    assert!(held.body.is_none() && held.acts.is_empty());
    assert_eq!(held.row.as_ref().unwrap().status.code, "handed");
    rights.wants = vec![card];
    rights.sync(&desk).await;
    assert_eq!((rights.docs[&card].acts.len(), rights.values(card)["name"].clone()), (1, "甲".into()));
}

#[tokio::test]
async fn a_page_never_holds_a_document_twice_not_even_one_that_is_wanted_and_new() {
    let desk = desk().await;
    let mut organiser = phone(ORGANISER);
    let card =
        organiser.begin("test.card", organiser.me, "LB01.2", Values::from([("name".into(), "甲".into())]));
    organiser.sync(&desk).await;
    let mut rights = phone(RIGHTS);
    rights.wants = vec![card, card];
    let frames = ask(&desk, &rights).await;
    let cards: Vec<&DocFrame> = docs(&frames).into_iter().filter(|doc| doc.id == card).collect();
    assert_eq!(cards.len(), 1);
    assert!(matches!(cards[0].body, BodyFrame::Snapshot(_)));
}

#[tokio::test]
async fn a_document_with_thousands_of_acts_comes_in_pieces_each_on_a_page_of_its_own() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let note = li.note("LB01.1.1", "热闹");
    for _ in 0..10 {
        for i in 0..125 {
            let act = if i % 2 == 0 { NoteAct::Share(unit("LB02")) } else { NoteAct::Unshare(unit("LB02")) };
            li.act(note, &act);
        }
        assert!(all_accepted(&li.sync(&desk).await));
    }
    li.act(note, &NoteAct::Share(unit("LB01")));
    li.sync(&desk).await;
    let wang = phone(MINERS[1]);
    for want in [vec![], vec![note]] {
        let mut request = wang.request();
        request.want = want;
        let frames = desk.answer(wang.me, request, NOW).await.unwrap();
        let pages: Vec<&[Frame]> = frames.split(|frame| matches!(frame, Frame::Cursors(_))).collect();
        let per_page: Vec<usize> =
            pages.iter().map(|page| docs(page).iter().filter(|doc| doc.id == note).count()).collect();
        assert!(
            per_page.iter().all(|count| *count <= 1) && per_page.iter().sum::<usize>() == 2,
            "{per_page:?}"
        );
        let acts: BTreeSet<_> =
            docs(&frames).iter().flat_map(|doc| doc.acts.iter().map(|entry| entry.id)).collect();
        assert_eq!(acts.len(), 1_251);
        assert!(matches!(
            docs(&frames).iter().find(|doc| doc.id == note).unwrap().body,
            BodyFrame::Snapshot(_)
        ));
    }
    let mut wang = wang;
    wang.sync(&desk).await;
    assert_eq!(wang.docs[&note].acts.len(), 1_251);
}

#[tokio::test]
async fn narrow_acts_reach_only_the_two_they_are_for() {
    let desk = desk().await;
    let (mut li, mut wang, mut zhang) = (phone(MINERS[0]), phone(MINERS[1]), phone(MINERS[2]));
    let note = li.note("LB01.1.1", "通知");
    li.act(note, &NoteAct::Share(unit("LB01")));
    li.sync(&desk).await;
    zhang.sync(&desk).await;
    wang.act(note, &NoteAct::Seen);
    assert!(all_accepted(&wang.sync(&desk).await));
    assert_eq!(docs(&ask(&desk, &zhang).await).len(), 0, "Zhang hears nothing at all");
    li.sync(&desk).await;
    let seen = |phone: &Phone| {
        phone.docs[&note].acts.values().filter(|entry| entry.by == person_id(MINERS[1])).count()
    };
    assert_eq!((seen(&li), seen(&wang), seen(&zhang)), (1, 1, 0));
    let mut cold = phone(MINERS[2]);
    cold.sync(&desk).await;
    assert_eq!(seen(&cold), 0);
}

#[tokio::test]
async fn an_answer_nobody_listens_to_any_more_stops() {
    let (desk, _home) = desk_on_disk().await;
    notes(&desk, MINERS[0], 700, "LB01").await;
    let reader = phone(MINERS[1]);
    let (mut out, mut page) = tokio::sync::mpsc::channel(1);
    let (me, request) = (reader.me, reader.request());
    let streaming = async { desk.stream(me, request, NOW, &mut out).await };
    let listening = async {
        let first = page.recv().await.unwrap();
        let second = page.recv().await.unwrap();
        drop(page);
        (first, second)
    };
    let (done, (scopes, first)) = tokio::join!(streaming, listening);
    assert_eq!(done, Ok(()));
    assert!(scopes.iter().any(|frame| matches!(frame, Frame::ScopeAdded(_))));
    assert!(docs(&first).len() <= sync::PAGE_DOCS && matches!(first.last(), Some(Frame::Cursors(_))));
}

#[tokio::test]
async fn cursors_of_another_history_are_not_believed() {
    let desk = desk().await;
    notes(&desk, MINERS[0], 5, "LB01").await;
    let mut reader = phone(MINERS[1]);
    reader.sync(&desk).await;
    reader.epoch = "another".into();
    let frames = ask(&desk, &reader).await;
    assert_eq!(docs(&frames).iter().filter(|doc| matches!(doc.body, BodyFrame::Snapshot(_))).count(), 5);
    assert!(frames.iter().any(|frame| matches!(frame, Frame::Cursors(_))));
}

#[tokio::test]
async fn a_stranger_is_told_nothing() {
    let desk: Desk<Memory> = desk().await;
    let stranger = phone("4711");
    let answer = desk.answer(stranger.me, stranger.request(), NOW).await;
    assert_eq!(answer, Err(server::desk::Trouble::NoSuchPerson));
    assert_eq!(desk.held(stranger.me, NOW), BTreeSet::new());
    assert_eq!(desk.who(stranger.me, NOW), None);
}

#[tokio::test]
async fn opening_again_the_desk_knows_what_it_knew() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.sqlite");
    let open = || async { server::log::Sqlite::open(&path).await.unwrap() };
    let desk = crate::kit::desk_on(open().await).await;
    let mut li = phone(MINERS[0]);
    let secret = li.begin("test.secret", random_id(1), "LB01", Values::new());
    assert!(matches!(li.sync(&desk).await[..], [Fate::Accepted(_)]));
    let (who, held) = (desk.who(li.me, NOW), desk.held(li.me, NOW));
    desk.into_log().close().await;
    let desk = Desk::with_kinds(open().await, crate::kit::kinds::kinds)
        .await
        .unwrap()
        .with_signing(server::desk::Signing::Optional);
    assert_eq!((desk.who(li.me, NOW), desk.held(li.me, NOW)), (who, held));
    assert!(matches!(&ask(&desk, &li).await[..], [Frame::End(_)]));
    let mut cold = Phone::new(li.me, "new");
    cold.sync(&desk).await;
    assert!(cold.docs.contains_key(&secret));
}
