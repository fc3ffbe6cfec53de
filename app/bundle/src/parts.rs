//! Parts of the screens that a phone fetches when a page of theirs is first opened. A function marked
//! `#[wasm_split(<part>)]` and all that only it reaches become a file of their own; what several parts share and the
//! program itself does not need becomes a chunk. The linker must leave its notes (relocations) in the file for that.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::order;
use crate::trouble::{Doing, Result, Trouble};

/// For rustc: keep the relocations, from which one sees who needs whom.
pub const LINK_ARGUMENT: &str = "-Clink-arg=--emit-relocs";
/// The module that the split program imports its loaders from.
const LINK: &str = "./__wasm_split.js";
/// Where it begins: it asks the glue for the running program. Both become one module, so it need not.
const ASKS_GLUE: &str = "import { initSync } from ";

/// Writes the parts and the loaders' module into `dir`; returns what is left of the program for bindgen.
pub fn split(program: &[u8], dir: &Path) -> Result<Vec<u8>> {
    let main = dir.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(program);
    (options.output_dir, options.main_out_path, options.link_name) = (dir, &main, LINK);
    let split = wasm_split_cli_support::transform(options)
        .map_err(|reason| Trouble::new(format!("splitting the program: {reason:#}")))?;
    for part in split.split_modules {
        order::file(&part)?;
    }
    let left = fs::read(&main).doing(|| "reading what is left of the program".into())?;
    fs::remove_file(main).doing(|| "removing what bindgen takes over".into())?;
    Ok(left)
}

/// Glue and loaders as one module: they import each other, so neither could have its hash in the other's name.
pub fn join(glue: &str, dir: &Path) -> Result<String> {
    let path = dir.join(LINK);
    if !path.exists() {
        return Ok(glue.to_owned());
    }
    let loaders = fs::read_to_string(&path).doing(|| "reading the parts' loaders".into())?;
    let (mut text, mut names) = (String::new(), Vec::new());
    for line in glue.lines() {
        match line.strip_prefix("import * as ").and_then(|rest| rest.split_once(" from ")) {
            Some((name, from)) if from.contains(LINK) => names.push(name),
            _ => text.extend([line, "\n"]),
        }
    }
    let loaders = loaders.lines().filter(|line| !line.starts_with(ASKS_GLUE));
    let mut exported = Vec::new();
    for line in loaders {
        let own = line.strip_prefix("export const ").map(|rest| format!("const {rest}"));
        if let Some((name, _)) = line.strip_prefix("export const ").and_then(|rest| rest.split_once(' ')) {
            exported.push(name.to_owned());
        }
        text.push_str(own.as_deref().unwrap_or(line));
        text.push('\n');
    }
    for name in names {
        text.push_str(&format!("const {name} = {{ {} }};\n", exported.join(", ")));
    }
    Ok(text)
}

/// The parts in a folder, by the address that the loaders ask for.
pub fn found(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut parts = BTreeMap::new();
    for entry in fs::read_dir(dir).doing(|| format!("reading {}", dir.display()))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if (name.starts_with("split_") || name.starts_with("chunk_")) && name.ends_with(".wasm") {
            let bytes = fs::read(entry.path()).doing(|| format!("reading {name}"))?;
            parts.insert(format!("./{name}"), bytes);
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glue_and_loaders_become_one_module() {
        let dir = std::env::temp_dir().join(format!("lianxin-parts-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let glue = "import * as import1 from \"./__wasm_split.js\"\nexport { initSync };\n";
        assert_eq!(join(glue, &dir).unwrap(), glue, "a program without parts");
        let loaders =
            "import { initSync } from \"./main.js\";\n\nexport const __wasm_split_load_news = load(1);\n";
        fs::write(dir.join(LINK), loaders).unwrap();
        assert_eq!(
            join(glue, &dir).unwrap(),
            "export { initSync };\n\nconst __wasm_split_load_news = load(1);\nconst import1 = { __wasm_split_load_news };\n"
        );
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn parts_are_found_by_the_address_that_asks_for_them() {
        let dir = std::env::temp_dir().join(format!("lianxin-found-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        for name in ["split_news.wasm", "chunk_3.wasm", "ui_bg.wasm", "__wasm_split.js"] {
            fs::write(dir.join(name), name).unwrap();
        }
        let parts = found(&dir).unwrap();
        assert_eq!(parts.keys().collect::<Vec<_>>(), ["./chunk_3.wasm", "./split_news.wasm"]);
        fs::remove_dir_all(dir).unwrap();
    }
}
