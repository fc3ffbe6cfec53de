//! A whole server without sockets: a small company, browsers with their cookies, a clock that tests move.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::modules::org::roster::Units;
use domain::modules::org::{key_text, person_id};
use domain::{DocId, OrgCode, Post, Role, Who, from_cbor, to_cbor};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::access::Transport;
use server::caller::Peer;
use server::demo::SoftKey;
use server::demo::phone::Phone;
use server::desk::{Desk, Signing};
use server::house::{Config, Data, House};
use server::import::{FirstPosts, births, judge, write};
use server::site::Site;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sync::{Frame, FrameReader, Hello, MIME, PROTO, Push, Trouble, Welcome, hello_bytes, push_bytes};
use tempfile::TempDir;
use tower::ServiceExt;

/// 2026-11-23, about noon in Beijing.
pub const NOON: i64 = 1_795_406_400_000;
/// Member of 青石岭, under ground.
pub const DAYONG: &str = "0209002";
/// Rights officer of 青石岭.
pub const LIXIN: &str = "0209003";
/// Rights officer of 红柳滩.
pub const QIQIGE: &str = "0409003";
/// Organiser of the company.
pub const ORGANISER: &str = "0809005";
/// Arguments of a function that takes none.
pub const NOTHING: BTreeMap<&str, &str> = BTreeMap::new();
/// Everybody's password ends in their number.
pub fn password(no: &str) -> String {
    format!("green-lamp-{no}")
}

/// A server and its company.
pub struct World {
    pub house: Arc<House>,
    router: Router,
    clock: Arc<AtomicI64>,
    pub dir: TempDir,
}

pub async fn world() -> World {
    world_over(Transport::Http).await
}

pub async fn world_over(transport: Transport) -> World {
    world_with(transport, None).await
}

/// The demo: phones without a key are let through.
pub async fn demo_world() -> World {
    world_with(Transport::Http, Some(vec![])).await
}

async fn world_with(transport: Transport, demo: Option<Vec<api::DemoAccount>>) -> World {
    let dir = tempfile::tempdir().unwrap();
    let data = Data::at(&dir.path().join("data")).unwrap();
    site_files(&dir.path().join("site"));
    let clock = Arc::new(AtomicI64::new(NOON));
    let read = clock.clone();
    let signing = if demo.is_some() { Signing::Optional } else { Signing::Required };
    let config = Config { transport, proxy: false, name: "岭北工会".into(), signing, demo };
    let site = Site::read(&dir.path().join("site"), false).unwrap();
    let house = server::start::open(&data, config, site, Arc::new(move || read.load(Ordering::SeqCst)))
        .await
        .unwrap();
    people(&house.desk).await;
    for no in [DAYONG, LIXIN, QIQIGE, ORGANISER] {
        let phone = Phone::signing(house.desk.who_by_no(no).unwrap());
        phone.enrol(&house.desk, "手机", NOON).await.unwrap();
    }
    for no in [DAYONG, LIXIN, QIQIGE, ORGANISER] {
        house.access.set_password(person_id(no), no, password(no), NOON).await.unwrap();
    }
    World { router: server::router::router(house.clone()), house, clock, dir }
}

async fn people<L: server::log::Log>(desk: &Desk<L>) {
    let units = Units::read(include_bytes!("../../demo/units.csv")).unwrap();
    let judged = judge(include_bytes!("../../demo/officers.csv"), &units, NOON).unwrap();
    let post = |no: &str, role, at: &str| (no.to_string(), vec![Post::new(role, OrgCode::new(at))]);
    let posts = FirstPosts::from([
        post(LIXIN, Role::Rights, "LB02"),
        post(QIQIGE, Role::Rights, "LB04"),
        post(ORGANISER, Role::Organiser, "LB"),
    ]);
    let founded = write(desk, births(&units, &judged.plan, NOON), &posts, NOON).await.unwrap();
    assert_eq!(founded.refused, vec![]);
}

