//! Phones as witnesses, against the real desk: every answer of all other tests already passes
//! `Phone::believe`; here an old copy comes back and nobody says so.

use crate::kit::phone::NOW;
use crate::kit::*;
use domain::Hash;
use server::desk::Desk;
use server::log::{Log, Memory};
use sync::{Frame, Request};

#[tokio::test]
async fn an_old_copy_that_has_grown_again_is_noticed_by_its_tree() {
    let desk = desk().await;
    let (mut a, mut b) = (phone(RIGHTS), phone(ORGANISER));
    a.note("LB01", "早的");
    a.sync(&desk).await;
    let backup: Memory = desk.log().copy().await;
    let lost = a.note("LB01", "备份以后写的");
    a.sync(&desk).await;
    let old =
        Desk::with_kinds(backup, kinds::kinds).await.unwrap().with_signing(server::desk::Signing::Optional);
    // Others write until the numbers have passed everything that the phone knows.
    for i in 0..5 {
        b.note("LB01", &format!("恢复以后 {i}"));
        b.sync(&old).await;
    }
    let furthest = a.cursors.values().copied().max().unwrap();
    assert!(old.log().last().await.unwrap() > furthest, "cursors tell nothing");
    let before = a.epoch.clone();
    a.sync(&old).await;
    assert!(a.epoch.starts_with(&format!("{before}/")), "told another history: {}", a.epoch);
    assert!(a.docs.contains_key(&lost), "and it still has what the server forgot");
    let named = a.epoch.clone();
    a.sync(&old).await;
    assert_eq!(a.epoch, named, "once is enough");
}

#[tokio::test]
async fn the_same_old_copy_twice_gets_two_names() {
    let desk = desk().await;
    let mut a = phone(RIGHTS);
    a.sync(&desk).await;
    let backup = desk.log().copy().await;
    a.note("LB01", "丢了的");
    a.sync(&desk).await;
    let mut names = vec![a.epoch.clone()];
    for _ in 0..2 {
        let old = Desk::with_kinds(backup.copy().await, kinds::kinds)
            .await
            .unwrap()
            .with_signing(server::desk::Signing::Optional);
        a.sync(&old).await;
        names.push(a.epoch.clone());
        a.note("LB01", "又写");
        a.sync(&old).await;
    }
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[tokio::test]
async fn nothing_new_costs_no_proof_and_an_old_app_gets_none() {
    let desk = desk().await;
    let mut a = phone(RIGHTS);
    a.sync(&desk).await;
    let proof = async |request: Request| {
        let answer = desk.answer(a.me, request, NOW).await.unwrap();
        let Some(Frame::End(end)) = answer.last().cloned() else { panic!("an end") };
        end.proof
    };
    assert_eq!(proof(a.request()).await, None);
    assert_eq!(proof(Request { seen: None, cursors: Default::default(), ..a.request() }).await, None);
    let mut liar = a.request();
    liar.seen.as_mut().unwrap().root = Hash([7; 32]);
    assert!(proof(liar).await.is_some(), "who claims another past is told another history");
}
