//! The built screens over HTTP.

use crate::http_kit::{Browser, Reply, world};
use axum::body::Body;
use axum::http::{Method, header};

async fn get(browser: &Browser<'_>, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = browser.request(Method::GET, path, Body::empty());
    for (name, value) in headers {
        request.headers_mut().insert(header::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
    }
    browser.world.send(request).await
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_in_the_smallest_form() {
    let world = world().await;
    let browser = world.browser();
    for (accept, body, encoding) in
        [("gzip, deflate, br", "br wasm", "br"), ("gzip", "gz wasm", "gzip"), ("identity", "plain wasm", "")]
    {
        let reply = get(&browser, "/assets/ui.3f2a.wasm", &[("accept-encoding", accept)]).await;
        assert_eq!((reply.text(), reply.header("content-encoding")), (body, encoding));
        assert_eq!(reply.header("content-type"), "application/wasm");
        assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(reply.header("vary"), "accept-encoding");
    }
    let reply = get(&browser, "/assets/boot.77aa.js", &[("accept-encoding", "br")]).await;
    assert_eq!((reply.text(), reply.header("content-encoding")), ("boot", ""), "no side file, no encoding");
}

#[tokio::test]
async fn every_page_of_the_app_is_the_page_and_is_asked_for_each_time() {
    let world = world().await;
    let browser = world.browser();
    for path in [
        "/",
        "/index.html",
        "/news/7d444840-9dc0-11d1-b245-5ffdce74fad2",
        "/me/devices",
        "/sync",
        "/sync/outbox",
    ] {
        let reply = get(&browser, path, &[("accept", "text/html,*/*")]).await;
        assert_eq!((reply.status.as_u16(), reply.text()), (200, "<!doctype html>the page"), "{path}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("cache-control"), "no-cache");
    }
    for path in ["/sw.js", "/manifest.webmanifest"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "no-cache", "{path}");
    }
    let etag = browser.get("/").await.header("etag").to_string();
    let again = get(&browser, "/", &[("if-none-match", &etag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
}

#[tokio::test]
async fn what_is_not_there_is_not_the_page() {
    let world = world().await;
    let browser = world.browser();
    for path in [
        "/assets/ui.old.wasm",
        "/robots.txt",
        "/../data/log.db",
        "/%2e%2e/data/log.db",
        "/assets/..%2f..%2fdata/log.db",
    ] {
        let reply = browser.get(path).await;
        assert_eq!(reply.status.as_u16(), 404, "{path}");
        assert!(reply.text().contains("没有这个地址"));
    }
    let script = get(&browser, "/news", &[("accept", "application/json")]).await;
    assert_eq!(script.status.as_u16(), 404, "a program that asks for data gets no page");
    assert_eq!(world.send(browser.request(Method::POST, "/news", "x")).await.status.as_u16(), 405);
}

#[tokio::test]
async fn a_head_request_has_no_body() {
    let world = world().await;
    let reply = world.browser().head("/assets/ui.3f2a.wasm").await;
    assert_eq!(
        (reply.status.as_u16(), reply.body.len(), reply.header("content-type")),
        (200, 0, "application/wasm")
    );
}

#[tokio::test]
async fn the_kill_switch_takes_the_service_workers_place() {
    let world = world().await;
    let killed = server::site::Site::read(&world.dir.path().join("site"), true);
    assert!(killed.is_ok());
    assert_eq!(world.browser().get("/sw.js").await.text(), "keeps");
    assert!(server::site::Site::read(world.dir.path(), false).is_err(), "a folder without a page is no site");
}
