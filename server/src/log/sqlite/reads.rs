//! The questions that only read.

use super::rows;
use super::{Answer, trouble};
use crate::gate::Actor;
use crate::log::feed::{FeedRow, Standing};
use crate::log::reading::{Part, smaller};
use crate::log::{AuditLine, Body, Change, Copy, Everybody, News, Parcel, Reading, Stored};
use domain::{ActId, DocId, Entry, Hash, Scope};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{QueryBuilder, SqliteConnection, SqlitePool};
use std::collections::{BTreeMap, BTreeSet};

type Conn<'c> = &'c mut SqliteConnection;

pub(super) async fn everybody(pool: &SqlitePool) -> Answer<Everybody> {
    let people = sqlx::query("SELECT who FROM people").fetch_all(pool).await.map_err(trouble)?;
    let aliases = sqlx::query("SELECT alias, person FROM aliases").fetch_all(pool).await.map_err(trouble)?;
    let devices = sqlx::query("SELECT device FROM devices").fetch_all(pool).await.map_err(trouble)?;
    let pair = |row: &SqliteRow| Ok((rows::id(row, "alias")?, rows::id(row, "person")?));
    Ok(Everybody {
        people: people.iter().map(|row| rows::cbor(row, "who")).collect::<Answer<_>>()?,
        aliases: aliases.iter().map(pair).collect::<Answer<_>>()?,
        devices: devices.iter().map(|row| rows::cbor(row, "device")).collect::<Answer<_>>()?,
    })
}

pub(super) async fn parcels(pool: &SqlitePool, device: DocId) -> Answer<Vec<Parcel>> {
    let sql = "SELECT parcel FROM parcels WHERE device = ? AND settled IS NULL ORDER BY at_ms, id";
    let query = sqlx::query(sql).bind(&device.0[..]);
    let found = query.fetch_all(pool).await.map_err(trouble)?;
    found.iter().map(|row| rows::cbor(row, "parcel")).collect()
}

pub(super) async fn heads(pool: &SqlitePool) -> Answer<Vec<(Scope, u64)>> {
    let sql = "SELECT scope, max(n) AS n FROM feed GROUP BY scope";
    let found = sqlx::query(sql).fetch_all(pool).await.map_err(trouble)?;
    found.iter().map(|row| Ok((Scope(rows::text(row, "scope")?), rows::place(row, "n")?))).collect()
}

pub(super) async fn load(pool: &SqlitePool, doc: DocId) -> Answer<Option<Stored>> {
    let mut tx = pool.begin().await.map_err(trouble)?;
    let sql = "SELECT id, kind, owner, unit, born_ms, n, line, heads, body, snapshot FROM docs WHERE id = ?";
    let Some(row) = sqlx::query(sql).bind(&doc.0[..]).fetch_optional(&mut *tx).await.map_err(trouble)? else {
        return Ok(None);
    };
    let scopes = "SELECT scope FROM feed WHERE doc = ? AND here = 1";
    let scopes: Vec<String> =
        sqlx::query_scalar(scopes).bind(&doc.0[..]).fetch_all(&mut *tx).await.map_err(trouble)?;
    let acts = wide_acts(&mut tx, doc, 0).await?;
    Ok(Some(Stored { acts, scopes: scopes.into_iter().map(Scope).collect(), ..bare(&row)? }))
}

/// A document without its acts and scopes.
fn bare(row: &SqliteRow) -> Answer<Stored> {
    Ok(Stored {
        meta: rows::meta(row)?,
        n: rows::place(row, "n")?,
        values: rows::cbor(row, "body")?,
        heads: rows::hashes(row, "heads")?,
        snapshot: rows::bytes(row, "snapshot")?.to_vec(),
        acts: vec![],
        row: rows::line(row)?,
        scopes: BTreeSet::new(),
    })
}

