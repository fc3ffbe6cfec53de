//! Claim: whatever somebody with the database in his hands changes, `verify-log` finds it: by itself when he
//! lacks the server's key, with a checkpoint that some phone kept when he has it (reliability A1, G12).

use crate::kit::MINERS;
use crate::kit::house::*;
use crate::kit::kinds::{kinds, later_kinds};
use domain::Hash;
use server::log::Sqlite;
use server::proof::Signer;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::path::{Path, PathBuf};
use sync::Checkpoint;

/// Tables with the columns that somebody may touch; the first is what a line is found by.
const TABLES: &[(&str, &[&str])] = &[
    ("docs", &["id", "kind", "owner", "unit", "born_ms", "n", "line", "heads", "body", "snapshot"]),
    ("changes", &["n", "doc", "hash", "actor", "seq", "person", "device", "received_ms", "bytes"]),
    ("acts", &["n", "doc", "id", "actor", "narrow", "person", "device", "received_ms", "entry", "series"]),
    ("narrow_acts", &["doc", "scope", "n"]),
    ("feed", &["scope", "doc", "n", "first_n", "entered", "here"]),
    ("people", &["id", "no", "who"]),
    ("aliases", &["alias", "person"]),
    ("actors", &["doc", "actor", "person", "device"]),
    ("audit", &["at_ms", "person", "device", "doc", "code", "link"]),
    ("renewals", &["n", "doc", "person", "device", "received_ms"]),
    ("feed_base", &["scope", "doc", "n", "first_n", "entered", "here"]),
    ("tree", &["key", "hash"]),
    ("batches", &["first", "last"]),
    ("counters", &["key", "n"]),
    ("meta", &["key", "value"]),
    ("migrations", &["no", "name"]),
];

/// Dice that a seed throws.
struct Dice(u64);
impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Two days of life, with the file as it was after the first.
struct Sample {
    home: tempfile::TempDir,
    /// What a phone kept after the second day.
    seen: Checkpoint,
}

impl Sample {
    async fn make() -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("log.db");
        let desk = signed_desk(&path).await;
        a_day(&desk, 1).await;
        let mut conn = connect(&path).await;
        let old = home.path().join("old.db");
        run(&mut conn, &format!("VACUUM INTO '{}'", old.display())).await.unwrap();
        conn.close().await.unwrap();
        // The program is updated, and what does not please is taken back.
        let desk = update(desk, &path, later_kinds, "later").await;
        a_day_among(&desk, 5, MINERS[5]).await;
        let desk = update(desk, &path, kinds, "as before").await;
        a_day(&desk, 2).await;
        let seen = word(&desk).await;
        a_day(&desk, 3).await;
        desk.into_log().close().await;
        Self { home, seen }
    }
    fn log(&self) -> PathBuf {
        self.home.path().join("log.db")
    }
    fn old(&self) -> PathBuf {
        self.home.path().join("old.db")
    }
    fn copy(&self, from: &Path) -> PathBuf {
        let copy = self.home.path().join("copy.db");
        for end in ["-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{end}", copy.display()));
        }
        std::fs::copy(from, &copy).unwrap();
        copy
    }
}

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).foreign_keys(false).disable_statement_logging();
    options.connect().await.unwrap()
}

async fn run(conn: &mut SqliteConnection, sql: &str) -> Result<u64, sqlx::Error> {
    sqlx::query(AssertSqlSafe(sql.to_string())).execute(conn).await.map(|done| done.rows_affected())
}

/// Everything in the file, table by table.
async fn dump(path: &Path) -> Option<Vec<String>> {
    let mut conn = connect(path).await;
    let mut all = vec![];
    for (table, columns) in TABLES {
        let row = columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>().join("||','||");
        let sql = format!("SELECT {row} FROM {table} ORDER BY 1");
        let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut conn).await.ok()?;
        all.push(format!("{table}: {lines:?}"));
    }
    conn.close().await.ok()?;
    Some(all)
}

