//! PNG: only the chunks that make the picture. Text, time and EXIF chunks are refused.

use super::Walk;
use crate::fault::Fault;

const PICTURE: [&[u8; 4]; 15] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs",
    b"bKGD", b"acTL", b"fcTL", b"fdAT",
];

/// Passes when nothing stands beside the picture.
pub fn bare(bytes: &[u8]) -> Result<(), Fault> {
    let mut walk = Walk::new(bytes, 8);
    loop {
        let len = u32::from_be_bytes(walk.array()?) as usize;
        let kind: [u8; 4] = walk.array()?;
        walk.take(len)?;
        walk.take(4)?;
        if !PICTURE.contains(&&kind) {
            return Err(Fault::blob_traces());
        }
        if &kind == b"IEND" {
            return if walk.done() { Ok(()) } else { Err(Fault::blob_traces()) };
        }
    }
}

/// Check sum of a chunk, for tests that change one.
#[cfg(test)]
pub fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, bit: u32| if bit == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc, crc & 1));
    !bytes.iter().fold(u32::MAX, byte)
}

#[cfg(test)]
mod tests {
    use super::super::tests::picture;
    use super::*;

    #[test]
    fn words_beside_the_picture_are_refused() {
        for kind in [b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME", b"prVt"] {
            let mut chunk = 6u32.to_be_bytes().to_vec();
            chunk.extend_from_slice(kind);
            chunk.extend_from_slice(b"secret");
            chunk.extend_from_slice(&crc(&chunk[4..]).to_be_bytes());
            let mut file = picture(image::ImageFormat::Png);
            file.splice(33..33, chunk);
            assert_eq!(bare(&file), Err(Fault::blob_traces()), "{}", String::from_utf8_lossy(kind));
        }
    }
}