/// Documents behind this one, read in one stretch.
pub(super) async fn page(conn: Conn<'_>, after: Option<DocId>, limit: usize) -> Answer<Vec<Stored>> {
    let after = after.map_or(vec![], |doc| doc.0.to_vec());
    let sql = "SELECT id, kind, owner, unit, born_ms, n, line, heads, body, snapshot FROM docs
               WHERE id > ? ORDER BY id LIMIT ?";
    let query = sqlx::query(sql).bind(&after).bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let found = query.fetch_all(&mut *conn).await.map_err(trouble)?;
    let page = found.iter().map(|row| Ok((rows::id(row, "id")?, bare(row)?)));
    let mut page = page.collect::<Answer<BTreeMap<DocId, Stored>>>()?;
    let Some(last) = page.keys().next_back().copied() else { return Ok(vec![]) };
    let sql = "SELECT doc, entry FROM acts WHERE doc > ? AND doc <= ? AND narrow = 0 ORDER BY doc, n";
    let query = sqlx::query(sql).bind(&after).bind(&last.0[..]);
    for row in query.fetch_all(&mut *conn).await.map_err(trouble)? {
        let entry = rows::entry(&row)?;
        page.entry(rows::id(&row, "doc")?).and_modify(|stored| stored.acts.push(entry));
    }
    let sql = "SELECT doc, scope FROM feed WHERE doc > ? AND doc <= ? AND here = 1";
    let query = sqlx::query(sql).bind(&after).bind(&last.0[..]);
    for row in query.fetch_all(&mut *conn).await.map_err(trouble)? {
        let scope = Scope(rows::text(&row, "scope")?);
        page.entry(rows::id(&row, "doc")?).and_modify(|stored| stored.scopes.extend([scope]));
    }
    Ok(page.into_values().collect())
}

async fn wide_acts(conn: Conn<'_>, doc: DocId, after: u64) -> Answer<Vec<Entry>> {
    let sql = "SELECT entry FROM acts WHERE doc = ? AND narrow = 0 AND n > ? ORDER BY n";
    let query = sqlx::query(sql).bind(&doc.0[..]).bind(rows::int(after));
    query.fetch_all(conn).await.map_err(trouble)?.iter().map(rows::entry).collect()
}

pub(super) async fn own_narrow(pool: &SqlitePool, doc: DocId, by: &[DocId]) -> Answer<Vec<Entry>> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT entry FROM acts WHERE narrow = 1 AND doc = ");
    query.push_bind(doc.0.to_vec()).push(" AND actor IN (");
    one_of(&mut query, by.iter().map(|id| id.0.to_vec()));
    query.push(" ORDER BY n");
    query.build().fetch_all(pool).await.map_err(trouble)?.iter().map(rows::entry).collect()
}

