//! What is noted beside refused pushes, and how all of it reads to people. Every line stands in one chained
//! table, so that cutting one out shows. Codes are for the table; the page shows words.

mod words;

pub use words::rows;

/// A backup was restored into this folder.
pub const RESTORED: &str = "restored";
/// A sealed document was opened with the recovery key.
pub const RECOVERED: &str = "recovered";
/// A sensitive document was handed to somebody.
pub const VIEWED: &str = "viewed";
/// Somebody signed in.
pub const SIGNED_IN: &str = "sign-in/in";
/// A wrong password for a number that is on the roster.
pub const WRONG_PASSWORD: &str = "sign-in/wrong";
/// A new password was set.
pub const NEW_PASSWORD: &str = "sign-in/password";
/// Before kind and step of an act that the audit lists.
pub const DECIDED: &str = "decided/";
