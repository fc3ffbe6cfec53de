//! `POST /sync` through HTTP: what hostile or unlucky bytes lead to. What requests mean is tested at the desk.

use crate::http_kit::{DAYONG, LIXIN, Reply, World, empty_request, world};
use axum::body::Body;
use axum::http::header;
use domain::modules::appeal::{MatterAct, MatterBody};
use domain::modules::kind;
use domain::{Body as _, DocId, Hash, Meta, OrgCode, to_cbor};
use std::io::Write;
use sync::{Fate, Frame, Item, Push, REQUEST_BYTES};

/// A matter that 李大勇 begins and hands in.
fn matter(world: &World, title: &str) -> (DocId, Vec<Push>) {
    let phone = world.phone(DAYONG);
    let id = DocId::derive(&[title.as_bytes()]);
    let owner = phone.who.person;
    let unit = OrgCode::new("LB02");
    let meta = Meta { id, kind: "appeal.matter".into(), owner, unit, born_ms: world.house.now_ms() };
    let body = MatterBody {
        kind: "claim".into(),
        title: title.into(),
        text: "请帮助".into(),
        named: true,
        ..MatterBody::default()
    };
    let born = phone.begin(kind("appeal.matter").unwrap(), &meta, &body.write()).unwrap();
    let Item::Change(raw) = &born else { panic!() };
    let head = Hash(automerge::Change::from_bytes(raw.to_vec()).unwrap().hash().0);
    let act = phone.act(id, owner, vec![head], world.house.now_ms(), to_cbor(&MatterAct::Submit));
    let push = |seq, item| Push { seq, doc: id, item };
    (id, vec![push(1, born), push(2, act)])
}

fn fates(frames: &[Frame]) -> Vec<&Fate> {
    frames
        .iter()
        .filter_map(|frame| if let Frame::Ack { fate, .. } = frame { Some(fate) } else { None })
        .collect()
}

async fn is_there(world: &World, doc: DocId) -> bool {
    use server::log::Log;
    !world.house.desk.log().known(&[doc]).await.unwrap().is_empty()
}

#[tokio::test]
async fn without_a_session_it_is_401_with_a_sentence() {
    let world = world().await;
    let (doc, push) = matter(&world, "没有登录");
    let reply = world.browser().sync(&sync::Request { push, ..empty_request() }).await;
    reply.says(401, "E-SIGN-1");
    assert!(!is_there(&world, doc).await);
    let mut forged = world.browser();
    forged.jar.insert("lianxin-session".into(), "0".repeat(64));
    forged.sync(&empty_request()).await.says(401, "E-SIGN-1");
}

#[tokio::test]
async fn what_is_pushed_stands_and_comes_to_whoever_handles_it() {
    let world = world().await;
    let (doc, push) = matter(&world, "班车太早");
    let frames = world.signed_in(DAYONG).await.push(push.clone()).await;
    let Fate::Accepted(Some(receipt)) = fates(&frames)[1] else { panic!("{frames:?}") };
    assert_eq!(receipt.stamped.as_deref(), Some("LB诉〔2026〕1号"));
    assert!(matches!(frames.last(), Some(Frame::End(end)) if end.server_ms == world.house.now_ms()));
    let again = world.signed_in(DAYONG).await.push(push).await;
    assert!(fates(&again).iter().all(|fate| matches!(fate, Fate::Duplicate(_))), "a retry changes nothing");
    let officer = world.signed_in(LIXIN).await.push(vec![]).await;
    assert!(officer.iter().any(|frame| matches!(frame, Frame::Doc(found) if found.id == doc)));
}

#[tokio::test]
async fn another_content_type_is_not_read() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    for kind in ["application/cbor", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
    {
        let mut request = phone.sync_request(to_cbor(&empty_request()));
        request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        world.send(request).await.says(415, "E-SYNC-1");
    }
    let mut request = phone.sync_request(to_cbor(&empty_request()));
    request.headers_mut().remove(header::CONTENT_TYPE);
    world.send(request).await.says(415, "E-SYNC-1");
}

#[tokio::test]
async fn a_body_that_was_cut_anywhere_is_a_sentence_and_has_no_effect() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let (doc, push) = matter(&world, "断在半路");
    let whole = to_cbor(&sync::Request { push, ..empty_request() });
    for cut in (0..whole.len()).step_by(7) {
        world.send(phone.sync_request(whole[..cut].to_vec())).await.says(400, "E-SYNC-2");
    }
    assert!(!is_there(&world, doc).await);
    assert_eq!(world.send(phone.proven(whole)).await.frames().len().min(1), 1, "whole, it is taken");
    assert!(is_there(&world, doc).await);
}

