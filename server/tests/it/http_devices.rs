//! Devices through HTTP: whose signature counts, how one is enrolled, and what becomes of a revoked one.

use crate::http_events::listen;
use crate::http_kit::{
    Browser, DAYONG, LIXIN, NOON, NOTHING, ORGANISER, World, demo_world, empty_request, world,
};
use axum::body::Body;
use domain::modules::appeal::{MatterAct, MatterBody};
use domain::modules::kind;
use domain::modules::org::DeviceAct;
use domain::{Body as _, DocId, Entry, Hash, Meta, OrgCode, Refusal, Signature, Validity, to_cbor};
use server::demo::SoftKey;
use server::demo::phone::Phone;
use server::log::Log;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use sync::{Fate, Frame, Hello, Item, Push, Welcome};

/// A matter that this phone begins and hands in.
fn matter(world: &World, phone: &Phone, title: &str) -> (DocId, Vec<Push>) {
    let id = DocId::derive(&[title.as_bytes()]);
    let (owner, born_ms) = (phone.who.person, world.house.now_ms());
    let meta = Meta { id, kind: "appeal.matter".into(), owner, unit: OrgCode::new("LB02"), born_ms };
    let (kind_of, text) = ("claim".into(), "请帮助".into());
    let body = MatterBody { kind: kind_of, title: title.into(), text, named: true, ..MatterBody::default() };
    let born = phone.begin(kind("appeal.matter").unwrap(), &meta, &body.write()).unwrap();
    let Item::Change(raw) = &born else { panic!() };
    let head = Hash(automerge::Change::from_bytes(raw.to_vec()).unwrap().hash().0);
    let act = phone.act(id, owner, vec![head], born_ms, to_cbor(&MatterAct::Submit));
    (id, [born, act].into_iter().zip(1..).map(|(item, seq)| Push { seq, doc: id, item }).collect())
}

fn entry_of(push: &mut [Push]) -> &mut Entry {
    let Some(Push { item: Item::Act(entry), .. }) = push.last_mut() else { panic!("an act at the end") };
    entry
}
fn last_fate(frames: &[Frame]) -> &Fate {
    let fate = |frame: &'_ Frame| matches!(frame, Frame::Ack { .. });
    match frames.iter().rev().find(|frame| fate(frame)) {
        Some(Frame::Ack { fate, .. }) => fate,
        _ => panic!("no ack"),
    }
}
async fn submits(world: &World, doc: DocId) -> usize {
    world.house.desk.log().load(doc).await.unwrap().map_or(0, |stored| stored.acts.len())
}
async fn act(world: &World, browser: &Browser<'_>, no: &str, doc: DocId, act: &DeviceAct) -> Fate {
    let phone = world.phone(no);
    let item = phone.act(doc, DocId::default(), vec![], world.house.now_ms(), to_cbor(act));
    last_fate(&browser.push(vec![Push { seq: 1, doc, item }]).await).clone()
}
fn revoke() -> DeviceAct {
    DeviceAct::Revoke { reason: "丢失".into() }
}

type Spoil<'s> = &'s dyn Fn(&mut Entry);

#[tokio::test]
async fn an_act_stands_only_with_the_signature_of_a_device_of_that_person() {
    let world = world().await;
    let (phone, browser) = (world.phone(DAYONG), world.signed_in(DAYONG).await);
    let lixin = world.phone(LIXIN);
    let spoils: [(&str, Spoil<'_>); 6] = [
        ("none", &|entry| entry.signature = None),
        ("one bit", &|entry| entry.signature.as_mut().unwrap().bytes[10] ^= 1),
        ("another time", &|entry| entry.at_ms += 1),
        ("other words", &|entry| entry.act = to_cbor(&MatterAct::Withdraw { reason: "x".into() }).into()),
        ("another's key", &|entry| {
            let signed = lixin.key.sign(lixin.who.person, &domain::act_bytes(entry));
            entry.signature = Some(signed);
        }),
        ("a key under another's name", &|entry| {
            let bytes = lixin.key.sign(phone.who.person, &domain::act_bytes(entry)).bytes;
            entry.signature = Some(Signature { device: phone.key.device(phone.who.person), bytes });
        }),
    ];
    for (what, spoil) in spoils {
        let (doc, mut push) = matter(&world, &phone, what);
        spoil(entry_of(&mut push));
        let frames = browser.push(push).await;
        assert_eq!(last_fate(&frames), &Fate::Refused(Refusal::Unsigned), "{what}");
        assert_eq!(submits(&world, doc).await, 0, "{what}");
    }
    let (doc, push) = matter(&world, &phone, "honest");
    let frames = browser.push(push).await;
    let Fate::Accepted(Some(receipt)) = last_fate(&frames) else { panic!("{frames:?}") };
    assert_eq!(receipt.signed.as_deref(), Some("手机"));
    assert_eq!(submits(&world, doc).await, 1);
    let lines = world.house.desk.log().audit_tail(10).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.code == "E-SIGNATURE").count(), 6, "each one is in the audit");
}

