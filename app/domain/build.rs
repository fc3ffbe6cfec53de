//! Gives the rulebook a name: a hash of its own sources. Who computed rows and readers under another name computes
//! them anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=src");
    let own = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where this is"));
    let mut files = vec![];
    find(&own.join("src"), &mut files);
    files.sort();
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for file in files {
        let name = file.strip_prefix(&own).expect("found below it");
        name.components().for_each(|part| hash.take(part.as_os_str().as_encoded_bytes()));
        hash.take(&fs::read(&file).expect("a source file reads"));
    }
    println!("cargo:rustc-env=LIANXIN_RULES={:016x}", hash.0);
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources reads") {
        let path = entry.expect("a source is listed").path();
        if path.is_dir() { find(&path, files) } else { files.push(path) }
    }
}

/// FNV-1a: tells versions apart, withstands nobody.
struct Fnv(u64);

impl Fnv {
    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
