//! Side files `.br` and `.gz`: compressed once here at the highest level, so the server never compresses a
//! static file and a phone downloads the fewest bytes.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use crate::kept::Kept;
use crate::trouble::{Doing, Result};

/// Endings whose content is already compressed.
const PACKED: [&str; 6] = [".png", ".jpg", ".jpeg", ".webp", ".woff2", ".avif"];

/// The two compressed forms of one file; `None` where it would not get smaller.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Squeezed {
    /// brotli, quality 11.
    pub br: Option<Vec<u8>>,
    /// gzip, level 9.
    pub gz: Option<Vec<u8>>,
}

/// Compresses one file, or takes what was kept from an earlier build.
pub fn squeeze(kept: &Kept, path: &str, bytes: &[u8]) -> Result<Squeezed> {
    if PACKED.iter().any(|ending| path.ends_with(ending)) {
        return Ok(Squeezed::default());
    }
    let br = kept.bytes("br11", bytes, || brotli(bytes))?;
    let gz = kept.bytes("gz9", bytes, || gzip(bytes))?;
    let smaller = |squeezed: Vec<u8>| (squeezed.len() < bytes.len()).then_some(squeezed);
    Ok(Squeezed { br: smaller(br), gz: smaller(gz) })
}

fn brotli(mut bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut out, &params).doing(|| "brotli".into())?;
    Ok(out)
}

/// No name and no time in the header: the same input gives the same bytes.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    out.write_all(bytes).doing(|| "gzip".into())?;
    out.finish().doing(|| "gzip".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn kept(name: &str) -> (Kept, std::path::PathBuf) {
        let dir = std::env::temp_dir().join(format!("lianxin-squeeze-{}-{name}", std::process::id()));
        (Kept::open(dir.clone()).unwrap(), dir)
    }

    #[test]
    fn both_forms_unpack_to_the_file() {
        let (kept, dir) = kept("both");
        let text = "连心桥 union ".repeat(50);
        let squeezed = squeeze(&kept, "a.js", text.as_bytes()).unwrap();
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut squeezed.br.unwrap().as_slice(), &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(squeezed.gz.unwrap().as_slice()).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_would_grow_or_is_packed_already_gets_no_side_file() {
        let (kept, dir) = kept("grow");
        assert_eq!(squeeze(&kept, "a.js", b"x").unwrap(), Squeezed::default());
        assert_eq!(squeeze(&kept, "icons/512.png", &[0; 4000]).unwrap(), Squeezed::default());
        std::fs::remove_dir_all(dir).unwrap();
    }
}
