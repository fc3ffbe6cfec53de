//! A crate's `#[wasm_bindgen_test]`s as a page: some promises (IndexedDB keeps what it said it kept) can only be
//! tested in a real browser. `end2end` opens the page in Chromium and reads `window.wasmTests`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::places::Places;
use crate::run;
use crate::say;
use crate::toolchain;
use crate::trouble::{Doing, Result, Trouble};

const PAGE: &str = r#"<!doctype html>
<meta charset="utf-8">
<title>wasm tests</title>
<pre id="output"></pre>
<script type="module" src="run.js"></script>
"#;

/// Compiles the tests of a crate and writes `<target>/test-page/<test binary>/index.html` for each binary that
/// has any. Prints the folders.
pub fn build(places: &Places, package: &str) -> Result<()> {
    let out = places.target.join("test-page");
    let toolchain = toolchain::find(places)?;
    let binaries = say::step(&format!("编译测试 compile the wasm tests of {package}"), || {
        let mut command = toolchain.cargo(places, "test");
        command.args(["--no-run", "-p", package, "--message-format=json-render-diagnostics"]);
        let ran = run::logged(&mut command, &places.logs.join(format!("test-page-{package}.log")))?;
        ran.or_trouble("compiling the tests").map(|text| test_binaries(&text))
    })?;
    if out.exists() {
        fs::remove_dir_all(&out).doing(|| format!("removing {}", out.display()))?;
    }
    for (name, wasm) in binaries {
        let folder = out.join(&name);
        page(&folder, &name, &wasm)?;
        println!("{}", folder.display());
    }
    Ok(())
}

/// Name and file of each test binary in cargo's messages.
fn test_binaries(messages: &str) -> Vec<(String, PathBuf)> {
    let parsed = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    parsed
        .filter_map(|message| {
            let file = message["executable"].as_str().filter(|_| message["profile"]["test"] == true)?;
            Some((message["target"]["name"].as_str()?.to_owned(), PathBuf::from(file)))
        })
        .collect()
}

fn page(folder: &Path, name: &str, wasm: &Path) -> Result<()> {
    let bytes = fs::read(wasm).doing(|| format!("reading {}", wasm.display()))?;
    let mut bindgen = Bindgen::new();
    bindgen.web(true).doing(|| "bindgen".into())?;
    bindgen.debug(true).emit_start(false).typescript(false).input_bytes(name, bytes);
    bindgen.generate(folder).doing(|| format!("wasm-bindgen on {name}"))?;
    let glue =
        fs::read_to_string(folder.join(format!("{name}.js"))).doing(|| format!("reading {name}.js"))?;
    if !glue.contains("WasmBindgenTestContext") {
        fs::remove_dir_all(folder).doing(|| format!("removing {}", folder.display()))?;
        return Err(Trouble::new(format!("{name} has no #[wasm_bindgen_test]")));
    }
    fs::write(folder.join("index.html"), PAGE).doing(|| "writing index.html".into())?;
    fs::write(folder.join("run.js"), runner(name)).doing(|| "writing run.js".into())
}

/// Runs all tests of the program and leaves the answer where a browser driver can read it.
fn runner(name: &str) -> String {
    format!(
        r#"import init, {{ WasmBindgenTestContext }} from './{name}.js';
globalThis.__wbg_test_invoke = (test) => test();
const program = await init({{ module_or_path: './{name}_bg.wasm' }});
const tests = Object.keys(program).filter((name) => name.startsWith('__wbgt_'));
const ok = await new WasmBindgenTestContext(false).run(tests.map((name) => program[name]));
window.wasmTests = {{ ok, count: tests.length, output: document.getElementById('output').textContent }};
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_binaries_are_told_from_other_artifacts() {
        let messages = concat!(
            "   Compiling store\n",
            r#"{"reason":"compiler-artifact","target":{"name":"store"},"profile":{"test":false},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"store"},"profile":{"test":true},"executable":"/t/store-1.wasm"}"#,
            "\n",
        );
        assert_eq!(test_binaries(messages), [("store".to_owned(), PathBuf::from("/t/store-1.wasm"))]);
    }

    #[test]
    fn the_runner_names_its_program() {
        assert!(
            runner("store").contains("from './store.js'") && runner("store").contains("'./store_bg.wasm'")
        );
    }
}
