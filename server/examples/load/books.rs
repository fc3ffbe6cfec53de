//! What was acknowledged, against what the database holds after the server was killed.

use domain::{DocId, Hash};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::collections::HashMap;
use std::path::Path;

/// One acknowledged change.
pub struct Entry {
    pub doc: DocId,
    pub hash: Hash,
}

/// How many are not there, and how many are there twice (or were acknowledged twice).
pub async fn check(log: &Path, acknowledged: &[Entry]) -> (usize, usize) {
    let mut log = SqliteConnectOptions::new().filename(log).connect().await.expect("the log opens again");
    let rows: Vec<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT doc, hash FROM changes").fetch_all(&mut log).await.expect("changes");
    let mut there: HashMap<(Vec<u8>, Vec<u8>), usize> = HashMap::new();
    rows.into_iter().for_each(|key| *there.entry(key).or_default() += 1);
    let (mut lost, mut doubled, mut seen) = (0, 0, HashMap::new());
    for entry in acknowledged {
        let key = (entry.doc.0.to_vec(), entry.hash.0.to_vec());
        match there.get(&key) {
            None => lost += 1,
            Some(1) => {}
            Some(_) => doubled += 1,
        }
        let times: &mut usize = seen.entry(key).or_default();
        *times += 1;
        doubled += usize::from(*times > 1);
    }
    (lost, doubled)
}
