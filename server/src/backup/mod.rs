//! Backup and return. A backup is one file: a tar of the databases (taken online, each from one moment), the
//! pictures and the keys, encrypted with the age format to a recipient whose private key lies in a safe. Both
//! formats are public: the ordinary tools `age` and `tar` open it without this program.

mod age;
mod keys;
mod make;
mod manifest;
mod restore;
mod shelf;

pub use age::{Reader as AgeReader, Writer as AgeWriter};
pub use keys::{Identity, NotAKey, Recipient};
pub use make::{Made, make};
pub use manifest::{MANIFEST, Manifest, Part};
pub use restore::{Restored, restore};
pub use shelf::{KEPT, STALE_MS, Standing, daily, prune, standing};
pub(crate) use shelf::{keep_standing, name};

use crate::cli::Stop;
use std::path::Path;

fn broken(what: &Path, error: &std::io::Error) -> Stop {
    Stop::file(what, error)
}
