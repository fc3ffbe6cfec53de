//! Tests of the server from outside, in one program so that it links once.

mod desk_alias;
mod desk_found;
mod desk_history;
mod desk_pull;
mod desk_push;
mod kit;
mod log_conformance;
