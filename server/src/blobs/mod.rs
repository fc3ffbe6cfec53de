//! Pictures and files by their SHA-256. Pieces gather in a file of the sender's own until the whole has come and
//! its hash is right; only then it is checked, written with fsync, and there for everybody.
//!
//! Who may read a blob: every signed-in person who knows its hash. The hash stands only in documents, and whoever
//! may read the document may read its pictures. Somebody who lost a post still reads the pictures whose hashes
//! they kept; binding blobs to scopes belongs to the trust issue.

mod check;
mod http;

pub use check::Kind;
pub use http::{get, head, put};

use crate::fault::Fault;
use axum::body::Bytes;
use domain::{DocId, Hash};
use object_store::ObjectStoreExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};
use sync::BLOB_BYTES;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Mutex, Semaphore};

/// Uploads that one person may have begun.
const OPEN_UPLOADS: usize = 32;
/// An upload that nobody goes on with is forgotten after so long; phones stay under ground for days.
const FORGET: Duration = Duration::from_secs(30 * 24 * 3600);
/// Uploads of different files wait for each other only by accident.
const LANES: usize = 64;

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    /// So many bytes are here.
    Partly(u64),
    /// Whole, checked and durable, with this length.
    Whole(u64),
}

/// One piece of an upload.
pub struct Piece {
    /// Whole file's hash.
    pub hash: Hash,
    /// Place of its first byte.
    pub first: u64,
    /// Length of the whole file.
    pub size: u64,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The store.
pub struct Blobs {
    store: LocalFileSystem,
    uploads: PathBuf,
    owned: PathBuf,
    lanes: Vec<Mutex<()>>,
    checks: Semaphore,
}

impl Blobs {
    /// Opens (or makes) the folders `blobs`, `uploads` and `owned` below `data`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(data: &Path) -> io::Result<Self> {
        let (whole, uploads, owned) = (data.join("blobs"), data.join("uploads"), data.join("owned"));
        fs::create_dir_all(&whole)?;
        fs::create_dir_all(&owned)?;
        fs::create_dir_all(&uploads)?;
        forget_old(&uploads)?;
        let store = LocalFileSystem::new_with_prefix(whole).map_err(io::Error::other)?.with_fsync(true);
        let lanes = (0..LANES).map(|_| Mutex::new(())).collect();
        Ok(Self { store, uploads, owned, lanes, checks: Semaphore::new(1) })
    }

    /// True when this person once sent the whole file: only who has it can.
    pub async fn is_owner(&self, person: DocId, hash: Hash) -> bool {
        tokio::fs::try_exists(self.mark(person, hash)).await.unwrap_or(false)
    }

    /// Where this person's upload of this file stands. Whether it is here already is told only to who `may`
    /// have it; anybody else has to send all of it, and proves with that that they had it before.
    ///
    /// # Errors
    /// What the store says.
    pub async fn standing(&self, person: DocId, hash: Hash, may: bool) -> Result<Upload, Fault> {
        if !may {
            return Ok(Upload::Partly(self.received(person, hash).await));
        }
        match self.store.head(&key(hash)).await {
            Ok(meta) => Ok(Upload::Whole(meta.size)),
            Err(object_store::Error::NotFound { .. }) => {
                Ok(Upload::Partly(self.received(person, hash).await))
            }
            Err(error) => Err(Fault::from_inside("blob head", &error)),
        }
    }

    /// Takes one piece. A piece that is here already is taken again; one that does not follow is refused with
    /// [`Fault::blob_order`], and [`Blobs::standing`] says where to go on.
    ///
    /// # Errors
    /// The faults of blobs.
    pub async fn take(&self, person: DocId, piece: Piece, may: bool) -> Result<Upload, Fault> {
        let _lane = self.lanes[usize::from(piece.hash.0[0]) % LANES].lock().await;
        let received = match self.standing(person, piece.hash, may).await? {
            whole @ Upload::Whole(_) => return Ok(whole),
            Upload::Partly(received) => received,
        };
        let Some(fresh) = received.checked_sub(piece.first) else { return Err(Fault::blob_order()) };
        let fresh = piece.bytes.slice(usize::try_from(fresh).unwrap_or(usize::MAX).min(piece.bytes.len())..);
        if received == 0 {
            self.room_for(person)?;
        }
        self.append(person, piece.hash, &fresh).await.map_err(inside)?;
        let received = received + fresh.len() as u64;
        if received < piece.size {
            Ok(Upload::Partly(received))
        } else {
            self.complete(person, piece.hash).await
        }
    }