/// A built site in small: hashed assets with side files, a page, a service worker, the kill switch.
fn site_files(dir: &Path) {
    std::fs::create_dir_all(dir.join("assets")).unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html>the page"),
        ("index.html.br", "br page"),
        ("index.html.gz", "gz page"),
        ("sw.js", "keeps"),
        ("sw-kill.js", "kills"),
        ("manifest.webmanifest", "{}"),
        ("assets/ui.3f2a.wasm", "plain wasm"),
        ("assets/ui.3f2a.wasm.br", "br wasm"),
        ("assets/ui.3f2a.wasm.gz", "gz wasm"),
        ("assets/boot.77aa.js", "boot"),
    ] {
        std::fs::write(dir.join(name), text).unwrap();
    }
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    pub fn trouble(&self) -> Trouble {
        assert_eq!(self.header("content-type"), sync::TROUBLE_MIME, "{}: {:?}", self.status, self.body);
        from_cbor(&self.body).unwrap()
    }
    /// The code of the sentence that a person gets to read.
    #[track_caller]
    pub fn says(&self, status: u16, code: &str) {
        let trouble = self.trouble();
        assert_eq!((self.status.as_u16(), trouble.code.as_str()), (status, code));
        assert!(!trouble.zh.is_empty() && !trouble.en.is_empty());
    }
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
    pub fn frames(&self) -> Vec<Frame> {
        assert_eq!((self.status, self.header("content-type")), (StatusCode::OK, MIME), "{:?}", self.body);
        let (mut reader, mut frames) = (FrameReader::default(), vec![]);
        reader.feed(&self.body);
        while let Some(frame) = reader.next_frame().unwrap() {
            frames.push(frame);
        }
        assert!(reader.is_empty());
        frames
    }
    pub fn received(&self) -> u64 {
        self.header(sync::BLOB_RECEIVED).parse().unwrap()
    }
}

impl World {
    /// Lets time pass.
    pub fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status, headers: parts.headers, body }
    }
    /// The same without reading the body, for streams.
    pub async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }
    /// A browser that has never been here.
    pub fn browser(&self) -> Browser<'_> {
        Browser { world: self, jar: BTreeMap::new(), address: "10.0.0.1".into(), key: None }
    }
    /// A browser in which this person is signed in.
    pub async fn signed_in(&self, no: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let reply = browser.sign_in(no, &password(no)).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.body);
        browser.key = Some(self.phone(no).key);
        assert_eq!(browser.hello(None).await, Welcome::In);
        browser
    }
    /// The enrolled phone of this person.
    pub fn phone(&self, no: &str) -> Phone {
        Phone::signing(self.who(no))
    }
    pub fn who(&self, no: &str) -> Who {
        self.house.desk.who_by_no(no).unwrap()
    }
}

/// A browser: cookies, address, and the headers that real ones send by themselves.
#[derive(Clone)]
pub struct Browser<'w> {
    pub world: &'w World,
    pub jar: BTreeMap<String, String>,
    pub address: String,
    /// Key of the phone, when it has one.
    pub key: Option<SoftKey>,
}

