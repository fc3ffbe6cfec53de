//! Hints over HTTP.

use crate::http_kit::{Browser, DAYONG, LIXIN, NOTHING, ORGANISER, QIQIGE, World, password, world};
use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use domain::modules::appeal::{MatterAct, MatterBody};
use domain::modules::org::{PersonAct, person_id};
use domain::{Body as _, DocId, Meta, OrgCode, Role, to_cbor};
use futures_util::StreamExt;
use std::collections::BTreeMap;
use std::time::Duration;
use sync::{Hint, Item, Push};
use tokio::time::timeout;

/// An open stream.
pub struct Events {
    lines: BodyDataStream,
    read: String,
}

pub async fn listen(browser: &Browser<'_>) -> Events {
    let reply = browser.world.open(browser.request(Method::GET, "/events", Body::empty())).await;
    assert_eq!(reply.status().as_u16(), 200);
    assert_eq!(reply.headers()["content-type"], "text/event-stream");
    Events { lines: reply.into_body().into_data_stream(), read: String::new() }
}

impl Events {
    /// The next hint; `None` when the stream ends.
    pub async fn next(&mut self) -> Option<Hint> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let hint = event.lines().find_map(|line| Hint::parse(line.strip_prefix("data: ")?));
                self.read = rest.to_string();
                if hint.is_some() {
                    return hint;
                }
                continue;
            }
            let piece = timeout(Duration::from_secs(5), self.lines.next()).await.expect("nothing came")?;
            self.read.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }
    async fn is_silent(&mut self) -> bool {
        let soon = timeout(Duration::from_millis(300), self.next()).await;
        soon.is_err()
    }
}

fn begin(world: &World, title: &str) -> (DocId, Item) {
    let phone = world.phone(DAYONG);
    let id = DocId::derive(&[title.as_bytes()]);
    let (owner, unit) = (phone.who.person, OrgCode::new("LB02"));
    let meta = Meta { id, kind: "appeal.matter".into(), owner, unit, born_ms: 0 };
    let (kind, title) = ("claim".into(), title.into());
    let body = MatterBody { kind, title, text: "请帮助".into(), named: true, ..MatterBody::default() };
    let kind = domain::modules::kind("appeal.matter").unwrap();
    (id, phone.begin(kind, &meta, &body.write()).unwrap())
}

#[tokio::test]
async fn a_push_is_hinted_to_those_who_hold_the_scope_and_to_nobody_else() {
    let world = world().await;
    let (mut author, mut officer, mut other) = (
        listen(&world.signed_in(DAYONG).await).await,
        listen(&world.signed_in(LIXIN).await).await,
        listen(&world.signed_in(QIQIGE).await).await,
    );
    let (id, born) = begin(&world, "水温");
    let phone = world.phone(DAYONG);
    let act = phone.act(id, phone.who.person, vec![], world.house.now_ms(), to_cbor(&MatterAct::Submit));
    let push = [born, act].into_iter().zip(1..).map(|(item, seq)| Push { seq, doc: id, item }).collect();
    world.signed_in(DAYONG).await.push(push).await;
    assert_eq!(author.next().await.unwrap().scope.0, format!("person:{}", person_id(DAYONG)));
    let hint = officer.next().await.unwrap();
    assert_eq!(hint.scope.0, "role:rights@LB02");
    assert!(hint.n > 0);
    assert!(other.is_silent().await, "the rights officer of another mine learns nothing");
}

#[tokio::test]
async fn a_storm_of_pushes_becomes_few_lines() {
    let world = world().await;
    let mut author = listen(&world.signed_in(DAYONG).await).await;
    let phone = world.signed_in(DAYONG).await;
    let mut last = 0;
    for n in 0..30 {
        let (doc, item) = begin(&world, &format!("第 {n} 件"));
        phone.push(vec![Push { seq: 1, doc, item }]).await;
    }
    let mut lines = 0;
    while let Ok(Some(hint)) = timeout(Duration::from_millis(300), author.next()).await {
        assert!(hint.n > last, "hints only go up");
        (last, lines) = (hint.n, lines + 1);
    }
    assert!((1..30).contains(&lines), "{lines} lines for 30 pushes");
}

