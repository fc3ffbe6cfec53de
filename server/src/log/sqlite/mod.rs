//! The log in SQLite: one writer with group commit, a pool of readers. WAL with `synchronous=FULL`, asserted
//! at start: an acknowledged write survives a power cut.

pub(crate) mod migrate;
mod proofs;
mod reads;
pub(crate) mod rows;
mod tx;
mod writer;

use super::{
    Answer, AuditLine, Batch, Change, Copy, Everybody, Log, News, NotPlaced, Parcel, Placed, Proven, Reading,
    Stored, Trouble,
};
use crate::gate::Actor;
use crate::log::place::ORDER;
use crate::proof::Signer;
use domain::{ActId, DocId, Entry, Hash, Scope};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use writer::{Job, Writer};

pub(crate) use proofs::{audit_line, base_hash, take_over};
pub(crate) use reads::one_of;

/// Reading connections; each costs a thread and its page cache.
const READERS: u32 = 4;
/// Prepared statements kept on each connection.
const STATEMENTS: usize = 200;

/// A log in a SQLite file.
pub struct Sqlite {
    readers: SqlitePool,
    writer: Writer,
}

impl Sqlite {
    /// Opens or makes the file and brings its tables up to date. Checkpoints are not signed.
    ///
    /// # Errors
    /// As [`Sqlite::open_signed`].
    pub async fn open(path: &Path) -> Answer<Self> {
        Self::open_as(path, None).await
    }

    /// The same; every commit is vouched for with this key.
    ///
    /// # Errors
    /// When the file is not ours, is newer than this program, cannot be made as safe as promised, or does not
    /// say what its own last checkpoint says.
    pub async fn open_signed(path: &Path, signer: Signer) -> Answer<Self> {
        Self::open_as(path, Some(signer)).await
    }

    async fn open_as(path: &Path, signer: Option<Signer>) -> Answer<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .statement_cache_capacity(STATEMENTS)
            .busy_timeout(Duration::from_secs(10))
            .disable_statement_logging();
        let mut writer = options.connect().await.map_err(trouble)?;
        assert_safe(&mut writer).await?;
        migrate::run(&mut writer).await?;
        name_history(&mut writer).await?;
        let vouch = proofs::open(&mut writer, signer).await?;
        let pool = SqlitePoolOptions::new().max_connections(READERS);
        let readers = pool.connect_with(options.pragma("query_only", "ON")).await.map_err(trouble)?;
        Ok(Self { readers, writer: Writer::start(writer, vouch) })
    }

    /// Comes back when the writer has stopped after a failed write. The process must end then.
    pub async fn stopped(&self) {
        self.writer.stopped().await;
    }

    /// Writes what waits, moves the write-ahead log into the file and closes it.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A connection that cannot write, also beside a running server.
pub(crate) async fn connect_to_read(path: &Path) -> Answer<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging();
    options.connect().await.map_err(trouble)
}

/// Pragmas can silently not take (another program holds the file, a network disk): look, do not trust.
async fn assert_safe(conn: &mut SqliteConnection) -> Answer<()> {
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *conn).await.map_err(trouble)?;
    let sync: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *conn).await.map_err(trouble)?;
    let keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *conn).await.map_err(trouble)?;
    if mode == "wal" && sync >= 2 && keys == 1 {
        return Ok(());
    }
    Err(Trouble::Store(format!("not safe: journal_mode={mode} synchronous={sync} foreign_keys={keys}")))
}

/// A new log gets a random name for its history.
async fn name_history(conn: &mut SqliteConnection) -> Answer<()> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|_| Trouble::Store("no randomness".into()))?;
    let epoch = DocId::from_random(random).to_string();
    let sql = "INSERT INTO meta (key, value) VALUES ('epoch', ?) ON CONFLICT (key) DO NOTHING";
    sqlx::query(sql).bind(epoch).execute(conn).await.map_err(trouble)?;
    Ok(())
}

/// The database's error as ours. SQLite's words name tables and columns, never values.
pub(crate) fn trouble(error: sqlx::Error) -> Trouble {
    const FULL: &str = "13";
    match &error {
        sqlx::Error::Database(inner) if inner.code().as_deref() == Some(FULL) => Trouble::Full,
        sqlx::Error::Database(inner) => {
            Trouble::Store(format!("sqlite {}: {}", inner.code().unwrap_or_default(), inner.message()))
        }
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Trouble::Unreadable("column"),
        _ => Trouble::Store(error.to_string()),
    }
}

impl Log for Sqlite {
    async fn epoch(&self) -> Answer<String> {
        let sql = "SELECT value FROM meta WHERE key = 'epoch'";
        sqlx::query_scalar(sql).fetch_one(&self.readers).await.map_err(trouble)
    }
    async fn renew_epoch(&self, epoch: String) -> Answer<()> {
        self.writer.ask(|reply| Job::Epoch(epoch, reply)).await?
    }
    async fn everybody(&self) -> Answer<Everybody> {
        reads::everybody(&self.readers).await
    }
    async fn heads(&self) -> Answer<Vec<(Scope, u64)>> {
        reads::heads(&self.readers).await
    }
    async fn last(&self) -> Answer<u64> {
        let mut conn = self.readers.acquire().await.map_err(trouble)?;
        tx::counter(&mut conn, ORDER).await
    }
    async fn prove(&self, from: u64) -> Answer<Option<Proven>> {
        let mut tx = self.readers.begin().await.map_err(trouble)?;
        proofs::prove(&mut tx, from).await
    }

