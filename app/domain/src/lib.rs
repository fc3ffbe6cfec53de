//! What the union's records mean: kinds, rules, readers, rows. Pure: no clock, no chance, no I/O, no screen.
//!
//! `kernel/` holds the types every module speaks; `modules/` holds one folder a module; [`modules::kinds`] is
//! THE LIST. Whoever calls in here brings the time, the documents and the person along.

pub mod kernel;
pub mod modules;

pub use kernel::*;

/// Name of this rulebook: another one when anything in it changed, so what an earlier one computed is computed anew.
pub const RULES: &str = env!("LIANXIN_RULES");
