//! `docs/workflows.md` shows the workflows as they are: it is drawn from the rules tables.

use crate::tree::root;
use domain::Word;
use domain::modules::kinds;

const PATH: &str = "docs/workflows.md";

const HEAD: &str = "# 办理流程 · Workflows

Drawn from the rules tables by a test; nobody edits this page. After changing a table:
`UPDATE=1 cargo nextest run -p domain --test tidy`. An arrow says: step（who may, condition）. What a table
cannot say (written reasons, limits, sums) stands in the module's guard. Below a picture stands who is kept
apart from what (职责分离): `A ≠ B` means that A may not do B on the same document.
";

fn drawn() -> String {
    let mut out = String::from(HEAD);
    out.push_str("\n## 不能兼任的角色 · Roles that nobody holds together\n\n");
    for (one, other) in domain::INCOMPATIBLE {
        let line = format!("- {} ≠ {} · {} ≠ {}\n", one.zh(), other.zh(), one.en(), other.en());
        out.push_str(&line);
    }
    for kind in kinds() {
        let (zh, en) = kind.labels();
        out.push_str(&format!("\n## {zh} · {en} (`{}`)\n\n```mermaid\n{}```\n", kind.name(), kind.picture()));
        let apart: String = kind.apart().iter().map(|(zh, en)| format!("- {zh} · {en}\n")).collect();
        if !apart.is_empty() {
            out.push_str(&format!("\n职责分离 · Kept apart\n\n{apart}"));
        }
    }
    out
}

#[test]
fn the_pictures_show_the_rules_of_today() {
    let path = root().join(PATH);
    if std::env::var("UPDATE").is_ok_and(|update| update == "1") {
        std::fs::write(&path, drawn()).expect("docs can be written");
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == drawn(), "{PATH} is stale: run `UPDATE=1 cargo nextest run -p domain --test tidy`");
}
