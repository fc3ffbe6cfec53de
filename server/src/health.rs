//! `GET /health`: is it alive, does the log answer, is it the demo. For operators, scripts and the app's demo
//! marks; nothing in it is secret.

use crate::backup;
use crate::fault::Fault;
use crate::house::House;
use crate::log::Log;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// Says how the server is.
pub async fn health(State(house): State<Arc<House>>) -> Result<Response, Fault> {
    // Asks the disk, so that a server whose log is gone is not called healthy.
    let epoch = house.desk.log().epoch().await?;
    let demo = house.config.demo.is_some();
    let version = env!("CARGO_PKG_VERSION");
    let ms = house.now_ms();
    let last = backup::standing(&house.data);
    let stale = last.as_ref().is_none_or(|last| last.is_stale(ms));
    let backup = json!({ "ms": last.map(|last| last.made_ms), "stale": stale });
    let body = Json(
        json!({ "ok": true, "version": version, "epoch": epoch, "demo": demo, "ms": ms, "backup": backup }),
    );
    Ok(([(header::CACHE_CONTROL, "no-store")], body).into_response())
}
