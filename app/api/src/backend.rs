//! What the server must be able to do for these functions, and the way from the framework's context to it.
//! The server crate implements it; this crate knows no database.

use crate::{
    About, AuditRow, CallError, DeviceCode, Exported, Parcel, PasswordError, ShareAnswer, SignInError, Told,
};
use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use domain::{DocId, Who};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use serde_bytes::ByteBuf;
use std::pin::Pin;
use std::sync::Arc;

/// An answer on its way.
pub type Answer<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// One call: what came in, and what the response shall carry besides the result.
#[derive(Clone)]
pub struct Call {
    /// Head of the request with its extensions.
    pub parts: Parts,
    out: ResponseOptions,
}

impl Call {
    /// Adds a cookie to the response.
    pub fn set_cookie(&self, cookie: HeaderValue) {
        self.out.append_header(header::SET_COOKIE, cookie);
    }
    /// Sets a header of the response.
    pub fn set_header(&self, name: HeaderName, value: HeaderValue) {
        self.out.insert_header(name, value);
    }
}

/// Gives the response of this call the status of its error.
pub(crate) fn tell<E: Told>(error: &E) {
    let Some(out) = use_context::<ResponseOptions>() else { return };
    out.set_status(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let Some(seconds) = error.retry_after() {
        out.insert_header(header::RETRY_AFTER, seconds.into());
    }
}

/// The server behind the functions.
pub trait Backend: Send + Sync {
    /// See [`crate::sign_in`].
    fn sign_in(&self, call: Call, no: String, password: String) -> Answer<Who, SignInError>;
    /// See [`crate::sign_out`].
    fn sign_out(&self, call: Call) -> Answer<(), CallError>;
    /// See [`crate::me`].
    fn me(&self, call: Call) -> Answer<Option<Who>, CallError>;
    /// See [`crate::change_password`].
    fn change_password(&self, call: Call, old: String, new: String) -> Answer<(), PasswordError>;
    /// See [`crate::about`].
    fn about(&self, call: Call) -> Answer<About, CallError>;
    /// See [`crate::audit`].
    fn audit(&self, call: Call, from_ms: i64, until_ms: i64) -> Answer<Vec<AuditRow>, CallError>;
    /// See [`crate::keep_share`].
    fn keep_share(&self, call: Call, slot: DocId, proof: ByteBuf, share: ByteBuf) -> Answer<(), CallError>;
    /// See [`crate::ask_share`].
    fn ask_share(&self, call: Call, slot: DocId, proof: ByteBuf) -> Answer<ShareAnswer, CallError>;
    /// See [`crate::export_document`].
    fn export_document(&self, call: Call, id: DocId) -> Answer<Option<Exported>, CallError>;
    /// See [`crate::device_code`].
    fn device_code(&self, call: Call, person: Option<DocId>) -> Answer<DeviceCode, CallError>;
    /// See [`crate::parcels`].
    fn parcels(&self, call: Call) -> Answer<Vec<Parcel>, CallError>;
    /// See [`crate::devices_seen`].
    fn devices_seen(&self, call: Call) -> Answer<Vec<(DocId, i64)>, CallError>;
}

/// Finds the backend and the call in the context, runs, and gives errors their HTTP status.
pub(crate) async fn run<T, E: Told>(ask: impl FnOnce(&dyn Backend, Call) -> Answer<T, E>) -> Result<T, E> {
    let lost = || CallError::Inside("E-API-3".into());
    let (Some(backend), Some(parts), Some(out)) =
        (use_context::<Arc<dyn Backend>>(), use_context::<Parts>(), use_context::<ResponseOptions>())
    else {
        return Err(lost().into());
    };
    let result = ask(&*backend, Call { parts, out }).await;
    if let Err(error) = &result {
        tell(error);
    }
    result
}