/// How a vandal changes one value of a column into another of the same look.
fn other(column: &str, dice: &mut Dice) -> String {
    let byte = dice.below(250) + 1;
    match dice.below(4) {
        0 => format!(
            "CASE typeof({column}) WHEN 'integer' THEN {column} + {byte} WHEN 'text' THEN {column} || 'x' ELSE substr({column}, 2) END"
        ),
        1 => format!(
            "CASE typeof({column}) WHEN 'integer' THEN {column} - 1 WHEN 'text' THEN substr({column}, 1, length({column}) - 1) ELSE zeroblob(length({column})) END"
        ),
        2 => format!(
            "CASE typeof({column}) WHEN 'integer' THEN -{column} - 1 WHEN 'text' THEN replace({column}, substr({column}, 1, 1), '零') ELSE {column} || x'00' END"
        ),
        _ => format!(
            "CASE typeof({column}) WHEN 'integer' THEN {byte} WHEN 'text' THEN '{byte}' ELSE randomblob(length({column})) END"
        ),
    }
}

/// One piece of vandalism by SQL; false when it changed nothing (then another is tried).
async fn spoil(conn: &mut SqliteConnection, dice: &mut Dice) -> bool {
    let (table, columns) = *dice.of(TABLES);
    let column = *dice.of(columns);
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    if count < 2 {
        return false;
    }
    let key = columns[..columns.len().min(3)].join(", ");
    let pick =
        |at: usize| format!("({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {at})");
    let (one, two) = (dice.below(count as usize), dice.below(count as usize));
    let sql = match dice.below(8) {
        // edit
        0..=2 => format!("UPDATE {table} SET {column} = {} WHERE {}", other(column, dice), pick(one)),
        // delete
        3 => format!("DELETE FROM {table} WHERE {}", pick(one)),
        // insert: a line like another one
        4 => {
            let values: Vec<String> = columns
                .iter()
                .enumerate()
                .map(|(i, column)| if i == 0 { other(column, dice) } else { (*column).to_string() })
                .collect();
            let all = columns.join(", ");
            format!(
                "INSERT INTO {table} ({all}) SELECT {} FROM {table} WHERE {}",
                values.join(", "),
                pick(one)
            )
        }
        // swap: the value of another line
        5 => format!(
            "UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE {}) WHERE {}",
            pick(two),
            pick(one)
        ),
        // cut off the end
        6 => {
            let many = 1 + dice.below(5);
            format!(
                "DELETE FROM {table} WHERE {column} IN (SELECT {column} FROM {table} ORDER BY {column} DESC LIMIT {many})"
            )
        }
        // set to nothing
        _ => format!("UPDATE {table} SET {column} = NULL WHERE {}", pick(one)),
    };
    run(conn, &sql).await.is_ok_and(|lines| lines > 0)
}

/// Two places change sides.
async fn reorder(conn: &mut SqliteConnection, dice: &mut Dice) {
    let table = *dice.of(&["changes", "acts"]);
    let all: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT n FROM {table} ORDER BY n")))
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    let (one, two) = (all[dice.below(all.len() / 2)], all[all.len() / 2 + dice.below(all.len() / 2)]);
    for (from, to) in [(one, -1), (two, one), (-1, two)] {
        run(conn, &format!("UPDATE {table} SET n = {to} WHERE n = {from}")).await.unwrap();
    }
}

/// Cuts the log off at a place, as neatly as somebody with a plan would, and has the server sign what is left.
async fn cut_and_sign(path: &Path, dice: &mut Dice, key: Signer) {
    let mut conn = connect(path).await;
    let last: i64 =
        sqlx::query_scalar("SELECT n FROM counters WHERE key = 'n'").fetch_one(&mut conn).await.unwrap();
    let keep = last - 1 - dice.below(10) as i64;
    for table in ["changes", "acts", "narrow_acts", "renewals"] {
        run(&mut conn, &format!("DELETE FROM {table} WHERE n > {keep}")).await.unwrap();
    }
    run(&mut conn, &format!("UPDATE counters SET n = {keep} WHERE key = 'n'")).await.unwrap();
    forget_proofs(&mut conn).await;
    conn.close().await.unwrap();
    Sqlite::open_signed(path, key).await.unwrap().close().await;
}

