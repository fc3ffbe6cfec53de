//! From columns to our types and back. What does not read is an [`Trouble::Unreadable`] with the name of
//! the column, never a guess.

use super::{Trouble, trouble};
use crate::log::feed::FeedRow;
use domain::{DocId, Entry, Hash, Meta, OrgCode, Row, Scope};
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

type Read<T> = Result<T, Trouble>;

/// Places fit: 2⁶³ writes never happen.
pub(crate) fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(crate) fn place(row: &SqliteRow, column: &'static str) -> Read<u64> {
    let n: i64 = row.try_get(column).map_err(trouble)?;
    u64::try_from(n).map_err(|_| Trouble::Unreadable(column))
}

pub(crate) fn bytes<'r>(row: &'r SqliteRow, column: &'static str) -> Read<&'r [u8]> {
    row.try_get(column).map_err(trouble)
}

pub(crate) fn text(row: &SqliteRow, column: &'static str) -> Read<String> {
    row.try_get(column).map_err(trouble)
}

pub(crate) fn id(row: &SqliteRow, column: &'static str) -> Read<DocId> {
    bytes(row, column)?.try_into().map(DocId).map_err(|_| Trouble::Unreadable(column))
}

pub(crate) fn hash(row: &SqliteRow, column: &'static str) -> Read<Hash> {
    bytes(row, column)?.try_into().map(Hash).map_err(|_| Trouble::Unreadable(column))
}

pub(crate) fn cbor<T: DeserializeOwned>(row: &SqliteRow, column: &'static str) -> Read<T> {
    domain::from_cbor(bytes(row, column)?).ok_or(Trouble::Unreadable(column))
}

pub(crate) fn entry(row: &SqliteRow) -> Read<Entry> {
    cbor(row, "entry")
}

pub(crate) fn line(row: &SqliteRow) -> Read<Row> {
    cbor(row, "line")
}

pub(crate) fn hashes(row: &SqliteRow, column: &'static str) -> Read<Vec<Hash>> {
    let all = bytes(row, column)?;
    let (heads, rest) = all.as_chunks::<32>();
    if rest.is_empty() {
        Ok(heads.iter().map(|head| Hash(*head)).collect())
    } else {
        Err(Trouble::Unreadable(column))
    }
}

pub(crate) fn join(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

pub(crate) fn meta(row: &SqliteRow) -> Read<Meta> {
    Ok(Meta {
        id: id(row, "id")?,
        kind: text(row, "kind")?,
        owner: id(row, "owner")?,
        unit: OrgCode(text(row, "unit")?),
        born_ms: row.try_get("born_ms").map_err(trouble)?,
    })
}

pub(crate) fn feed(row: &SqliteRow) -> Read<FeedRow> {
    let first: Option<i64> = row.try_get("first_n").map_err(trouble)?;
    let here: i64 = row.try_get("here").map_err(trouble)?;
    Ok(FeedRow {
        scope: Scope(text(row, "scope")?),
        doc: id(row, "doc")?,
        n: place(row, "n")?,
        first: first.and_then(|n| u64::try_from(n).ok()),
        entered: place(row, "entered")?,
        here: here != 0,
    })
}