    async fn load(&self, doc: DocId) -> Answer<Option<Stored>> {
        reads::load(&self.readers, doc).await
    }
    async fn known(&self, docs: &[DocId]) -> Answer<BTreeSet<DocId>> {
        let mut conn = self.readers.acquire().await.map_err(trouble)?;
        Ok(tx::stand(&mut conn, docs).await?.into_keys().collect())
    }
    async fn own_narrow(&self, doc: DocId, by: &[DocId]) -> Answer<Vec<Entry>> {
        reads::own_narrow(&self.readers, doc, by).await
    }
    async fn find_change(&self, hash: Hash) -> Answer<Option<DocId>> {
        reads::find_change(&self.readers, hash).await
    }
    async fn find_act(&self, id: ActId) -> Answer<Option<Entry>> {
        reads::find_act(&self.readers, id).await
    }
    async fn actor(&self, doc: DocId, actor: Actor) -> Answer<Option<DocId>> {
        reads::actor(&self.readers, doc, actor).await
    }
    async fn changes_since(&self, doc: DocId, n: u64) -> Answer<Vec<Change>> {
        let mut conn = self.readers.acquire().await.map_err(trouble)?;
        reads::changes_since(&mut conn, doc, n).await
    }

    async fn page(&self, after: Option<DocId>, limit: usize) -> Answer<Vec<Stored>> {
        let mut tx = self.readers.begin().await.map_err(trouble)?;
        reads::page(&mut tx, after, limit).await
    }
    async fn rules(&self) -> Answer<String> {
        let mut conn = self.readers.acquire().await.map_err(trouble)?;
        Ok(proofs::take_over(&mut conn).await?.map(|found| found.rules).unwrap_or_default())
    }
    async fn take_over(&self, rules: String, at_ms: i64) -> Answer<()> {
        self.writer.ask(|reply| Job::TakeOver(rules, at_ms, reply)).await?
    }

    async fn bodies(&self, after: Option<DocId>, limit: usize) -> Answer<Vec<(DocId, domain::Values)>> {
        reads::bodies(&self.readers, after, limit).await
    }

    async fn feed(&self, from: &[(Scope, u64)]) -> Answer<Vec<News>> {
        let mut tx = self.readers.begin().await.map_err(trouble)?;
        reads::feed(&mut tx, from).await
    }
    async fn read(&self, docs: &[DocId], reading: &Reading) -> Answer<Vec<Option<Copy>>> {
        let mut tx = self.readers.begin().await.map_err(trouble)?;
        let mut copies = Vec::with_capacity(docs.len());
        for doc in docs {
            copies.push(reads::read(&mut tx, *doc, reading).await?);
        }
        Ok(copies)
    }

    async fn append(&self, batch: Batch) -> Result<Placed, NotPlaced> {
        self.writer.ask(|reply| Job::Append(Box::new(batch), reply)).await?
    }
    async fn set_aside(&self, parcel: Parcel) -> Answer<()> {
        self.writer.ask(|reply| Job::SetAside(Box::new(parcel), reply)).await?
    }
    async fn parcels(&self, device: DocId) -> Answer<Vec<Parcel>> {
        reads::parcels(&self.readers, device).await
    }
    async fn settle_parcel(&self, id: Hash, adopted: bool) -> Answer<()> {
        self.writer.ask(|reply| Job::SettleParcel(id, adopted, reply)).await?
    }
    async fn audit(&self, lines: Vec<AuditLine>) -> Answer<()> {
        self.writer.ask(|reply| Job::Audit(lines, reply)).await?
    }
    async fn audit_once(&self, lines: Vec<AuditLine>, since_ms: i64) -> Answer<()> {
        self.writer.ask(|reply| Job::AuditOnce(lines, since_ms, reply)).await?
    }
    async fn recovery_key(&self) -> Answer<Option<Vec<u8>>> {
        let sql = "SELECT key FROM recovery_key";
        sqlx::query_scalar(sql).fetch_optional(&self.readers).await.map_err(trouble)
    }
    async fn put_recovery_key(&self, key: Vec<u8>) -> Answer<()> {
        self.writer.ask(|reply| Job::RecoveryKey(key, reply)).await?
    }
    async fn audit_between(&self, from_ms: i64, until_ms: i64, limit: u32) -> Answer<Vec<AuditLine>> {
        reads::audit_between(&self.readers, from_ms, until_ms, limit).await
    }
    async fn audit_tail(&self, limit: u32) -> Answer<Vec<AuditLine>> {
        reads::audit_tail(&self.readers, limit).await
    }
}