/// Makes the file look as if it were from before proofs: the next start builds and signs the tree anew.
async fn forget_proofs(conn: &mut SqliteConnection) {
    for sql in ["DELETE FROM tree", "DELETE FROM batches", "DELETE FROM meta WHERE key = 'checkpoint'"] {
        run(conn, sql).await.unwrap();
    }
}

/// Changes one fact and has it signed.
async fn edit_and_sign(path: &Path, dice: &mut Dice, key: Signer) {
    let mut conn = connect(path).await;
    let facts = ["received_ms = received_ms + 1", "device = 'another'", "person = randomblob(16)"];
    let (table, fact) = (*dice.of(&["changes", "acts"]), *dice.of(&facts));
    let at = dice.below(20);
    let sql =
        format!("UPDATE {table} SET {fact} WHERE n = (SELECT n FROM {table} ORDER BY n LIMIT 1 OFFSET {at})");
    assert_eq!(run(&mut conn, &sql).await.unwrap(), 1);
    forget_proofs(&mut conn).await;
    conn.close().await.unwrap();
    Sqlite::open_signed(path, key).await.unwrap().close().await;
}

fn how_many(ordinary: u64) -> u64 {
    std::env::var("LIANXIN_TAMPERINGS").ok().and_then(|text| text.parse().ok()).unwrap_or(ordinary)
}

#[tokio::test]
async fn an_honest_log_is_sound_while_it_is_served_and_after() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.db");
    let desk = signed_desk(&path).await;
    let mut seen = vec![];
    for day in 0..3 {
        a_day(&desk, day).await;
        seen.push(word(&desk).await);
        let report = report(&path, &ours(), &seen).await;
        assert!(report.is_sound(), "{:#?}", report.findings);
        assert_eq!(report.entries, seen.last().unwrap().size);
        assert!(report.audit > 0 && report.docs > 10);
    }
    desk.into_log().close().await;
    let desk = reopen(&path).await;
    a_day(&desk, 4).await;
    desk.into_log().close().await;
    let report = report(&path, &ours(), &seen).await;
    assert!(report.is_sound(), "{:#?}", report.findings);
}

#[tokio::test]
async fn every_tampering_is_found() {
    let sample = Sample::make().await;
    let (mut by_itself, mut by_phone) = (0, 0);
    for seed in 0..how_many(150) {
        let mut dice = Dice(seed);
        let is_rolled_back = dice.below(12) == 0;
        let path = sample.copy(&if is_rolled_back { sample.old() } else { sample.log() });
        let other = Signer::from_seed([2; 32]);
        let needs_phone = match dice.below(10) {
            _ if is_rolled_back => true,
            0 => {
                edit_and_sign(&path, &mut dice, ours()).await;
                true
            }
            1 => {
                cut_and_sign(&path, &mut dice, ours()).await;
                true
            }
            2 => {
                edit_and_sign(&path, &mut dice, other.clone()).await;
                false
            }
            3 => {
                let mut conn = connect(&path).await;
                reorder(&mut conn, &mut dice).await;
                conn.close().await.unwrap();
                false
            }
            _ => {
                let mut conn = connect(&path).await;
                while !spoil(&mut conn, &mut dice).await {}
                conn.close().await.unwrap();
                false
            }
        };
        let seen = if needs_phone { vec![sample.seen.clone()] } else { vec![] };
        let found = report(&path, &ours(), &seen).await;
        if found.is_sound() {
            let same = dump(&path).await == dump(&sample.log()).await;
            assert!(same, "seed {seed} was not found");
            continue; // The dice wrote the value that stood there.
        }
        if needs_phone { by_phone += 1 } else { by_itself += 1 }
    }
    println!("tamperings found: {by_itself} by the log alone, {by_phone} with a phone's checkpoint");
    assert!(by_itself > 0 && by_phone > 0);
}

