//! Where things lie: the checkout, the build folder beside or outside it, and what this tool keeps there.
//! Nothing is ever written into the checkout except `end2end/node_modules`, which npm cannot put elsewhere.

use std::env;
use std::path::{Path, PathBuf};

use crate::trouble::{Result, Trouble};

/// All paths the tool uses. Absolute.
#[derive(Debug, Clone)]
pub struct Places {
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's target folder: `CARGO_TARGET_DIR`, or `target` in the checkout.
    pub target: PathBuf,
    /// Target folder of the wasm builds. Apart, because another compiler may write it (see `toolchain`).
    pub wasm_target: PathBuf,
    /// Results that depend only on their input: bindgen output and compressed files, by content.
    pub kept: PathBuf,
    /// The site, if nobody asks for another place.
    pub site: PathBuf,
    /// The site with the gallery of components.
    pub gallery: PathBuf,
    /// What the steps of `verify` printed.
    pub logs: PathBuf,
    /// npm's download cache.
    pub npm_cache: PathBuf,
}

impl Places {
    /// Finds the checkout from the current folder upwards, or from where cargo says this package lies.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().map_err(|e| Trouble::new(format!("no current folder: {e}")))?;
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = checkout_above(&here).or_else(|| package.as_deref().and_then(checkout_above)).ok_or_else(
            || Trouble::new("not inside the project").remedy("cd into the checkout and try again"),
        )?;
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self::under(root, target))
    }

    /// The places for a given checkout and target folder.
    pub fn under(root: PathBuf, target: PathBuf) -> Self {
        let npm_cache =
            env::var_os("npm_config_cache").map_or_else(|| cache_home().join("npm"), PathBuf::from);
        Self {
            wasm_target: target.join("wasm-build"),
            kept: target.join("bundle-kept"),
            site: target.join("site"),
            gallery: target.join("site-gallery"),
            logs: target.join("verify-logs"),
            npm_cache,
            root,
            target,
        }
    }

    /// The server program of a native build.
    pub fn server(&self) -> PathBuf {
        self.target.join("debug").join(format!("lianxin{}", env::consts::EXE_SUFFIX))
    }

    /// The folder of the browser tests.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }
}

fn checkout_above(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|dir| dir.join("app/bundle/Cargo.toml").is_file()).map(Path::to_path_buf)
}

fn cache_home() -> PathBuf {
    env::var_os("HOME").map_or_else(env::temp_dir, PathBuf::from).join(".cache/lianxin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_is_found_from_any_folder_inside_it() {
        let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = checkout_above(&crate_dir.join("src/verify")).unwrap();
        assert!(root.join("Cargo.toml").is_file());
        assert_eq!(checkout_above(Path::new("/")), None);
    }

    #[test]
    fn everything_built_lies_under_the_target_folder() {
        let places = Places::under("/checkout".into(), "/elsewhere".into());
        for dir in [&places.wasm_target, &places.kept, &places.site, &places.logs] {
            assert!(dir.starts_with("/elsewhere"), "{}", dir.display());
        }
    }
}
