//! The server: who you are, in what order things came, whom to pass them to. It knows no module by name.
//!
//! [`desk`] answers sync requests on a [`log`], behind the [`gate`]; [`access`] says who may come in;
//! [`router`] is HTTP around it, [`cli`] the commands.

pub mod access;
pub mod audit;
pub mod backend;
pub mod backup;
pub mod blobs;
pub mod caller;
pub mod cli;
mod code;
pub mod demo;
pub mod desk;
pub mod enrol;
pub mod events;
pub mod export;
pub mod fault;
pub mod gate;
pub mod guard;
pub mod health;
pub mod house;
pub mod import;
pub mod listen;
pub mod log;
pub mod proof;
pub mod recovery;
pub mod router;
pub mod site;
pub mod start;
pub mod sync_http;
pub mod verify;
