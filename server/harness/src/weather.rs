//! Random days: people with phones do random things under random weather, then everybody comes home to good
//! network, and nothing may be lost, doubled, stuck or different. One seed is one run, always the same.

mod day;
mod deeds;
mod later;
mod many;
mod steps;

pub use day::{MOST_PHONES, Outcome, Size, play};
pub use later::kinds as later_kinds;
pub use many::{Failure, play_many};