#[tokio::test]
async fn the_stream_ends_with_the_session() {
    let world = world().await;
    let mut phone = world.signed_in(DAYONG).await;
    let mut events = listen(&phone).await;
    phone.call("sign_out", NOTHING).await;
    assert_eq!(events.next().await, None);

    let (mut here, there) = (world.signed_in(DAYONG).await, world.signed_in(DAYONG).await);
    let (mut stays, mut ends) = (listen(&here).await, listen(&there).await);
    let words = BTreeMap::from([("old", password(DAYONG)), ("new", "矿灯九号永远不会灭的".to_string())]);
    assert_eq!(here.call("change_password", words).await.status.as_u16(), 200);
    assert_eq!(ends.next().await, None, "a stolen session hears nothing more");
    assert!(stays.is_silent().await);
}

#[tokio::test]
async fn without_a_session_there_is_no_stream() {
    let world = world().await;
    world.browser().get("/events").await.says(401, "E-SIGN-1");
}

#[tokio::test]
async fn a_new_post_is_heard_of_at_once() {
    let world = world().await;
    let mut events = listen(&world.signed_in(DAYONG).await).await;
    let organiser = world.phone(ORGANISER);
    let doc = person_id(DAYONG);
    let appoint = to_cbor(&PersonAct::appoint(Role::Rights, OrgCode::new("LB02")));
    let act = organiser.act(doc, doc, vec![], world.house.now_ms(), appoint);
    world.signed_in(ORGANISER).await.push(vec![Push { seq: 1, doc, item: act }]).await;
    assert_eq!(events.next().await.unwrap().scope.0, format!("person:{doc}"));
    // From here on the stream tells of the new scope too.
    let (id, born) = begin(&world, "新职务");
    let phone = world.phone(DAYONG);
    let act = phone.act(id, phone.who.person, vec![], world.house.now_ms(), to_cbor(&MatterAct::Submit));
    let push = [born, act].into_iter().zip(1..).map(|(item, seq)| Push { seq, doc: id, item }).collect();
    world.signed_in(DAYONG).await.push(push).await;
    let scopes = [events.next().await.unwrap().scope.0, events.next().await.unwrap().scope.0];
    assert!(scopes.contains(&"role:rights@LB02".to_string()), "{scopes:?}");
}

/// How long each of these streams still lives; more than two seconds is too long.
async fn all_end(streams: Vec<Events>) {
    let end = |mut events: Events| async move { while events.next().await.is_some() {} };
    let all = futures_util::future::join_all(streams.into_iter().map(end));
    timeout(Duration::from_secs(2), all).await.expect("open streams end within two seconds");
}

async fn decide(world: &World, no: &str, act: &PersonAct) {
    let (organiser, doc) = (world.phone(ORGANISER), person_id(no));
    let act = organiser.act(doc, doc, vec![], world.house.now_ms(), to_cbor(act));
    let frames = world.signed_in(ORGANISER).await.push(vec![Push { seq: 1, doc, item: act }]).await;
    let stands =
        |frame: &sync::Frame| matches!(frame, sync::Frame::Ack { fate: sync::Fate::Accepted(_), .. });
    assert!(frames.iter().any(stands), "{frames:?}");
}

#[tokio::test]
async fn who_loses_a_post_or_a_password_loses_the_open_streams() {
    let world = world().await;
    let mut officer = world.signed_in(LIXIN).await;
    let mut streams = vec![];
    for _ in 0..11 {
        streams.push(listen(&officer).await);
    }
    decide(&world, LIXIN, &PersonAct::dismiss(Role::Rights, OrgCode::new("LB02"), "轮岗")).await;
    all_end(streams).await;

    let mut streams = vec![];
    for _ in 0..11 {
        streams.push(listen(&world.signed_in(LIXIN).await).await);
    }
    let words = BTreeMap::from([("old", password(LIXIN)), ("new", "矿灯九号永远不会灭的".to_string())]);
    assert_eq!(officer.call("change_password", words).await.status.as_u16(), 200);
    all_end(streams).await;
}

#[tokio::test]
async fn a_stream_ends_when_a_term_does_and_nobody_did_anything() {
    let world = world().await;
    let (role, at) = (Role::Publicity, OrgCode::new("LB02"));
    let until = domain::date_text(world.house.now_ms());
    decide(
        &world,
        LIXIN,
        &PersonAct::Appoint { role, at: at.clone(), from: String::new(), until, reason: String::new() },
    )
    .await;
    let officer = world.signed_in(LIXIN).await;
    assert!(world.house.desk.who(person_id(LIXIN), world.house.now_ms()).unwrap().holds(role, &at));
    let stream = listen(&officer).await;
    world.pass(domain::DAY_MS);
    all_end(vec![stream]).await;
    assert!(!world.house.desk.who(person_id(LIXIN), world.house.now_ms()).unwrap().holds(role, &at));
}