impl Browser<'_> {
    pub fn request(&self, method: Method, path: &str, body: impl Into<Body>) -> Request<Body> {
        let mut request =
            Request::builder().method(method.clone()).uri(path).header(header::HOST, "union.test");
        if method != Method::GET && method != Method::HEAD {
            request =
                request.header(header::ORIGIN, "http://union.test").header("sec-fetch-site", "same-origin");
        }
        if !self.jar.is_empty() {
            let pairs: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        let mut request = request.body(body.into()).unwrap();
        request.extensions_mut().insert(Peer(self.address.parse().unwrap()));
        request
    }
    pub async fn get(&self, path: &str) -> Reply {
        self.world.send(self.request(Method::GET, path, Body::empty())).await
    }
    pub async fn head(&self, path: &str) -> Reply {
        self.world.send(self.request(Method::HEAD, path, Body::empty())).await
    }

    /// A server function, as the screens call it.
    pub async fn call<A: Serialize>(&mut self, function: &str, arguments: A) -> Reply {
        let mut request = self.request(Method::POST, &format!("/api/{function}"), to_cbor(&arguments));
        request.headers_mut().insert(header::CONTENT_TYPE, api::MIME.parse().unwrap());
        let reply = self.world.send(request).await;
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        reply
    }
    /// The same, read as what it promises.
    pub async fn ask<A: Serialize, T: DeserializeOwned>(&mut self, function: &str, arguments: A) -> T {
        let reply = self.call(function, arguments).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.body);
        from_cbor(&reply.body).unwrap()
    }
    pub fn keep(&mut self, cookie: &str) {
        let (pair, rest) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if rest.contains("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.into(), value.into());
        }
    }
    pub async fn sign_in(&mut self, no: &str, password: &str) -> Reply {
        self.call("sign_in", BTreeMap::from([("no", no), ("password", password)])).await
    }
    pub async fn me(&mut self) -> Option<Who> {
        self.ask("me", NOTHING).await
    }

    pub fn sync_request(&self, body: impl Into<Body>) -> Request<Body> {
        let mut request = self.request(Method::POST, "/sync", body);
        request.headers_mut().insert(header::CONTENT_TYPE, MIME.parse().unwrap());
        request
    }
    pub async fn sync(&self, request: &sync::Request) -> Reply {
        self.world.send(self.proven(to_cbor(request))).await
    }
    /// A sync request with the device's proof.
    pub fn proven(&self, body: Vec<u8>) -> Request<Body> {
        let signature = self.key.as_ref().map(|key| key.sign(DocId::default(), &push_bytes(&body)).bytes);
        let mut request = self.sync_request(body);
        if let Some(signature) = signature {
            request.headers_mut().insert(sync::PROOF, key_text(&signature).parse().unwrap());
        }
        request
    }
    /// Says hello, as the worker does: hears the challenge and signs it.
    pub async fn hello(&self, code: Option<&str>) -> Welcome {
        let key = self.key.as_ref().expect("a phone with a key");
        let person = self.clone().me().await.expect("signed in").person;
        let first = key.hello(person, code.map(String::from));
        let Welcome::Prove(challenge) = self.say_hello(&first).await else { panic!("no challenge") };
        let proof = Some(key.sign(DocId::default(), &hello_bytes(&challenge)).bytes);
        self.say_hello(&Hello { proof, ..first }).await
    }
    pub async fn say_hello(&self, hello: &Hello) -> Welcome {
        let reply = self.send_hello(hello).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.body);
        from_cbor(&reply.body).unwrap()
    }
    pub async fn send_hello(&self, hello: &Hello) -> Reply {
        let mut request = self.request(Method::POST, "/device", to_cbor(hello));
        request.headers_mut().insert(header::CONTENT_TYPE, MIME.parse().unwrap());
        self.world.send(request).await
    }
    /// The wrap keys of whoever holds these scopes.
    pub async fn keys(&self, scopes: &[domain::Scope]) -> Vec<domain::Card> {
        let mut request = self.request(Method::POST, "/keys", to_cbor(&scopes));
        request.headers_mut().insert(header::CONTENT_TYPE, MIME.parse().unwrap());
        let reply = self.world.send(request).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.body);
        from_cbor(&reply.body).unwrap()
    }
    pub async fn push(&self, push: Vec<Push>) -> Vec<Frame> {
        self.sync(&sync::Request { push, ..empty_request() }).await.frames()
    }
}

/// A request of a phone that knows nothing and has nothing.
pub fn empty_request() -> sync::Request {
    let (device, epoch) = ("phone".into(), String::new());
    sync::Request {
        proto: PROTO,
        device,
        epoch,
        cursors: BTreeMap::new(),
        push: vec![],
        want: vec![],
        seen: None,
        keys: vec![],
    }
}
