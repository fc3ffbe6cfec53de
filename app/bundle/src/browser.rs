//! Chromium and the browser tests' own tools. Playwright downloads no browser: it drives the system's Chromium,
//! because a browser from a download server is one more thing a company network does not reach.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::names;
use crate::places::Places;
use crate::run;
use crate::trouble::{Doing, Result, Trouble};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Beside the browser: without a Chinese font every screen is boxes, and every measured width is wrong.
const PACKAGES: [&str; 2] = ["chromium", "fonts-wqy-microhei"];

/// Finds Chromium and a Chinese font, or installs them.
pub fn chromium(places: &Places) -> Result<PathBuf> {
    if let Some(named) = env::var_os("LIANXIN_CHROMIUM") {
        return Ok(named.into());
    }
    match on_path().filter(|_| has_chinese_font()) {
        Some(found) => Ok(found),
        None => {
            debian::install(places, &PACKAGES, "the browser tests")?;
            on_path().ok_or_else(|| Trouble::new("chromium was installed but is not on the PATH"))
        }
    }
}

fn on_path() -> Option<PathBuf> {
    let dirs: Vec<_> = env::split_paths(&env::var_os("PATH")?).collect();
    NAMES.iter().flat_map(|name| dirs.iter().map(move |dir| dir.join(name))).find(|file| file.is_file())
}

fn has_chinese_font() -> bool {
    let listed = run::output_of(Command::new("fc-list").args([":lang=zh", "family"]));
    listed.is_some_and(|fonts| !fonts.is_empty())
}

/// Installs what `end2end/package-lock.json` names, unless exactly that is installed already. No install scripts:
/// nothing we use needs one, and a test machine should not run strangers' programs.
pub fn npm_install(places: &Places) -> Result<()> {
    let dir = places.end2end();
    let lock = fs::read(dir.join("package-lock.json")).map_err(|_| {
        Trouble::new("end2end/package-lock.json is missing").remedy("cd end2end && npm install")
    })?;
    let mark = dir.join("node_modules/.installed-from");
    let wanted = names::short(&lock);
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if !run::on_path("npm") {
        return Err(Trouble::new("npm is missing").remedy("install Node.js 20 or newer, which brings npm"));
    }
    let ran = run::logged(
        npm(places).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
        &places.logs.join("npm-ci.log"),
    )?;
    ran.or_trouble("npm ci")?;
    fs::write(&mark, wanted).doing(|| format!("writing {}", mark.display()))
}

/// `npm` in `end2end`, with its cache outside the checkout.
pub fn npm(places: &Places) -> Command {
    in_end2end(places, "npm")
}

/// A program in `end2end` that finds our browser, server and site by the variables of app/bundle/README.md.
pub fn in_end2end(places: &Places, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(places.end2end());
    command.env("npm_config_cache", &places.npm_cache).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command.env("LIANXIN_BIN", places.server()).env("LIANXIN_SITE", &places.site);
    command.env("LIANXIN_E2E_OUT", places.logs.join("end2end"));
    command.env("CARGO_TARGET_DIR", &places.target);
    command.env_remove("FORCE_COLOR").env("NO_COLOR", "1");
    command
}

/// The same with the browser found.
pub fn with_chromium(mut command: Command, chromium: &Path) -> Command {
    command.env("LIANXIN_CHROMIUM", chromium);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_tests_are_told_where_everything_lies() {
        let places = Places::under("/checkout".into(), "/target".into());
        let command = with_chromium(npm(&places), Path::new("/usr/bin/chromium"));
        let value =
            |name: &str| command.get_envs().find(|(key, _)| *key == name).and_then(|(_, value)| value);
        assert_eq!(value("LIANXIN_BIN"), Some("/target/debug/lianxin".as_ref()));
        assert_eq!(value("LIANXIN_SITE"), Some("/target/site".as_ref()));
        assert_eq!(value("LIANXIN_CHROMIUM"), Some("/usr/bin/chromium".as_ref()));
        assert_eq!(command.get_current_dir(), Some(Path::new("/checkout/end2end")));
    }
}