#[tokio::test]
async fn noise_and_lies_in_cbor_are_sentences() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let deep = vec![0x81; 200_000];
    let huge_claim = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff].to_vec();
    for noise in [deep, huge_claim, vec![0xff; 100], b"<html>portal</html>".to_vec(), vec![]] {
        world.send(phone.sync_request(noise)).await.says(400, "E-SYNC-2");
    }
}

#[tokio::test]
async fn too_much_is_refused_before_and_after_inflating() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    world.send(phone.sync_request(vec![0; REQUEST_BYTES + 1])).await.says(413, "E-SYNC-3");
    // Nobody says how long it is: counted as it comes.
    let pieces = (0..40).map(|_| Ok::<_, std::io::Error>(vec![0u8; 64 * 1024]));
    let stream = Body::from_stream(futures_util::stream::iter(pieces));
    world.send(phone.sync_request(stream)).await.says(413, "E-SYNC-3");

    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![0; 64 * REQUEST_BYTES]).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < REQUEST_BYTES / 8);
    let mut request = phone.sync_request(bomb);
    request.headers_mut().insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
    world.send(request).await.says(413, "E-SYNC-3");

    let push = Push { seq: 1, doc: DocId([1; 16]), item: Item::Change(vec![].into()) };
    let many = sync::Request { push: vec![push; 257], ..empty_request() };
    phone.sync(&many).await.says(413, "E-SYNC-3");
}

/// Whatever one body can mean in CBOR, gzip and brotli, the server does not grow with it.
#[tokio::test]
async fn bombs_at_the_door_cost_no_memory() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    phone.sync(&empty_request()).await.frames();
    // Made before, so that only what the server does with them counts.
    let (nested, gzip) = (cbor_bombs(), gzip_bomb());
    let inflating = [("br", BROTLI_BOMB.to_vec()), ("gzip", twice(&gzip)), ("gzip", gzip)];
    let before = peak_kb();
    for bomb in nested {
        let reply = world.send(phone.sync_request(bomb)).await;
        assert!(matches!(reply.status.as_u16(), 400 | 413), "{}", reply.status);
    }
    for (encoding, bomb) in inflating {
        let mut request = phone.sync_request(bomb);
        request.headers_mut().insert(header::CONTENT_ENCODING, encoding.parse().unwrap());
        let reply = world.send(request).await;
        assert!(matches!(reply.status.as_u16(), 400 | 413), "{encoding}: {}", reply.status);
    }
    let grown = peak_kb() - before;
    println!("{grown} KiB");
    // Only where each test has a process of its own does the figure mean this test.
    assert!(std::env::var_os("NEXTEST").is_none() || grown < 10 * 1024, "{grown} KiB");
}

/// Nests of arrays, maps and tags, claims of 2⁶³ members, endless strings, a key a million times.
fn cbor_bombs() -> Vec<Vec<u8>> {
    let honest = to_cbor(&empty_request());
    let claim = |head: u8| [&[head][..], &[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].concat();
    let nest = |unit: &[u8]| unit.repeat(900_000 / unit.len());
    let push = honest.windows(5).position(|part| part == b"\x64push").unwrap() + 5;
    let in_push = |bomb: &[u8]| [&honest[..push], bomb].concat();
    let nests =
        [&[0x81][..], &[0xa1, 0x00], &[0xa1, 0x80], &[0xc1], &[0x9f], &[0xbf, 0x00], &[0x5f], &[0x7f]];
    let claims = [0x5b, 0x7b, 0x9b, 0xbb, 0xdb, 0x1b];
    let mut bombs: Vec<Vec<u8>> = nests.iter().map(|unit| nest(unit)).collect();
    bombs.extend(nests.iter().map(|unit| in_push(&nest(unit))));
    bombs.extend(claims.iter().map(|head| claim(*head)));
    bombs.extend(claims.iter().map(|head| in_push(&claim(*head))));
    bombs.push(in_push(&[&claim(0x9b)[..], &honest.repeat(5_000)].concat()));
    bombs.push([&claim(0xbb)[..], &b"\x65proto\x01".repeat(100_000)].concat());
    bombs
}

fn gzip_bomb() -> Vec<u8> {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; REQUEST_BYTES];
    (0..500).for_each(|_| bomb.write_all(&zeros).unwrap());
    bomb.finish().unwrap()
}

