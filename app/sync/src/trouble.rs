//! Why a whole request was not served, in words for the person. What became of single pushes is a
//! [`Fate`](crate::Fate), not a trouble.

use serde::{Deserialize, Serialize};

/// MIME type of a [`Trouble`] in CBOR: the body of every answer of the server that is not 2xx.
pub const TROUBLE_MIME: &str = "application/vnd.lianxin.trouble";

/// What happened and what to do. Nothing that waits is lost by it: the outbox pauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Short code for support, e.g. `E-SYNC-12`.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}
