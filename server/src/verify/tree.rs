//! Leaves, tree, batches, counters: computed anew from raw changes and receipts, and compared with what is
//! kept, with the signed root, and with roots that were kept elsewhere.

use super::file::Said;
use super::{Finding, Report, Wanted};
use crate::log::Trouble;
use crate::log::leaf::{Leaf, What};
use crate::log::sqlite::{rows, trouble};
use crate::log::tree::{Edge, Place};
use domain::{Entry, Hash, Scope, from_cbor};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use std::collections::{BTreeMap, BTreeSet};

type Conn<'c> = &'c mut SqliteConnection;

/// Places looked at in one go.
const READ: u64 = 4_096;

pub(super) async fn check(
    conn: Conn<'_>,
    said: &Said,
    wanted: &Wanted<'_>,
    report: &mut Report,
) -> Result<(), Trouble> {
    let batches = batches(conn, said.checkpoint.size, report).await?;
    let mut walk = Walk {
        edge: Edge::default(),
        numbered: BTreeMap::new(),
        stamped: 0,
        narrow: 0,
        roots: BTreeMap::new(),
    };
    walk.roots.insert(0, sync::empty_root());
    let seen: BTreeSet<u64> = wanted.seen.iter().map(|old| old.size).collect();
    let last: i64 = sqlx::query_scalar(
        "SELECT max(coalesce((SELECT max(n) FROM changes), 0), coalesce((SELECT max(n) FROM acts), 0),
                    coalesce((SELECT max(n) FROM renewals), 0))",
    )
    .fetch_one(&mut *conn)
    .await
    .map_err(trouble)?;
    while walk.edge.size() < last as u64 {
        if !walk.go_on(conn, said, &batches, &seen, report).await? {
            break;
        }
    }
    let size = walk.edge.size();
    report.entries = size;
    report.say(
        size < last as u64,
        format!("第 {} 条不见了", size + 1),
        format!("entry {} is missing", size + 1),
    );
    let nodes: i64 =
        sqlx::query_scalar("SELECT count(*) FROM tree").fetch_one(&mut *conn).await.map_err(trouble)?;
    report.say(
        nodes as u64 != 2 * size - u64::from(size.count_ones()),
        "哈希树的节点多了或少了",
        "the tree has too many or too few nodes",
    );
    report.say(
        (size, walk.edge.root()) != (said.checkpoint.size, said.checkpoint.root),
        format!("数据库有 {size} 条，根哈希与签名凭证（{} 条）不符：历史被改动过", said.checkpoint.size),
        format!(
            "{size} entries whose root is not the signed one ({} entries): the past was changed",
            said.checkpoint.size
        ),
    );
    compare_seen(wanted, &walk, said, report);
    counters(conn, &walk, report).await
}

/// Places of batches by first; entries before the first of them have none.
async fn batches(conn: Conn<'_>, size: u64, report: &mut Report) -> Result<Vec<(u64, u64)>, Trouble> {
    let all: Vec<(i64, i64)> = sqlx::query_as("SELECT first, last FROM batches ORDER BY first")
        .fetch_all(conn)
        .await
        .map_err(trouble)?;
    let all: Vec<(u64, u64)> = all.into_iter().map(|(first, last)| (first as u64, last as u64)).collect();
    let touch = all.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0);
    let orderly = all.iter().all(|(first, last)| first <= last);
    let ends = all.last().is_none_or(|(_, last)| *last == size);
    report.say(
        !(touch && orderly && ends),
        "批次记录有缺口或重叠",
        "the list of batches has gaps or overlaps",
    );
    Ok(all)
}

/// Going through the log from the start.
struct Walk {
    edge: Edge,
    /// Numbers given by series.
    numbered: BTreeMap<String, u64>,
    /// Numbers given without a known series.
    stamped: u64,
    /// Lines that narrow acts have.
    narrow: u64,
    /// Roots at the sizes that somebody kept.
    roots: BTreeMap<u64, Hash>,
}

