//! Every document against what its raw changes and receipts make of it, and the tables that follow from all
//! documents together: who is who, aliases, actors.

use super::replay::{Base, Happened, Ought, Thing, replay};
use super::tree::first_of;
use super::{Finding, Report, Wanted};
use crate::log::feed::FeedRow;
use crate::log::rules::FeedHash;
use crate::log::sqlite::{base_hash, one_of, rows, take_over, trouble};
use crate::log::{Parcel, Trouble};
use automerge::Automerge;
use domain::{DocId, Entry, Hash, Scope, Seal, crdt, from_cbor, to_cbor};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{QueryBuilder, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Conn<'c> = &'c mut SqliteConnection;

/// Documents looked at in one go.
const READ: usize = 200;

/// What all documents together say, to be compared in the end.
#[derive(Default)]
struct Together {
    people: BTreeMap<DocId, (String, Vec<u8>)>,
    devices: BTreeMap<DocId, Vec<u8>>,
    aliases: BTreeMap<DocId, DocId>,
    actors: u64,
    feed: u64,
}

pub(super) async fn check(conn: Conn<'_>, wanted: &Wanted<'_>, report: &mut Report) -> Result<(), Trouble> {
    let batches: Vec<(i64, i64)> = sqlx::query_as("SELECT first, last FROM batches ORDER BY first")
        .fetch_all(&mut *conn)
        .await
        .map_err(trouble)?;
    let batches: Vec<(u64, u64)> = batches.into_iter().map(|(one, two)| (one as u64, two as u64)).collect();
    let mut ids: BTreeSet<DocId> = BTreeSet::new();
    for table in [
        "SELECT id FROM docs",
        "SELECT DISTINCT doc FROM changes",
        "SELECT DISTINCT doc FROM acts",
        "SELECT DISTINCT doc FROM renewals",
    ] {
        let all: Vec<Vec<u8>> = sqlx::query_scalar(table).fetch_all(&mut *conn).await.map_err(trouble)?;
        for id in all {
            match id.try_into() {
                Ok(id) => drop(ids.insert(DocId(id))),
                Err(_) => {
                    report.add(Finding::new("有一行的材料编号不成样", "a line names a document by no id"))
                }
            }
        }
    }
    report.docs = ids.len() as u64;
    let since = check_base(conn, report).await?;
    let mut together = Together::default();
    let ids: Vec<DocId> = ids.into_iter().collect();
    for some in ids.chunks(READ) {
        let mut pack = read(conn, some, &batches).await?;
        for id in some {
            look(*id, pack.remove(id).unwrap_or_default(), since, wanted, &mut together, report);
        }
    }
    compare(conn, &together, report).await
}

/// Is the feed that was put aside the one of which the audit speaks? Where the present rules took over.
async fn check_base(conn: Conn<'_>, report: &mut Report) -> Result<Option<u64>, Trouble> {
    let found = take_over(conn).await?;
    let (since, base) =
        found.map_or((None, FeedHash::default().end()), |found| (Some(found.since), found.base));
    report.say(
        base_hash(conn).await? != base,
        "程序更新时留存的分发表与审计记录不符",
        "the feed put aside at the last update is not the one of which the audit speaks",
    );
    Ok(since)
}

/// All lines of one document.
#[derive(Default)]
struct Lines {
    doc: Option<Kept>,
    things: Vec<Thing>,
    feed: Vec<FeedRow>,
    /// Its lines in the feed when the present rules took over.
    base: Vec<FeedRow>,
    actors: BTreeMap<Vec<u8>, (DocId, String)>,
}

/// Its line in `docs`.
struct Kept {
    meta: domain::Meta,
    n: u64,
    line: Vec<u8>,
    heads: Vec<Hash>,
    body: Vec<u8>,
    snapshot: Vec<u8>,
}

async fn select(
    conn: Conn<'_>,
    sql: &'static str,
    ids: &[DocId],
    tail: &'static str,
) -> Result<Vec<SqliteRow>, Trouble> {
    let mut query = QueryBuilder::<Sqlite>::new(sql);
    one_of(&mut query, ids.iter().map(|id| id.0.to_vec()));
    query.push(tail);
    query.build().fetch_all(conn).await.map_err(trouble)
}

async fn read(
    conn: Conn<'_>,
    ids: &[DocId],
    batches: &[(u64, u64)],
) -> Result<BTreeMap<DocId, Lines>, Trouble> {
    let mut all: BTreeMap<DocId, Lines> = BTreeMap::new();
    let sql = "SELECT id, kind, owner, unit, born_ms, n, line, heads, body, snapshot FROM docs WHERE id IN (";
    for row in select(conn, sql, ids, "").await? {
        all.entry(rows::id(&row, "id")?).or_default().doc = Some(kept(&row)?);
    }
    let sql = "SELECT n, doc, hash, actor, person, device, bytes FROM changes WHERE doc IN (";
    for row in select(conn, sql, ids, "").await? {
        let (hash, raw) = (rows::hash(&row, "hash")?, rows::bytes(&row, "bytes")?.to_vec());
        let actor = rows::bytes(&row, "actor")?.to_vec();
        let thing = thing(&row, batches, Happened::Change { hash, actor, raw })?;
        all.entry(rows::id(&row, "doc")?).or_default().things.push(thing);
    }
    let sql = "SELECT doc, scope, n FROM narrow_acts WHERE doc IN (";
    let mut narrow: BTreeMap<(DocId, u64), BTreeSet<Scope>> = BTreeMap::new();
    for row in select(conn, sql, ids, "").await? {
        let key = (rows::id(&row, "doc")?, rows::place(&row, "n")?);
        narrow.entry(key).or_default().insert(Scope(rows::text(&row, "scope")?));
    }
    let sql = "SELECT n, doc, narrow, person, device, entry FROM acts WHERE doc IN (";
    for row in select(conn, sql, ids, "").await? {
        let (doc, n) = (rows::id(&row, "doc")?, rows::place(&row, "n")?);
        let entry: Entry = rows::cbor(&row, "entry")?;
        let own = (rows::place(&row, "narrow")? != 0).then(|| narrow.remove(&(doc, n)).unwrap_or_default());
        let thing = thing(&row, batches, Happened::Act { entry, narrow: own })?;
        all.entry(doc).or_default().things.push(thing);
    }
    let sql = "SELECT n, doc, person, device FROM renewals WHERE doc IN (";
    for row in select(conn, sql, ids, "").await? {
        let thing = thing(&row, batches, Happened::Renewal)?;
        all.entry(rows::id(&row, "doc")?).or_default().things.push(thing);
    }
    let sql = "SELECT scope, doc, n, first_n, entered, here FROM feed WHERE doc IN (";
    for row in select(conn, sql, ids, " ORDER BY scope").await? {
        let row = rows::feed(&row)?;
        all.entry(row.doc).or_default().feed.push(row);
    }
    let sql = "SELECT scope, doc, n, first_n, entered, here FROM feed_base WHERE doc IN (";
    for row in select(conn, sql, ids, "").await? {
        let row = rows::feed(&row)?;
        all.entry(row.doc).or_default().base.push(row);
    }
    let sql = "SELECT doc, actor, person, device FROM actors WHERE doc IN (";
    for row in select(conn, sql, ids, "").await? {
        let owner = (rows::id(&row, "person")?, rows::text(&row, "device")?);
        let actor = rows::bytes(&row, "actor")?.to_vec();
        all.entry(rows::id(&row, "doc")?).or_default().actors.insert(actor, owner);
    }
    all.values_mut().for_each(|lines| lines.things.sort_by_key(|thing| thing.n));
    Ok(all)
}

fn kept(row: &SqliteRow) -> Result<Kept, Trouble> {
    let own = |column| rows::bytes(row, column).map(<[u8]>::to_vec);
    Ok(Kept {
        meta: rows::meta(row)?,
        n: rows::place(row, "n")?,
        line: own("line")?,
        heads: rows::hashes(row, "heads")?,
        body: own("body")?,
        snapshot: own("snapshot")?,
    })
}

fn thing(row: &SqliteRow, batches: &[(u64, u64)], what: Happened) -> Result<Thing, Trouble> {
    let (n, person, device) = (rows::place(row, "n")?, rows::id(row, "person")?, rows::text(row, "device")?);
    Ok(Thing { n, first: first_of(batches, n), person, device, what })
}

/// One document.
fn look(
    id: DocId,
    lines: Lines,
    since: Option<u64>,
    wanted: &Wanted<'_>,
    together: &mut Together,
    report: &mut Report,
) {
    let Some(kept) = &lines.doc else {
        let en = format!("document {id} has changes or acts but no line");
        return report.add(Finding::new(format!("材料 {id} 的总行不见了"), en));
    };
    let kind = (wanted.kinds)().iter().copied().find(|kind| kind.name() == kept.meta.kind);
    let Some(kind) = kind else {
        let en = format!("document {id} is of a kind that this program does not know: {}", kept.meta.kind);
        return report.add(Finding::new(format!("材料 {id} 的种类 {} 不认识", kept.meta.kind), en));
    };
    let (things, base) = (lines.things, since.map(|since| Base { since, feed: lines.base }));
    // What Automerge makes of tampered bytes is anybody's guess.
    let ought = catch_unwind(AssertUnwindSafe(|| replay(kind, id, things, base))).unwrap_or(Err("panic"));
    match ought {
        Ok(ought) => {
            let wrong = differences(kept, &lines.feed, &lines.actors, &ought);
            if !wrong.is_empty() {
                let wrong = wrong.join(", ");
                report.add(Finding::new(
                    format!("材料 {id}（{}）与它的原始修改和回执不符：{wrong}", kind.labels().0),
                    format!(
                        "document {id} ({}) is not what its changes and receipts make: {wrong}",
                        kind.name()
                    ),
                ));
            }
            together.take(&ought, lines.feed.len() as u64);
        }
        Err(what) => report.add(Finding::new(
            format!("材料 {id} 的原始修改接不上（{what}）"),
            format!("the raw changes of document {id} do not go together ({what})"),
        )),
    }
}

fn differences(
    kept: &Kept,
    feed: &[FeedRow],
    actors: &BTreeMap<Vec<u8>, (DocId, String)>,
    ought: &Ought,
) -> Vec<&'static str> {
    let mut heads = kept.heads.clone();
    heads.sort();
    let here = feed.iter().filter(|row| row.here).map(|row| row.scope.clone());
    let feed_is_right = ought.feed.as_ref().is_none_or(|exact| feed == exact)
        && here.collect::<BTreeSet<_>>() == ought.scopes;
    let checks = [
        ("kind, owner, unit or birth", kept.meta == ought.meta),
        ("place", kept.n == ought.n),
        ("heads", heads == ought.heads),
        ("values", is_cbor_of(&kept.body, &ought.values)),
        ("row", is_cbor_of(&kept.line, &ought.row)),
        ("snapshot", snapshot_is(&kept.snapshot, ought)),
        ("feed", feed_is_right),
        ("actors", *actors == ought.actors),
    ];
    checks.into_iter().filter(|(_, is_right)| !is_right).map(|(name, _)| name).collect()
}

