//! The demo's own folder. A mark in it says that it is one, so that demo passwords never meet real data and
//! `--reset` never removes a folder of somebody else.

use crate::cli::Stop;
use crate::house::Data;
use crate::start;
use std::path::{Path, PathBuf};
use std::{env, fs};

const MARK: &str = "DEMO";
const BUILDING: &str = "building";
const READY: &str = "ready: an invented company, remove it with `lianxin demo --reset`\n";

/// Where the demo lies when nobody says otherwise.
///
/// # Errors
/// When the machine has no home folder.
pub fn default_dir() -> Result<PathBuf, Stop> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").or_else(|| set("USERPROFILE"));
    let share = set("XDG_DATA_HOME").or_else(|| home().map(|home| home.join(".local").join("share")));
    let none = || {
        Stop::new("找不到用户目录，请用 --data 指定演示数据放在哪里", "no home folder; say where with --data")
    };
    share.map(|share| share.join("lianxin-demo")).ok_or_else(none)
}

/// Opens the folder; `true` when the demo in it has to be built first. What a stopped build left is removed.
///
/// # Errors
/// When the folder holds real data, or cannot be written.
pub fn open(dir: &Path, reset: bool) -> Result<(Data, bool), Stop> {
    let mark = fs::read_to_string(dir.join(MARK)).ok();
    let empty = fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none());
    if mark.is_none() && !empty {
        return Err(not_ours(dir));
    }
    let ready = mark.as_deref() == Some(READY);
    if !empty && (reset || !ready) {
        fs::remove_dir_all(dir).map_err(|error| Stop::file(dir, &error))?;
    }
    let data = start::data(dir)?;
    let build = reset || !ready;
    if build {
        write_mark(dir, BUILDING)?;
    }
    Ok((data, build))
}

/// Says that the demo is whole.
///
/// # Errors
/// When the mark cannot be written.
pub fn is_ready(data: &Data) -> Result<(), Stop> {
    write_mark(data.dir(), READY)
}

/// For `serve`: people with printed passwords must not stand beside real ones.
///
/// # Errors
/// When the folder is a demo's.
pub fn refuse_demo_data(data: &Data) -> Result<(), Stop> {
    if !data.dir().join(MARK).exists() {
        return Ok(());
    }
    let dir = data.dir().display();
    Err(Stop::new(
        format!("{dir} 是演示数据，里面的密码人人都知道，不能用于正式服务"),
        format!("{dir} is demo data whose passwords everybody knows; it is not served as real"),
    ))
}

fn write_mark(dir: &Path, text: &str) -> Result<(), Stop> {
    let path = dir.join(MARK);
    fs::write(&path, text).map_err(|error| Stop::file(&path, &error))
}

fn not_ours(dir: &Path) -> Stop {
    let dir = dir.display();
    Stop::new(
        format!("{dir} 里已有别的文件，不是演示数据，没有动它。请用 --data 换一个空文件夹"),
        format!("{dir} holds other files and was left alone; name an empty folder with --data"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_build_is_begun_again_and_a_whole_demo_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let demo = dir.path().join("demo");
        let (data, build) = open(&demo, false).unwrap();
        assert!(build);
        fs::write(data.log(), "half").unwrap();
        let (data, build) = open(&demo, false).unwrap();
        assert!(build && !data.log().exists(), "what a stopped build left is gone");
        is_ready(&data).unwrap();
        fs::write(data.log(), "whole").unwrap();
        let (data, build) = open(&demo, false).unwrap();
        assert!(!build && data.log().exists());
        let (data, build) = open(&demo, true).unwrap();
        assert!(build && !data.log().exists(), "--reset begins anew");
    }

    #[test]
    fn a_folder_of_somebody_else_is_never_touched() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("log.db"), "real").unwrap();
        for reset in [false, true] {
            assert!(open(dir.path(), reset).is_err());
        }
        assert!(dir.path().join("log.db").exists());
    }

    #[test]
    fn demo_data_is_not_served_as_real() {
        let dir = tempfile::tempdir().unwrap();
        let demo = dir.path().join("demo");
        let (data, _) = open(&demo, false).unwrap();
        assert!(refuse_demo_data(&data).is_err());
        assert!(refuse_demo_data(&Data::at(dir.path()).unwrap()).is_ok());
    }
}
