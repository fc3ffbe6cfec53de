//! Who uses this phone: a small database of its own with the people who signed in here, so that the app
//! starts offline. Each person's records lie in a database of that person alone.

use domain::{DocId, Who, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use store::{Col, Durability, IndexedDb, Store, Trouble, Write};

const DATABASE: &str = "lianxin.people";

/// One person of this phone.
#[derive(Clone, Serialize, Deserialize)]
struct Remembered {
    who: Who,
    used_ms: i64,
    signed_in: bool,
}

/// Name of a person's own database.
pub fn database_of(person: DocId) -> String {
    format!("lianxin.{person}")
}

/// People who are signed in here, last used first.
pub async fn signed_in() -> Result<Vec<Who>, Trouble> {
    let store = IndexedDb::open(DATABASE).await?;
    let mut all: Vec<Remembered> =
        store.all(Col::Meta).await?.iter().filter_map(|(_, value)| from_cbor(value)).collect();
    store.close();
    all.retain(|one| one.signed_in);
    all.sort_by_key(|one| -one.used_ms);
    Ok(all.into_iter().map(|one| one.who).collect())
}

/// Keeps a person (new posts included) as signed in or out.
pub async fn remember(who: &Who, now_ms: i64, signed_in: bool) -> Result<(), Trouble> {
    let store = IndexedDb::open(DATABASE).await?;
    let value = to_cbor(&Remembered { who: who.clone(), used_ms: now_ms, signed_in });
    let done =
        store.write(vec![Write::Put(Col::Meta, who.person.0.to_vec(), value)], Durability::Strict).await;
    store.close();
    done
}

/// Forgets a person and removes their database; only ever after the person typed so.
pub async fn wipe(person: DocId) -> Result<(), Trouble> {
    IndexedDb::destroy(&database_of(person)).await?;
    let store = IndexedDb::open(DATABASE).await?;
    let done = store.write(vec![Write::Del(Col::Meta, person.0.to_vec())], Durability::Strict).await;
    store.close();
    done
}
