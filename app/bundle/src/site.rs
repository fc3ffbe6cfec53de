//! From sources to a folder that the server can serve and a phone can keep. Reads as the list of its steps.
//! The same sources give the same bytes; a run with nothing new takes seconds.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::kept::Kept;
use crate::names;
use crate::places::Places;
use crate::say;
use crate::shelf::Shelf;
use crate::styles;
use crate::toolchain;
use crate::trouble::{Doing, Result, Trouble};
use crate::wasm::{self, CORE, Glued, LOCKS, Program, STRETCH, UI};
use crate::words;
use crate::write;

/// Files in `public/` that the build fills in or renames; all others are copied.
const TEMPLATES: [&str; 6] = ["index.html", "icons.svg", "sw.js", "boot.js", "early.js", "worker.js"];

/// Builds the site into its usual folder, which is returned.
pub fn build(places: &Places) -> Result<PathBuf> {
    build_into(places, places.site.clone(), UI)
}

/// Builds the site into `out` with the given screens.
pub fn build_into(places: &Places, out: PathBuf, screens: Program) -> Result<PathBuf> {
    write::check_replaceable(&out)?;
    let sheet = places.root.join("style/main.scss");
    let css = say::step("样式 styles (SCSS → CSS)", || styles::compile(&sheet))?;
    let toolchain = toolchain::find(places)?;
    say::note(&format!("wasm: {}", toolchain.describe()));
    let ui = say::step(&format!("编译 compile {}", screens.title), || {
        wasm::compile(places, toolchain, &screens)
    })?;
    let core =
        say::step(&format!("编译 compile {}", CORE.title), || wasm::compile(places, toolchain, &CORE))?;
    let locks =
        say::step(&format!("编译 compile {}", LOCKS.title), || wasm::compile(places, toolchain, &LOCKS))?;
    let stretch = wasm::compile(places, toolchain, &STRETCH)?;
    let stretch = fs::read(&stretch).doing(|| format!("reading {}", stretch.display()))?;
    let kept = Kept::open(places.kept.clone())?;
    let (ui, core) = say::step("连接 JavaScript glue (wasm-bindgen)", || glue_both(&kept, &ui, &core))?;
    let core = Worker { core, locks: wasm::glue(&kept, &locks, &LOCKS)?, stretch };
    let english = words::english(&places.root.join("app"))?;
    let shelf = assemble(&places.root.join("public"), ui, core, css, english)?;
    say::step("压缩并写出 compress and write", || write::site(&kept, &shelf, &out))?;
    kept.forget_unused();
    Ok(out)
}

fn glue_both(kept: &Kept, ui: &Path, core: &Path) -> Result<(Glued, Glued)> {
    thread::scope(|scope| {
        let ui = scope.spawn(|| wasm::glue(kept, ui, &UI));
        let core = wasm::glue(kept, core, &CORE)?;
        let ui = ui.join().map_err(|_| Trouble::new("wasm-bindgen stopped while working on ui.wasm"))??;
        Ok((ui, core))
    })
}

/// What runs in the worker.
struct Worker {
    core: Glued,
    locks: Glued,
    stretch: Vec<u8>,
}

/// Leaves first: a file can only name files that have their names already.
fn assemble(public: &Path, ui: Glued, inside: Worker, css: String, english: String) -> Result<Shelf> {
    let source =
        |name: &str| fs::read_to_string(public.join(name)).doing(|| format!("reading public/{name}"));
    let mut shelf = Shelf::default();
    let css = shelf.put_hashed("style.css", css);
    let english = shelf.put_hashed("part-english.txt", english);
    let ui_size = ui.wasm.len().to_string();
    let (ui_js, ui_wasm) = put_program(&mut shelf, &UI, ui)?;
    let (core_js, core_wasm) = put_program(&mut shelf, &CORE, inside.core)?;
    let (locks_js, locks_wasm) = put_program(&mut shelf, &LOCKS, inside.locks)?;
    let stretch = shelf.put_hashed("locks-stretch.wasm", inside.stretch);
    let programs = [
        ("core_js", core_js.as_str()),
        ("core_wasm", &core_wasm),
        ("locks_js", &locks_js),
        ("locks_wasm", &locks_wasm),
        ("stretch", &stretch),
    ];
    let worker = names::fill("worker.js", &source("worker.js")?, &programs)?;
    let worker = shelf.put_hashed("worker.js", worker);
    let early = shelf.put_hashed("early.js", source("early.js")?);
    let boot = shelf.put_hashed("boot.js", source("boot.js")?);
    let icons = source("icons.svg")?;
    let values = [
        ("css", css.as_str()),
        ("icons", icons.trim_end()),
        ("early", &early),
        ("boot", &boot),
        ("ui_js", &ui_js),
        ("ui_wasm", &ui_wasm),
        ("ui_size", &ui_size),
        ("worker", &worker),
        ("english", &english),
    ];
    shelf.put("index.html", names::fill("index.html", &source("index.html")?, &values)?);
    shelf.put_folder(public, "", &TEMPLATES)?;
    put_service_worker(&mut shelf, &source("sw.js")?)?;
    Ok(shelf)
}