impl Walk {
    /// The next stretch; `false` when there is a hole.
    async fn go_on(
        &mut self,
        conn: Conn<'_>,
        said: &Said,
        batches: &[(u64, u64)],
        seen: &BTreeSet<u64>,
        report: &mut Report,
    ) -> Result<bool, Trouble> {
        let from = self.edge.size();
        let mut leaves = self.changes(conn, from, said, batches, report).await?;
        leaves.extend(self.acts(conn, from, said, batches, report).await?);
        leaves.extend(renewals(conn, from, said, batches).await?);
        leaves.sort_unstable_by_key(|(n, _)| *n);
        let mut nodes: Vec<(Place, Hash)> = Vec::with_capacity(2 * leaves.len());
        let mut is_whole = true;
        for (n, leaf) in leaves {
            if n != self.edge.size() + 1 {
                is_whole = false;
                break;
            }
            self.edge.append(leaf, |place, hash| nodes.push((place, hash)));
            if seen.contains(&n) {
                self.roots.insert(n, self.edge.root());
            }
        }
        compare_nodes(conn, nodes, report).await?;
        Ok(is_whole && self.edge.size() > from)
    }

    async fn changes(
        &self,
        conn: Conn<'_>,
        from: u64,
        said: &Said,
        batches: &[(u64, u64)],
        report: &mut Report,
    ) -> Result<Vec<(u64, Hash)>, Trouble> {
        let sql = "SELECT n, doc, person, device, received_ms, hash, actor, seq, bytes FROM changes
                   WHERE n > ? AND n <= ?";
        let query = sqlx::query(sql).bind(rows::int(from)).bind(rows::int(from + READ));
        let mut leaves = Vec::new();
        for row in query.fetch_all(conn).await.map_err(trouble)? {
            let raw = rows::bytes(&row, "bytes")?;
            leaves.push(leaf(&row, batches, said, What::Change(raw))?);
            let kept = (rows::bytes(&row, "hash")?, rows::bytes(&row, "actor")?, rows::place(&row, "seq")?);
            let same = said_of(raw).is_some_and(|(hash, actor, seq)| (&hash.0[..], &actor[..], seq) == kept);
            let n = leaves.last().map_or(0, |(n, _)| *n);
            report.say(
                !same,
                format!("第 {n} 条修改的内容与它的编号不符"),
                format!("the bytes of change {n} are not what its columns say"),
            );
        }
        Ok(leaves)
    }

    async fn acts(
        &mut self,
        conn: Conn<'_>,
        from: u64,
        said: &Said,
        batches: &[(u64, u64)],
        report: &mut Report,
    ) -> Result<Vec<(u64, Hash)>, Trouble> {
        let until = rows::int(from + READ);
        let narrow = narrow(conn, from, until).await?;
        let sql = "SELECT n, doc, person, device, received_ms, id, actor, narrow, entry, series FROM acts
                   WHERE n > ? AND n <= ?";
        let query = sqlx::query(sql).bind(rows::int(from)).bind(until);
        let mut leaves = Vec::new();
        for row in query.fetch_all(conn).await.map_err(trouble)? {
            let entry = rows::bytes(&row, "entry")?;
            let series: Option<&str> = sqlx::Row::try_get(&row, "series").map_err(trouble)?;
            let n = rows::place(&row, "n")?;
            let scopes = narrow.get(&(n, rows::id(&row, "doc")?));
            let own = match rows::place(&row, "narrow")? {
                0 => None,
                _ => Some(scopes.cloned().unwrap_or_default()),
            };
            leaves.push(leaf(&row, batches, said, What::Act { entry, narrow: own.as_ref(), series })?);
            self.narrow += own.map_or(0, |scopes| scopes.len() as u64);
            match act_is_sound(&row, entry)? {
                Some(stamped) => self.count(stamped, series),
                None => report.add(Finding::new(
                    format!("第 {n} 条办理的回执与它所在的行不符"),
                    format!("the receipt of act {n} does not belong to its line"),
                )),
            }
        }
        Ok(leaves)
    }

