//! Files with one idea, functions that fit on a screen.

use crate::tree::{File, files, none};

/// Longest source file, in lines.
const FILE_LINES: usize = 500;
/// Longest function, in lines of code: comments and attributes (the props of a component) do not count.
const FN_LINES: usize = 60;

#[test]
fn files_are_short() {
    let sources = files()
        .into_iter()
        .filter(|file| [".rs", ".ts", ".js", ".mjs", ".scss", ".css"].iter().any(|end| file.ends(end)));
    let long =
        sources.map(|file| (file.text.lines().count(), file.path)).filter(|(lines, _)| *lines > FILE_LINES);
    none(
        long.map(|(lines, path)| format!("{path}: {lines} lines")).collect(),
        "split the file: one idea each",
    );
}

#[test]
fn functions_are_short() {
    let sources: Vec<File> = files().into_iter().filter(|file| file.ends(".rs")).collect();
    let found: Vec<(String, usize, usize)> = sources.iter().flat_map(functions).collect();
    assert!(found.len() > 300, "functions were found: {}", found.len());
    let long = found.into_iter().filter(|(_, _, lines)| *lines > FN_LINES);
    none(long.map(|(path, at, lines)| format!("{path}:{at}: {lines} lines")).collect(), "split the function");
}

/// Path, first line and length of each function, by indentation as rustfmt leaves it.
fn functions(file: &File) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut out = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let head = [
            "fn ",
            "pub fn ",
            "pub(crate) fn ",
            "pub(super) fn ",
            "async fn ",
            "pub async fn ",
            "const fn ",
            "pub const fn ",
        ];
        if !head.iter().any(|head| code.starts_with(head)) {
            continue;
        }
        let close = format!("{}}}", &line[..line.len() - code.len()]);
        if let Some(length) = lines[start..].iter().position(|line| *line == close) {
            let body = &lines[start..=start + length];
            let code =
                body.iter().filter(|line| !line.trim().starts_with("//") && !line.trim().starts_with("#["));
            out.push((file.path.clone(), start + 1, code.count()));
        }
    }
    out
}

#[test]
fn the_measure_measures() {
    let text = "impl X {\n    pub fn a() {\n        // why\n        b();\n    }\n\n    fn one_line() {}\n}\nfn c() {\n}\n"
        .to_string();
    let file = File { path: "x.rs".into(), text };
    assert_eq!(functions(&file), [("x.rs".to_string(), 2, 3), ("x.rs".to_string(), 9, 2)]);
}
