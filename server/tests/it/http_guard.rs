//! What holds on every route: who may change something, and which headers every answer carries.

use crate::http_kit::{DAYONG, empty_request, password, world};
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::to_cbor;
use std::collections::BTreeMap;

/// Every route that changes something, with a body and content type that would work.
fn changing() -> Vec<(Method, String, &'static str, Vec<u8>)> {
    let credentials = to_cbor(&BTreeMap::from([("no", DAYONG), ("password", &password(DAYONG))]));
    let blob = format!("/blobs/{}", domain::Hash::of(b"x"));
    let mut routes = vec![
        (Method::POST, "/sync".to_string(), sync::MIME, to_cbor(&empty_request())),
        (Method::PUT, blob, "image/png", b"x".to_vec()),
    ];
    for function in ["sign_in", "sign_out", "me", "about", "change_password", "export_document"] {
        routes.push((Method::POST, format!("/api/{function}"), api::MIME, credentials.clone()));
    }
    routes
}

#[tokio::test]
async fn another_site_changes_nothing_whatever_it_tries() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let sites: [&[(&str, &str)]; 5] = [
        &[("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")],
        &[("origin", "http://union.test"), ("sec-fetch-site", "same-site")],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[("origin", "http://union.test.evil.test")],
        &[],
    ];
    for (method, path, kind, body) in changing() {
        for headers in sites {
            let mut request = phone.request(method.clone(), &path, body.clone());
            request.headers_mut().remove(header::ORIGIN);
            request.headers_mut().remove("sec-fetch-site");
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
            for (name, value) in headers {
                request.headers_mut().insert(*name, value.parse().unwrap());
            }
            let reply = world.send(request).await;
            reply.says(403, "E-ORIGIN");
            assert!(reply.headers.get(header::SET_COOKIE).is_none());
        }
    }
    assert!(phone.clone().me().await.is_some(), "the session stands: nobody was signed out from elsewhere");
}

#[tokio::test]
async fn what_a_form_of_another_site_can_send_is_not_even_read() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"] {
        for path in ["/api/sign_out", "/api/change_password", "/sync"] {
            let mut request = phone.request(Method::POST, path, "no=1&password=2");
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
            request.headers_mut().insert(header::ACCEPT, "text/html".parse().unwrap());
            let reply = world.send(request).await;
            reply.says(415, "E-SYNC-1");
            assert!(reply.headers.get(header::LOCATION).is_none(), "no redirect for plain forms");
        }
    }
    assert!(phone.clone().me().await.is_some());
}

#[tokio::test]
async fn nothing_is_changed_by_looking() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    for path in ["/api/sign_out", "/api/me", "/blobs/x"] {
        assert!(phone.get(path).await.status.is_client_error(), "{path}");
    }
    for method in [Method::DELETE, Method::PATCH, Method::OPTIONS] {
        for path in ["/sync", "/api/me", "/events", "/health"] {
            let reply = world.send(phone.request(method.clone(), path, Body::empty())).await;
            assert_eq!(reply.status.as_u16(), 405, "{method} {path}");
        }
    }
    assert!(phone.clone().me().await.is_some());
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let mut replies = vec![];
    for path in [
        "/",
        "/news/1",
        "/assets/ui.3f2a.wasm",
        "/assets/gone.js",
        "/sw.js",
        "/health",
        "/api/me",
        "/blobs/x",
        "/sync",
    ] {
        replies.push((path.to_string(), phone.get(path).await));
        replies.push((path.to_string(), world.browser().get(path).await));
    }
    for (method, path, kind, body) in changing() {
        let mut request = phone.request(method, &path, body);
        request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        replies.push((path, world.send(request).await));
    }
    replies.push(("foreign".into(), world.send(Request::post("/sync").body(Body::empty()).unwrap()).await));
    let always = [
        ("content-security-policy", "default-src 'none'"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    let pages = [
        ("content-security-policy", "require-trusted-types-for 'script'; trusted-types default"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "geolocation=()"),
    ];
    for (path, reply) in replies {
        let is_data = reply.header("content-type") == sync::MIME;
        for (name, part) in always.iter().chain(if is_data { &[][..] } else { &pages[..] }) {
            assert!(reply.header(name).contains(*part), "{path}: {name} is {:?}", reply.header(name));
        }
        assert!(!reply.header("content-security-policy").contains("unsafe-inline"));
        assert!(
            reply.headers.get("server").is_none()
                && reply.headers.get("access-control-allow-origin").is_none()
        );
    }
}

#[tokio::test]
async fn health_says_whether_it_is_the_demo_and_nothing_about_people() {
    let world = world().await;
    let reply = world.browser().get("/health").await;
    let json: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((&json["ok"], &json["demo"]), (&true.into(), &false.into()));
    assert!(json["epoch"].as_str().is_some_and(|epoch| epoch.len() == 36));
}

#[tokio::test]
async fn a_server_function_takes_no_megabytes() {
    let world = world().await;
    let reply = world.browser().sign_in(DAYONG, &"x".repeat(100_000)).await;
    assert!(reply.status.is_client_error(), "{}", reply.status);
    assert_eq!(world.browser().sign_in(DAYONG, &"x".repeat(300)).await.status.as_u16(), 401);
    let mut nonsense = world.browser().request(Method::POST, "/api/sign_in", "nonsense");
    nonsense.headers_mut().insert(header::CONTENT_TYPE, api::MIME.parse().unwrap());
    assert_eq!(world.send(nonsense).await.status.as_u16(), 400);
    let mut nowhere = world.browser().request(Method::POST, "/api/drop_tables", "");
    nowhere.headers_mut().insert(header::CONTENT_TYPE, api::MIME.parse().unwrap());
    assert_eq!(world.send(nowhere).await.status.as_u16(), 404);
}
