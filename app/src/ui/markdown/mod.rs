//! Articles written in Markdown, shown without a single HTML string: text → parser events → [`Node`] → views.
//! [`parse`] is pure and decides everything about safety; [`Markdown`] only draws what came out of it.
//!
//! What an author can never do: HTML (it is shown as the text it is), links to anything but http, https, mailto
//! and pages of this app, pictures from anywhere but the record itself (`blob:` ids, resolved by the caller).

mod href;
mod node;
mod parse;
#[cfg(test)]
mod tests;
mod view;

pub use href::safe_href;
pub use node::{Align, Node, plain_text};
pub use parse::parse;
pub use view::{Markdown, PictureOf};
