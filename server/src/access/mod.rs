//! Who may come in: passwords, sessions, limits on guessing. A database of its own beside the log.
//! It knows persons by id only; names and posts are the log's business.

mod accounts;
mod codes;
mod cookie;
mod hash;
mod limit;
mod rotation;
mod secret;
mod sessions;
mod shares;

pub use accounts::normal_no;
pub use codes::CODE_MS;
pub use cookie::{Cookies, Transport};
pub use hash::{Busy, Hasher};
pub use limit::{Limits, Place};
pub use rotation::ROTATE_MS;
pub use secret::{Digest, Secret};
pub use sessions::{ABSOLUTE_MS, SLIDING_MS, Session};
pub use shares::{Asked, Holder, SHARE_TRIES};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlitePool};
use std::path::Path;
use std::time::Duration;
use tokio::sync::broadcast;

/// Database steps in order; `PRAGMA user_version` counts those done. Each must work while the program
/// before it still runs.
const MIGRATIONS: [&str; 4] = [
    include_str!("../../migrations/access/0001_accounts.sql"),
    include_str!("../../migrations/access/0003_rotation.sql"),
    include_str!("../../migrations/access/0004_devices.sql"),
    include_str!("../../migrations/access/0005_shares.sql"),
];

/// Why nothing could be said about a password.
#[derive(Debug)]
pub enum Failed {
    /// Too many are waiting for a comparison.
    Busy,
    /// The database does not work.
    Database(sqlx::Error),
}
impl From<Busy> for Failed {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}
impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// The database of accounts and sessions.
#[derive(Clone)]
pub struct Access {
    pool: SqlitePool,
    hasher: std::sync::Arc<Hasher>,
    ended: broadcast::Sender<Digest>,
}

impl Access {
    /// Opens (and makes or upgrades) the database at `path`.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn open(path: &Path) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        migrate(&pool).await?;
        Ok(Self { pool, hasher: std::sync::Arc::default(), ended: broadcast::channel(256).0 })
    }

    /// Password comparisons since the start: what sign-in costs is counted, not timed.
    pub fn comparisons(&self) -> usize {
        self.hasher.done()
    }

    /// Hears of each session that ends before its time.
    pub fn ended(&self) -> broadcast::Receiver<Digest> {
        self.ended.subscribe()
    }

    /// Writes everything down and closes.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn migrate(pool: &SqlitePool) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let done: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *tx).await?;
    for step in MIGRATIONS.iter().skip(usize::try_from(done).unwrap_or_default()) {
        sqlx::raw_sql(*step).execute(&mut *tx).await?;
    }
    // A pragma takes no parameters; the number is our own.
    let version = format!("PRAGMA user_version = {}", MIGRATIONS.len());
    sqlx::raw_sql(sqlx::AssertSqlSafe(version)).execute(&mut *tx).await?;
    tx.commit().await
}
