//! What the sign-in page may know before anybody is signed in.

use crate::CallError;
use crate::wire::Cbor;
use leptos::prelude::server;
use serde::{Deserialize, Serialize};

/// The server in a few words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Name of the union that runs it.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// `Some` in the demo only: invented people that anybody may be.
    pub demo: Option<Vec<DemoAccount>>,
}

/// One invented person of the demo, for the chips on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Staff number.
    pub no: String,
    /// Name.
    pub name: String,
    /// Posts in Chinese.
    pub post: String,
    /// Posts in English.
    pub post_en: String,
    /// Password.
    pub password: String,
}

/// What this server is.
#[server(name = AboutCall, protocol = Cbor, endpoint = "about")]
pub async fn about() -> Result<About, CallError> {
    crate::backend::run(|backend, call| backend.about(call)).await
}
