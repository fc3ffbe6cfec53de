//! The programs of the phone: `ui` (the screens), `core` (the worker), and a small one for PINs. Compiled apart, because one cargo
//! run would unify the features of both and put Automerge into the screens; then given their JavaScript.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::kept::Kept;
use crate::order;
use crate::parts;
use crate::places::Places;
use crate::run;
use crate::toolchain::{TARGET, Toolchain};
use crate::trouble::{Doing, Result, Trouble};

/// Changes when the way we call bindgen changes, so that kept results are made anew.
const BINDGEN: &str = "bindgen-0.2.130-5";

/// One of the programs.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// Name in the site: `assets/<name>.<hash>.wasm`.
    pub name: &'static str,
    /// What cargo is asked for, verb first.
    cargo: &'static [&'static str],
    /// What cargo calls the result.
    file: &'static str,
    /// Has parts that are fetched when first needed (`parts.rs`).
    parts: bool,
    /// For people.
    pub title: &'static str,
}

/// The screens.
pub const UI: Program = Program {
    name: "ui",
    cargo: &["rustc", "-p", "app", "--bin", "ui", "--", parts::LINK_ARGUMENT],
    file: "ui.wasm",
    parts: true,
    title: "界面 the screens (ui.wasm)",
};
/// The screens with the gallery of all components at `/ui-gallery`; never what phones get.
pub const GALLERY: Program = Program {
    cargo: &["rustc", "-p", "app", "--bin", "ui", "--features", "gallery", "--", parts::LINK_ARGUMENT],
    title: "界面和组件样例 the screens with the gallery",
    ..UI
};
/// The worker that keeps, merges and syncs. Its rlib (for tests) is left out: cargo drops link-time optimisation
/// for a crate that is built as both.
pub const CORE: Program = Program {
    name: "core",
    cargo: &["rustc", "-p", "worker", "--lib", "--crate-type", "cdylib"],
    file: "worker.wasm",
    parts: false,
    title: "数据核心 the worker (core.wasm)",
};

/// Locking and unlocking, beside the worker's program and apart from it: no PIN ever comes there, and no phone needs
/// it but to unlock.
pub const LOCKS: Program = Program {
    name: "locks",
    cargo: &["rustc", "-p", "locks", "--lib", "--crate-type", "cdylib"],
    file: "locks.wasm",
    parts: false,
    title: "锁 the locks (locks.wasm)",
};
/// Argon2id, alone: needs no JavaScript (`app/stretch`), so it is taken as the compiler leaves it.
pub const STRETCH: Program = Program {
    name: "stretch",
    cargo: &["rustc", "-p", "stretch", "--lib", "--crate-type", "cdylib"],
    file: "stretch.wasm",
    parts: false,
    title: "锁 the price of a PIN (stretch.wasm)",
};

/// A program ready for a browser.
#[derive(Debug, Clone)]
pub struct Glued {
    /// The module that starts the program.
    pub js: String,
    /// The program.
    pub wasm: Vec<u8>,
    /// Parts that the module fetches when first needed, by the address it asks for (`./split_news.wasm`).
    pub parts: BTreeMap<String, Vec<u8>>,
    /// Small modules that libraries bring along, by the path the glue imports (`./snippets/…`).
    pub snippets: BTreeMap<String, String>,
}

/// Compiles with the size profile. Cargo knows best whether anything changed.
pub fn compile(places: &Places, toolchain: Toolchain, program: &Program) -> Result<PathBuf> {
    let mut command = toolchain.cargo(places, program.cargo[0]);
    command.args(["--profile", "wasm"]).args(&program.cargo[1..]);
    run::shown(&mut command, &places.logs.join(format!("wasm-{}.log", program.name)), program.title)?;
    Ok(places.wasm_target.join(TARGET).join("wasm").join(program.file))
}

/// Makes the JavaScript side, or takes what was kept for the same wasm file.
pub fn glue(kept: &Kept, wasm: &Path, program: &Program) -> Result<Glued> {
    let bytes = fs::read(wasm).doing(|| format!("reading {}", wasm.display()))?;
    let kind = format!("{}-{BINDGEN}", program.name);
    let folder = kept.folder(&kind, &bytes, |dir| {
        if program.parts {
            bindgen(&parts::split(&bytes, dir)?, program.name, dir)
        } else {
            bindgen(&bytes, program.name, dir)
        }
    })?;
    read(&folder, program.name)
}

