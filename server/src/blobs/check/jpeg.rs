//! JPEG: only the segments that make the picture. EXIF and XMP stand in APP1, others hide things in comments.

use super::Walk;
use crate::fault::Fault;

const SOS: u8 = 0xda;
const EOI: u8 = 0xd9;
const COMMENT: u8 = 0xfe;

/// Passes when nothing stands beside the picture.
pub fn bare(bytes: &[u8]) -> Result<(), Fault> {
    let mut walk = Walk::new(bytes, 2);
    loop {
        let marker = marker(&mut walk)?;
        if marker == EOI {
            return if walk.done() { Ok(()) } else { Err(Fault::blob_traces()) };
        }
        let len = usize::from(u16::from_be_bytes(walk.array()?));
        let content = walk.take(len.checked_sub(2).ok_or_else(Fault::blob_broken)?)?;
        if !belongs(marker, content) {
            return Err(Fault::blob_traces());
        }
        if marker == SOS {
            skip_scan(&mut walk)?;
        }
    }
}

fn marker(walk: &mut Walk) -> Result<u8, Fault> {
    let [mut byte] = walk.array()?;
    if byte != 0xff {
        return Err(Fault::blob_broken());
    }
    while byte == 0xff {
        [byte] = walk.array()?;
    }
    Ok(byte)
}

/// JFIF head without thumbnail forms, colour profile, Adobe's colour transform; everything that is no APPn.
fn belongs(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1..=0xef | COMMENT => false,
        _ => true,
    }
}

/// Compressed data go on until a marker that is neither a stuffed 0xff nor a restart.
fn skip_scan(walk: &mut Walk) -> Result<(), Fault> {
    let rest = &walk.bytes[walk.at..];
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    let len = rest.windows(2).position(ends).ok_or_else(Fault::blob_broken)?;
    walk.take(len).map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::tests::picture;
    use super::*;

    fn with(marker: u8, content: &[u8]) -> Vec<u8> {
        let mut file = picture(image::ImageFormat::Jpeg);
        let mut segment = vec![0xff, marker];
        segment.extend_from_slice(&(content.len() as u16 + 2).to_be_bytes());
        segment.extend_from_slice(content);
        file.splice(2..2, segment);
        file
    }

    #[test]
    fn a_picture_that_says_where_it_was_taken_is_refused() {
        for (marker, content) in [
            (0xe1, &b"Exif\0\0MM\0*\0\0\0\x08 GPS"[..]),
            (0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
            (0xed, b"Photoshop 3.0\08BIM"),
            (0xe0, b"JFXX\0\x10thumbnail"),
            (0xe2, b"MPF\0second picture"),
            (0xfe, b"taken by 0200017"),
        ] {
            assert_eq!(bare(&with(marker, content)), Err(Fault::blob_traces()), "{marker:x}");
        }
    }

    #[test]
    fn a_colour_profile_may_stay() {
        assert_eq!(bare(&with(0xe2, b"ICC_PROFILE\0\x01\x01...")), Ok(()));
    }

    #[test]
    fn exif_between_two_scans_is_found_too() {
        let mut file = picture(image::ImageFormat::Jpeg);
        let end = file.len() - 2;
        file.splice(end..end, *b"\xff\xe1\x00\x0aExif\0\0GP");
        assert_eq!(bare(&file), Err(Fault::blob_traces()));
    }
}
