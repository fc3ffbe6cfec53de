//! All routes on one screen, by who calls them.

use crate::backend::Doors;
use crate::fault::Fault;
use crate::house::House;
use crate::{blobs, enrol, events, guard, health, site, sync_http};
use api::backend::Backend;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use leptos::server_fn::axum::server_fn_paths;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::TimeoutLayer;

/// Arguments of a server function are short.
const API_BYTES: usize = 64 * 1024;
/// A server function that takes longer has failed.
const API_TIME: Duration = Duration::from_secs(30);

/// One address.
pub struct Door {
    /// As the router writes it.
    pub path: &'static str,
    open: fn() -> MethodRouter<Arc<House>>,
}

/// THE LIST of addresses, by who calls them; everything else is the app itself. Router and the table of who
/// may come in (`tests/authz/routes.tsv`) are both made from it, so an address without a row fails the tests.
pub const DOORS: &[Door] = &[
    // Phones that sync, hear hints, carry files.
    Door { path: "/sync", open: || known(post(sync_http::sync).get(site::serve)).layer(squeezed()) },
    Door { path: "/device", open: || known(post(enrol::device)) },
    Door { path: "/keys", open: || known(post(enrol::keys)) },
    Door { path: "/events", open: || known(get(events::events)) },
    Door { path: "/blobs/{sha256}", open: || known(get(blobs::get).head(blobs::head).put(blobs::put)) },
    // Screens that need the server there and then.
    Door { path: "/api/{function}", open: screens },
    // Operators.
    Door { path: "/health", open: || known(get(health::health)) },
];

/// The whole server.
pub fn router(house: Arc<House>) -> Router {
    let doors = DOORS.iter().fold(Router::new(), |router, door| router.route(door.path, (door.open)()));
    doors
        .fallback(site::serve)
        .layer(from_fn(guard::same_origin))
        .layer(from_fn_with_state(house.clone(), guard::on_everything))
        .layer(from_fn(guard::note))
        .with_state(house)
}

fn screens() -> MethodRouter<Arc<House>> {
    known(post(call))
        .layer::<_, Infallible>(DefaultBodyLimit::max(API_BYTES))
        .layer::<_, Infallible>(TimeoutLayer::with_status_code(
            axum::http::StatusCode::GATEWAY_TIMEOUT,
            API_TIME,
        ))
        .layer(squeezed())
}

/// Answers other methods in our own words.
fn known(route: MethodRouter<Arc<House>>) -> MethodRouter<Arc<House>> {
    route.fallback(|| async { Fault::no_such_method() })
}

fn squeezed() -> CompressionLayer {
    CompressionLayer::new().gzip(true).br(true).quality(CompressionLevel::Precise(4))
}

/// A server function. Only our own content type comes in, so no form of another site fits, and the framework's
/// redirects for plain forms stay off.
async fn call(State(house): State<Arc<House>>, mut request: Request) -> Response {
    let mime = HeaderValue::from_static(api::MIME);
    if request.headers().get(header::CONTENT_TYPE) != Some(&mime) {
        return Fault::not_sync().into_response();
    }
    if !server_fn_paths().any(|(path, _)| path == request.uri().path()) {
        return Fault::no_such_address().into_response();
    }
    request.headers_mut().insert(header::ACCEPT, mime);
    let context =
        move || leptos::prelude::provide_context(Arc::new(Doors(house.clone())) as Arc<dyn Backend>);
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