fn bindgen(bytes: &[u8], name: &str, dir: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.web(true).doing(|| "bindgen".into())?;
    bindgen.typescript(false).remove_name_section(true).remove_producers_section(true);
    bindgen.keep_lld_exports(true); // parts put their functions into the program's table
    bindgen.omit_default_module_path(true); // the file name carries a hash, so the caller passes the address
    bindgen.input_bytes(name, bytes.to_vec());
    bindgen.generate(dir).doing(|| format!("wasm-bindgen on {name}"))?;
    order::file(&dir.join(format!("{name}_bg.wasm")))
}

fn read(folder: &Path, name: &str) -> Result<Glued> {
    let file = |ending: &str| folder.join(format!("{name}{ending}"));
    let js = fs::read_to_string(file(".js")).doing(|| format!("reading the glue of {name}"))?;
    let js = without_comments(&parts::join(&js, folder)?);
    let wasm = fs::read(file("_bg.wasm")).doing(|| format!("reading {name}_bg.wasm"))?;
    let mut snippets = BTreeMap::new();
    collect(&folder.join("snippets"), "./snippets", &mut snippets)?;
    Ok(Glued { js, wasm, parts: parts::found(folder)?, snippets })
}

/// All files below `dir`, by the path the glue uses.
fn collect(dir: &Path, prefix: &str, found: &mut BTreeMap<String, String>) -> Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir).doing(|| format!("reading {}", dir.display()))?.flatten() {
        let (path, name) = (entry.path(), format!("{prefix}/{}", entry.file_name().to_string_lossy()));
        if path.is_dir() {
            collect(&path, &name, found)?;
        } else {
            found.insert(name, fs::read_to_string(&path).doing(|| format!("reading {}", path.display()))?);
        }
    }
    Ok(())
}

/// Drops lines that are only comment: a third of the generated text, and addresses of manuals in it. The generated
/// code has no template text over several lines, so a line that begins like a comment is one.
fn without_comments(js: &str) -> String {
    let mut inside = false;
    let mut text = String::new();
    for line in js.lines().map(str::trim_end) {
        let start = line.trim_start();
        let comment = inside || start.starts_with("//") || start.starts_with("/*");
        inside = (inside || start.starts_with("/*")) && !line.ends_with("*/");
        if !comment && !start.is_empty() {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// Replaces the addresses of snippets and parts in a module. A snippet that imports another one is refused: we have
/// none, and silently leaving an unhashed address would only fail on a phone.
pub fn readdress(js: &str, addresses: &BTreeMap<String, String>) -> Result<String> {
    let mut text = js.to_owned();
    for (path, address) in addresses {
        text = text.replace(path, address);
    }
    match text.find("./snippets/").or_else(|| text.find("./split_")).or_else(|| text.find("./chunk_")) {
        Some(at) => Err(Trouble::new(format!(
            "an address without a file: {}",
            text[at..].chars().take_while(|c| !c.is_whitespace()).take(80).collect::<String>()
        ))),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_code_stays() {
        let js = "/* eslint-disable */\n/**\n * @param {string} a\n */\nexport function f(a) {\n    // see https://manual.example\n\n    return a; // kept\n}\n";
        assert_eq!(without_comments(js), "export function f(a) {\n    return a; // kept\n}\n");
    }

    #[test]
    fn snippets_get_their_hashed_addresses() {
        let addresses = BTreeMap::from([("./snippets/a-1/inline0.js".into(), "./ui-snippet-0.9f.js".into())]);
        let js = readdress("import { x } from './snippets/a-1/inline0.js';", &addresses).unwrap();
        assert_eq!(js, "import { x } from './ui-snippet-0.9f.js';");
    }

    #[test]
    fn a_snippet_without_a_file_stops_the_build() {
        let missing = readdress("import './snippets/b-2/inline0.js';", &BTreeMap::new()).unwrap_err();
        assert!(missing.to_string().contains("./snippets/b-2/inline0.js"));
    }

    #[test]
    fn bindgen_gives_a_module_that_takes_the_address_of_its_program() {
        let dir = std::env::temp_dir().join(format!("lianxin-bindgen-{}", std::process::id()));
        let empty_program = b"\0asm\x01\0\0\0";
        bindgen(empty_program, "ui", &dir).unwrap();
        let glued = read(&dir, "ui").unwrap();
        assert!(
            glued.js.contains("module_or_path")
                && glued.js.contains("export { initSync, __wbg_init as default }")
        );
        assert!(!glued.js.contains("ui_bg.wasm"), "no address without a hash");
        assert!(bindgen(b"not wasm", "ui", &dir).unwrap_err().to_string().starts_with("wasm-bindgen on ui"));
        fs::remove_dir_all(dir).unwrap();
    }
}
