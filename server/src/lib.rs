//! (being written)
pub mod gate;
