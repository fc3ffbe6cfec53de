//! WebP: only the chunks that make the picture.

use super::Walk;
use crate::fault::Fault;

const PICTURE: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// Passes when nothing stands beside the picture.
pub fn bare(bytes: &[u8]) -> Result<(), Fault> {
    let mut walk = Walk::new(bytes, 4);
    let end = u32::from_le_bytes(walk.array()?) as usize + 8;
    match bytes.len() {
        len if len < end => return Err(Fault::blob_broken()),
        len if len > end + end % 2 => return Err(Fault::blob_traces()),
        _ => walk.take(4)?,
    };
    while !walk.done() {
        let kind: [u8; 4] = walk.array()?;
        let len = u32::from_le_bytes(walk.array()?) as usize;
        walk.take(len)?;
        if len % 2 == 1 && !walk.done() {
            walk.take(1)?;
        }
        if !PICTURE.contains(&&kind) {
            return Err(Fault::blob_traces());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::picture;
    use super::*;

    #[test]
    fn exif_and_xmp_are_refused() {
        for kind in [b"EXIF", b"XMP ", b"priv"] {
            let mut file = picture(image::ImageFormat::WebP);
            file.extend_from_slice(kind);
            file.extend_from_slice(&4u32.to_le_bytes());
            file.extend_from_slice(b"data");
            let len = file.len() as u32 - 8;
            file[4..8].copy_from_slice(&len.to_le_bytes());
            assert_eq!(bare(&file), Err(Fault::blob_traces()), "{}", String::from_utf8_lossy(kind));
        }
    }
}
