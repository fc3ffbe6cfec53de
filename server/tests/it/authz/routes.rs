//! Every address and every server function × who calls × from where. Router and table come from one list
//! ([`server::router::DOORS`]) and the register of server functions: what has no row fails here.

use crate::http_kit::{Browser, DAYONG, NOON, ORGANISER, World, world};
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::modules::org::{DeviceAct, person_id};
use domain::{Validity, to_cbor};
use leptos::server_fn::axum::server_fn_paths;
use server::demo::SoftKey;
use server::router::DOORS;
use std::collections::BTreeMap;
use sync::Push;

const HEAD: &str = "# method\taddress\tcaller\torigin\tstatus and code. The body is empty: what is asked here is who may come in.\n\
# Checked by server/tests/it/authz; UPDATE=1 writes it.";

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// An address with something in the place of its parameters.
fn filled(path: &str) -> String {
    let filled = path
        .replace("{sha256}", &domain::Hash::of(b"x").to_string())
        .replace("{function}", "no_such_function");
    assert!(!filled.contains('{'), "{path}: say here what stands in the place of its parameter");
    filled
}

/// `new_device`: signed in on a device that nobody vouched for; `revoked`: on one that was revoked.
const CALLERS: [&str; 6] = ["nobody", "member", "organiser", "signed_out", "new_device", "revoked"];

fn content_type(path: &str) -> &'static str {
    if path.starts_with("/api/") { api::MIME } else { sync::MIME }
}

async fn ask(world: &World, browser: &Browser<'_>, method: &str, path: &str, origin: &str) -> String {
    let mut request: Request<Body> = browser.request(Method::try_from(method).unwrap(), path, Body::empty());
    let headers = request.headers_mut();
    if method != "GET" && method != "HEAD" {
        headers.insert(header::CONTENT_TYPE, content_type(path).parse().unwrap());
    }
    if origin == "foreign" {
        headers.insert(header::ORIGIN, "https://evil.test".parse().unwrap());
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    }
    // Streams never end, so the body is looked at only where it is ours to read.
    let answer = world.open(request).await;
    let status = answer.status().as_u16();
    let is_trouble =
        answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == sync::TROUBLE_MIME);
    if !is_trouble || method == "HEAD" {
        return status.to_string();
    }
    let body = axum::body::to_bytes(answer.into_body(), 1 << 16).await.unwrap();
    let trouble: sync::Trouble = domain::from_cbor(&body).unwrap();
    format!("{status} {}", trouble.code)
}

#[tokio::test]
async fn every_address_and_server_function_has_its_row() {
    let world = world().await;
    revoke_an_old_device(&world).await;
    let mut addresses: Vec<(String, String)> =
        DOORS.iter().map(|door| (door.path.to_string(), filled(door.path))).collect();
    addresses.extend(server_fn_paths().map(|(path, _)| (path.to_string(), path.to_string())));
    addresses.extend(["/", "/no/such/file.js"].map(|path| (path.to_string(), path.to_string())));
    let mut rows = BTreeMap::new();
    for (name, path) in addresses {
        for method in METHODS {
            for caller in CALLERS {
                for origin in ["own", "foreign"] {
                    // A session of its own for each cell: some functions end it.
                    let browser = caller_of(&world, caller).await;
                    let verdict = ask(&world, &browser, method, &path, origin).await;
                    rows.insert(format!("{method}\t{name}\t{caller}\t{origin}"), verdict);
                }
            }
        }
    }
    println!("{} cells", rows.len());
    super::as_declared("routes.tsv", HEAD, &rows);
}

/// A browser with the session that this caller has, begun without a password to keep it quick.
async fn caller_of<'w>(world: &'w World, caller: &str) -> Browser<'w> {
    let mut browser = world.browser();
    let no = match caller {
        "nobody" => return browser,
        "organiser" => ORGANISER,
        _ => DAYONG,
    };
    let secret = world.house.access.begin(person_id(no), "", NOON).await.unwrap();
    let of_world = world.phone(no).key.device(person_id(no));
    let device = match caller {
        "new_device" => None,
        "revoked" => Some(old_key().device(person_id(no))),
        _ => Some(of_world),
    };
    if let Some(device) = device {
        assert!(world.house.access.bind(secret.digest(), device).await.unwrap());
    }
    if caller == "signed_out" {
        world.house.access.end(secret.digest()).await.unwrap();
    }
    browser.jar.insert("lianxin-session".into(), secret.text());
    browser
}

fn old_key() -> SoftKey {
    SoftKey::named(b"an old phone")
}

async fn revoke_an_old_device(world: &World) {
    let (desk, now) = (&world.house.desk, world.house.now_ms());
    server::demo::enrol(desk, &world.who(DAYONG), &old_key(), "旧手机", now).await.unwrap();
    let doc = old_key().device(person_id(DAYONG));
    let act = to_cbor(&DeviceAct::Revoke { reason: "换机".into() });
    let item = world.phone(DAYONG).act(doc, doc, vec![], now, act);
    world.signed_in(DAYONG).await.push(vec![Push { seq: 1, doc, item }]).await;
    assert_eq!(desk.device(doc).unwrap().validity, Validity::Revoked);
}

#[test]
fn nothing_is_routed_beside_the_list() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut routed = vec![];
    for entry in walk(&sources) {
        let text = std::fs::read_to_string(&entry).unwrap();
        let count = text.matches(".route(").count()
            + text.matches(".nest(").count()
            + text.matches(".route_service(").count();
        routed
            .extend((count > 0).then(|| (entry.file_name().unwrap().to_string_lossy().into_owned(), count)));
    }
    assert_eq!(routed, [("router.rs".to_string(), 1)], "addresses stand in DOORS only");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let inside = |path: std::path::PathBuf| if path.is_dir() { walk(&path) } else { vec![path] };
    entries.flat_map(inside).filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}
