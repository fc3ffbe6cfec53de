//! One document as files that outlive this program: the Automerge document and its acts as JSON.

use crate::CallError;
use crate::wire::Cbor;
use domain::DocId;
use leptos::prelude::server;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// An exported document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Ordinary Automerge; any Automerge library opens it.
    pub automerge: ByteBuf,
    /// Acts that the caller may read, in order, as JSON for people and programs.
    pub acts_json: String,
}

/// The document as files, for whoever may read it; `None` when it is not here or not theirs to read.
#[server(protocol = Cbor, endpoint = "export_document")]
pub async fn export_document(id: DocId) -> Result<Option<Exported>, CallError> {
    crate::backend::run(|backend, call| backend.export_document(call, id)).await
}