#[tokio::test]
async fn a_signature_is_worth_nothing_on_another_document_or_in_another_hand() {
    let world = world().await;
    let (phone, browser) = (world.phone(DAYONG), world.signed_in(DAYONG).await);
    let (first, mut push) = matter(&world, &phone, "一");
    let stolen = entry_of(&mut push).clone();
    browser.push(push).await;
    let (second, mut push) = matter(&world, &phone, "二");
    let again = Entry { doc: second, id: domain::ActId::derive(&[b"new"]), ..stolen.clone() };
    *entry_of(&mut push) = again;
    assert_eq!(last_fate(&browser.push(push).await), &Fate::Refused(Refusal::Unsigned));
    assert_eq!((submits(&world, first).await, submits(&world, second).await), (1, 0));
    // Somebody else sends the very same entry: it is not theirs.
    let officer = world.signed_in(LIXIN).await;
    let frames = officer.push(vec![Push { seq: 1, doc: first, item: Item::Act(stolen) }]).await;
    assert_eq!(last_fate(&frames), &Fate::Refused(Refusal::Unknown));
}

#[tokio::test]
async fn a_cookie_alone_pushes_nothing() {
    let world = world().await;
    let browser = world.signed_in(DAYONG).await;
    let (doc, push) = matter(&world, &world.phone(DAYONG), "偷来的");
    let body = to_cbor(&sync::Request { push, ..empty_request() });
    world.send(browser.sync_request(body.clone())).await.says(403, "E-DEVICE-3");
    let thief = Browser { key: Some(SoftKey::named(b"thief")), ..browser.clone() };
    world.send(thief.proven(body.clone())).await.says(403, "E-DEVICE-3");
    let mut other = browser.proven(to_cbor(&empty_request()));
    *other.body_mut() = Body::from(body.clone());
    world.send(other).await.says(403, "E-DEVICE-3");
    assert_eq!(submits(&world, doc).await, 0);
    // Nor can the thief bring a key of his own into the session.
    let own = thief.key.as_ref().unwrap();
    let dayong = world.who(DAYONG).person;
    let hello = |proof| Hello { proof, ..own.hello(dayong, None) };
    let Welcome::Prove(challenge) = thief.say_hello(&hello(None)).await else { panic!() };
    let proof = Some(own.sign(doc, &sync::hello_bytes(&challenge)).bytes);
    thief.send_hello(&hello(proof)).await.says(401, "E-SIGN-1");
    assert_eq!(
        last_fate(&world.send(browser.proven(body)).await.frames()).clone(),
        Fate::Accepted(receipt(&world, doc).await)
    );
}

async fn receipt(world: &World, doc: DocId) -> Option<domain::Receipt> {
    world.house.desk.log().load(doc).await.unwrap()?.acts.last()?.receipt.clone()
}

#[tokio::test]
async fn a_hello_is_for_one_session() {
    let world = world().await;
    let (one, two) = (world.signed_in(DAYONG).await, world.signed_in(DAYONG).await);
    let key = world.phone(DAYONG).key;
    let hello = |proof| Hello { proof, ..key.hello(world.who(DAYONG).person, None) };
    let Welcome::Prove(challenge) = one.say_hello(&hello(None)).await else { panic!() };
    let proof = Some(key.sign(DocId::default(), &sync::hello_bytes(&challenge)).bytes);
    assert_eq!(one.say_hello(&hello(proof.clone())).await, Welcome::In);
    two.send_hello(&hello(proof)).await.says(403, "E-DEVICE-3");
    let short = Hello { key: key.public()[..64].to_vec().into(), ..hello(Some(vec![0; 64].into())) };
    two.send_hello(&short).await.says(403, "E-DEVICE-3");
    world.browser().send_hello(&hello(None)).await.says(401, "E-SIGN-1");
}

