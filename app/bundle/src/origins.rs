//! Nothing from another origin: a mine has no way to a font server, and a union's pages tell nobody who reads
//! them. The text files of a site are searched for addresses; names of XML vocabularies are not addresses.

use std::fs;
use std::path::{Path, PathBuf};

use crate::trouble::{Doing, Result};

const READ: [&str; 6] = ["html", "css", "js", "svg", "json", "webmanifest"];
const STARTS: [&str; 4] = ["http://", "https://", "ws://", "wss://"];
/// Vocabulary names, never fetched.
const VOCABULARY: &str = "www.w3.org/";

/// One sentence for each address of another origin in the site's text files.
pub fn foreign(site: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for path in files(site)? {
        if path.extension().and_then(|e| e.to_str()).is_some_and(|ending| READ.contains(&ending)) {
            let text = fs::read_to_string(&path).doing(|| format!("reading {}", path.display()))?;
            let name = path.strip_prefix(site).unwrap_or(&path).display().to_string();
            found.extend(
                addresses(&text).into_iter().map(|address| format!("another origin in {name}: {address}")),
            );
        }
    }
    Ok(found)
}

/// All files below a folder, in order.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).doing(|| format!("reading {}", dir.display()))?.flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn addresses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in STARTS {
        for (at, _) in text.match_indices(start) {
            let host = &text[at + start.len()..];
            if !host.starts_with(VOCABULARY) && host.starts_with(|c: char| c.is_ascii_alphanumeric()) {
                found.push(
                    text[at..].chars().take_while(|c| !" \"'`)\\<>\n".contains(*c)).take(100).collect(),
                );
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_server_is_found_and_a_vocabulary_is_not() {
        let css =
            "@import 'https://fonts.example/a.css'; svg{background:url(\"http://www.w3.org/2000/svg\")}";
        assert_eq!(addresses(css), ["https://fonts.example/a.css"]);
    }

    #[test]
    fn sockets_count_and_bare_schemes_do_not() {
        assert_eq!(addresses("open('wss://live.example/x')"), ["wss://live.example/x"]);
        assert_eq!(addresses("address.startsWith('https://')"), Vec::<String>::new());
    }
}
