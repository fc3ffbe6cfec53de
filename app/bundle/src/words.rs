//! The English texts as one file: who reads Chinese never loads them. `app/build.rs` has checked them against the
//! Chinese ones and compiled those into the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::trouble::{Doing, Result};

/// `app/locales/en.json` and each module's, as lines of key, tab, text (no text holds either, build.rs sees to that).
pub fn english(app: &Path) -> Result<String> {
    let modules = app.join("src/modules");
    let folders = fs::read_dir(&modules).doing(|| format!("reading {}", modules.display()))?.flatten();
    let mut texts = BTreeMap::new();
    for folder in [app.join("locales")].into_iter().chain(folders.map(|entry| entry.path().join("locales"))) {
        let path = folder.join("en.json");
        if path.is_file() {
            let text = fs::read_to_string(&path).doing(|| format!("reading {}", path.display()))?;
            let pairs: BTreeMap<String, String> =
                serde_json::from_str(&text).doing(|| format!("reading {}", path.display()))?;
            texts.extend(pairs);
        }
    }
    Ok(texts.iter().map(|(key, text)| format!("{key}\t{text}\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_texts_of_the_program_are_in_the_file() {
        let text = english(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        assert!(text.contains("state.draft\tDraft\n"), "common ones");
        assert!(text.lines().any(|line| line.starts_with("news.")), "and the modules'");
        assert!(text.lines().all(|line| line.matches('\t').count() == 1));
    }
}