#[tokio::test]
async fn a_wrap_key_has_the_word_of_the_key_that_signs() {
    let world = world().await;
    let (key, who) = (SoftKey::named(b"new"), world.who(DAYONG));
    let mut new = world.browser();
    new.sign_in(DAYONG, &crate::http_kit::password(DAYONG)).await;
    let Welcome::Prove(challenge) = new.say_hello(&key.hello(who.person, None)).await else { panic!() };
    let proof = Some(key.sign(who.person, &sync::hello_bytes(&challenge)).bytes);
    let honest = Hello { proof, ..key.hello(who.person, None) };
    let other = SoftKey::named(b"other");
    let spoilt = [
        Hello { wrap_key: other.wrap_public().into(), ..honest.clone() },
        Hello { wrap_proof: other.wrap_proof(who.person).into(), ..honest.clone() },
        Hello { wrap_proof: key.wrap_proof(world.who(LIXIN).person).into(), ..honest.clone() },
        Hello { wrap_key: vec![4; 65].into(), ..honest.clone() },
        Hello { wrap_key: vec![].into(), wrap_proof: vec![].into(), ..honest.clone() },
    ];
    for hello in spoilt {
        new.send_hello(&hello).await.says(403, "E-DEVICE-3");
    }
    assert_eq!(new.say_hello(&honest).await, Welcome::Stranger);
    // Only enrolled devices are given out, and with what a phone needs to check them.
    let cards = world.house.desk.devices_of(who.person);
    assert_eq!(
        cards.iter().map(|card| card.device).collect::<Vec<_>>(),
        [world.phone(DAYONG).key.device(who.person)]
    );
    assert!(holds(&cards[0]));
    let slipped = domain::Card { wrap_key: other.wrap_public().into(), ..cards[0].clone() };
    assert!(!holds(&slipped));
}

fn holds(card: &domain::Card) -> bool {
    card.said().is_some_and(|said| server::desk::is_signed(&card.sign_key, &said, &card.wrap_proof))
}

#[tokio::test]
async fn a_phone_learns_the_wrap_keys_of_those_who_hold_a_post_and_of_no_whole_unit() {
    let world = world().await;
    let browser = world.signed_in(DAYONG).await;
    let ask = async |scopes: &[&str]| -> Vec<DocId> {
        let scopes: Vec<domain::Scope> = scopes.iter().map(|scope| domain::Scope((*scope).into())).collect();
        let cards: Vec<domain::Card> = browser.keys(&scopes).await;
        assert!(cards.iter().all(holds));
        cards.into_iter().map(|card| card.person).collect()
    };
    let (me, lixin) = (world.who(DAYONG).person, world.who(LIXIN).person);
    assert_eq!(ask(&["role:rights@LB02"]).await, [lixin]);
    assert_eq!(ask(&[&format!("person:{me}")]).await, [me]);
    assert_eq!(ask(&["unit:LB02", "members", "public", "role:rights@LB99"]).await, []);
    let doc = world.phone(LIXIN).key.device(lixin);
    assert!(matches!(
        act(&world, &world.signed_in(LIXIN).await, LIXIN, doc, &revoke()).await,
        Fate::Accepted(_)
    ));
    assert_eq!(ask(&["role:rights@LB02"]).await, [], "a revoked device reads nothing more");
}

/// A browser with a key that nobody knows yet.
async fn stranger<'w>(world: &'w World, no: &str, key: &str) -> Browser<'w> {
    let mut browser = world.browser();
    browser.sign_in(no, &crate::http_kit::password(no)).await;
    browser.key = Some(SoftKey::named(key.as_bytes()));
    browser
}
fn device(world: &World, browser: &Browser<'_>, no: &str) -> DocId {
    browser.key.as_ref().unwrap().device(world.who(no).person)
}