#[tokio::test]
async fn a_changed_key_is_found_by_what_phones_kept() {
    let sample = Sample::make().await;
    let (path, other) = (sample.copy(&sample.log()), Signer::from_seed([2; 32]));
    let mut conn = connect(&path).await;
    let sql = "UPDATE acts SET device = 'another' WHERE n = (SELECT max(n) FROM acts)";
    run(&mut conn, sql).await.unwrap();
    forget_proofs(&mut conn).await;
    conn.close().await.unwrap();
    Sqlite::open_signed(&path, other.clone()).await.unwrap().close().await;
    // The vandal puts his key in the place of ours: by itself the log looks sound.
    let alone = report(&path, &other, &[]).await;
    assert!(alone.is_sound(), "{:#?}", alone.findings);
    let seen = report(&path, &other, std::slice::from_ref(&sample.seen)).await;
    assert!(seen.findings.iter().any(|found| found.en.contains("another key")), "{:#?}", seen.findings);
}

/// Pages of the file lose a bit, or the write-ahead log loses its end.
#[tokio::test]
async fn a_sick_disk_never_gives_a_wrong_answer_in_silence() {
    let sample = Sample::make().await;
    let whole = std::fs::read(sample.log()).unwrap();
    let truth = dump(&sample.log()).await.unwrap();
    let (mut found, mut harmless) = (0, 0);
    for seed in 0..how_many(60) {
        let mut dice = Dice(seed ^ 0xD15C);
        let path = sample.copy(&sample.log());
        let mut bytes = whole.clone();
        let at = dice.below(bytes.len() / 4096) * 4096 + dice.below(4096);
        bytes[at] ^= 1 << dice.below(8);
        std::fs::write(&path, &bytes).unwrap();
        let report = report(&path, &ours(), std::slice::from_ref(&sample.seen)).await;
        if report.is_sound() {
            // A bit that nobody reads: every answer is the old one.
            assert!(dump(&path).await.as_ref() == Some(&truth), "seed {seed}, byte {at}");
            harmless += 1;
        } else {
            found += 1;
        }
    }
    println!("flipped pages: {found} found, {harmless} where nobody reads");
    assert!(found > 0);
}

#[tokio::test]
async fn a_write_ahead_log_that_was_cut_is_older_but_never_wrong() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.db");
    let desk = signed_desk(&path).await;
    a_day(&desk, 1).await;
    let seen = word(&desk).await;
    let (file, wal) = (std::fs::read(&path).unwrap(), std::fs::read(home.path().join("log.db-wal")).unwrap());
    desk.into_log().close().await;
    let (mut told, mut same) = (0, 0);
    for seed in 0..how_many(40) {
        let mut dice = Dice(seed);
        let copy = tempfile::tempdir().unwrap();
        let path = copy.path().join("log.db");
        std::fs::write(&path, &file).unwrap();
        std::fs::write(copy.path().join("log.db-wal"), &wal[..dice.below(wal.len())]).unwrap();
        let report = report(&path, &ours(), std::slice::from_ref(&seen)).await;
        let size = report.checkpoint.as_ref().map(|checkpoint| checkpoint.size);
        if report.is_sound() {
            assert_eq!(size, Some(seen.size), "seed {seed}: shorter, and nobody says so");
            same += 1;
        } else {
            told += 1;
        }
    }
    println!("cut write-ahead logs: {told} told, {same} lost nothing");
    assert!(told > 0);
}

#[tokio::test]
async fn a_tampered_log_is_not_served() {
    let sample = Sample::make().await;
    let path = sample.copy(&sample.log());
    let mut conn = connect(&path).await;
    run(&mut conn, "UPDATE tree SET hash = zeroblob(32)").await.unwrap();
    conn.close().await.unwrap();
    assert!(Sqlite::open_signed(&path, ours()).await.is_err());
    let words = report(&path, &ours(), &[]).await.findings;
    assert!(words.iter().all(|found| !found.zh.is_empty() && !found.en.is_empty()));
    assert_ne!(Hash([0; 32]), sample.seen.root);
}
