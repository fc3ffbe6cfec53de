//! The server's half of a phone's key, through HTTP: ten tries, its owner, its device.

use crate::http_kit::{Browser, DAYONG, LIXIN, Reply, password, world};
use api::{CallError, ShareAnswer};
use domain::{DocId, from_cbor};
use serde::Serialize;
use serde_bytes::ByteBuf;
use sync::Welcome;

const SLOT: DocId = DocId([7; 16]);

#[derive(Serialize)]
struct Keep {
    slot: DocId,
    proof: ByteBuf,
    share: ByteBuf,
}
#[derive(Serialize)]
struct AskFor {
    slot: DocId,
    proof: ByteBuf,
}

async fn keep(phone: &mut Browser<'_>, proof: u8, share: &[u8]) -> Reply {
    let words = Keep { slot: SLOT, proof: vec![proof; 32].into(), share: share.to_vec().into() };
    phone.call("keep_share", words).await
}
async fn ask(phone: &mut Browser<'_>, proof: u8) -> ShareAnswer {
    let reply = phone.call("ask_share", AskFor { slot: SLOT, proof: vec![proof; 32].into() }).await;
    assert_eq!(reply.status.as_u16(), 200, "{:?}", reply.body);
    from_cbor(&reply.body).unwrap()
}

#[tokio::test]
async fn the_right_proof_gets_the_share_as_often_as_it_likes() {
    let world = world().await;
    let mut phone = world.signed_in(LIXIN).await;
    assert_eq!(ask(&mut phone, 1).await, ShareAnswer::Gone);
    assert_eq!(keep(&mut phone, 1, &[9; 32]).await.status.as_u16(), 200);
    for round in 0..30u8 {
        assert_eq!(ask(&mut phone, 2).await, ShareAnswer::Wrong(9), "a right one forgives ({round})");
        assert_eq!(ask(&mut phone, 1).await, ShareAnswer::Share(vec![9; 32].into()));
    }
}

#[tokio::test]
async fn after_ten_wrong_proofs_it_is_destroyed() {
    let world = world().await;
    let mut phone = world.signed_in(LIXIN).await;
    keep(&mut phone, 1, &[9; 32]).await;
    for left in (1..10).rev() {
        assert_eq!(ask(&mut phone, 2).await, ShareAnswer::Wrong(left));
    }
    assert_eq!(ask(&mut phone, 2).await, ShareAnswer::Gone);
    assert_eq!(ask(&mut phone, 1).await, ShareAnswer::Gone, "not even with the right one");
    let kept: Vec<u8> = std::fs::read(world.dir.path().join("data/access.db")).unwrap();
    assert!(!kept.is_empty());
}

#[tokio::test]
async fn nobody_else_and_no_other_device_gets_it_or_spends_its_tries() {
    let world = world().await;
    let mut mine = world.signed_in(LIXIN).await;
    keep(&mut mine, 1, &[9; 32]).await;
    let mut somebody = world.signed_in(DAYONG).await;
    let mut other_phone = world.signed_in(LIXIN).await;
    for _ in 0..12 {
        assert_eq!(ask(&mut somebody, 1).await, ShareAnswer::Gone);
        assert_eq!(ask(&mut other_phone, 1).await, ShareAnswer::Gone);
    }
    let reply = keep(&mut somebody, 3, &[8; 32]).await;
    assert_eq!(from_cbor::<CallError>(&reply.body), Some(CallError::Forbidden));
    assert_eq!(ask(&mut mine, 1).await, ShareAnswer::Share(vec![9; 32].into()));

    let mut nobody = world.browser();
    let reply = nobody.call("ask_share", AskFor { slot: SLOT, proof: vec![1; 32].into() }).await;
    assert_eq!(reply.status.as_u16(), 401);
    // Signed out and in again on the same phone: still its owner and its device.
    mine.call("sign_out", crate::http_kit::NOTHING).await;
    mine.sign_in(LIXIN, &password(LIXIN)).await;
    let reply = mine.call("ask_share", AskFor { slot: SLOT, proof: vec![1; 32].into() }).await;
    assert_eq!(from_cbor::<CallError>(&reply.body), Some(CallError::Device), "before it has proved its key");
    assert_eq!(mine.hello(None).await, Welcome::In);
    assert_eq!(ask(&mut mine, 1).await, ShareAnswer::Share(vec![9; 32].into()));
}

#[tokio::test]
async fn a_share_has_its_length() {
    let world = world().await;
    let mut phone = world.signed_in(LIXIN).await;
    for wrong in [0, 31, 33, 1000] {
        let reply = keep(&mut phone, 1, &vec![1; wrong]).await;
        assert_eq!(from_cbor::<CallError>(&reply.body), Some(CallError::Unreadable), "{wrong}");
    }
}
