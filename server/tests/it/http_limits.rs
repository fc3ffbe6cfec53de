//! Limits on real sockets and on every body: slow heads, long heads, too many connections, bodies that lie
//! about their length, bombs. Everything on the loopback, a few seconds in all.

use crate::http_kit::{DAYONG, World, password, world};
use axum::body::Body;
use axum::http::{Method, header};
use domain::Hash;
use server::listen::{Limits, serve};
use server::router::DOORS;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// The server on a socket, with limits that a test can wait for.
async fn on_a_socket(world: &World, connections: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = server::router::router(world.house.clone());
    tokio::spawn(serve(listener, app, Limits { head: SECOND, connections }, std::future::pending()));
    address
}

async fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Everything until the other end closes, or what came in `patience`.
async fn read(stream: &mut TcpStream, patience: Duration) -> String {
    let mut out = Vec::new();
    let _ = timeout(patience, stream.read_to_end(&mut out)).await;
    String::from_utf8_lossy(&out).into_owned()
}

async fn is_served(address: SocketAddr) -> bool {
    let mut stream =
        send(address, "GET /health HTTP/1.1\r\nhost: union.test\r\nconnection: close\r\n\r\n").await;
    read(&mut stream, 15 * SECOND).await.starts_with("HTTP/1.1 200")
}

#[tokio::test]
async fn a_head_that_drips_is_cut_off_and_others_are_served_meanwhile() {
    let world = world().await;
    let address = on_a_socket(&world, 1_000).await;
    let mut slow = vec![];
    for _ in 0..200 {
        slow.push(send(address, "GET /health HTTP/1.1\r\nhost: union.test\r\nx-a: ").await);
    }
    for _ in 0..10 {
        for stream in &mut slow {
            let _ = stream.write_all(b"a").await;
        }
        assert!(is_served(address).await, "honest people are served while 200 drip");
        sleep(Duration::from_millis(150)).await;
    }
    for stream in &mut slow {
        let answer = read(stream, 2 * SECOND).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(stream.read(&mut [0u8]).await.unwrap_or(0), 0, "and closed");
    }
}

#[tokio::test]
async fn heads_have_an_end_in_bytes_and_lines() {
    let world = world().await;
    let address = on_a_socket(&world, 1_000).await;
    let lines: String = (0..100).map(|n| format!("x-{n}: 1\r\n")).collect();
    let heads = [
        format!("GET /health HTTP/1.1\r\nhost: union.test\r\n{lines}\r\n"),
        format!("GET /health HTTP/1.1\r\nhost: union.test\r\nx-long: {}\r\n\r\n", "a".repeat(2_000_000)),
        format!("GET /{} HTTP/1.1\r\nhost: union.test\r\n\r\n", "a".repeat(100_000)),
        "GET /health HTTP/9.9\r\n\r\n".to_string(),
        "\0\0\0\0".repeat(100),
    ];
    for head in heads {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _ = stream.write_all(head.as_bytes()).await;
        let answer = read(&mut stream, 3 * SECOND).await;
        assert!(!answer.starts_with("HTTP/1.1 2"), "{}: {answer}", &head[..20]);
        assert!(is_served(address).await);
    }
}

#[tokio::test]
async fn more_connections_than_places_wait_and_harm_nobody_who_is_in() {
    let world = world().await;
    let address = on_a_socket(&world, 20).await;
    let mut inside = send(address, "GET /health HTTP/1.1\r\nhost: union.test\r\n\r\n").await;
    let mut some = [0; 12];
    inside.read_exact(&mut some).await.unwrap();
    let mut crowd = vec![];
    for _ in 0..100 {
        crowd.push(TcpStream::connect(address).await.unwrap());
    }
    inside.write_all(b"GET /health HTTP/1.1\r\nhost: union.test\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(read(&mut inside, 3 * SECOND).await.contains("HTTP/1.1 200"), "who is in is served");
    // Idle ones lose their places after a while, so the crowd does not keep others out.
    assert!(is_served(address).await);
    drop(crowd);
}

/// What two readers could read in two ways (request smuggling) is not read at all.
#[tokio::test]
async fn a_length_that_contradicts_itself_is_refused() {
    let world = world().await;
    let address = on_a_socket(&world, 100).await;
    for lengths in ["4\r\ncontent-length: 40", "-1", "+4", "4x", "99999999999999999999", "4, 40"] {
        let text =
            format!("GET /health HTTP/1.1\r\nhost: union.test\r\ncontent-length: {lengths}\r\n\r\nabcd");
        let mut stream = send(address, &text).await;
        let answer = read(&mut stream, 2 * SECOND).await;
        assert!(!answer.contains("HTTP/1.1 200"), "{answer}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Every address that takes a body, with the most it takes.
fn bodies() -> Vec<(Method, String, &'static str)> {
    let blob = format!("/blobs/{}", Hash::of(b"x"));
    let all = [
        (Method::POST, "/sync".to_string(), "/sync", sync::MIME),
        (Method::POST, "/device".to_string(), "/device", sync::MIME),
        (Method::POST, "/keys".to_string(), "/keys", sync::MIME),
        (Method::PUT, blob, "/blobs/{sha256}", "image/png"),
        (Method::POST, "/api/sign_in".to_string(), "/api/{function}", api::MIME),
    ];
    // Addresses that take no body are named, so that a new one is not forgotten here.
    let bare = ["/events", "/health"];
    for door in DOORS {
        let known = bare.contains(&door.path) || all.iter().any(|(_, _, path, _)| *path == door.path);
        assert!(known, "{}: does it take a body? Say so here", door.path);
    }
    all.into_iter().map(|(method, path, _, kind)| (method, path, kind)).collect()
}

#[tokio::test]
async fn every_body_has_a_limit_before_and_after_inflating() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let bomb = gzip(&vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    for (method, path, kind) in bodies() {
        let ask = |body: Body, extra: Vec<(header::HeaderName, String)>| {
            let mut request = phone.request(method.clone(), &path, body);
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
            if method == Method::PUT {
                let range = format!("bytes 0-{}/{}", sync::BLOB_CHUNK - 1, 8_000_000);
                request.headers_mut().insert(header::CONTENT_RANGE, range.parse().unwrap());
            }
            for (name, value) in extra {
                request.headers_mut().insert(name, value.parse().unwrap());
            }
            world.send(request)
        };
        let told = ask(Body::empty(), vec![(header::CONTENT_LENGTH, "99999999999".into())]).await;
        assert!(told.status.is_client_error(), "{path}: {}", told.status);
        // No length told, and it never ends: ten times the limit is offered.
        let piece = axum::body::Bytes::from(vec![7u8; 64 * 1024]);
        let pieces = (0..640).map(move |_| Ok::<_, std::io::Error>(piece.clone()));
        let endless = ask(Body::from_stream(futures_util::stream::iter(pieces)), vec![]).await;
        assert!(endless.status.is_client_error(), "{path}: {}", endless.status);
        for coding in ["gzip", "br", "zstd", "deflate", "gzip, gzip"] {
            let inflated =
                ask(Body::from(bomb.clone()), vec![(header::CONTENT_ENCODING, coding.into())]).await;
            assert!(inflated.status.is_client_error(), "{path} {coding}: {}", inflated.status);
        }
    }
    assert!(world.browser().sign_in(DAYONG, &password(DAYONG)).await.status.is_success());
}
