//! Security headers on every answer (threat model W2). Trusted Types are on: our views make no elements from
//! strings (`app/src/ui/mod.rs` has the rule, a test holds to it), so the only policy there is (`boot.js`) lets
//! the worker and the service worker start and nothing else.

use crate::house::House;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// For pages: our own scripts, WebAssembly, styles and pictures; nothing inline, nothing from elsewhere.
pub const PAGE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";
/// For files that people uploaded: whatever is in them does not run.
pub const BLOB_CSP: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// For answers in our own encoding: nothing in them runs, whoever opens one as a page.
const DATA_CSP: &str = "default-src 'none'; frame-ancestors 'none'";

/// Every answer has these.
const ALWAYS: [(HeaderName, &str); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What only a page obeys. A phone that asks whether there is something new does not pay half a kilobyte for it.
const PAGES: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, PAGE_CSP),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), serial=(), bluetooth=(), browsing-topics=()",
    ),
];

/// What goes with answers in our own encoding.
const DATA: [(HeaderName, &str); 1] = [(header::CONTENT_SECURITY_POLICY, DATA_CSP)];

/// No browser shows our own encoding as a page; `nosniff` keeps it from guessing.
fn is_data(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == sync::MIME)
}

/// Adds what the handler did not set itself.
pub async fn on_everything(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = if is_data(headers) { &DATA[..] } else { &PAGES[..] };
    for (name, value) in ALWAYS.iter().chain(fixed) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if house.config.transport == crate::access::Transport::Https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
    response
}
