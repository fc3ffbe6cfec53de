//! Keeps results that depend on nothing but their input: what bindgen made of a wasm file, what brotli made of
//! a file. The key is the content, so nothing can be stale, and a warm build skips the slow steps.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::names;
use crate::trouble::{Doing, Result};

/// A folder of results by key, which forgets at the end what this run did not ask for.
#[derive(Debug)]
pub struct Kept {
    dir: PathBuf,
    used: Mutex<BTreeSet<String>>,
}

impl Kept {
    /// Opens (or makes) the folder.
    pub fn open(dir: PathBuf) -> Result<Self> {
        fs::create_dir_all(&dir).doing(|| format!("creating {}", dir.display()))?;
        Ok(Self { dir, used: Mutex::default() })
    }

    /// The folder with what `make` wrote for this input. `make` runs only when there is no result yet, into a
    /// folder that gets its final name when all is written, so a stopped build leaves no half result.
    pub fn folder(
        &self,
        kind: &str,
        input: &[u8],
        make: impl FnOnce(&PathBuf) -> Result<()>,
    ) -> Result<PathBuf> {
        let key = format!("{kind}-{}", names::short(input));
        let done = self.dir.join(&key);
        if !done.is_dir() {
            let working = self.dir.join(format!("{key}.working-{}", std::process::id()));
            fs::create_dir_all(&working).doing(|| format!("creating {}", working.display()))?;
            make(&working)?;
            fs::rename(&working, &done).doing(|| format!("keeping {}", done.display()))?;
        }
        self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(key);
        Ok(done)
    }

    /// The bytes that `make` made for this input.
    pub fn bytes(&self, kind: &str, input: &[u8], make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let folder = self.folder(kind, input, |dir| {
            fs::write(dir.join("bytes"), make()?).doing(|| format!("keeping {kind}"))
        })?;
        fs::read(folder.join("bytes")).doing(|| format!("reading what was kept of {kind}"))
    }

    /// Removes what this run did not use. A file that cannot be removed only costs space.
    pub fn forget_unused(self) {
        let used = self.used.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        for entry in fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_none_or(|name| !used.contains(name)) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trouble::Trouble;

    fn fresh(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("lianxin-kept-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        dir
    }

    #[test]
    fn the_same_input_is_made_once() {
        let dir = fresh("once");
        let kept = Kept::open(dir.clone()).unwrap();
        let mut made = 0;
        for _ in 0..2 {
            let bytes = kept.bytes("br", b"input", || {
                made += 1;
                Ok(b"result".to_vec())
            });
            assert_eq!(bytes.unwrap(), b"result");
        }
        assert_eq!(made, 1);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_failed_making_leaves_nothing_that_looks_done() {
        let dir = fresh("failed");
        let kept = Kept::open(dir.clone()).unwrap();
        assert!(kept.bytes("br", b"input", || Err(Trouble::new("stopped"))).is_err());
        assert_eq!(kept.bytes("br", b"input", || Ok(vec![7])).unwrap(), [7]);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_a_run_does_not_use_is_forgotten() {
        let dir = fresh("forget");
        Kept::open(dir.clone()).unwrap().bytes("br", b"old", || Ok(vec![1])).unwrap();
        let kept = Kept::open(dir.clone()).unwrap();
        kept.bytes("br", b"new", || Ok(vec![2])).unwrap();
        kept.forget_unused();
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        fs::remove_dir_all(dir).unwrap();
    }
}