#[tokio::test]
async fn a_device_that_nobody_vouched_for_gets_nothing() {
    let world = world().await;
    let mut browser = stranger(&world, DAYONG, "new").await;
    let (_, push) = matter(&world, &world.phone(DAYONG), "未登记");
    browser.sync(&empty_request()).await.says(428, "E-DEVICE-1");
    browser.sync(&sync::Request { push, ..empty_request() }).await.says(428, "E-DEVICE-1");
    browser.get("/events").await.says(428, "E-DEVICE-1");
    browser.get(&format!("/blobs/{}", Hash::of(b"x"))).await.says(428, "E-DEVICE-1");
    let none: BTreeMap<&str, Option<DocId>> = BTreeMap::from([("person", None)]);
    assert_eq!(browser.call("device_code", none).await.status.as_u16(), 428);
    assert_eq!(browser.me().await.unwrap().no, DAYONG, "who it is may be asked");
    assert_eq!(browser.hello(None).await, Welcome::Stranger);
    let wish = world.house.desk.device(device(&world, &browser, DAYONG)).unwrap();
    assert_eq!(wish.validity, Validity::Requested, "the wish is noted");
    browser.sync(&empty_request()).await.says(428, "E-DEVICE-1");
    // However many keys somebody shows, only a few wishes wait.
    for n in 0..8 {
        assert_eq!(stranger(&world, DAYONG, &format!("k{n}")).await.hello(None).await, Welcome::Stranger);
    }
    let waiting = |n: &u8| {
        let key = SoftKey::named(format!("k{n}").as_bytes());
        world.house.desk.device(key.device(world.who(DAYONG).person)).is_some()
    };
    assert_eq!((0..8).filter(waiting).count(), 4);
}

#[tokio::test]
async fn a_code_lets_one_device_in_once_and_for_ten_minutes() {
    let world = world().await;
    let mut officer = world.signed_in(ORGANISER).await;
    let person = BTreeMap::from([("person", Some(world.who(DAYONG).person))]);
    let code = |given: api::DeviceCode| given.code;
    let first: api::DeviceCode = officer.ask("device_code", person.clone()).await;
    assert_eq!((first.until_ms - NOON, first.dark.len() as u32), (600_000, first.size * first.size));

    let new = stranger(&world, DAYONG, "new").await;
    assert_eq!(new.hello(Some("0000 0000")).await, Welcome::WrongCode);
    assert_eq!(new.hello(Some(&first.code)).await, Welcome::In);
    let other = stranger(&world, DAYONG, "other").await;
    assert_eq!(other.hello(Some(&first.code)).await, Welcome::WrongCode, "used");
    let late = code(officer.ask("device_code", person.clone()).await);
    world.pass(600_000);
    assert_eq!(other.hello(Some(&late)).await, Welcome::WrongCode, "too old");
    let theirs = code(officer.ask("device_code", person).await);
    assert_eq!(stranger(&world, LIXIN, "x").await.hello(Some(&theirs)).await, Welcome::WrongCode);

    // It signs from now on, and the document says who let it in.
    let mine = world.phone(DAYONG).with_key(new.key.clone().unwrap());
    let (_, push) = matter(&world, &mine, "新手机");
    let frames = new.push(push).await;
    let Fate::Accepted(Some(receipt)) = last_fate(&frames) else { panic!("{frames:?}") };
    assert!(receipt.signed.is_some());
    let stored = world.house.desk.log().load(device(&world, &new, DAYONG)).await.unwrap().unwrap();
    assert_eq!(stored.row.facts["by"], "高建业");
    assert_eq!(stored.acts.len(), 1);
}

#[tokio::test]
async fn codes_are_given_out_by_those_who_keep_the_devices_and_guessing_ends_soon() {
    let world = world().await;
    let person = |no: &str| BTreeMap::from([("person", Some(world.who(no).person))]);
    let mut rights = world.signed_in(LIXIN).await;
    assert_eq!(rights.call("device_code", person(DAYONG)).await.status.as_u16(), 403);
    assert_eq!(
        rights.call("device_code", person(LIXIN)).await.status.as_u16(),
        200,
        "for a device of one's own"
    );
    let none: BTreeMap<&str, Option<DocId>> = BTreeMap::from([("person", None)]);
    assert_eq!(rights.call("device_code", none).await.status.as_u16(), 200);
    let new = stranger(&world, DAYONG, "new").await;
    let mut tries = 0;
    while new.hello(Some(&format!("{tries:08}"))).await == Welcome::WrongCode {
        tries += 1;
        assert!(tries <= 10, "guessing must end");
    }
}

