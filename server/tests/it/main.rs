//! Tests of the server from outside, in one program so that it links once.

mod commands;
mod demo_company;
mod desk_alias;
mod desk_found;
mod desk_history;
mod desk_pull;
mod desk_push;
mod desk_speed;
mod http_blobs;
mod http_events;
mod http_guard;
mod http_kit;
mod http_share;
mod http_sign_in;
mod http_site;
mod http_sync;
mod kit;
mod log_conformance;
