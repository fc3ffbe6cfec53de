//! Writes a site so that nobody ever sees half of it: all files into a new folder beside the old one, then the
//! names change places. Only a folder that this tool wrote, or an empty one, is replaced.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use crate::kept::Kept;
use crate::shelf::{LIST, Shelf};
use crate::squeeze::{Squeezed, squeeze};
use crate::trouble::{Doing, Result, Trouble};

/// Refuses to replace somebody's own folder. Asked before the long work.
pub fn check_replaceable(out: &Path) -> Result<()> {
    let ours = out.join(LIST).is_file();
    let empty = fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
    if ours || empty {
        return Ok(());
    }
    Err(Trouble::new(format!("{} holds other files and would be replaced", out.display()))
        .remedy("name an empty folder with --out"))
}

/// Compresses and writes all files, then puts the new folder in the old one's place.
pub fn site(kept: &Kept, shelf: &Shelf, out: &Path) -> Result<()> {
    let squeezed = squeeze_all(kept, shelf)?;
    let (fresh, old) = (beside(out, "new"), beside(out, "old"));
    remove(&fresh)?;
    for (path, bytes) in shelf.files() {
        put(&fresh.join(path), bytes)?;
        let side = &squeezed[path];
        for (ending, bytes) in [("br", &side.br), ("gz", &side.gz)] {
            if let Some(bytes) = bytes {
                put(&fresh.join(format!("{path}.{ending}")), bytes)?;
            }
        }
    }
    remove(&old)?;
    if out.exists() {
        fs::rename(out, &old).doing(|| format!("moving {} aside", out.display()))?;
    }
    fs::rename(&fresh, out).doing(|| format!("putting {} in place", out.display()))?;
    remove(&old)
}

/// On two threads: brotli at its highest level is the slow part.
fn squeeze_all(kept: &Kept, shelf: &Shelf) -> Result<BTreeMap<String, Squeezed>> {
    let mut waiting: Vec<_> = shelf.files().iter().collect();
    waiting.sort_by_key(|(_, bytes)| bytes.len()); // the largest are taken first, from the end
    let (waiting, done) = (Mutex::new(waiting), Mutex::new(BTreeMap::new()));
    let work = || -> Result<()> {
        loop {
            let Some((path, bytes)) = lock(&waiting).pop() else { return Ok(()) };
            let squeezed = squeeze(kept, path, bytes)?;
            lock(&done).insert(path.clone(), squeezed);
        }
    };
    let stopped = |_| Trouble::new("a compressing thread stopped");
    thread::scope(|scope| {
        let helper = scope.spawn(work);
        work()?;
        helper.join().map_err(stopped)?
    })?;
    Ok(done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// `site` → `site.new`, in the same folder so that renaming stays within one disk.
fn beside(out: &Path, mark: &str) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{mark}"));
    out.with_file_name(name)
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).doing(|| format!("creating {}", dir.display()))?;
    }
    fs::write(path, bytes).doing(|| format!("writing {}", path.display()))
}

fn remove(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).doing(|| format!("removing {}", dir.display()))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("lianxin-write-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn somebody_elses_folder_is_never_replaced() {
        let dir = fresh("others");
        check_replaceable(&dir).unwrap();
        check_replaceable(&dir.join("not-there-yet")).unwrap();
        fs::write(dir.join("thesis.txt"), "years of work").unwrap();
        assert!(check_replaceable(&dir).is_err());
        fs::write(dir.join(LIST), "{}").unwrap();
        check_replaceable(&dir).unwrap();
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_new_site_leaves_nothing_of_the_old_one() {
        let dir = fresh("swap");
        let kept = Kept::open(dir.join("kept")).unwrap();
        let out = dir.join("site");
        for file in ["assets/a.1.js", "assets/a.2.js"] {
            let mut shelf = Shelf::default();
            shelf.put(file, "let a = 1;\n".repeat(40));
            shelf.put(LIST, "{}");
            site(&kept, &shelf, &out).unwrap();
        }
        assert!(!out.join("assets/a.1.js").exists() && out.join("assets/a.2.js.br").exists());
        assert!(!dir.join("site.old").exists() && !dir.join("site.new").exists());
        fs::remove_dir_all(dir).unwrap();
    }
}
