//! Return: unpack into a new folder, check every byte and the whole log, and give the history a new name, so
//! that phones learn of it, say so openly, and bring back what they have and the backup has not.

use super::make::private_dir;
use super::manifest::{MANIFEST, Manifest, digest};
use super::{AgeReader, Identity, broken};
use crate::cli::Stop;
use crate::house::Data;
use crate::log::{AuditLine, Log, Sqlite};
use crate::proof::Signer;
use crate::verify::{Wanted, verify};
use domain::DocId;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Component, Path};
use sync::Checkpoint;

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What was in the backup.
    pub manifest: Manifest,
    /// The new name of the history.
    pub epoch: String,
}

/// No manifest is longer.
const MANIFEST_BYTES: u64 = 64 * 1024 * 1024;

/// Restores `file` into `dir`, which must be new or empty.
///
/// # Errors
/// A sentence; then `dir` holds nothing, unless its name for the history could not be written.
pub async fn restore(file: &Path, identity: Identity, dir: &Path, now_ms: i64) -> Result<Restored, Stop> {
    let is_free = std::fs::read_dir(dir).map_or(!dir.exists(), |mut all| all.next().is_none());
    if !is_free {
        let dir = dir.display();
        return Err(Stop::new(
            format!("{dir} 不是空文件夹。恢复只写进新的空文件夹，原来的数据留作证据"),
            format!("{dir} is not empty; a restore only goes into a new folder, what is there stays"),
        ));
    }
    let (from, to) = (file.to_path_buf(), dir.to_path_buf());
    let unpacked = tokio::task::spawn_blocking(move || unpack(&from, &identity, &to)).await;
    let unpacked = unpacked.unwrap_or_else(|error| Err(broken(file, &std::io::Error::other(error))));
    let checked = match unpacked {
        Ok(manifest) => check(dir, &manifest).await.map(|()| manifest),
        Err(stop) => Err(stop),
    };
    let manifest = checked.inspect_err(|_| {
        let _ = std::fs::remove_dir_all(dir);
    })?;
    let epoch = begin_anew(dir, now_ms).await?;
    Ok(Restored { manifest, epoch })
}

fn refuse(file: &Path, zh: &str, en: &str) -> Stop {
    let file = file.display();
    Stop::new(format!("{file} {zh}"), format!("{file} {en}"))
}

fn unpack(file: &Path, identity: &Identity, to: &Path) -> Result<Manifest, Stop> {
    let damaged = |error: std::io::Error| {
        refuse(
            file,
            &format!("打不开：密钥不对，或文件损坏（{error}）。请换一份备份或核对密钥"),
            &format!(
                "does not open: another key, or a damaged file ({error}); take another backup or check the key"
            ),
        )
    };
    if !to.exists() {
        private_dir(to).map_err(|error| broken(to, &error))?;
    }
    let open = File::open(file).map_err(|error| broken(file, &error))?;
    let reader = AgeReader::new(BufReader::new(open), identity).map_err(damaged)?;
    let mut archive = tar::Archive::new(reader);
    let mut entries = archive.entries().map_err(damaged)?;
    let first = entries.next().ok_or_else(|| damaged(std::io::Error::other("empty")))?.map_err(damaged)?;
    let manifest = manifest(file, first)?;
    let mut expected = manifest.parts.iter();
    for entry in entries {
        let mut entry = entry.map_err(damaged)?;
        let part = expected
            .next()
            .ok_or_else(|| refuse(file, "里有清单上没有的文件", "holds a file that its list lacks"))?;
        let name = entry.path().map_err(damaged)?.into_owned();
        let is_plain = name.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_plain || name != Path::new(&part.name) {
            return Err(refuse(
                file,
                "的文件名与清单不符",
                "holds a file under another name than its list says",
            ));
        }
        let target = to.join(&name);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(|error| broken(folder, &error))?;
        }
        entry.unpack(&target).map_err(damaged)?;
        let found = File::open(&target).and_then(digest).map_err(|error| broken(&target, &error))?;
        if found != (part.bytes, part.sha256.clone()) {
            return Err(refuse(file, "的内容与清单不符", "does not hold what its list says"));
        }
    }
    if expected.next().is_some() {
        return Err(refuse(file, "缺少清单上的文件", "lacks files of its list"));
    }
    // The end of the seal: a file that was cut off right behind the archive is told as well.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink()).map_err(damaged)?;
    Ok(manifest)
}

fn manifest(file: &Path, first: tar::Entry<'_, impl Read>) -> Result<Manifest, Stop> {
    let is_ours = first.path().is_ok_and(|path| path == Path::new(MANIFEST));
    let mut bytes = vec![];
    let read = first.take(MANIFEST_BYTES).read_to_end(&mut bytes);
    let manifest = read.ok().and_then(|_| serde_json::from_slice::<Manifest>(&bytes).ok());
    manifest
        .filter(|manifest| is_ours && manifest.format == "lianxin.backup" && manifest.version == 1)
        .ok_or_else(|| refuse(file, "不是本程序能读的备份", "is not a backup that this program reads"))
}

/// The whole log against the checkpoint that the manifest names.
async fn check(dir: &Path, manifest: &Manifest) -> Result<(), Stop> {
    let data = Data::at(dir).map_err(|error| broken(dir, &error))?;
    let seen: Vec<Checkpoint> = Checkpoint::parse(&manifest.checkpoint).into_iter().collect();
    let signer = Signer::read(&data.key()).ok();
    let report = verify(&Wanted::new(&data.log(), signer.as_ref(), &seen)).await;
    match report.findings.first() {
        None if seen.len() == 1 => Ok(()),
        what => {
            let (zh, en) = what.map(|what| (what.zh.clone(), what.en.clone())).unwrap_or_default();
            Err(Stop::new(
                format!("备份解开了，但核对不通过（{zh}），没有恢复。请换一份备份"),
                format!("the backup opens but is not sound ({en}); nothing was restored, take another one"),
            ))
        }
    }
}

/// A new name for the history, and a line in the audit that says so.
async fn begin_anew(dir: &Path, now_ms: i64) -> Result<String, Stop> {
    let data = Data::at(dir).map_err(|error| broken(dir, &error))?;
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| Stop::new("机器没有随机数", "no randomness"))?;
    let epoch = DocId::from_random(random).to_string();
    let log = match Signer::read(&data.key()) {
        Ok(signer) => Sqlite::open_signed(&data.log(), signer).await?,
        Err(_) => Sqlite::open(&data.log()).await?,
    };
    log.renew_epoch(epoch.clone()).await?;
    let (person, doc, device) = (DocId::default(), DocId::default(), String::new());
    log.audit(vec![AuditLine { at_ms: now_ms, person, device, doc, code: crate::audit::RESTORED.into() }])
        .await?;
    log.close().await;
    Ok(epoch)
}