    /// A whole blob's length and kind.
    ///
    /// # Errors
    /// [`Fault::blob_gone`].
    pub async fn about(&self, hash: Hash) -> Result<(u64, Kind), Fault> {
        let size = self.store.head(&key(hash)).await.map_err(gone)?.size;
        let start = self.store.get_range(&key(hash), 0..size.min(16)).await.map_err(gone)?;
        Ok((size, Kind::sniff(&start).ok_or_else(Fault::blob_gone)?))
    }

    /// Some of a whole blob.
    ///
    /// # Errors
    /// [`Fault::blob_gone`].
    pub async fn read(&self, hash: Hash, range: std::ops::Range<u64>) -> Result<Bytes, Fault> {
        self.store.get_range(&key(hash), range).await.map_err(gone)
    }

    /// Puts a whole file that did not come through an upload (the demo's pictures).
    ///
    /// # Errors
    /// The faults of blobs.
    pub async fn put(&self, bytes: Bytes) -> Result<Hash, Fault> {
        let hash = Hash::of(&bytes);
        self.keep(hash, bytes).await?;
        Ok(hash)
    }

    async fn complete(&self, person: DocId, hash: Hash) -> Result<Upload, Fault> {
        let path = self.part(person, hash);
        let bytes: Bytes = tokio::fs::read(&path).await.map_err(inside)?.into();
        let kept =
            if Hash::of(&bytes) == hash { self.keep(hash, bytes).await } else { Err(Fault::blob_hash()) };
        if kept.is_ok() {
            self.note_owner(person, hash).await.map_err(inside)?;
        }
        // Kept or refused for good: either way the pieces are done with. A fault of ours keeps them for a retry.
        if kept.as_ref().map_or_else(|fault| !fault.status().is_server_error(), |_| true) {
            tokio::fs::remove_file(&path).await.map_err(inside)?;
        }
        kept.map(Upload::Whole)
    }

    async fn keep(&self, hash: Hash, bytes: Bytes) -> Result<u64, Fault> {
        let turn = self.checks.acquire().await.map_err(|_| Fault::closing())?;
        let checked = bytes.clone();
        let verdict = tokio::task::spawn_blocking(move || check::check(&checked)).await;
        drop(turn);
        verdict.map_err(|_| Fault::blob_broken())??;
        let size = bytes.len() as u64;
        self.store
            .put(&key(hash), bytes.into())
            .await
            .map_err(|error| Fault::from_inside("blob put", &error))?;
        Ok(size)
    }

    async fn append(&self, person: DocId, hash: Hash, bytes: &[u8]) -> io::Result<()> {
        let path = self.part(person, hash);
        let mut file = tokio::fs::OpenOptions::new().append(true).create(true).open(path).await?;
        file.write_all(bytes).await?;
        file.flush().await
    }

    async fn received(&self, person: DocId, hash: Hash) -> u64 {
        tokio::fs::metadata(self.part(person, hash)).await.map_or(0, |meta| meta.len())
    }

    fn part(&self, person: DocId, hash: Hash) -> PathBuf {
        self.uploads.join(format!("{person}.{hash}"))
    }

    /// An empty file for each person and file: no list to rewrite, nothing to read at the start.
    fn mark(&self, person: DocId, hash: Hash) -> PathBuf {
        let name = hash.to_string();
        self.owned.join(&name[..2]).join(format!("{name}.{person}"))
    }

    async fn note_owner(&self, person: DocId, hash: Hash) -> io::Result<()> {
        let mark = self.mark(person, hash);
        if let Some(folder) = mark.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        tokio::fs::write(mark, b"").await
    }

    fn room_for(&self, person: DocId) -> Result<(), Fault> {
        let mine = format!("{person}.");
        let names = fs::read_dir(&self.uploads).map_err(inside)?.flatten().map(|entry| entry.file_name());
        let begun = names.filter(|name| name.to_string_lossy().starts_with(&mine)).count();
        if begun < OPEN_UPLOADS { Ok(()) } else { Err(Fault::blob_many().after(60)) }
    }
}

/// `ab/ab12…`: no folder grows without end.
fn key(hash: Hash) -> Key {
    let hex = hash.to_string();
    Key::from_iter([&hex[..2], &hex])
}

fn gone(error: object_store::Error) -> Fault {
    match error {
        object_store::Error::NotFound { .. } => Fault::blob_gone(),
        other => Fault::from_inside("blob read", &other),
    }
}

fn inside(error: io::Error) -> Fault {
    Fault::from_inside("upload", &error)
}

fn forget_old(uploads: &Path) -> io::Result<()> {
    let border = SystemTime::now().checked_sub(FORGET).unwrap_or(SystemTime::UNIX_EPOCH);
    for entry in fs::read_dir(uploads)? {
        let entry = entry?;
        if entry.metadata()?.modified()? < border {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A length that a header may claim.
pub(crate) fn fits(size: u64) -> bool {
    (1..=BLOB_BYTES).contains(&size)
}
