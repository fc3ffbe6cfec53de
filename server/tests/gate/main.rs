//! The gate from outside: honest phones get in, everything else gets a reason, and nothing breaks.

mod allowlist;
mod batch;
mod bombs;
mod forged;
mod honest;
mod kit;
mod lies;
mod limits;
mod mutations;
mod order;
mod samples;
