//! SCSS to one compressed stylesheet. No autoprefixer, no purge: the design guide allows only what old engines
//! know, and a partial per component keeps the sheet small.

use std::path::Path;

use grass::{Options, OutputStyle};

use crate::trouble::{Doing, Result, Trouble};

/// Compiles the main sheet with its partials.
pub fn compile(main: &Path) -> Result<String> {
    if !main.is_file() {
        return Err(Trouble::new(format!("no stylesheet at {}", main.display())));
    }
    // No @charset: the server says utf-8, and the mark would break the hash of a sheet without Chinese comments.
    let options = Options::default().style(OutputStyle::Compressed).allows_charset(false);
    grass::from_path(main, &options).doing(|| format!("compiling {}", main.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partials_are_joined_and_compressed() {
        let dir = std::env::temp_dir().join(format!("lianxin-styles-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("_cell.scss"), ".cell { .title { color: red; } }").unwrap();
        std::fs::write(dir.join("main.scss"), "@use \"cell\";\nbody { margin: 0; }").unwrap();
        let css = compile(&dir.join("main.scss")).unwrap();
        assert_eq!(css.trim(), ".cell .title{color:red}body{margin:0}");
        assert!(compile(&dir.join("none.scss")).is_err());
        std::fs::remove_dir_all(dir).unwrap();
    }
}