/// The bytes read as this value and are exactly its encoding.
fn is_cbor_of<T: PartialEq + serde::Serialize + serde::de::DeserializeOwned>(
    bytes: &[u8],
    value: &T,
) -> bool {
    from_cbor::<T>(bytes).is_some_and(|read| read == *value && to_cbor(&read) == bytes)
}

fn snapshot_is(bytes: &[u8], ought: &Ought) -> bool {
    if Seal::of(&ought.values) != Seal::None {
        return bytes.is_empty();
    }
    let opened = catch_unwind(|| Automerge::load(bytes).ok()).ok().flatten();
    opened.is_some_and(|doc| {
        let held: BTreeSet<Hash> = doc.get_changes(&[]).iter().map(|change| Hash(change.hash().0)).collect();
        held == ought.changes
            && crdt::read(&doc, ought.meta.id).is_some_and(|(_, values)| values == ought.values)
    })
}

impl Together {
    fn take(&mut self, ought: &Ought, feed: u64) {
        if let Some(who) = &ought.who {
            self.people.insert(who.person, (who.no.clone(), to_cbor(who)));
        }
        self.devices.extend(ought.device.as_ref().map(|device| (device.id, to_cbor(device))));
        self.aliases.extend(ought.alias);
        self.actors += ought.actors.len() as u64;
        self.feed += feed;
    }
}

