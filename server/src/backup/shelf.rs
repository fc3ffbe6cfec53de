//! The daily backup and its shelf: the last fourteen and the first of each month stay. When the last good one
//! is too old, `doctor` and `/health` say so.

use super::{Made, Recipient, broken, make};
use crate::cli::Stop;
use crate::house::Data;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Daily ones that stay.
pub const KEPT: usize = 14;
/// An age at which a backup is called old: a day and two hours' grace.
pub const STALE_MS: i64 = 26 * 60 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The last good backup, as written beside the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// When it was made, UTC ms.
    pub made_ms: i64,
    /// Its file.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// Last place in it.
    pub last: u64,
}

impl Standing {
    /// Too old?
    pub fn is_stale(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.made_ms) > STALE_MS
    }
}

fn note(data: &Data) -> PathBuf {
    data.dir().join("backup.json")
}

/// The last good backup of this folder; `None`: there never was one.
pub fn standing(data: &Data) -> Option<Standing> {
    serde_json::from_slice(&std::fs::read(note(data)).ok()?).ok()
}

/// Writes down that one was made.
///
/// # Errors
/// What the file system says.
pub(crate) fn keep_standing(data: &Data, made: &Made) -> Result<(), Stop> {
    let standing = Standing {
        made_ms: made.manifest.made_ms,
        file: made.path.display().to_string(),
        bytes: made.bytes,
        last: made.manifest.last,
    };
    let path = note(data);
    let bytes = serde_json::to_vec_pretty(&standing).unwrap_or_default();
    std::fs::write(&path, bytes).map_err(|error| broken(&path, &error))
}

/// The backup of the day, if it is time: `None` when the last one is younger than a day.
///
/// # Errors
/// A sentence about what failed; earlier backups stay.
pub async fn daily(data: &Data, shelf: &Path, to: Recipient, now_ms: i64) -> Result<Option<Made>, Stop> {
    let young = |standing: &Standing| {
        (0..DAY_MS).contains(&now_ms.saturating_sub(standing.made_ms)) && Path::new(&standing.file).exists()
    };
    if standing(data).as_ref().is_some_and(young) {
        return Ok(None);
    }
    let made = make(data, &shelf.join(name(now_ms)), to, now_ms).await?;
    keep_standing(data, &made)?;
    prune(shelf).map_err(|error| broken(shelf, &error))?;
    Ok(Some(made))
}

/// `lianxin-20261125-0215.tar.age`, UTC: names sort as times.
pub(crate) fn name(ms: i64) -> String {
    let (year, month, day) = date(ms.div_euclid(DAY_MS));
    let minute = ms.rem_euclid(DAY_MS) / 60_000;
    format!("lianxin-{year:04}{month:02}{day:02}-{:02}{:02}.tar.age", minute / 60, minute % 60)
}

/// Year, month, day of a day since 1970 (civil-from-days of Howard Hinnant).
fn date(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// Takes down what is neither among the last fourteen nor the first of its month. Touches only files with our
/// names.
///
/// # Errors
/// What the file system says.
pub fn prune(shelf: &Path) -> std::io::Result<Vec<PathBuf>> {
    let ours = |name: &str| name.starts_with("lianxin-") && name.ends_with(".tar.age") && name.len() == 29;
    let names = std::fs::read_dir(shelf)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| ours(name)).collect();
    names.sort();
    let late = names.len().saturating_sub(KEPT);
    let mut months = BTreeSet::new();
    let mut gone = vec![];
    for (i, name) in names.iter().enumerate() {
        let is_first = months.insert(name[8..14].to_string());
        if i < late && !is_first {
            let path = shelf.join(name);
            std::fs::remove_file(&path)?;
            gone.push(path);
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dates_and_the_shelf_keeps_fourteen_and_the_first_of_each_month() {
        assert_eq!(name(1_795_565_700_000), "lianxin-20261125-0015.tar.age");
        assert_eq!(name(951_782_400_000), "lianxin-20000229-0000.tar.age");
        let shelf = tempfile::tempdir().unwrap();
        for day in 0..70 {
            std::fs::write(shelf.path().join(name(1_795_565_700_000 + day * DAY_MS)), "x").unwrap();
        }
        std::fs::write(shelf.path().join("别的文件.tar.age"), "x").unwrap();
        prune(shelf.path()).unwrap();
        let mut left: Vec<String> = std::fs::read_dir(shelf.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("lianxin-"))
            .collect();
        left.sort();
        assert_eq!(left.len(), KEPT + 3);
        assert_eq!(left[0], "lianxin-20261125-0015.tar.age");
        assert_eq!((&left[1][8..16], &left[2][8..16]), ("20261201", "20270101"));
        assert_eq!(std::fs::read_dir(shelf.path()).unwrap().count(), KEPT + 4, "others' files stay");
    }
}
