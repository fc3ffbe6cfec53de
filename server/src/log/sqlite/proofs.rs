//! The tree and the checkpoint in SQLite. At the start the file must say what its own last checkpoint says;
//! for a file from before proofs the tree is built once.

use super::reads::one_of;
use super::{Answer, Trouble, rows, trouble, tx};
use crate::log::AuditLine;
use crate::log::leaf::{Leaf, What};
use crate::log::place::ORDER;
use crate::log::rules::{FeedHash, NOWHERE, RENEWED, TakeOver};
use crate::log::tree::{self, Edge, Place};
use crate::log::vouch::{Proven, Vouch};
use crate::proof::{Signer, is_signed};
use domain::{DocId, Hash, Scope};
use futures_util::TryStreamExt;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{QueryBuilder, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use sync::{Checkpoint, Proof};

type Conn<'c> = &'c mut SqliteConnection;

/// Things of a file from before proofs that are read at a time.
const READ: i64 = 1_000;

/// Everything that the next checkpoint needs.
pub(super) async fn open(conn: Conn<'_>, signer: Option<Signer>) -> Answer<Vouch> {
    let mut secret = [0u8; 32];
    getrandom::fill(&mut secret).map_err(|_| Trouble::Store("no randomness".into()))?;
    let epoch = meta(conn, "epoch").await?.ok_or(Trouble::Unreadable("epoch"))?;
    name(conn, "origin", &format!("lianxin/{epoch}")).await?;
    name(conn, "secret", &Hash(secret).to_string()).await?;
    sqlx::query("BEGIN").execute(&mut *conn).await.map_err(trouble)?;
    let origin = meta(conn, "origin").await?.ok_or(Trouble::Unreadable("origin"))?;
    let secret = meta(conn, "secret").await?.and_then(|hex| Hash::parse(&hex));
    let secret = secret.ok_or(Trouble::Unreadable("secret"))?.0;
    let mut vouch = Vouch::new(&origin, &epoch, secret, signer);
    let kept = meta(conn, "checkpoint").await?;
    match &kept {
        Some(note) => stand_on(conn, &mut vouch, note).await?,
        None => build(conn, &mut vouch).await?,
    }
    let says = vouch.checkpoint();
    if kept.as_deref() != Some(&says.note()) {
        keep(conn, &says).await?;
    }
    sqlx::query("COMMIT").execute(&mut *conn).await.map_err(trouble)?;
    Ok(vouch)
}

async fn name(conn: Conn<'_>, key: &str, value: &str) -> Answer<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING";
    sqlx::query(sql).bind(key).bind(value).execute(conn).await.map_err(trouble)?;
    Ok(())
}

pub(super) async fn meta(conn: Conn<'_>, key: &str) -> Answer<Option<String>> {
    let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?").bind(key);
    query.fetch_optional(conn).await.map_err(trouble)
}

/// Keeps the newest checkpoint.
pub(super) async fn keep(conn: Conn<'_>, checkpoint: &Checkpoint) -> Answer<()> {
    let sql = "INSERT INTO meta (key, value) VALUES ('checkpoint', ?)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    sqlx::query(sql).bind(checkpoint.note()).execute(conn).await.map_err(trouble)?;
    Ok(())
}

fn torn(what: &str) -> Trouble {
    Trouble::Store(format!("the log is not what its last checkpoint says ({what}); run lianxin verify-log"))
}

/// Takes the edge from the file, if the file says what its checkpoint says. Going on otherwise would sign
/// what somebody put there.
async fn stand_on(conn: Conn<'_>, vouch: &mut Vouch, note: &str) -> Answer<()> {
    let said = Checkpoint::parse(note).ok_or_else(|| torn("checkpoint"))?;
    let key = vouch.signer.as_ref().map(|signer| signer.public().to_vec()).unwrap_or_default();
    if !said.key.is_empty() && (said.key != key || !is_signed(&said)) {
        return Err(torn("log.key"));
    }
    let last = tx::counter(conn, ORDER).await?;
    let nodes = nodes(conn, &tree::edge_of(last)).await?;
    vouch.edge = Edge::of(last, &nodes).ok_or_else(|| torn("tree"))?;
    let sql = "SELECT link FROM audit ORDER BY rowid DESC LIMIT 1";
    let end: Option<Vec<u8>> = sqlx::query_scalar(sql).fetch_optional(&mut *conn).await.map_err(trouble)?;
    let end = end.and_then(|end| end.try_into().ok()).map_or(vouch.audit_end, Hash);
    let lines: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit").fetch_one(&mut *conn).await.map_err(trouble)?;
    (vouch.audit, vouch.audit_end, vouch.at_ms) = (lines as u64, end, said.at_ms);
    let says = vouch.checkpoint();
    let same = |one: &Checkpoint| (one.size, one.root, one.audit, one.audit_end, one.epoch.clone());
    if same(&says) != same(&said) || says.origin != said.origin {
        return Err(torn("size, root, audit or epoch"));
    }
    Ok(())
}

/// Once, for what was there before proofs.
async fn build(conn: Conn<'_>, vouch: &mut Vouch) -> Answer<()> {
    let last = tx::counter(conn, ORDER).await?;
    while vouch.edge.size() < last {
        let from = vouch.edge.size();
        let mut leaves = leaves(conn, vouch, from).await?;
        leaves.sort_unstable_by_key(|(n, _)| *n);
        let mut nodes = Vec::with_capacity(2 * leaves.len());
        for (n, leaf) in leaves {
            if n != vouch.edge.size() + 1 {
                return Err(Trouble::Store(format!("the log has a hole before {n}")));
            }
            vouch.grow(leaf, &mut nodes);
        }
        if vouch.edge.size() == from {
            return Err(Trouble::Store(format!("the log has a hole behind {from}")));
        }
        tx::put_nodes(conn, &nodes).await?;
    }
    chain(conn, vouch).await
}

/// The next leaves after a place, in no order.
async fn leaves(conn: Conn<'_>, vouch: &Vouch, after: u64) -> Answer<Vec<(u64, Hash)>> {
    let until = rows::int(after) + READ;
    let sql = "SELECT n, doc, person, device, received_ms, bytes FROM changes WHERE n > ? AND n <= ?";
    let changes = sqlx::query(sql).bind(rows::int(after)).bind(until);
    let mut out = Vec::new();
    for row in changes.fetch_all(&mut *conn).await.map_err(trouble)? {
        out.push(leaf(&row, What::Change(rows::bytes(&row, "bytes")?), &vouch.secret)?);
    }
    let sql = "SELECT n, doc, person, device, received_ms, narrow, entry, series FROM acts
               WHERE n > ? AND n <= ?";
    let acts = sqlx::query(sql).bind(rows::int(after)).bind(until);
    for row in acts.fetch_all(&mut *conn).await.map_err(trouble)? {
        let narrow = match rows::place(&row, "narrow")? {
            0 => None,
            _ => Some(scopes(conn, rows::id(&row, "doc")?, rows::place(&row, "n")?).await?),
        };
        let (entry, narrow) = (rows::bytes(&row, "entry")?, narrow.as_ref());
        let series: Option<&str> = sqlx::Row::try_get(&row, "series").map_err(trouble)?;
        out.push(leaf(&row, What::Act { entry, narrow, series }, &vouch.secret)?);
    }
    let sql = "SELECT n, doc, person, device, received_ms FROM renewals WHERE n > ? AND n <= ?";
    let renewals = sqlx::query(sql).bind(rows::int(after)).bind(until);
    for row in renewals.fetch_all(conn).await.map_err(trouble)? {
        out.push(leaf(&row, What::Renewal, &vouch.secret)?);
    }
    Ok(out)
}

fn leaf(row: &SqliteRow, what: What<'_>, secret: &[u8; 32]) -> Answer<(u64, Hash)> {
    let (n, device) = (rows::place(row, "n")?, rows::text(row, "device")?);
    let (doc, person) = (rows::id(row, "doc")?, rows::id(row, "person")?);
    let received_ms = sqlx::Row::try_get(row, "received_ms").map_err(trouble)?;
    let leaf = Leaf { n, first: 0, doc, person, device: &device, received_ms, what };
    Ok((n, leaf.hash(secret)))
}

async fn scopes(conn: Conn<'_>, doc: DocId, n: u64) -> Answer<BTreeSet<Scope>> {
    let sql = "SELECT scope FROM narrow_acts WHERE doc = ? AND n = ?";
    let query = sqlx::query_scalar(sql).bind(&doc.0[..]).bind(rows::int(n));
    let found: Vec<String> = query.fetch_all(conn).await.map_err(trouble)?;
    Ok(found.into_iter().map(Scope).collect())
}

async fn chain(conn: Conn<'_>, vouch: &mut Vouch) -> Answer<()> {
    let sql = "SELECT rowid, at_ms, person, device, doc, code FROM audit ORDER BY rowid";
    for row in sqlx::query(sql).fetch_all(&mut *conn).await.map_err(trouble)? {
        let rowid: i64 = sqlx::Row::try_get(&row, "rowid").map_err(trouble)?;
        let link = vouch.note(&audit_line(&row)?);
        let query = sqlx::query("UPDATE audit SET link = ? WHERE rowid = ?").bind(&link.0[..]).bind(rowid);
        query.execute(&mut *conn).await.map_err(trouble)?;
    }
    Ok(())
}

pub(crate) fn audit_line(row: &SqliteRow) -> Answer<AuditLine> {
    let at_ms = sqlx::Row::try_get(row, "at_ms").map_err(trouble)?;
    let (person, doc) = (rows::id(row, "person")?, rows::id(row, "doc")?);
    let (device, code) = (rows::text(row, "device")?, rows::text(row, "code")?);
    Ok(AuditLine { at_ms, person, device, doc, code })
}

/// The rules that took over last.
pub(crate) async fn take_over(conn: Conn<'_>) -> Answer<Option<TakeOver>> {
    let sql = "SELECT code FROM audit WHERE doc = ? AND substr(code, 1, ?) = ? ORDER BY rowid DESC LIMIT 1";
    let query = sqlx::query_scalar(sql).bind(&NOWHERE.0[..]).bind(RENEWED.len() as i64).bind(RENEWED);
    let code: Option<String> = query.fetch_optional(conn).await.map_err(trouble)?;
    Ok(code.and_then(|code| TakeOver::of(&code)))
}

/// Hash of the feed that was put aside when they did.
pub(crate) async fn base_hash(conn: Conn<'_>) -> Answer<Hash> {
    let sql = "SELECT scope, doc, n, first_n, entered, here FROM feed_base ORDER BY scope, doc";
    let mut lines = sqlx::query(sql).fetch(conn);
    let mut hash = FeedHash::default();
    while let Some(row) = lines.try_next().await.map_err(trouble)? {
        hash.take(&rows::feed(&row)?);
    }
    Ok(hash.end())
}

async fn nodes(conn: Conn<'_>, places: &[Place]) -> Answer<BTreeMap<i64, Hash>> {
    if places.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = QueryBuilder::<Sqlite>::new("SELECT key, hash FROM tree WHERE key IN (");
    one_of(&mut query, places.iter().map(|place| place.key()));
    let found = query.build().fetch_all(conn).await.map_err(trouble)?;
    let pair =
        |row: &SqliteRow| Ok((sqlx::Row::try_get(row, "key").map_err(trouble)?, rows::hash(row, "hash")?));
    found.iter().map(pair).collect()
}

/// The newest checkpoint with the way to it from an earlier size.
pub(super) async fn prove(conn: Conn<'_>, from: u64) -> Answer<Option<Proven>> {
    let note = meta(conn, "checkpoint").await?.ok_or(Trouble::Unreadable("checkpoint"))?;
    let checkpoint = Checkpoint::parse(&note).ok_or(Trouble::Unreadable("checkpoint"))?;
    if from > checkpoint.size {
        return Ok(None);
    }
    let nodes = nodes(conn, &tree::nodes_for(from, checkpoint.size)).await?;
    let (root_then, path) = tree::prove(from, checkpoint.size, &nodes).ok_or(Trouble::Unreadable("tree"))?;
    Ok(Some(Proven { root_then, proof: Proof { from, checkpoint, path } }))
}