    fn count(&mut self, is_stamped: bool, series: Option<&str>) {
        match series {
            Some(key) => *self.numbered.entry(format!("series/{key}")).or_default() += 1,
            None if is_stamped => self.stamped += 1,
            None => {}
        }
    }
}

async fn renewals(
    conn: Conn<'_>,
    from: u64,
    said: &Said,
    batches: &[(u64, u64)],
) -> Result<Vec<(u64, Hash)>, Trouble> {
    let sql = "SELECT n, doc, person, device, received_ms FROM renewals WHERE n > ? AND n <= ?";
    let query = sqlx::query(sql).bind(rows::int(from)).bind(rows::int(from + READ));
    let found = query.fetch_all(conn).await.map_err(trouble)?;
    found.iter().map(|row| leaf(row, batches, said, What::Renewal)).collect()
}

async fn narrow(
    conn: Conn<'_>,
    from: u64,
    until: i64,
) -> Result<BTreeMap<(u64, domain::DocId), BTreeSet<Scope>>, Trouble> {
    let sql = "SELECT n, doc, scope FROM narrow_acts WHERE n > ? AND n <= ?";
    let query = sqlx::query(sql).bind(rows::int(from)).bind(until);
    let mut out: BTreeMap<_, BTreeSet<Scope>> = BTreeMap::new();
    for row in query.fetch_all(conn).await.map_err(trouble)? {
        let key = (rows::place(&row, "n")?, rows::id(&row, "doc")?);
        out.entry(key).or_default().insert(Scope(rows::text(&row, "scope")?));
    }
    Ok(out)
}

fn leaf(
    row: &SqliteRow,
    batches: &[(u64, u64)],
    said: &Said,
    what: What<'_>,
) -> Result<(u64, Hash), Trouble> {
    let (n, device) = (rows::place(row, "n")?, rows::text(row, "device")?);
    let (doc, person) = (rows::id(row, "doc")?, rows::id(row, "person")?);
    let received_ms = sqlx::Row::try_get(row, "received_ms").map_err(trouble)?;
    let first = first_of(batches, n);
    let leaf = Leaf { n, first, doc, person, device: &device, received_ms, what };
    Ok((n, leaf.hash(&said.secret)))
}

/// Where the batch of a place begins; 0 for one from before batches were kept.
pub(super) fn first_of(batches: &[(u64, u64)], n: u64) -> u64 {
    let at = batches.partition_point(|(first, _)| *first <= n);
    at.checked_sub(1).map_or(0, |at| batches[at].0)
}

/// Whether the entry has a number; `None` when it does not belong to its line.
fn act_is_sound(row: &SqliteRow, bytes: &[u8]) -> Result<Option<bool>, Trouble> {
    let Some(entry) = from_cbor::<Entry>(bytes) else { return Ok(None) };
    let received_ms: i64 = sqlx::Row::try_get(row, "received_ms").map_err(trouble)?;
    let Some(receipt) = &entry.receipt else { return Ok(None) };
    let same = entry.doc == rows::id(row, "doc")?
        && entry.id.0 == rows::bytes(row, "id")?
        && entry.by == rows::id(row, "actor")?
        && receipt.n == rows::place(row, "n")?
        && receipt.at_ms == received_ms;
    Ok(same.then_some(receipt.stamped.is_some()))
}

