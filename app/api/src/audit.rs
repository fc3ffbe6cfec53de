//! The audit for the security auditor and the administrator: who was refused, who signed in, who looked at
//! what is confidential, who was appointed, when a backup came back. Words, never content.

use crate::CallError;
use crate::wire::Cbor;
use leptos::prelude::server;
use serde::{Deserialize, Serialize};

/// One line, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Official time, UTC ms.
    pub at_ms: i64,
    /// One of [`AUDIT_SORTS`].
    pub sort: String,
    /// Name and staff number; "" for the server itself.
    pub who: String,
    /// What happened, Chinese and English.
    pub what: (String, String),
    /// The record it was about: its kind and official number, Chinese and English; "" for none.
    pub about: (String, String),
}

/// Sorts of lines, as the page filters them.
pub const AUDIT_SORTS: [&str; 6] = ["refused", "sign-in", "viewed", "decided", "restored", "updated"];

/// Lines of a stretch of time, newest first, at most 500. [`CallError::Forbidden`] for everybody else.
#[server(name = AuditCall, protocol = Cbor, endpoint = "audit")]
pub async fn audit(from_ms: i64, until_ms: i64) -> Result<Vec<AuditRow>, CallError> {
    crate::backend::run(|backend, call| backend.audit(call, from_ms, until_ms)).await
}
