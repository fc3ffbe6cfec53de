//! A phone is told of a document at one place of its history and hears how it stands by now: in scopes, too, into
//! which it came only later. When the answer ends there and the document then leaves, the phone must hear of it.

use crate::kit::kinds::NoteAct;
use crate::kit::phone::{NOW, Phone};
use crate::kit::{MINERS, ORGANISER, RIGHTS, all_accepted, desk, desk_on_disk, phone};
use domain::{DocId, OrgCode, Reader};
use server::desk::{Desk, Pages};
use server::log::Log;
use sync::Frame;

fn unit(code: &str) -> Reader {
    Reader::Unit(OrgCode::new(code))
}
fn officers() -> Reader {
    Reader::Officers(OrgCode::new("LB01.1"))
}

/// One document on a page, so that an answer may be cut behind any.
fn page_by_page<L: Log>(desk: Desk<L>) -> Desk<L> {
    desk.with_pages(Pages { docs: 1, ..Pages::default() })
}

async fn act<L: Log>(desk: &Desk<L>, phone: &mut Phone, doc: DocId, act: NoteAct) {
    phone.act(doc, &act);
    assert!(all_accepted(&phone.sync(desk).await), "{act:?}");
}

/// Somebody's note for a whole unit.
async fn note<L: Log>(desk: &Desk<L>, writer: &mut Phone, to: Reader) -> DocId {
    let note = writer.note("LB01", "便条");
    act(desk, writer, note, NoteAct::Share(to)).await;
    note
}

/// The phone asks and hears its answer up to the end of the first page with this document or, when only the later
/// pages have it, of the first page.
async fn hear_up_to<L: Log>(desk: &Desk<L>, phone: &mut Phone, doc: DocId) {
    let frames = desk.answer(phone.me, phone.request(), NOW).await.unwrap();
    let is_it = |frame: &Frame| matches!(frame, Frame::Doc(told) if told.id == doc);
    let found = frames.iter().position(is_it).unwrap();
    let from = if phone.wants.is_empty() { found } else { 0 };
    let ends = frames[from..].iter().position(|frame| matches!(frame, Frame::Cursors(_))).unwrap();
    let all = phone.sync_cut(desk, from + ends + 1).await;
    assert!(from + ends + 3 < all, "there was more to hear");
}

async fn it_moved_and_left<L: Log>(desk: Desk<L>) {
    let desk = page_by_page(desk);
    let (mut rights, mut reader) = (phone(RIGHTS), phone(ORGANISER));
    let moved = note(&desk, &mut rights, Reader::Members).await;
    reader.sync(&desk).await;
    act(&desk, &mut rights, moved, NoteAct::Unshare(Reader::Members)).await;
    act(&desk, &mut rights, moved, NoteAct::Share(officers())).await;
    note(&desk, &mut phone(MINERS[0]), unit("LB01")).await;
    hear_up_to(&desk, &mut reader, moved).await;
    assert!(reader.docs[&moved].scopes.iter().all(|scope| scope.0 == "officers:LB01"));
    act(&desk, &mut rights, moved, NoteAct::Unshare(officers())).await;
    reader.sync(&desk).await;
    assert!(!reader.docs.contains_key(&moved), "it left the only scope he had it from");
}

#[tokio::test]
async fn who_heard_of_it_before_it_came_hears_that_it_left() {
    it_moved_and_left(desk().await).await;
    let (desk, _home) = desk_on_disk().await;
    it_moved_and_left(desk).await;
}

#[tokio::test]
async fn who_heard_the_first_piece_of_it_hears_that_it_left() {
    let desk = page_by_page(desk().await);
    let (mut li, mut reader) = (phone(MINERS[0]), phone(MINERS[1]));
    let busy = note(&desk, &mut li, unit("LB01")).await;
    for _ in 0..10 {
        for i in 0..120 {
            let other = unit("LB02");
            li.act(busy, &if i % 2 == 0 { NoteAct::Share(other) } else { NoteAct::Unshare(other) });
        }
        assert!(all_accepted(&li.sync(&desk).await));
    }
    hear_up_to(&desk, &mut reader, busy).await;
    assert!(reader.docs[&busy].acts.len() < 1_200, "a piece of it");
    act(&desk, &mut li, busy, NoteAct::Unshare(unit("LB01"))).await;
    reader.sync(&desk).await;
    assert!(!reader.docs.contains_key(&busy));
}

#[tokio::test]
async fn who_wanted_what_had_only_just_come_hears_that_it_left() {
    let desk = page_by_page(desk().await);
    let (mut li, mut reader) = (phone(MINERS[0]), phone(MINERS[1]));
    reader.sync(&desk).await;
    let before = note(&desk, &mut li, unit("LB01")).await;
    let wanted = note(&desk, &mut li, unit("LB01")).await;
    note(&desk, &mut li, unit("LB01")).await;
    reader.wants = vec![wanted];
    hear_up_to(&desk, &mut reader, wanted).await;
    assert!(reader.docs.contains_key(&before));
    act(&desk, &mut li, wanted, NoteAct::Unshare(unit("LB01"))).await;
    reader.sync(&desk).await;
    assert!(!reader.docs.contains_key(&wanted));
}
