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
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::TimeoutLayer;

/// Arguments of a server function are short.
const API_BYTES: usize = 64 * 1024;
/// A server function that takes longer has failed.
const API_TIME: Duration = Duration::from_secs(30);

/// The whole server.
pub fn router(house: Arc<House>) -> Router {
    // One network path for three callers: phones that sync, phones that carry files, screens that need the
    // server there and then. Everything else is the app itself.
    let phones = Router::new()
        .route("/sync", known(post(sync_http::sync).get(site::serve)).layer(squeezed()))
        .route("/device", known(post(enrol::device)))
        .route("/events", known(get(events::events)))
        .route("/blobs/{sha256}", known(get(blobs::get).head(blobs::head).put(blobs::put)));
    let screens = Router::new()
        .route("/api/{function}", known(post(call)))
        .layer(DefaultBodyLimit::max(API_BYTES))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::GATEWAY_TIMEOUT, API_TIME))
        .layer(squeezed());
    let operators = Router::new().route("/health", known(get(health::health)));

    phones
        .merge(screens)
        .merge(operators)
        .fallback(site::serve)
        .layer(from_fn(guard::same_origin))
        .layer(from_fn_with_state(house.clone(), guard::on_everything))
        .layer(from_fn(guard::note))
        .with_state(house)
}

/// Answers other methods in our own words.
fn known(route: MethodRouter<Arc<House>>) -> MethodRouter<Arc<House>> {
    route.fallback(|| async { Fault::no_such_method() })
}

fn squeezed() -> CompressionLayer {
    CompressionLayer::new().gzip(true).br(true).quality(CompressionLevel::Fastest)
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
