//! Signing in and out, through HTTP.

use crate::http_kit::{DAYONG, LIXIN, NOTHING, password, world, world_over};
use api::{CallError, PasswordError, SignInError};
use axum::http::header;
use domain::{DAY_MS, from_cbor};
use server::access::Transport;
use std::collections::BTreeMap;

fn error(reply: &crate::http_kit::Reply) -> SignInError {
    from_cbor(&reply.body).unwrap()
}

#[tokio::test]
async fn the_right_password_lets_in_and_says_who_it_is() {
    let world = world().await;
    let mut phone = world.browser();
    assert_eq!(phone.me().await, None);
    let reply = phone.sign_in(" ０209002 ", &password(DAYONG)).await;
    let who: domain::Who = from_cbor(&reply.body).unwrap();
    assert_eq!((reply.status.as_u16(), who.name.as_str()), (200, "李大勇"));
    assert_eq!(phone.me().await, Some(who));
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_number_get_the_same_answer() {
    let world = world().await;
    let wrong = world.browser().sign_in(DAYONG, "green-lamp-1").await;
    let unknown = world.browser().sign_in("9999999", "green-lamp-1").await;
    let no_account = world.browser().sign_in("0809001", "green-lamp-1").await;
    for reply in [&unknown, &no_account] {
        assert_eq!((reply.status, &reply.body), (wrong.status, &wrong.body));
        assert_eq!(reply.headers, wrong.headers, "headers tell nothing either");
    }
    assert_eq!((wrong.status.as_u16(), error(&wrong)), (401, SignInError::Wrong));
    assert!(wrong.headers.get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_owner_still_comes_in_from_a_known_phone() {
    let world = world().await;
    let mut mine = world.signed_in(DAYONG).await;
    mine.call("sign_out", NOTHING).await;

    let mut stranger = world.browser();
    stranger.address = "10.9.9.9".into();
    let mut tries = 0;
    for _ in 0..60 {
        match error(&stranger.sign_in(DAYONG, "guess-guess").await) {
            SignInError::Wrong => tries += 1,
            SignInError::Wait(_) => {}
            SignInError::Call(error) => panic!("{error:?}"),
        }
        world.pass(10_000);
    }
    assert_eq!(tries, 10);
    let reply = stranger.sign_in(DAYONG, &password(DAYONG)).await;
    assert_eq!(reply.status.as_u16(), 429, "not even with the right password");
    assert!(reply.header("retry-after").parse::<u32>().unwrap() > 0);
    assert_eq!(mine.sign_in(DAYONG, &password(DAYONG)).await.status.as_u16(), 200);
    world.pass(15 * 60_000);
    assert_eq!(
        stranger.sign_in(DAYONG, &password(DAYONG)).await.status.as_u16(),
        200,
        "nobody is out for good"
    );
}

#[tokio::test]
async fn many_tries_at_once_count_as_many() {
    let world = world().await;
    let tries =
        (0..40).map(|_| async { world.browser().sign_in(DAYONG, "guess-guess").await.status.as_u16() });
    let replies = futures_util::future::join_all(tries).await;
    assert_eq!(replies.iter().filter(|status| **status == 401).count(), 3, "three, then pauses begin");
}

#[tokio::test]
async fn cookies_carry_their_marks() {
    for (transport, prefix, secure) in [(Transport::Https, "__Host-", true), (Transport::Http, "", false)] {
        let world = world_over(transport).await;
        let reply = world.browser().sign_in(DAYONG, &password(DAYONG)).await;
        let cookies: Vec<&str> =
            reply.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect();
        assert_eq!(cookies.len(), 2);
        for cookie in cookies {
            assert!(cookie.starts_with(&format!("{prefix}lianxin-")), "{cookie}");
            assert!(
                cookie.contains("HttpOnly")
                    && cookie.contains("SameSite=Strict")
                    && cookie.contains("Path=/;")
            );
            assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
            assert!(!cookie.contains("Domain"));
        }
        let hsts = reply.headers.contains_key("strict-transport-security");
        assert_eq!(hsts, secure);
    }
}

#[tokio::test]
async fn a_session_ends_when_the_person_says_so_and_after_thirty_idle_days() {
    let world = world().await;
    let mut phone = world.signed_in(DAYONG).await;
    let stolen = phone.clone();
    assert_eq!(phone.call("sign_out", NOTHING).await.status.as_u16(), 200);
    assert!(!phone.jar.contains_key("lianxin-session"));
    assert_eq!(stolen.clone().me().await, None, "the cookie is worth nothing afterwards");
    assert_eq!(phone.call("sign_out", NOTHING).await.status.as_u16(), 200, "twice is no error");

    let mut phone = world.signed_in(DAYONG).await;
    world.pass(29 * DAY_MS);
    assert!(phone.me().await.is_some());
    world.pass(29 * DAY_MS);
    assert!(phone.me().await.is_some(), "use keeps it alive");
    world.pass(31 * DAY_MS);
    assert_eq!(phone.me().await, None);
}

#[tokio::test]
async fn two_people_on_one_phone_are_never_mixed_up() {
    let world = world().await;
    let mut phone = world.signed_in(DAYONG).await;
    let first = phone.clone();
    phone.sign_in(LIXIN, &password(LIXIN)).await;
    assert_eq!(phone.me().await.unwrap().no, LIXIN);
    assert_eq!(first.clone().me().await, None, "the session that this browser held before is over");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let world = world().await;
    let (mut here, mut there) = (world.signed_in(DAYONG).await, world.signed_in(DAYONG).await);
    let new = |old: &str, new: &str| BTreeMap::from([("old", old.to_string()), ("new", new.to_string())]);

    let error = |reply: &crate::http_kit::Reply| from_cbor::<PasswordError>(&reply.body).unwrap();
    assert_eq!(
        error(&here.call("change_password", new("wrong-wrong", "矿灯九号不会灭")).await),
        PasswordError::Short
    );
    let reply = here.call("change_password", new("wrong-wrong", "矿灯九号永远不会灭的")).await;
    assert_eq!((reply.status.as_u16(), error(&reply)), (403, PasswordError::WrongOld));
    let reply = here.call("change_password", new(&password(DAYONG), "88888888")).await;
    assert_eq!((reply.status.as_u16(), error(&reply)), (422, PasswordError::Easy));

    let reply = here.call("change_password", new(&password(DAYONG), "矿灯九号永远不会灭的")).await;
    assert_eq!(reply.status.as_u16(), 200);
    assert!(here.me().await.is_some());
    assert_eq!(there.me().await, None);
    assert_eq!(world.browser().sign_in(DAYONG, &password(DAYONG)).await.status.as_u16(), 401);
    assert_eq!(world.browser().sign_in(DAYONG, "矿灯九号永远不会灭的").await.status.as_u16(), 200);

    let reply = world.browser().call("change_password", new("x", "矿灯九号永远不会灭的")).await;
    assert_eq!((reply.status.as_u16(), error(&reply)), (401, PasswordError::Call(CallError::SignedOut)));
}

#[tokio::test]
async fn the_sign_in_page_learns_what_it_may() {
    let world = world().await;
    let about: api::About = world.browser().ask("about", NOTHING).await;
    assert_eq!((about.name.as_str(), about.demo), ("岭北工会", None));
}

#[tokio::test]
async fn a_document_is_exported_for_whoever_may_read_it() {
    let world = world().await;
    let doc = domain::modules::org::person_id(DAYONG);
    let argument = BTreeMap::from([("id", doc)]);
    let mine: Option<api::Exported> = world.signed_in(DAYONG).await.ask("export_document", &argument).await;
    let exported = mine.unwrap();
    let automerge = automerge::Automerge::load(&exported.automerge).unwrap();
    let (meta, values) = domain::crdt::read(&automerge, doc).unwrap();
    assert_eq!((meta.kind.as_str(), &values["name"]), ("org.person", &"李大勇".into()));
    let acts: serde_json::Value = serde_json::from_str(&exported.acts_json).unwrap();
    assert_eq!(acts["kind"], "org.person");
    let private = BTreeMap::from([("id", domain::modules::org::private_id(doc))]);
    let others: Option<api::Exported> = world.signed_in(LIXIN).await.ask("export_document", &private).await;
    assert_eq!(others, None);
}

#[tokio::test]
async fn whoever_tries_whatever_costs_one_comparison() {
    let world = world().await;
    let tries = [
        (DAYONG, password(DAYONG)),
        (DAYONG, "green-lamp-1".into()),
        ("9999999", "x".into()),
        ("0809001", "x".into()),
        ("", "".into()),
    ];
    for (no, password) in tries {
        let before = world.house.access.comparisons();
        world.browser().sign_in(no, &password).await;
        assert_eq!(world.house.access.comparisons() - before, 1, "{no}");
    }
}

#[tokio::test]
async fn the_cookie_changes_every_quarter_of_an_hour_and_an_old_copy_ends_the_session() {
    let world = world().await;
    let mut phone = world.signed_in(DAYONG).await;
    let copied = phone.clone();
    let first = phone.sync(&crate::http_kit::empty_request()).await;
    assert!(first.headers.get(header::SET_COOKIE).is_none(), "not yet due");
    world.pass(server::access::ROTATE_MS);
    let reply = phone.sync(&crate::http_kit::empty_request()).await;
    let cookie = reply.header("set-cookie").to_string();
    assert!(
        cookie.starts_with("lianxin-session=") && cookie.ends_with("HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    let at_once = phone.sync(&crate::http_kit::empty_request()).await;
    assert!(at_once.headers.get(header::SET_COOKIE).is_none(), "one is on its way");
    phone.keep(&cookie);
    assert_ne!(phone.jar, copied.jar);
    assert!(phone.me().await.is_some());
    world.pass(61_000);
    copied.sync(&crate::http_kit::empty_request()).await.says(401, "E-SIGN-1");
    assert_eq!(phone.me().await, None, "the owner signs in again and knows that something was wrong");
}
