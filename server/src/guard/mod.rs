//! What every request meets before its handler, and every answer on its way out.

mod body;
mod headers;
mod log;
mod origin;
mod quota;

pub use body::{inflated, whole};
pub use headers::{BLOB_CSP, PAGE_CSP, on_everything};
pub use log::note;
pub use origin::same_origin;
pub use quota::Quota;