/// Writes `?, ?, …)`.
pub(crate) fn one_of<T>(query: &mut QueryBuilder<Sqlite>, values: impl Iterator<Item = T>)
where
    T: sqlx::Encode<'static, Sqlite> + sqlx::Type<Sqlite>,
{
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

pub(super) async fn find_change(pool: &SqlitePool, hash: Hash) -> Answer<Option<DocId>> {
    let query = sqlx::query("SELECT doc FROM changes WHERE hash = ?").bind(&hash.0[..]);
    query.fetch_optional(pool).await.map_err(trouble)?.map(|row| rows::id(&row, "doc")).transpose()
}

pub(super) async fn find_act(pool: &SqlitePool, id: ActId) -> Answer<Option<Entry>> {
    let query = sqlx::query("SELECT entry FROM acts WHERE id = ?").bind(&id.0[..]);
    query.fetch_optional(pool).await.map_err(trouble)?.map(|row| rows::entry(&row)).transpose()
}

pub(super) async fn actor(pool: &SqlitePool, doc: DocId, actor: Actor) -> Answer<Option<DocId>> {
    let sql = "SELECT person FROM actors WHERE doc = ? AND actor = ?";
    let query = sqlx::query(sql).bind(&doc.0[..]).bind(&actor[..]);
    query.fetch_optional(pool).await.map_err(trouble)?.map(|row| rows::id(&row, "person")).transpose()
}

pub(super) async fn changes_since(conn: Conn<'_>, doc: DocId, n: u64) -> Answer<Vec<Change>> {
    let sql = "SELECT n, hash, bytes FROM changes WHERE doc = ? AND n > ? ORDER BY n";
    let found =
        sqlx::query(sql).bind(&doc.0[..]).bind(rows::int(n)).fetch_all(conn).await.map_err(trouble)?;
    let change = |row: &SqliteRow| {
        let (n, hash) = (rows::place(row, "n")?, rows::hash(row, "hash")?);
        Ok(Change { n, hash, bytes: rows::bytes(row, "bytes")?.to_vec() })
    };
    found.iter().map(change).collect()
}

pub(super) async fn audit_between(
    pool: &SqlitePool,
    from_ms: i64,
    until_ms: i64,
    limit: u32,
) -> Answer<Vec<AuditLine>> {
    let sql = "SELECT at_ms, person, device, doc, code FROM audit WHERE at_ms >= ? AND at_ms < ?
               ORDER BY rowid DESC LIMIT ?";
    let query = sqlx::query(sql).bind(from_ms).bind(until_ms).bind(limit);
    let found = query.fetch_all(pool).await.map_err(trouble)?;
    found.iter().map(super::proofs::audit_line).collect()
}

pub(super) async fn bodies(
    pool: &SqlitePool,
    after: Option<DocId>,
    limit: usize,
) -> Answer<Vec<(DocId, domain::Values)>> {
    let sql = "SELECT id, body FROM docs WHERE id > ? ORDER BY id LIMIT ?";
    let after = after.map_or(vec![], |doc| doc.0.to_vec());
    let query = sqlx::query(sql).bind(after).bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let found = query.fetch_all(pool).await.map_err(trouble)?;
    found.iter().map(|row| Ok((rows::id(row, "id")?, rows::cbor(row, "body")?))).collect()
}

pub(super) async fn audit_tail(pool: &SqlitePool, limit: u32) -> Answer<Vec<AuditLine>> {
    let sql = "SELECT at_ms, person, device, doc, code FROM audit ORDER BY rowid DESC LIMIT ?";
    let found = sqlx::query(sql).bind(limit).fetch_all(pool).await.map_err(trouble)?;
    found.iter().map(super::proofs::audit_line).collect()
}

pub(super) async fn feed(conn: Conn<'_>, from: &[(Scope, u64)]) -> Answer<Vec<News>> {
    let sql = "SELECT scope, doc, n, first_n, entered, here FROM feed WHERE scope = ? AND n > ?";
    let mut news = Vec::new();
    for (scope, cursor) in from {
        let query = sqlx::query(sql).bind(&scope.0).bind(rows::int(*cursor));
        for row in query.fetch_all(&mut *conn).await.map_err(trouble)? {
            let row = rows::feed(&row)?;
            let next = match row.needs_history(*cursor) {
                true => next_after(conn, row.doc, scope, *cursor).await?,
                false => None,
            };
            let born = match row.needs_birth(*cursor) {
                true => born(conn, row.doc).await?,
                false => None,
            };
            news.push(News::of(row, *cursor, next, born));
        }
    }
    Ok(news)
}

/// The first thing after `n` that happened to the document in this scope.
async fn next_after(conn: Conn<'_>, doc: DocId, scope: &Scope, n: u64) -> Answer<Option<u64>> {
    let sql = "SELECT min(n) FROM (
        SELECT min(n) AS n FROM changes WHERE doc = ?1 AND n > ?2
        UNION ALL SELECT min(n) FROM acts WHERE doc = ?1 AND narrow = 0 AND n > ?2
        UNION ALL SELECT min(n) FROM renewals WHERE doc = ?1 AND n > ?2
        UNION ALL SELECT min(n) FROM narrow_acts WHERE doc = ?1 AND scope = ?3 AND n > ?2)";
    let query = sqlx::query_scalar(sql).bind(&doc.0[..]).bind(rows::int(n)).bind(&scope.0);
    let next: Option<i64> = query.fetch_one(conn).await.map_err(trouble)?;
    Ok(next.and_then(|n| u64::try_from(n).ok()))
}

/// Where the document begins.
async fn born(conn: Conn<'_>, doc: DocId) -> Answer<Option<u64>> {
    let query = sqlx::query_scalar("SELECT min(n) FROM changes WHERE doc = ?").bind(&doc.0[..]);
    let born: Option<i64> = query.fetch_one(conn).await.map_err(trouble)?;
    Ok(born.and_then(|n| u64::try_from(n).ok()))
}

