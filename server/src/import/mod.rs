//! From a roster to documents. The domain reads, checks and plans; here the plan becomes bodies of units,
//! persons and their private details. The demo goes the same way as a customer's file.

mod births;
mod findings;
mod write;

pub use births::{Birth, births};
pub use findings::{table, tell};
pub use write::{FirstPosts, write};

use domain::modules::org::roster::{Date, Finding, Plan, Sheet, Units, Unreadable, check, plan, read};

/// A roster that was read, with what is wrong in it and what would be made of it.
#[derive(Debug)]
pub struct Judged {
    /// The cells.
    pub sheet: Sheet,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What the accepted lines make.
    pub plan: Plan,
}

/// Reads and judges a roster as of a moment (UTC ms).
///
/// # Errors
/// When nothing of the file can be trusted.
pub fn judge(roster: &[u8], units: &Units, now_ms: i64) -> Result<Judged, Unreadable> {
    let sheet = read(roster)?;
    let today = Date::of(now_ms).ok_or(Unreadable::Empty)?;
    let findings = check(&sheet, units, today);
    let plan = plan(&sheet, &findings);
    Ok(Judged { sheet, findings, plan })
}
