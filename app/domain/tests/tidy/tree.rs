//! The files of this repository as they lie on the disk.

use std::path::{Path, PathBuf};

/// Folders that hold nothing people wrote.
const SKIPPED: [&str; 8] =
    [".git", "target", "node_modules", "dist", "data", "out", "test-results", "fixtures"];
/// Endings of files that people write.
const WRITTEN: [&str; 17] = [
    "rs", "toml", "md", "ts", "js", "mjs", "json", "scss", "css", "html", "sql", "sh", "tsv", "csv", "svg",
    "yml", "txt",
];

/// The top of the repository.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).expect("app/domain lies two below the top").to_path_buf()
}

/// A file that people wrote: path from the top with `/`, and its text.
pub struct File {
    pub path: String,
    pub text: String,
}
impl File {
    pub fn ends(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }
    pub fn within(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

/// All of them.
pub fn files() -> Vec<File> {
    let mut out = Vec::new();
    collect(&root(), &mut out);
    assert!(out.len() > 50, "the walk found the repository");
    out
}

fn collect(folder: &Path, out: &mut Vec<File>) {
    let entries = std::fs::read_dir(folder).expect("a folder of the repository");
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_string();
        if path.is_dir() && !SKIPPED.contains(&name.as_str()) {
            collect(&path, out);
        }
        let written = WRITTEN.iter().any(|ending| name.ends_with(&format!(".{ending}")));
        if path.is_file()
            && written
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let path = path.strip_prefix(root()).expect("below the top").to_string_lossy().replace('\\', "/");
            out.push(File { path, text });
        }
    }
}

/// Text of a file, by its path from the top.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|_| panic!("{path} is missing"))
}

/// Folders in a folder.
pub fn folders(path: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(path)).unwrap_or_else(|_| panic!("{path} is missing"));
    let folders = entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().to_string()).collect();
    names.sort();
    names
}

/// Crates of the workspace: folder and name.
pub fn crates() -> Vec<(String, String)> {
    let manifest = read("Cargo.toml");
    let members =
        manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).expect("members");
    let folders = members
        .split(',')
        .map(|part| part.trim().trim_matches('"').to_string())
        .filter(|part| !part.is_empty());
    let name = |folder: &String| {
        let own = read(&format!("{folder}/Cargo.toml"));
        let line = own.lines().find_map(|line| line.strip_prefix("name = ")).expect("a name").to_string();
        line.trim_matches('"').to_string()
    };
    folders.map(|folder| (folder.clone(), name(&folder))).collect()
}

/// Fails with all findings at once and what to do about them.
#[track_caller]
pub fn none(findings: Vec<String>, advice: &str) {
    assert!(findings.is_empty(), "{advice}:\n  {}", findings.join("\n  "));
}
