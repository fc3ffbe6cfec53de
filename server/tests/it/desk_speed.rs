//! How fast, on a real disk with real fsyncs. The bounds are loose, because other programs may run beside the
//! tests; the printed numbers are the point.

use crate::kit::kinds::{kinds, later_kinds};
use crate::kit::phone::{NOW, Phone};
use crate::kit::{desk_on_disk, person};
use domain::modules::org::person_id;
use std::sync::Arc;
use std::time::Instant;
use sync::{Fate, Push, Request};

const PHONES: usize = 100;
const EDITS: usize = 10;
const CARDS: usize = 7_000;

/// Requests with one push each, made beforehand so that only the server is measured.
fn requests(no: &str) -> Vec<Request> {
    let mut phone = Phone::new(person_id(no), no);
    let note = phone.note("LB01.1.1", "一");
    for i in 0..EDITS {
        phone.title(note, &format!("第{i}稿"));
    }
    let request = phone.request();
    let one = |push: Push| Request { push: vec![push], ..request.clone() };
    phone.outbox.into_iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_pushes_a_second_are_acknowledged_after_an_fsync() {
    let (desk, _home) = desk_on_disk().await;
    let desk = Arc::new(desk);
    let numbers: Vec<String> = (0..PHONES).map(|i| format!("8{i:05}")).collect();
    desk.found_many(numbers.iter().map(|no| person(no, "LB01.1.1", &[])).collect(), NOW).await.unwrap();
    let work: Vec<(String, Vec<Request>)> =
        numbers.into_iter().map(|no| (no.clone(), requests(&no))).collect();

    let start = Instant::now();
    let mut phones = vec![];
    for (no, requests) in work {
        let desk = desk.clone();
        phones.push(tokio::spawn(async move {
            for request in requests {
                let frames = desk.answer(person_id(&no), request, NOW).await.unwrap();
                assert!(
                    matches!(&frames[0], sync::Frame::Ack { fate: Fate::Accepted(None), .. }),
                    "{frames:?}"
                );
            }
        }));
    }
    for phone in phones {
        phone.await.unwrap();
    }
    let (acked, took) = (PHONES * (EDITS + 1), start.elapsed());
    let rate = acked as f64 / took.as_secs_f64();
    println!("{acked} pushes from {PHONES} phones in {took:?}: {rate:.0} a second");
    assert!(rate > 60.0, "{rate:.0} a second");
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_documents_are_computed_anew_at_the_start() {
    let (desk, home) = desk_on_disk().await;
    let card = |i: usize| {
        let values = domain::Values::from([("name".into(), format!("卡片 {i}").into())]);
        let id = crate::kit::random_id(i as u64);
        let meta = domain::Meta {
            id,
            kind: "test.card".into(),
            owner: domain::office(),
            unit: domain::OrgCode::new("LB01"),
            born_ms: NOW,
        };
        server::desk::Founding { meta, values, acts: vec![] }
    };
    assert_eq!(desk.found_many((0..CARDS).map(card).collect(), NOW).await.unwrap().made, CARDS);
    desk.into_log().close().await;
    for (kinds, rules, differ) in [
        (kinds as server::log::Kinds, "as they were", 0),
        (later_kinds, "later", CARDS as u64),
        (later_kinds, "the same by another name", 0),
    ] {
        let log = server::log::Sqlite::open(&home.path().join("log.sqlite")).await.unwrap();
        let desk = server::desk::Desk::with_kinds(log, kinds).await.unwrap();
        let start = Instant::now();
        assert_eq!(desk.renew(rules, NOW).await.unwrap(), differ);
        println!("{differ} of {CARDS} documents computed anew and written in {:?}", start.elapsed());
        desk.into_log().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_nothing_new_takes_microseconds() {
    let (desk, _home) = desk_on_disk().await;
    let mut phone = Phone::new(person_id("1001"), "phone");
    phone.sync(&desk).await;
    let (request, rounds) = (phone.request(), 2_000);
    let start = Instant::now();
    for _ in 0..rounds {
        assert_eq!(desk.answer(phone.me, request.clone(), NOW).await.unwrap().len(), 1);
    }
    let each = start.elapsed() / rounds;
    println!("nothing new: {each:?}");
    assert!(each.as_micros() < 2_000, "{each:?}");
}
