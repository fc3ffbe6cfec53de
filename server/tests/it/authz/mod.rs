//! Who may do what: every cell of kind × state × step × person, tried as a hostile client would, with raw
//! entries and raw changes posted to the desk. What is declared stands in `server/tests/authz/*.tsv`, which
//! people read and review; `UPDATE=1` writes them anew, on purpose only. That phones would not even show
//! the button is no excuse here, and [`cells`] checks that both say the same.

mod cells;
mod people;
mod routes;
mod stage;

use std::collections::BTreeMap;

/// Compares with the table on disk, line by line; `UPDATE=1` writes it.
#[track_caller]
fn as_declared(file: &str, head: &str, rows: &BTreeMap<String, String>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authz").join(file);
    let lines = rows.iter().map(|(cell, verdict)| format!("{cell}\t{verdict}\n"));
    let now = format!("{head}\n{}", lines.collect::<String>());
    if std::env::var("UPDATE").is_ok_and(|update| update == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let declared = std::fs::read_to_string(&path).unwrap_or_default();
    let differ: Vec<String> = differences(&declared, &now);
    assert!(
        differ.is_empty(),
        "{file}: {} rows are not as declared; if that is meant, look at each and run with UPDATE=1:\n{}",
        differ.len(),
        differ[..differ.len().min(40)].join("\n")
    );
}

fn differences(declared: &str, now: &str) -> Vec<String> {
    let read = |text: &str| -> BTreeMap<String, String> {
        let line =
            |line: &str| Some((line.rsplit_once('\t')?.0.to_string(), line.rsplit_once('\t')?.1.to_string()));
        text.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect()
    };
    let (declared, now) = (read(declared), read(now));
    let keys: std::collections::BTreeSet<&String> = declared.keys().chain(now.keys()).collect();
    let say = |key: &&String| {
        let (was, is) = (declared.get(*key), now.get(*key));
        (was != is).then(|| {
            format!(
                "{key}\n  declared: {}\n  found:    {}",
                was.map_or("no row", |v| v),
                is.map_or("no cell", |v| v)
            )
        })
    };
    keys.iter().filter_map(say).collect()
}
