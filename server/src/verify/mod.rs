//! `lianxin verify-log`: does the database still say what was accepted? Walks everything from the raw changes
//! and receipts up: leaves, tree, signed checkpoint, audit chain, then every document's values, rows, feeds and
//! people. Reads one moment of the file, also beside a running server, and changes nothing.
//!
//! What it can find without anything from outside is every change that is not re-signed with the server's own
//! key. Who has that key can sign another history; a checkpoint that a phone exported tells on him.

mod audit;
mod docs;
mod file;
mod replay;
mod report;
mod tree;

pub use report::{Finding, Report};

use crate::log::Kinds;
use crate::log::sqlite::{connect_to_read, trouble};
use crate::proof::Signer;
use sqlx::SqliteConnection;
use std::path::Path;
use sync::Checkpoint;

/// What is compared.
pub struct Wanted<'a> {
    /// The database.
    pub log: &'a Path,
    /// Public key that must have signed; `None`: an unsigned log (tests).
    pub key: Option<[u8; 32]>,
    /// Checkpoints from elsewhere: exported by phones, kept in a safe.
    pub seen: &'a [Checkpoint],
    /// THE LIST.
    pub kinds: Kinds,
}

impl<'a> Wanted<'a> {
    /// The log under this key, with the kinds of this program.
    pub fn new(log: &'a Path, signer: Option<&Signer>, seen: &'a [Checkpoint]) -> Self {
        Self { log, key: signer.map(Signer::public), seen, kinds: domain::modules::kinds }
    }
}

/// Verifies; what cannot even be read is a finding, not an error.
pub async fn verify(wanted: &Wanted<'_>) -> Report {
    let mut report = Report::default();
    match connect_to_read(wanted.log).await {
        Ok(mut conn) => {
            if let Err(why) = walk(&mut conn, wanted, &mut report).await {
                report.add(Finding::unreadable(&why));
            }
            let _ = sqlx::Connection::close(conn).await;
        }
        Err(why) => report.add(Finding::unreadable(&why)),
    }
    report
}

async fn walk(
    conn: &mut SqliteConnection,
    wanted: &Wanted<'_>,
    report: &mut Report,
) -> Result<(), crate::log::Trouble> {
    sqlx::query("BEGIN").execute(&mut *conn).await.map_err(trouble)?;
    file::check(conn, report).await?;
    let Some(said) = file::said(conn, wanted, report).await? else { return Ok(()) };
    let audit = audit::check(conn, &said, wanted, report).await;
    report.part(audit);
    let tree = tree::check(conn, &said, wanted, report).await;
    report.part(tree);
    let docs = docs::check(conn, wanted, report).await;
    report.part(docs);
    report.checkpoint = Some(said.checkpoint);
    Ok(())
}
