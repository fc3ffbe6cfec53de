//! A whole roster at once.

use crate::kit::kinds::kinds;
use crate::kit::phone::NOW;
use crate::kit::{ADMIN, company, desk, desk_on_disk, person, phone};
use domain::modules::org::{UnitBody, person_id, unit_id};
use domain::{Body, Meta, OrgCode, Role, Who};
use server::desk::{Desk, Founding, SOURCE};
use server::log::{Log, Memory};

fn unit(code: &str) -> Founding {
    let body = UnitBody { name: format!("{code} 工会"), ..UnitBody::default() };
    let id = unit_id(code);
    Founding {
        meta: Meta { id, kind: "org.unit".into(), owner: id, unit: OrgCode::new(code), born_ms: NOW },
        values: body.write(),
        acts: vec![],
    }
}

/// About the roster that the product is for: 500 units, 13,600 persons.
fn roster(persons: usize, units: usize) -> Vec<Founding> {
    let code = |i: usize| format!("LB{:02}.{}.{}", 1 + i % 8, 1 + i / 8 % 9, 1 + i / 72 % 7);
    let posts = |i: usize| if i.is_multiple_of(200) { vec![(Role::BranchChair, "LB01.1")] } else { vec![] };
    let persons = (0..persons).map(|i| person(&format!("9{i:06}"), &code(i), &posts(i)));
    let units = (0..units).map(|i| unit(&code(i)));
    let mut all: Vec<Founding> = persons.chain(units).collect();
    all.push(unit("LB"));
    all
}

#[tokio::test]
async fn persons_have_their_posts_and_receipts_say_where_they_come_from() {
    let desk = desk().await;
    let Who { name, posts, unit, .. } = desk.who_by_no(ADMIN).unwrap();
    assert_eq!((name.as_str(), posts.len(), unit.0.as_str()), ("人0001", 2, "LB"));
    let stored = desk.log().load(person_id(ADMIN)).await.unwrap().unwrap();
    let receipts: Vec<_> = stored.acts.iter().map(|entry| entry.receipt.clone().unwrap()).collect();
    assert!(receipts.iter().all(|receipt| receipt.by_name == SOURCE && receipt.at_ms == NOW));
    assert_eq!((receipts[0].n + 1, receipts[1].n), (receipts[1].n, stored.n));
}

#[tokio::test]
async fn founding_twice_changes_nothing() {
    let desk = desk().await;
    let before = desk.log().heads().await.unwrap();
    let again = desk.found_many(company(), NOW + 1).await.unwrap();
    assert_eq!((again.made, again.there.len(), again.refused.len()), (0, company().len(), 0));
    assert_eq!(desk.log().heads().await.unwrap(), before);
    let mut more = company();
    more.extend([unit("LB01"), unit("LB01")]);
    assert_eq!(desk.found_many(more, NOW).await.unwrap().made, 1, "one named twice is one");
}

#[tokio::test]
async fn what_breaks_a_rule_is_named_and_the_others_are_made() {
    let desk = desk().await;
    let mut wrong = unit("LB05");
    wrong.meta.kind = "no.such.kind".into();
    let mut act = person("5001", "LB05", &[]);
    act.acts = vec![b"not an act".to_vec()];
    let mut taken = person("5002", "LB05", &[]);
    taken.values.insert("no".into(), ADMIN.into());
    let ids: Vec<_> = [&wrong, &act, &taken].iter().map(|founding| founding.meta.id).collect();
    let founded = desk.found_many(vec![wrong, unit("LB06"), act, taken], NOW).await.unwrap();
    assert_eq!(founded.made, 1);
    assert_eq!(founded.refused.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
}

#[test]
fn it_works_without_a_runtime_and_always_gives_the_same_bytes() {
    let make = || async {
        let desk = Desk::with_kinds(Memory::new("first"), kinds)
            .await
            .unwrap()
            .with_signing(server::desk::Signing::Optional);
        desk.found_many(roster(20, 5), NOW).await.unwrap();
        let log = desk.into_log();
        let mut bytes = vec![];
        for founding in roster(20, 5) {
            bytes.push(log.load(founding.meta.id).await.unwrap().map(|stored| stored.snapshot));
        }
        bytes
    };
    let once = futures_executor_block_on(make());
    assert_eq!(once, futures_executor_block_on(make()));
    assert!(once.iter().all(Option::is_some));
}

/// The smallest executor: the memory log never really waits.
fn futures_executor_block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_of_fourteen_thousand_is_in_within_a_minute_and_goes_out_in_three_requests() {
    let (desk, _home) = desk_on_disk().await;
    let roster = roster(13_600, 500);
    let all = roster.len();
    let start = std::time::Instant::now();
    let founded = desk.found_many(roster, NOW).await.unwrap();
    let took = start.elapsed();
    println!("{} documents in {took:?}", founded.made);
    assert_eq!((founded.made + founded.there.len(), founded.refused.len()), (all, 0));
    assert!(took.as_secs() < 60, "{took:?}");

    let mut admin = phone(ADMIN);
    let start = std::time::Instant::now();
    admin.sync(&desk).await;
    println!("{} rows in {} requests, {:?}", admin.docs.len(), admin.requests, start.elapsed());
    assert_eq!(admin.docs.len(), founded.made + company().len());
    assert!(admin.requests <= 3, "{} requests", admin.requests);
}
