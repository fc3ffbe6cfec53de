//! Making a backup beside a running server. The databases are copied by SQLite itself (`VACUUM INTO`), each from
//! one moment, and the copy of the log is verified before it is called a backup. Files of the blobs never
//! change once they are whole, so they are taken as they lie, after the databases that name them.

use super::manifest::{MANIFEST, Manifest, Part, digest};
use super::{AgeWriter, Recipient, broken};
use crate::cli::Stop;
use crate::house::Data;
use crate::proof::Signer;
use crate::verify::{Wanted, verify};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A backup that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// What is in it.
    pub manifest: Manifest,
}

/// What must not go along: locks, unfinished uploads, what belongs to open databases.
const NOT: &[&str] = &["LOCK", "uploads", "backup.json", "log.db", "access.db"];

/// Makes one at `path`, which must not be there.
///
/// # Errors
/// A sentence about what failed. Then there is no file under that name.
pub async fn make(data: &Data, path: &Path, recipient: Recipient, now_ms: i64) -> Result<Made, Stop> {
    if path.exists() {
        let path = path.display();
        return Err(Stop::new(
            format!("{path} 已经存在，备份从不覆盖文件"),
            format!("{path} is there already"),
        ));
    }
    let work = Work::new(path)?;
    let copies = databases(data, &work.dir).await?;
    let manifest = describe(data, &work.dir, copies, now_ms).await?;
    let (dir, part) = (work.dir.clone(), work.part.clone());
    let (from, list) = (data.dir().to_path_buf(), manifest.clone());
    let written = tokio::task::spawn_blocking(move || pack(&from, &dir, &part, &list, recipient)).await;
    let bytes = match written {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Err(broken(path, &error)),
        Err(error) => return Err(broken(path, &std::io::Error::other(error))),
    };
    std::fs::rename(&work.part, path).map_err(|error| broken(path, &error))?;
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(Made { path: path.to_path_buf(), bytes, manifest })
}

/// A folder beside the backup for the copies; gone again whatever happens.
struct Work {
    dir: PathBuf,
    part: PathBuf,
}
impl Work {
    fn new(path: &Path) -> Result<Self, Stop> {
        let named = |end: &str| PathBuf::from(format!("{}.{end}", path.display()));
        let work = Self { dir: named("work"), part: named("part") };
        let _ = std::fs::remove_dir_all(&work.dir);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| broken(folder, &error))?;
        }
        let made = private_dir(&work.dir);
        made.map_err(|error| broken(&work.dir, &error))?;
        Ok(work)
    }
}
impl Drop for Work {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
        let _ = std::fs::remove_file(&self.part);
    }
}

/// The copies lie in the open for a moment: nobody else may look.
pub(super) fn private_dir(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Copies of the databases, each from one moment.
async fn databases(data: &Data, to: &Path) -> Result<Vec<String>, Stop> {
    let mut names = vec![];
    for (from, name) in [(data.log(), "log.db"), (data.access(), "access.db")] {
        if !from.exists() {
            continue;
        }
        let copy = to.join(name);
        let options = SqliteConnectOptions::new().filename(&from).disable_statement_logging();
        let options = options.busy_timeout(std::time::Duration::from_secs(60));
        let mut database = options.connect().await?;
        let target = copy.display().to_string();
        sqlx::query("VACUUM INTO ?").bind(target).execute(&mut database).await?;
        database.close().await?;
        names.push(name.to_string());
    }
    Ok(names)
}

/// The manifest of all that will go in. The copied log must be sound: a backup of a broken log would push the
/// good ones off the shelf.
async fn describe(data: &Data, copies: &Path, names: Vec<String>, now_ms: i64) -> Result<Manifest, Stop> {
    let log = copies.join("log.db");
    let signer = Signer::read(&data.key()).ok();
    let report = verify(&Wanted::new(&log, signer.as_ref(), &[])).await;
    let said = report.checkpoint.clone().filter(|_| report.is_sound());
    let Some(checkpoint) = said else {
        let what = report.findings.first();
        let (zh, en) = what.map(|what| (what.zh.clone(), what.en.clone())).unwrap_or_default();
        return Err(Stop::new(
            format!("没有备份：数据库核对不通过（{zh}）。以前的备份都在；请运行 lianxin verify-log"),
            format!("no backup: the log is not sound ({en}); earlier backups stay. Run lianxin verify-log"),
        ));
    };
    let mut parts = vec![];
    for name in names {
        parts.push(part(&copies.join(&name), name)?);
    }
    for name in files(data.dir())? {
        parts.push(part(&data.dir().join(&name), name)?);
    }
    Ok(Manifest {
        format: "lianxin.backup".into(),
        version: 1,
        program: env!("CARGO_PKG_VERSION").into(),
        made_ms: now_ms,
        epoch: checkpoint.epoch.clone(),
        last: checkpoint.size,
        checkpoint: checkpoint.note(),
        parts,
    })
}

fn part(path: &Path, name: String) -> Result<Part, Stop> {
    let file = File::open(path).map_err(|error| broken(path, &error))?;
    let (bytes, sha256) = digest(file).map_err(|error| broken(path, &error))?;
    Ok(Part { name, bytes, sha256 })
}

/// Everything else in the data folder: pictures, keys, the units file.
fn files(dir: &Path) -> Result<Vec<String>, Stop> {
    let mut found = vec![];
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| broken(&folder, &error))?.flatten() {
            let path = entry.path();
            let name = path.strip_prefix(dir).map(|name| name.display().to_string()).unwrap_or_default();
            let is_open = name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal");
            if NOT.contains(&name.as_str()) || is_open {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() => found.push(name),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Tar into age into the file; returns its length once it is durable.
fn pack(
    data: &Path,
    copies: &Path,
    to: &Path,
    manifest: &Manifest,
    recipient: Recipient,
) -> std::io::Result<u64> {
    let file = std::io::BufWriter::new(File::create(to)?);
    let mut tar = tar::Builder::new(AgeWriter::new(file, &recipient)?);
    let list = serde_json::to_vec_pretty(manifest)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(list.len() as u64);
    header.set_mode(0o600);
    header.set_mtime((manifest.made_ms / 1000) as u64);
    tar.append_data(&mut header, MANIFEST, &list[..])?;
    for part in &manifest.parts {
        let copied = copies.join(&part.name);
        let path = if copied.exists() { copied } else { data.join(&part.name) };
        let mut file = File::open(path)?;
        tar.append_file(&part.name, &mut file)?;
    }
    let mut file = tar.into_inner()?.finish()?;
    file.flush()?;
    let file = file.into_inner().map_err(|error| error.into_error())?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}