async fn compare(conn: Conn<'_>, together: &Together, report: &mut Report) -> Result<(), Trouble> {
    let mut people = BTreeMap::new();
    for row in sqlx::query("SELECT id, no, who FROM people").fetch_all(&mut *conn).await.map_err(trouble)? {
        let line = (rows::text(&row, "no")?, rows::bytes(&row, "who")?.to_vec());
        people.insert(rows::id(&row, "id")?, line);
    }
    report.say(
        people != together.people,
        "人员表与人员材料不符",
        "the table of people is not what their documents say",
    );
    compare_devices(conn, together, report).await?;
    let mut aliases = BTreeMap::new();
    for row in
        sqlx::query("SELECT alias, person FROM aliases").fetch_all(&mut *conn).await.map_err(trouble)?
    {
        aliases.insert(rows::id(&row, "alias")?, rows::id(&row, "person")?);
    }
    report.say(
        aliases != together.aliases,
        "保密提出人的登记与最初的提交不符",
        "the register behind confidential names is not what the founding pushes say",
    );
    let counts: (i64, i64) =
        sqlx::query_as("SELECT (SELECT count(*) FROM actors), (SELECT count(*) FROM feed)")
            .fetch_one(conn)
            .await
            .map_err(trouble)?;
    report.say(
        counts != (together.actors as i64, together.feed as i64),
        "有分发行或作者行不属于任何材料",
        "there are feed or actor lines that belong to no document",
    );
    Ok(())
}