fn twice(bomb: &[u8]) -> Vec<u8> {
    let mut again = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    again.write_all(bomb).unwrap();
    again.finish().unwrap()
}

/// Half a gigabyte of zeros, made at quality 11 with the widest window.
const BROTLI_BOMB: &[u8] = include_bytes!("../hostile_http/zeros.br");

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("VmHWM");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

/// A shift that comes up is no attack; who never stops is told when to go on.
#[tokio::test]
async fn pushes_without_end_are_told_to_wait() {
    let world = world().await;
    let (phone, other) = (world.signed_in(DAYONG).await, world.signed_in(LIXIN).await);
    let push = |seq| Push { seq, doc: DocId([1; 16]), item: Item::Change(b"noise".to_vec().into()) };
    let request = |many: u64| sync::Request { push: (0..many).map(push).collect(), ..empty_request() };
    let mut taken = 0;
    let told = loop {
        let reply = phone.sync(&request(100)).await;
        if reply.status.as_u16() != 200 {
            break reply;
        }
        taken += 1;
        assert!(taken < 100, "refused pushes cost more");
    };
    told.says(429, "E-SYNC-13");
    let seconds: i64 = told.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(phone.sync(&empty_request()).await.status.as_u16(), 200, "reading goes on");
    assert_eq!(other.sync(&request(20)).await.status.as_u16(), 200, "and so do others");
    world.pass(seconds * 1_000);
    assert_eq!(phone.sync(&request(100)).await.status.as_u16(), 200, "as it was told");
}

#[tokio::test]
async fn compressed_requests_and_answers_are_understood() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let plain = to_cbor(&empty_request());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&plain).unwrap();
    let mut request = phone.sync_request(gzip.finish().unwrap());
    request.headers_mut().insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
    assert!(!world.send(request).await.frames().is_empty());

    let mut request = phone.sync_request(plain.clone());
    request.headers_mut().insert(header::CONTENT_ENCODING, "zstd".parse().unwrap());
    world.send(request).await.says(415, "E-SYNC-5");

    let frames = phone.sync(&empty_request()).await.body;
    for (encoding, inflate) in [("gzip", gunzip as fn(&[u8]) -> Vec<u8>), ("br", unbrotli)] {
        let mut request = phone.sync_request(plain.clone());
        request.headers_mut().insert(header::ACCEPT_ENCODING, encoding.parse().unwrap());
        let reply = world.send(request).await;
        assert_eq!(reply.header("content-encoding"), encoding);
        assert!(reply.body.len() < frames.len() / 2, "{} of {}", reply.body.len(), frames.len());
        assert_eq!(inflate(&reply.body).len(), frames.len());
    }
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut out).unwrap();
    out
}
fn unbrotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut brotli_decompressor::Decompressor::new(bytes, 4096), &mut out).unwrap();
    out
}

#[tokio::test]
async fn an_unknown_document_is_gone() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let (nowhere, not_mine) = (DocId([9; 16]), domain::modules::org::person_id(LIXIN));
    let reply = phone.sync(&sync::Request { want: vec![nowhere, not_mine], ..empty_request() }).await;
    let gone: Vec<_> = reply.frames().into_iter().filter(|frame| matches!(frame, Frame::Gone(_))).collect();
    assert_eq!(gone, [Frame::Gone(nowhere), Frame::Gone(not_mine)], "nobody can tell which of the two it is");
}

#[tokio::test]
async fn an_old_protocol_is_told_to_update() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    phone.sync(&sync::Request { proto: 999, ..empty_request() }).await.says(426, "E-SYNC-4");
}

#[tokio::test]
async fn an_up_to_date_answer_is_less_than_a_kilobyte() {
    let world = world().await;
    let phone = world.signed_in(LIXIN).await;
    let cursors = cursors(&phone.sync(&empty_request()).await);
    let request = sync::Request { cursors, ..empty_request() };
    let reply = phone.sync(&request).await;
    assert_eq!(reply.frames().len(), 2, "only which run answers, and the end");
    let bytes = to_cbor(&request).len() + reply.body.len();
    assert!(bytes < 1024, "{bytes} bytes both ways");
}

fn cursors(reply: &Reply) -> std::collections::BTreeMap<domain::Scope, u64> {
    reply
        .frames()
        .into_iter()
        .filter_map(|frame| if let Frame::Cursors(cursors) = frame { Some(cursors) } else { None })
        .next_back()
        .unwrap()
}
