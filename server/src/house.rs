//! Everything a request may need, put together once at the start.

use crate::access::{Access, Cookies, Limits, Transport};
use crate::blobs::Blobs;
use crate::desk::{Desk, Signing};
use crate::events::Streams;
use crate::guard::Quota;
use crate::log::Sqlite;
use crate::site::Site;
use api::{About, DemoAccount};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;

/// Official time, UTC ms. A value, so that tests can let 30 days pass.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
pub fn machine_clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// Sync requests that are worked on at once; more wait a moment and are then told to come again.
const SYNC_TURNS: usize = 32;

/// What whoever starts the server decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// How browsers reach it.
    pub transport: Transport,
    /// A proxy stands in front, so the caller's address is what it says in `X-Forwarded-For`.
    pub proxy: bool,
    /// Name of the union, for the sign-in page.
    pub name: String,
    /// Invented people of the demo; `None` with real data.
    pub demo: Option<Vec<DemoAccount>>,
    /// Whether devices must be enrolled and acts signed; optional in the demo only.
    pub signing: Signing,
}

impl Config {
    /// What the sign-in page may know.
    pub fn about(&self) -> About {
        About { name: self.name.clone(), version: env!("CARGO_PKG_VERSION").into(), demo: self.demo.clone() }
    }
}

/// The house.
pub struct House {
    /// What was decided at the start.
    pub config: Config,
    /// Sync core on the log.
    pub desk: Desk<Sqlite>,
    /// Accounts and sessions.
    pub access: Access,
    /// Limits on guessing passwords.
    pub limits: Limits,
    /// Pictures and files.
    pub blobs: Blobs,
    /// The built screens.
    pub site: Site,
    /// Official time.
    pub clock: Clock,
    /// Open event streams.
    pub streams: Streams,
    /// Limits on pushes.
    pub quota: Quota,
    /// Turns for sync requests.
    pub turns: Arc<Semaphore>,
    /// Its files.
    pub data: Data,
}

/// Files of one server in its data folder.
#[derive(Clone, Debug)]
pub struct Data {
    dir: PathBuf,
}

impl Data {
    /// The folder, made when it is new.
    ///
    /// # Errors
    /// What the file system says.
    pub fn at(dir: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        Ok(Self { dir: dir.to_path_buf() })
    }
    /// The folder itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
    /// The log's database.
    pub fn log(&self) -> PathBuf {
        self.dir.join("log.db")
    }
    /// The key that signs the log's checkpoints.
    pub fn key(&self) -> PathBuf {
        self.dir.join("log.key")
    }
    /// The accounts' database.
    pub fn access(&self) -> PathBuf {
        self.dir.join("access.db")
    }
}

impl House {
    /// Puts the house together.
    pub fn new(
        data: Data,
        config: Config,
        desk: Desk<Sqlite>,
        access: Access,
        blobs: Blobs,
        site: Site,
        clock: Clock,
    ) -> Arc<Self> {
        let (limits, streams, turns) =
            (Limits::default(), Streams::default(), Arc::new(Semaphore::new(SYNC_TURNS)));
        let quota = Quota::default();
        Arc::new(Self { config, desk, access, limits, blobs, site, clock, streams, quota, turns, data })
    }
    /// Official time, UTC ms.
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }
    /// Our cookies.
    pub fn cookies(&self) -> Cookies {
        Cookies(self.config.transport)
    }
}
