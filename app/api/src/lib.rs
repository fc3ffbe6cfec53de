//! What needs the server there and then: signing in and out, a new password, an export. Everything else
//! goes through sync and works without a network.
//!
//! Each function is a Leptos server function: the screens call it, the server runs it through
//! [`backend::Backend`]. All answer with errors that carry a sentence in Chinese and English and a code.

mod about;
mod audit;
#[cfg(feature = "ssr")]
pub mod backend;
mod call_error;
mod device;
mod export;
mod password;
mod session;
mod share;
mod wire;

pub use about::*;
pub use audit::*;
pub use call_error::*;
pub use device::*;
pub use export::*;
pub use password::*;
pub use session::*;
pub use share::*;

/// Where the server mounts these functions.
pub const PREFIX: &str = "/api";
/// The only content type the functions take and give. A form of another site cannot send it.
pub const MIME: &str = "application/cbor";
