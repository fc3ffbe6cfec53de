//! The write transaction: what `place` asks, in SQL. Many lines at once go in with one statement.

use super::proofs::base_hash;
use super::reads::one_of;
use super::rows;
use super::{Answer, Trouble, trouble};
use crate::log::DocState;
use crate::log::feed::FeedRow;
use crate::log::place::{ActPut, ChangePut, ORDER, Puts, Tx};
use crate::log::rules::TakeOver;
use crate::log::tree::Place;
use crate::log::vouch::Vouch;
use crate::log::{AuditLine, Parcel, Sender};
use domain::{ActId, Device, DocId, Hash, Scope, Who, to_cbor};
use sqlx::query_builder::Separated;
use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

/// Lines in one statement. Full chunks and single lines are the only two forms, so that both stay prepared.
const CHUNK: usize = 50;

/// The writer's connection inside BEGIN … COMMIT.
pub(super) struct WriteTx<'c> {
    pub conn: &'c mut SqliteConnection,
    pub vouch: &'c mut Vouch,
}

pub(super) async fn stand(conn: &mut SqliteConnection, docs: &[DocId]) -> Answer<BTreeMap<DocId, u64>> {
    let mut found = BTreeMap::new();
    for some in chunks(docs) {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT id, n FROM docs WHERE id IN (");
        one_of(&mut query, some.iter().map(|doc| doc.0.to_vec()));
        for row in query.build().fetch_all(&mut *conn).await.map_err(trouble)? {
            found.insert(rows::id(&row, "id")?, rows::place(&row, "n")?);
        }
    }
    Ok(found)
}

pub(super) async fn counter(conn: &mut SqliteConnection, key: &str) -> Answer<u64> {
    let query = sqlx::query("SELECT n FROM counters WHERE key = ?").bind(key);
    let row = query.fetch_optional(conn).await.map_err(trouble)?;
    row.map_or(Ok(0), |row| rows::place(&row, "n"))
}

/// Full chunks, then one by one.
fn chunks<T>(all: &[T]) -> impl Iterator<Item = &[T]> {
    let (full, rest) = all.split_at(all.len() / CHUNK * CHUNK);
    full.chunks(CHUNK).chain(rest.chunks(1))
}

async fn holds(
    conn: &mut SqliteConnection,
    question: &'static str,
    keys: impl Iterator<Item = Vec<u8>>,
) -> Answer<bool> {
    let keys: Vec<Vec<u8>> = keys.collect();
    for some in chunks(&keys) {
        let mut query = QueryBuilder::<Sqlite>::new(question);
        one_of(&mut query, some.iter().cloned());
        query.push(" LIMIT 1");
        if query.build().fetch_optional(&mut *conn).await.map_err(trouble)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Tx for WriteTx<'_> {
    async fn stand(&mut self, docs: &[DocId]) -> Answer<BTreeMap<DocId, u64>> {
        stand(self.conn, docs).await
    }
    async fn holds_any(&mut self, changes: &[Hash], acts: &[ActId], aliases: &[DocId]) -> Answer<bool> {
        let [change, act, alias] = [
            "SELECT 1 FROM changes WHERE hash IN (",
            "SELECT 1 FROM acts WHERE id IN (",
            "SELECT 1 FROM aliases WHERE alias IN (",
        ];
        Ok(holds(self.conn, change, changes.iter().map(|hash| hash.0.to_vec())).await?
            || holds(self.conn, act, acts.iter().map(|id| id.0.to_vec())).await?
            || holds(self.conn, alias, aliases.iter().map(|id| id.0.to_vec())).await?)
    }
    async fn counter(&mut self, key: &str) -> Answer<u64> {
        counter(self.conn, key).await
    }
    async fn feed_of(&mut self, doc: DocId, scopes: &BTreeSet<Scope>) -> Answer<Vec<FeedRow>> {
        let columns = "SELECT scope, doc, n, first_n, entered, here FROM feed WHERE doc = ";
        let mut query = QueryBuilder::<Sqlite>::new(columns);
        query.push_bind(doc.0.to_vec()).push(" AND here = 1 UNION ").push(columns);
        query.push_bind(doc.0.to_vec()).push(" AND scope IN (");
        one_of(&mut query, scopes.iter().map(|scope| scope.0.clone()));
        let found = query.build().fetch_all(&mut *self.conn).await.map_err(trouble)?;
        found.iter().map(rows::feed).collect()
    }
    async fn person_of(&mut self, no: &str) -> Answer<Option<DocId>> {
        let query = sqlx::query("SELECT id FROM people WHERE no = ?").bind(no);
        let row = query.fetch_optional(&mut *self.conn).await.map_err(trouble)?;
        row.map(|row| rows::id(&row, "id")).transpose()
    }
    fn vouch(&mut self) -> &mut Vouch {
        self.vouch
    }
    async fn put(&mut self, puts: Puts) -> Answer<()> {
        put_all(self.conn, puts).await
    }
}

async fn put_all(conn: &mut SqliteConnection, puts: Puts) -> Answer<()> {
    let sender = puts.sender.ok_or(Trouble::Unreadable("sender"))?;
    let from = Origin { sender: &sender, received_ms: puts.received_ms };
    write(conn, &DOCS, &puts.docs, |line, (n, doc)| put_doc(line, *n, doc)).await?;
    write(conn, &CHANGES, &puts.changes, |line, change| from.put_change(line, change)).await?;
    write(conn, &ACTORS, &puts.changes, |line, change| from.put_actor(line, change)).await?;
    write(conn, &ACTS, &puts.acts, |line, act| from.put_act(line, act)).await?;
    write(conn, &NARROW, &puts.narrow, |mut line, (doc, scope, n)| {
        line.push_bind(doc.0.to_vec()).push_bind(scope.0.clone()).push_bind(rows::int(*n));
    })
    .await?;
    write(conn, &RENEWALS, &puts.renewals, |mut line, (n, doc)| {
        line.push_bind(rows::int(*n)).push_bind(doc.0.to_vec());
        from.put_origin(&mut line);
    })
    .await?;
    write(conn, &FEED, &puts.feed, put_feed).await?;
    write(conn, &PEOPLE, &puts.people, put_person).await?;
    write(conn, &DEVICES, &puts.devices, |mut line, device: &Device| {
        line.push_bind(device.id.0.to_vec()).push_bind(to_cbor(device));
    })
    .await?;
    write(conn, &ALIASES, &puts.aliases, |mut line, (alias, person)| {
        line.push_bind(alias.0.to_vec()).push_bind(person.0.to_vec());
    })
    .await?;
    let counters: Vec<(String, u64)> = puts.counters.into_iter().collect();
    write(conn, &COUNTERS, &counters, |mut line, (key, n)| {
        line.push_bind(key.clone()).push_bind(rows::int(*n));
    })
    .await?;
    let (first, last) = puts.batch;
    write(conn, &BATCHES, &[(first, last)], |mut line, (first, last)| {
        line.push_bind(rows::int(*first)).push_bind(rows::int(*last));
    })
    .await?;
    put_nodes(conn, &puts.nodes).await
}

/// Keeps nodes of the tree.
pub(super) async fn put_nodes(conn: &mut SqliteConnection, nodes: &[(Place, Hash)]) -> Answer<()> {
    write(conn, &TREE, nodes, |mut line, (place, hash)| {
        line.push_bind(place.key()).push_bind(hash.0.to_vec());
    })
    .await
}

/// Keeps lines about refused pushes.
pub(super) async fn put_audit(
    conn: &mut SqliteConnection,
    vouch: &mut Vouch,
    lines: &[AuditLine],
) -> Answer<()> {
    write(conn, &AUDIT, lines, |mut line, audit| {
        line.push_bind(audit.at_ms).push_bind(audit.person.0.to_vec()).push_bind(audit.device.clone());
        line.push_bind(audit.doc.0.to_vec()).push_bind(audit.code.clone());
        line.push_bind(vouch.note(audit).0.to_vec());
    })
    .await
}

/// Puts the feed aside as it stands and notes whose rules compute from here on.
pub(super) async fn take_over(
    conn: &mut SqliteConnection,
    vouch: &mut Vouch,
    rules: String,
    at_ms: i64,
) -> Answer<()> {
    let copy = "INSERT INTO feed_base (scope, doc, n, first_n, entered, here)
                SELECT scope, doc, n, first_n, entered, here FROM feed";
    for sql in ["DELETE FROM feed_base", copy] {
        sqlx::query(sql).execute(&mut *conn).await.map_err(trouble)?;
    }
    let (since, base) = (counter(conn, ORDER).await?, base_hash(conn).await?);
    put_audit(conn, vouch, &[TakeOver { since, base, rules }.line(at_ms)]).await
}

/// Those of these lines that nobody wrote since a moment.
pub(super) async fn new_lines(
    conn: &mut SqliteConnection,
    lines: Vec<AuditLine>,
    since_ms: i64,
) -> Answer<Vec<AuditLine>> {
    let sql = "SELECT 1 FROM audit WHERE doc = ? AND person = ? AND at_ms >= ? AND code = ? LIMIT 1";
    let mut new = Vec::new();
    for line in lines {
        let query = sqlx::query(sql).bind(&line.doc.0[..]).bind(&line.person.0[..]).bind(since_ms);
        let found = query.bind(&line.code).fetch_optional(&mut *conn).await.map_err(trouble)?;
        if found.is_none() {
            new.push(line);
        }
    }
    Ok(new)
}

/// Puts what a revoked device sent aside.
pub(super) async fn put_parcel(conn: &mut SqliteConnection, parcel: &Parcel) -> Answer<()> {
    write(conn, &PARCELS, std::slice::from_ref(parcel), |mut line, parcel| {
        line.push_bind(parcel.id.0.to_vec()).push_bind(parcel.device.0.to_vec());
        line.push_bind(parcel.at_ms).push_bind(to_cbor(parcel));
    })
    .await
}

/// Notes what was decided about a parcel.
pub(super) async fn settle_parcel(conn: &mut SqliteConnection, id: Hash, adopted: bool) -> Answer<()> {
    let query = sqlx::query("UPDATE parcels SET settled = ? WHERE id = ?").bind(i64::from(adopted));
    query.bind(id.0.to_vec()).execute(conn).await.map_err(trouble)?;
    Ok(())
}

/// Both ends of an INSERT.
struct Insert(&'static str, &'static str);

const DOCS: Insert = Insert(
    "INSERT INTO docs (id, kind, owner, unit, born_ms, n, line, heads, body, snapshot) ",
    " ON CONFLICT (id) DO UPDATE SET n = excluded.n, line = excluded.line, heads = excluded.heads,
      body = excluded.body, snapshot = excluded.snapshot",
);
const CHANGES: Insert =
    Insert("INSERT INTO changes (n, doc, hash, actor, seq, person, device, received_ms, bytes) ", "");
const ACTORS: Insert =
    Insert("INSERT INTO actors (doc, actor, person, device) ", " ON CONFLICT (doc, actor) DO NOTHING");
const ACTS: Insert =
    Insert("INSERT INTO acts (n, doc, id, actor, narrow, person, device, received_ms, entry, series) ", "");
const NARROW: Insert = Insert("INSERT INTO narrow_acts (doc, scope, n) ", "");
const RENEWALS: Insert = Insert("INSERT INTO renewals (n, doc, person, device, received_ms) ", "");
const FEED: Insert = Insert(
    "INSERT INTO feed (scope, doc, n, first_n, entered, here) ",
    " ON CONFLICT (scope, doc) DO UPDATE SET n = excluded.n, first_n = excluded.first_n,
      entered = excluded.entered, here = excluded.here",
);
const PEOPLE: Insert = Insert(
    "INSERT INTO people (id, no, who) ",
    " ON CONFLICT (id) DO UPDATE SET no = excluded.no, who = excluded.who",
);
const DEVICES: Insert =
    Insert("INSERT INTO devices (id, device) ", " ON CONFLICT (id) DO UPDATE SET device = excluded.device");
const PARCELS: Insert =
    Insert("INSERT INTO parcels (id, device, at_ms, parcel) ", " ON CONFLICT (id) DO NOTHING");
const ALIASES: Insert = Insert("INSERT INTO aliases (alias, person) ", "");
const COUNTERS: Insert =
    Insert("INSERT INTO counters (key, n) ", " ON CONFLICT (key) DO UPDATE SET n = excluded.n");
const BATCHES: Insert = Insert("INSERT INTO batches (first, last) ", "");
const TREE: Insert = Insert("INSERT INTO tree (key, hash) ", "");
const AUDIT: Insert = Insert("INSERT INTO audit (at_ms, person, device, doc, code, link) ", "");

type Line<'q> = Separated<'q, Sqlite, &'static str>;

async fn write<T>(
    conn: &mut SqliteConnection,
    insert: &Insert,
    lines: &[T],
    mut put: impl FnMut(Line<'_>, &T),
) -> Answer<()> {
    for some in chunks(lines) {
        let mut query = QueryBuilder::<Sqlite>::new(insert.0);
        query.push_values(some, &mut put).push(insert.1);
        query.build().execute(&mut *conn).await.map_err(trouble)?;
    }
    Ok(())
}

fn put_doc(mut line: Line<'_>, n: u64, doc: &DocState) {
    let meta = &doc.meta;
    line.push_bind(meta.id.0.to_vec()).push_bind(meta.kind.clone()).push_bind(meta.owner.0.to_vec());
    line.push_bind(meta.unit.0.clone()).push_bind(meta.born_ms).push_bind(rows::int(n));
    line.push_bind(to_cbor(&doc.row)).push_bind(rows::join(&doc.heads)).push_bind(to_cbor(&doc.values));
    line.push_bind(doc.snapshot.clone());
}

fn put_feed(mut line: Line<'_>, row: &FeedRow) {
    line.push_bind(row.scope.0.clone()).push_bind(row.doc.0.to_vec()).push_bind(rows::int(row.n));
    line.push_bind(row.first.map(rows::int)).push_bind(rows::int(row.entered)).push_bind(i64::from(row.here));
}

fn put_person(mut line: Line<'_>, who: &Who) {
    line.push_bind(who.person.0.to_vec()).push_bind(who.no.clone()).push_bind(to_cbor(who));
}

struct Origin<'s> {
    sender: &'s Sender,
    received_ms: i64,
}

impl Origin<'_> {
    fn put_change(&self, mut line: Line<'_>, put: &ChangePut) {
        let claims = put.permit.claims();
        line.push_bind(rows::int(put.n))
            .push_bind(put.doc.0.to_vec())
            .push_bind(put.permit.hash().0.to_vec());
        line.push_bind(claims.actor.to_vec()).push_bind(rows::int(claims.seq));
        self.put_origin(&mut line);
        line.push_bind(put.permit.bytes().to_vec());
    }
    fn put_actor(&self, mut line: Line<'_>, put: &ChangePut) {
        line.push_bind(put.doc.0.to_vec()).push_bind(put.permit.claims().actor.to_vec());
        line.push_bind(self.sender.person.0.to_vec()).push_bind(self.sender.device.clone());
    }
    fn put_act(&self, mut line: Line<'_>, put: &ActPut) {
        let entry = &put.entry;
        line.push_bind(rows::int(put.n)).push_bind(entry.doc.0.to_vec()).push_bind(entry.id.0.to_vec());
        line.push_bind(entry.by.0.to_vec()).push_bind(i64::from(put.narrow.is_some()));
        self.put_origin(&mut line);
        line.push_bind(put.cbor.clone()).push_bind(put.series.clone());
    }
    fn put_origin(&self, line: &mut Line<'_>) {
        line.push_bind(self.sender.person.0.to_vec()).push_bind(self.sender.device.clone());
        line.push_bind(self.received_ms);
    }
}
