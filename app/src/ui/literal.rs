//! Guard of the first rule for views (tests only): no element may become an HTML string.
//!
//! `view!` writes an element that holds nothing but literals, and is not the root of its view, through `innerHTML`.
//! The page's `trusted-types 'none'` makes that an exception on the phone, and only on the screen that draws it.

use std::path::Path;

/// An element made of literals only: where it begins.
fn literal_elements(source: &str) -> Vec<usize> {
    let opens = source.match_indices('<').map(|(at, _)| at);
    opens
        .filter(|at| is_literal(&source[*at..]) && !is_root(&source[..*at]) && !in_comment(&source[..*at]))
        .collect()
}

fn is_literal(element: &str) -> bool {
    if !element[1..].starts_with(|c: char| c.is_ascii_lowercase()) {
        return false;
    }
    let name_len = element[1..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
    let (mut rest, mut attributes) = (element[1 + name_len..].trim_start(), 0);
    while let Some(after) = skip_literal_attribute(rest) {
        rest = after.trim_start();
        attributes += 1;
    }
    if rest.starts_with("/>") {
        return attributes > 0;
    }
    let Some(content) = rest.strip_prefix('>').map(str::trim_start) else { return false };
    let (words, after) = skip_string(content).map_or((false, content), |after| (true, after.trim_start()));
    after.starts_with("</") && (words || attributes > 0)
}

/// `name="literal"`
fn skip_literal_attribute(text: &str) -> Option<&str> {
    let name_len = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?;
    let value = text[name_len..].strip_prefix('=')?;
    if name_len == 0 { None } else { skip_string(value) }
}

fn skip_string(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?;
    inner.find('"').map(|end| &inner[end + 1..])
}

/// Directly after `view! {`: roots are built as elements.
fn is_root(before: &str) -> bool {
    before.trim_end().strip_suffix('{').is_some_and(|b| b.trim_end().ends_with("view!"))
}

fn in_comment(before: &str) -> bool {
    before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("//"))
}

#[test]
fn the_guard_knows_literal_elements() {
    let found = |source: &str| !literal_elements(source).is_empty();
    assert!(found(r#"view! { <p><span class="x"></span></p> }"#));
    assert!(found(r#"view! { <p><b>"word"</b></p> }"#));
    assert!(found(r#"view! { <p><img src="/a.svg" alt="" /></p> }"#));
    assert!(!found(r#"view! { <span class="x"></span> }"#));
    assert!(!found(r#"view! { <p><span class={"x"}></span><b>{words}</b><br /></p> }"#));
    assert!(!found("// <b class=x></b>") && !found(r#"// <b>"word"</b>"#) && !found("let small = a < b;"));
}

#[test]
fn no_view_becomes_an_html_string() {
    let mut faults = Vec::new();
    scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut faults);
    assert!(faults.is_empty(), "put the class or the word in braces, class={{\"x\"}}: {faults:#?}");
}

fn scan(dir: &Path, faults: &mut Vec<String>) {
    for path in std::fs::read_dir(dir).expect("sources are there").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            scan(&path, faults);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("literal.rs") {
            let source = std::fs::read_to_string(&path).expect("a source is text");
            let line = |at: usize| source[..at].matches('\n').count() + 1;
            faults.extend(
                literal_elements(&source).into_iter().map(|at| format!("{}:{}", path.display(), line(at))),
            );
        }
    }
}