fn put_program(shelf: &mut Shelf, program: &Program, glued: Glued) -> Result<(String, String)> {
    let mut addresses = std::collections::BTreeMap::new();
    for (number, (path, js)) in glued.snippets.iter().enumerate() {
        let js = wasm::readdress(js, &Default::default())?;
        let address = shelf.put_hashed(&format!("{}-snippet-{number}.js", program.name), js);
        addresses.insert(path.clone(), address);
    }
    for (path, part) in glued.parts {
        let name = path.trim_start_matches("./").trim_start_matches("split_").replace('_', "-");
        let address = shelf.put_hashed(&format!("part-{}-{name}", program.name), part);
        addresses.insert(path, address);
    }
    let js = wasm::readdress(&glued.js, &addresses)?;
    let js = shelf.put_hashed(&format!("{}.js", program.name), js);
    Ok((js, shelf.put_hashed(&format!("{}.wasm", program.name), glued.wasm)))
}

/// Last, because it lists all others. The build's name is the hash of that list.
fn put_service_worker(shelf: &mut Shelf, template: &str) -> Result<()> {
    let list = shelf.precache().to_string();
    let build = names::short(format!("{template}{list}").as_bytes());
    let sw = names::fill("sw.js", template, &[("precache", list.as_str()), ("build", &build)])?;
    shelf.put("sw.js", sw);
    shelf.put(crate::shelf::LIST, format!("{{\"build\":\"{build}\",\"files\":{list}}}\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn program(text: &str) -> Glued {
        let parts = BTreeMap::from([("./split_news.wasm".into(), b"part".to_vec())]);
        let js = format!("export default {text:?}; fetch(\"./split_news.wasm\")");
        Glued { js, wasm: text.into(), parts, snippets: BTreeMap::new() }
    }

    fn assembled(ui: &str) -> BTreeMap<String, Vec<u8>> {
        let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public");
        let shelf = assemble(
            &public,
            program(ui),
            Worker { core: program("core"), locks: program("locks"), stretch: b"stretch".to_vec() },
            "body{margin:0}".into(),
            "ui.save\tSave\n".into(),
        )
        .unwrap();
        shelf.files().clone()
    }

    #[test]
    fn the_same_sources_give_the_same_site() {
        assert_eq!(assembled("ui"), assembled("ui"));
    }

    #[test]
    fn a_changed_program_changes_its_names_the_page_and_the_build() {
        let (before, after) = (assembled("one"), assembled("two"));
        assert_ne!(before["index.html"], after["index.html"]);
        assert_ne!(before["sw.js"], after["sw.js"]);
        let core = |files: &BTreeMap<String, Vec<u8>>| {
            files.keys().filter(|path| path.starts_with("assets/core")).cloned().collect::<Vec<_>>()
        };
        assert_eq!(core(&before), core(&after), "what did not change keeps its name and is not loaded again");
    }

    #[test]
    fn every_address_in_the_page_leads_to_a_file() {
        let files = assembled("ui");
        let page = String::from_utf8(files["index.html"].clone()).unwrap();
        let addresses: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
        assert!(addresses.len() >= 6, "{addresses:?}");
        for address in addresses {
            assert!(files.contains_key(&address[1..]), "{address}");
        }
    }

    #[test]
    fn a_part_has_a_name_of_its_own_and_is_kept_offline() {
        let files = assembled("ui");
        let (part, _) = files.iter().find(|(path, _)| path.starts_with("assets/part-ui-news.")).unwrap();
        let glue =
            files.iter().find(|(path, _)| path.starts_with("assets/ui.") && path.ends_with(".js")).unwrap();
        assert!(String::from_utf8_lossy(glue.1).contains(&format!("\"/{part}\"")));
        assert!(String::from_utf8_lossy(&files["precache.json"]).contains(part.as_str()));
    }

    #[test]
    fn the_page_and_the_service_worker_have_no_inline_script_or_style() {
        let files = assembled("ui");
        let page = String::from_utf8(files["index.html"].clone()).unwrap();
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains("onclick"));
        for script in page.split("<script").skip(1) {
            assert!(script.contains(" src="), "{script}");
        }
    }

    #[test]
    fn the_list_names_what_the_service_worker_keeps() {
        let files = assembled("ui");
        let list: serde_json::Value = serde_json::from_slice(&files["precache.json"]).unwrap();
        let sw = String::from_utf8(files["sw.js"].clone()).unwrap();
        assert!(sw.contains(list["build"].as_str().unwrap()));
        for row in list["files"].as_array().unwrap() {
            assert!(files.contains_key(&row[0].as_str().unwrap()[1..]), "{row}");
            assert!(sw.contains(row[1].as_str().unwrap()), "{row}");
        }
    }
}