#[tokio::test]
async fn a_second_person_vouches_in_the_app() {
    let world = world().await;
    let new = stranger(&world, DAYONG, "new").await;
    assert_eq!(new.hello(None).await, Welcome::Stranger);
    let (id, vouch) = (device(&world, &new, DAYONG), DeviceAct::Vouch { reason: "当面核对".into() });
    let own = world.signed_in(DAYONG).await;
    assert!(matches!(act(&world, &own, DAYONG, id, &vouch).await, Fate::Refused(Refusal::NeedsRole(..))));
    let officer = world.signed_in(ORGANISER).await;
    assert!(matches!(act(&world, &officer, ORGANISER, id, &vouch).await, Fate::Accepted(_)));
    assert_eq!(new.hello(None).await, Welcome::In);
    assert!(!new.sync(&empty_request()).await.frames().is_empty());
}

#[tokio::test]
async fn a_revoked_device_is_out_at_once_also_on_open_streams() {
    let world = world().await;
    let (mut lost, officer) = (world.signed_in(DAYONG).await, world.signed_in(ORGANISER).await);
    let mut streams = Vec::new();
    for _ in 0..10 {
        streams.push(listen(&lost).await);
    }
    let began = Instant::now();
    let id = device(&world, &lost, DAYONG);
    assert!(matches!(act(&world, &officer, ORGANISER, id, &revoke()).await, Fate::Accepted(_)));
    for stream in &mut streams {
        assert!(stream.next().await.is_some(), "a last word, so that the phone asks why");
        assert_eq!(stream.next().await, None);
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    lost.sync(&empty_request()).await.says(410, "E-DEVICE-2");
    lost.get("/events").await.says(410, "E-DEVICE-2");
    lost.get(&format!("/blobs/{}", Hash::of(b"x"))).await.says(410, "E-DEVICE-2");
    assert_eq!(lost.call("devices_seen", NOTHING).await.status.as_u16(), 428);
    assert_eq!(lost.hello(None).await, Welcome::Revoked);
    // Signing in again with the password does not help the key.
    let again = stranger(&world, DAYONG, "").await;
    let again = Browser { key: lost.key.clone(), ..again };
    assert_eq!(again.hello(None).await, Welcome::Revoked);
    // Another session whose phone is fine goes on.
    assert!(!world.signed_in(LIXIN).await.sync(&empty_request()).await.frames().is_empty());
}

#[tokio::test]
async fn what_a_revoked_device_still_sends_waits_for_an_officer() {
    let world = world().await;
    let (lost, mut officer) = (world.signed_in(DAYONG).await, world.signed_in(ORGANISER).await);
    let id = device(&world, &lost, DAYONG);
    let (adopted, honest) = matter(&world, &world.phone(DAYONG), "井下写的");
    let (returned, other) = matter(&world, &world.phone(DAYONG), "不是我写的");
    act(&world, &officer, ORGANISER, id, &revoke()).await;
    for push in [&honest, &other, &honest] {
        let reply = lost.sync(&sync::Request { push: push.clone(), ..empty_request() }).await;
        assert_eq!(reply.status.as_u16(), 410);
        let mut reader = sync::FrameReader::default();
        reader.feed(&reply.body);
        while let Some(frame) = reader.next_frame().unwrap() {
            assert!(matches!(frame, Frame::Ack { fate: Fate::Refused(Refusal::PutAside), .. }), "{frame:?}");
        }
    }
    // A cookie without the key leaves nothing behind.
    let body = to_cbor(&sync::Request { push: other.clone(), ..empty_request() });
    world.send(lost.sync_request(body)).await.says(410, "E-DEVICE-2");
    assert_eq!((submits(&world, adopted).await, submits(&world, returned).await), (0, 0));

    let parcels: Vec<api::Parcel> = officer.ask("parcels", NOTHING).await;
    assert_eq!(parcels.len(), 2, "sent twice it is one");
    let of = |title: &str| parcels.iter().find(|p| p.things.iter().any(|t| t.title == title)).unwrap();
    let seen = &of("井下写的").things[0];
    let says = |what: &str, words: &str| seen.news.iter().any(|(w, said)| w.0 == what && said.0 == words);
    assert!(
        says("内容", "请帮助") && says("类别", "诉求") && says("实名", "是"),
        "words, not codes: {seen:?}"
    );
    assert_eq!(seen.refused, vec![]);
    let nothing: Vec<api::Parcel> = world.signed_in(LIXIN).await.ask("parcels", NOTHING).await;
    assert_eq!(nothing, vec![], "whoever does not keep devices sees none of it");

    let adopt = DeviceAct::Adopt { parcel: of("井下写的").id, reason: "已核实".into() };
    let back = DeviceAct::SendBack { parcel: of("不是我写的").id, reason: "不是本人".into() };
    assert!(matches!(act(&world, &officer, ORGANISER, id, &adopt).await, Fate::Accepted(_)));
    assert!(matches!(act(&world, &officer, ORGANISER, id, &back).await, Fate::Accepted(_)));
    assert_eq!((submits(&world, adopted).await, submits(&world, returned).await), (1, 0));
    let stands = receipt(&world, adopted).await.unwrap();
    assert_eq!((stands.by_name.as_str(), stands.signed.as_deref()), ("李大勇", Some("手机")));
    let left: Vec<api::Parcel> = officer.ask("parcels", NOTHING).await;
    assert_eq!(left, vec![]);
    world.house.desk.resume(NOON).await.unwrap();
    assert_eq!(submits(&world, adopted).await, 1, "carried out once");
}

#[tokio::test]
async fn one_revokes_ones_own_lost_phone_and_the_other_goes_on() {
    let world = world().await;
    let mut officer = world.signed_in(ORGANISER).await;
    let person = BTreeMap::from([("person", Some(world.who(DAYONG).person))]);
    let given: api::DeviceCode = officer.ask("device_code", person).await;
    let mut new = stranger(&world, DAYONG, "new").await;
    assert_eq!(new.hello(Some(&given.code)).await, Welcome::In);
    let old = world.signed_in(DAYONG).await;
    let seen: Vec<(DocId, i64)> = new.ask("devices_seen", NOTHING).await;
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|(_, day)| day % domain::DAY_MS == 0), "days, not minutes");
    let mine = world.phone(DAYONG).with_key(new.key.clone().unwrap());
    let (doc, at) = (device(&world, &old, DAYONG), world.house.now_ms());
    let item = mine.act(doc, DocId::default(), vec![], at, to_cbor(&revoke()));
    let frames = new.push(vec![Push { seq: 1, doc, item }]).await;
    assert!(matches!(last_fate(&frames), Fate::Accepted(_)), "{frames:?}");
    old.sync(&empty_request()).await.says(410, "E-DEVICE-2");
    assert!(!new.sync(&empty_request()).await.frames().is_empty());
}

#[tokio::test]
async fn the_demo_lets_phones_in_by_password_and_says_so() {
    let world = demo_world().await;
    let mut browser = world.browser();
    browser.sign_in(DAYONG, &crate::http_kit::password(DAYONG)).await;
    assert!(!browser.sync(&empty_request()).await.frames().is_empty(), "plain http has no keys");
    let mut keyed = browser.sync_request(to_cbor(&empty_request()));
    keyed.headers_mut().insert(sync::KEY, "1".parse().unwrap());
    world.send(keyed).await.says(428, "E-DEVICE-1");
    browser.key = Some(SoftKey::named(b"demo phone"));
    assert_eq!(browser.hello(None).await, Welcome::In);
    let stored = world.house.desk.log().load(device(&world, &browser, DAYONG)).await.unwrap().unwrap();
    let raw = domain::Raw { meta: stored.meta, values: stored.values, entries: stored.acts };
    let said = &kind("org.device").unwrap().timeline(&raw)[0];
    assert_eq!((said.words.as_str(), said.by_name.as_str()), ("演示环境，只凭密码", "服务器"));
}
