//! The files of a site before they are written: by path, each with its bytes. Hashed files go under `assets/`
//! and never change; the others keep their names, and the server tells browsers to ask each time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::names;
use crate::trouble::{Doing, Result};

/// Written into every site: the list of its files, and the sign that the folder is ours to replace.
pub const LIST: &str = "precache.json";

/// A site in memory.
#[derive(Debug, Default)]
pub struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
}

impl Shelf {
    /// Puts a file under its own name.
    pub fn put(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.to_owned(), bytes.into());
    }

    /// Puts a file under `assets/` with its hash in the name; returns its address.
    pub fn put_hashed(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> String {
        let bytes = bytes.into();
        let path = names::hashed(&format!("assets/{name}"), &bytes);
        self.put(&path, bytes);
        format!("/{path}")
    }

    /// All files by path.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// Copies the files of a folder under their own names, except those named in `but` (paths in the folder).
    pub fn put_folder(&mut self, dir: &Path, prefix: &str, but: &[&str]) -> Result<()> {
        for entry in fs::read_dir(dir).doing(|| format!("reading {}", dir.display()))?.flatten() {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.put_folder(&entry.path(), &format!("{path}/"), but)?;
            } else if !but.contains(&path.as_str()) {
                self.put(
                    &path,
                    fs::read(entry.path()).doing(|| format!("reading {}", entry.path().display()))?,
                );
            }
        }
        Ok(())
    }

    /// What a phone keeps for use without a network, with the hash the browser must find: `[[address, integrity]]`.
    pub fn precache(&self) -> Value {
        let kept = self.files.iter().filter(|(path, _)| kept_offline(path));
        kept.map(|(path, bytes)| json!([format!("/{path}"), names::integrity(bytes)])).collect()
    }
}

/// Icons as pictures are fetched by the system when it installs the app, never by a page; the kill switch is
/// for the server.
fn kept_offline(path: &str) -> bool {
    let picture = path.starts_with("icons/") && path.ends_with(".png");
    !picture && ![LIST, "sw.js", "sw-kill.js"].contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_keeps_pages_and_programs_but_not_launcher_pictures() {
        let mut shelf = Shelf::default();
        for path in ["index.html", "icons/mark.svg", "icons/512.png", "sw.js", "sw-kill.js", LIST] {
            shelf.put(path, path);
        }
        let address = shelf.put_hashed("ui.wasm", "wasm");
        let list = shelf.precache();
        let kept: Vec<_> = list.as_array().unwrap().iter().map(|row| row[0].as_str().unwrap()).collect();
        assert_eq!(kept, [address.as_str(), "/icons/mark.svg", "/index.html"]);
        assert!(list[0][1].as_str().unwrap().starts_with("sha256-"));
    }

    #[test]
    fn folders_are_copied_with_exceptions() {
        let dir = std::env::temp_dir().join(format!("lianxin-shelf-{}", std::process::id()));
        fs::create_dir_all(dir.join("icons")).unwrap();
        for (path, text) in [("sw.js", "a"), ("icons/mark.svg", "b"), ("icons/note.txt", "c")] {
            fs::write(dir.join(path), text).unwrap();
        }
        let mut shelf = Shelf::default();
        shelf.put_folder(&dir, "", &["sw.js", "icons/note.txt"]).unwrap();
        assert_eq!(shelf.files().keys().collect::<Vec<_>>(), ["icons/mark.svg"]);
        fs::remove_dir_all(dir).unwrap();
    }
}
