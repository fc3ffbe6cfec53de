//! Random days: people with phones do random things under random weather, then everybody comes home to good
//! network, and nothing may be lost, doubled, stuck or different. One seed is one run, always the same.

mod day;
mod deeds;
mod many;
mod steps;

pub use day::{Outcome, play};
pub use many::{Failure, play_many};