/// Id, device, time, CBOR.
type ParcelLine = (Vec<u8>, Vec<u8>, i64, Vec<u8>);

/// A key that was slipped into the table would sign for somebody.
async fn compare_devices(conn: Conn<'_>, together: &Together, report: &mut Report) -> Result<(), Trouble> {
    let mut devices = BTreeMap::new();
    for row in sqlx::query("SELECT id, device FROM devices").fetch_all(&mut *conn).await.map_err(trouble)? {
        devices.insert(rows::id(&row, "id")?, rows::bytes(&row, "device")?.to_vec());
    }
    report.say(
        devices != together.devices,
        "设备表与设备材料不符",
        "the table of devices is not what their documents say",
    );
    let parcels: Vec<ParcelLine> = sqlx::query_as("SELECT id, device, at_ms, parcel FROM parcels")
        .fetch_all(&mut *conn)
        .await
        .map_err(trouble)?;
    let is_itself = |(id, device, at_ms, bytes): &ParcelLine| {
        from_cbor::<Parcel>(bytes).is_some_and(|parcel| {
            let name = Hash::of(&to_cbor(&parcel.pushes));
            (parcel.id, &parcel.id.0[..], &parcel.device.0[..], parcel.at_ms) == (name, id, device, *at_ms)
                && to_cbor(&parcel) == *bytes
        })
    };
    report.say(
        !parcels.iter().all(is_itself),
        "停用设备送来的内容与其指纹不符",
        "what a revoked device sent is not what its fingerprint says",
    );
    Ok(())
}