pub(super) async fn read(conn: Conn<'_>, doc: DocId, reading: &Reading) -> Answer<Option<Copy>> {
    let standing = Standing::of(&lines(conn, doc, &reading.cursors).await?, &reading.cursors);
    let sql = "SELECT kind, line FROM docs WHERE id = ?";
    let row = sqlx::query(sql).bind(&doc.0[..]).fetch_optional(&mut *conn).await.map_err(trouble)?;
    let Some(row) = row.filter(|_| !standing.scopes.is_empty()) else { return Ok(None) };
    let kind = rows::text(&row, "kind")?;
    let part = reading.part(doc, &kind, &standing);
    Ok(Some(Copy {
        id: doc,
        kind,
        row: rows::line(&row)?,
        body: body(conn, doc, part, &reading.has).await?,
        acts: visible(conn, doc, part, &standing, &reading.cursors).await?,
        scopes: standing.scopes,
    }))
}

/// The document's lines in the scopes that the caller holds.
async fn lines(conn: Conn<'_>, doc: DocId, held: &BTreeMap<Scope, u64>) -> Answer<Vec<FeedRow>> {
    let sql = "SELECT scope, doc, n, first_n, entered, here FROM feed WHERE doc = ";
    let mut query = QueryBuilder::<Sqlite>::new(sql);
    query.push_bind(doc.0.to_vec()).push(" AND scope IN (");
    one_of(&mut query, held.keys().map(|scope| scope.0.clone()));
    query.build().fetch_all(conn).await.map_err(trouble)?.iter().map(rows::feed).collect()
}

async fn body(conn: Conn<'_>, doc: DocId, part: Part, has: &BTreeSet<Hash>) -> Answer<Body> {
    let Part::After(n) = part else {
        return if part == Part::Row { Ok(Body::None) } else { snapshot(conn, doc).await };
    };
    let changes = changes_since(conn, doc, n).await?;
    let delta: Vec<Vec<u8>> =
        changes.into_iter().filter(|change| !has.contains(&change.hash)).map(|change| change.bytes).collect();
    if delta.is_empty() {
        return Ok(Body::None);
    }
    let sql = "SELECT length(snapshot) FROM docs WHERE id = ?";
    let length: i64 =
        sqlx::query_scalar(sql).bind(&doc.0[..]).fetch_one(&mut *conn).await.map_err(trouble)?;
    match smaller(delta, usize::try_from(length).unwrap_or(usize::MAX)) {
        Some(delta) => Ok(delta),
        None => snapshot(conn, doc).await,
    }
}

async fn snapshot(conn: Conn<'_>, doc: DocId) -> Answer<Body> {
    let query = sqlx::query_scalar("SELECT snapshot FROM docs WHERE id = ?").bind(&doc.0[..]);
    let bytes: Vec<u8> = query.fetch_one(&mut *conn).await.map_err(trouble)?;
    if !bytes.is_empty() {
        return Ok(Body::Snapshot(bytes));
    }
    // Sealed: there is nothing but the envelopes.
    let changes = changes_since(conn, doc, 0).await?;
    Ok(Body::Delta(changes.into_iter().map(|change| change.bytes).collect()))
}

/// Wide acts, and the narrow ones that go to a scope the caller holds.
async fn visible(
    conn: Conn<'_>,
    doc: DocId,
    part: Part,
    standing: &Standing,
    held: &BTreeMap<Scope, u64>,
) -> Answer<Vec<Entry>> {
    let Some((wide, narrow)) = part.acts_after(standing) else { return Ok(vec![]) };
    let mut acts = wide_acts(conn, doc, wide).await?;
    if narrow < u64::MAX {
        acts.extend(narrow_acts(conn, doc, narrow, held).await?);
        acts.sort_by_key(|entry| entry.receipt.as_ref().map(|receipt| receipt.n));
    }
    Ok(acts)
}

async fn narrow_acts(
    conn: Conn<'_>,
    doc: DocId,
    after: u64,
    held: &BTreeMap<Scope, u64>,
) -> Answer<Vec<Entry>> {
    let sql = "SELECT entry FROM acts WHERE n IN (SELECT n FROM narrow_acts WHERE doc = ";
    let mut query = QueryBuilder::<Sqlite>::new(sql);
    query.push_bind(doc.0.to_vec()).push(" AND n > ").push_bind(rows::int(after)).push(" AND scope IN (");
    one_of(&mut query, held.keys().map(|scope| scope.0.clone()));
    query.push(") ORDER BY n");
    query.build().fetch_all(conn).await.map_err(trouble)?.iter().map(rows::entry).collect()
}