async fn compare_nodes(
    conn: Conn<'_>,
    mut nodes: Vec<(Place, Hash)>,
    report: &mut Report,
) -> Result<(), Trouble> {
    nodes.sort_unstable_by_key(|(place, _)| place.key());
    for level in nodes.chunk_by(|(one, _), (next, _)| one.level == next.level) {
        let (first, last) = (level[0].0.key(), level[level.len() - 1].0.key());
        let sql = "SELECT coalesce(group_concat(hex(hash), ''), '')
                   FROM (SELECT hash FROM tree WHERE key BETWEEN ? AND ? ORDER BY key)";
        let kept: String =
            sqlx::query_scalar(sql).bind(first).bind(last).fetch_one(&mut *conn).await.map_err(trouble)?;
        let mut is = String::with_capacity(64 * level.len());
        for (_, hash) in level {
            is.push_str(&hash.to_string());
        }
        if !kept.eq_ignore_ascii_case(&is) {
            let at = level.iter().enumerate().find(|(i, (_, hash))| {
                kept.get(64 * i..64 * (i + 1))
                    .is_none_or(|kept| !kept.eq_ignore_ascii_case(&hash.to_string()))
            });
            let place = at.map_or(Place { level: 0, at: 0 }, |(_, (place, _))| *place);
            let n = (place.at << place.level) + 1;
            report.add(Finding::new(
                format!("第 {n} 条（或它后面几条）与哈希树不符：内容、人、时间或顺序被改动过"),
                format!("entry {n} (or one right behind) is not what the tree says: content, person, time or order changed"),
            ));
        }
    }
    Ok(())
}

fn compare_seen(wanted: &Wanted<'_>, walk: &Walk, said: &Said, report: &mut Report) {
    for old in wanted.seen {
        let (size, time) = (old.size, old.at_ms);
        report.say(
            old.origin != said.checkpoint.origin,
            "外部凭证来自另一个系统",
            "a checkpoint kept elsewhere is of another log",
        );
        report.say(
            old.key != said.checkpoint.key,
            "外部凭证是用另一把密钥签的：密钥被换过",
            "a checkpoint kept elsewhere was signed with another key: the key was changed",
        );
        report.say(
            !old.key.is_empty() && !crate::proof::is_signed(old),
            "外部凭证的签名不对：这份凭证本身被改过",
            "a checkpoint kept elsewhere has a false signature: it was changed itself",
        );
        report.say(
            old.epoch == said.checkpoint.epoch && walk.roots.get(&size) != Some(&old.root),
            format!("前 {size} 条与外部保存的凭证（{time}）不同：历史被改写，或被换回旧备份而没有说明"),
            format!("the first {size} entries are not those of a checkpoint kept elsewhere ({time}): rewritten, or an old copy put back untold"),
        );
    }
}

/// The counters behind places and official numbers, and lines that belong to nothing.
async fn counters(conn: Conn<'_>, walk: &Walk, report: &mut Report) -> Result<(), Trouble> {
    let all: Vec<(String, i64)> =
        sqlx::query_as("SELECT key, n FROM counters").fetch_all(&mut *conn).await.map_err(trouble)?;
    let mut older = walk.stamped;
    let mut known = walk.numbered.clone();
    for (key, n) in &all {
        let n = *n as u64;
        let given = known.remove(key).unwrap_or(0);
        let is_wrong = match key.as_str() {
            "n" => n != walk.edge.size(),
            // Numbers from before series were written down belong to some counter.
            _ => n < given || n - given > older,
        };
        if key != "n" && !is_wrong {
            older -= n - given;
        }
        report.say(
            is_wrong,
            format!("编号计数 {key} 是 {n}，与已发出的编号不符"),
            format!("the counter {key} is {n}, which does not fit the numbers given"),
        );
    }
    let lost =
        older > 0 || !known.is_empty() || (walk.edge.size() > 0 && !all.iter().any(|(key, _)| key == "n"));
    report.say(lost, "有编号计数不见了", "a counter is missing");
    let lines: i64 =
        sqlx::query_scalar("SELECT count(*) FROM narrow_acts").fetch_one(conn).await.map_err(trouble)?;
    report.say(
        lines as u64 != walk.narrow,
        "小范围办理的分发行多了或少了",
        "the lines that hand out narrow acts are too many or too few",
    );
    Ok(())
}

/// Name, actor and number of a change, sealed or not.
fn said_of(raw: &[u8]) -> Option<(Hash, Vec<u8>, u64)> {
    if sync::is_sealed(raw) {
        let sync::Envelope { header, name, .. } = sync::read_envelope(raw)?;
        return Some((name, header.actor.to_vec(), header.seq));
    }
    let (hash, claims) = crate::gate::peek(raw).ok()?;
    Some((hash, claims.actor.to_vec(), claims.seq))
}
