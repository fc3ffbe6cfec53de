//! The gate from outside: honest phones get in, everything else gets a reason, and nothing breaks.

mod allowlist;
mod apart;
mod batch;
mod bomb_kinds;
mod bombs;
mod bombs_apart;
mod forged;
mod honest;
mod kinds;
mod kit;
mod lies;
mod limits;
mod mutations;
mod order;
mod samples;
