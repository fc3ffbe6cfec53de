//! What about devices needs the server there and then: a one-time code, what revoked devices sent, and when
//! one's own devices were last here. Everything decided about a device is an act and goes through sync.

use crate::CallError;
use crate::wire::Cbor;
use domain::{DocId, Hash};
use leptos::prelude::server;
use serde::{Deserialize, Serialize};

/// A one-time code and its drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// Eight digits.
    pub code: String,
    /// Official time at which it is worth nothing any more, UTC ms.
    pub until_ms: i64,
    /// Modules a side of the QR code, which leads to the page that takes the code.
    pub size: u32,
    /// Dark modules, row by row.
    pub dark: Vec<bool>,
}

/// What a revoked device sent, to be decided about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Its name.
    pub id: Hash,
    /// Document of the device.
    pub device: DocId,
    /// Name of the device.
    pub label: String,
    /// Whose device it was.
    pub name: String,
    /// Official time of arrival, UTC ms.
    pub at_ms: i64,
    /// What is in it, document by document, as it would stand.
    pub things: Vec<Thing>,
}

/// Chinese and English.
pub type Said = (String, String);

/// One document that a parcel touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Title, as far as the server knows it.
    pub title: String,
    /// What would be new: field or step, and its words; each Chinese and English.
    pub news: Vec<(Said, Said)>,
    /// Why some of it would not stand all the same.
    pub refused: Vec<Said>,
}

/// A code for a new device: of this person, when the caller keeps the devices of their unit; without one, of
/// the caller.
#[server(name = DeviceCodeCall, protocol = Cbor, endpoint = "device_code")]
pub async fn device_code(person: Option<DocId>) -> Result<DeviceCode, CallError> {
    crate::backend::run(|backend, call| backend.device_code(call, person)).await
}

/// Parcels that the caller decides about.
#[server(name = ParcelsCall, protocol = Cbor, endpoint = "parcels")]
pub async fn parcels() -> Result<Vec<Parcel>, CallError> {
    crate::backend::run(|backend, call| backend.parcels(call)).await
}

/// The day on which each of the caller's devices was last here, UTC ms of its beginning. Nobody else asks it.
#[server(name = DevicesSeenCall, protocol = Cbor, endpoint = "devices_seen")]
pub async fn devices_seen() -> Result<Vec<(DocId, i64)>, CallError> {
    crate::backend::run(|backend, call| backend.devices_seen(call)).await
}
