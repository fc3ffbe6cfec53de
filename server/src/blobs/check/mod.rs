//! What may be stored: pictures that decode and carry nothing but the picture, PDF files, and sealed files, which
//! nobody here can look into. Our phones draw every picture anew before they send it, so one that still says where
//! it was taken did not come from them, and is refused rather than changed: changing it would change its name.

mod jpeg;
mod png;
mod webp;

use crate::fault::Fault;
use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Longest side of a picture in pixels.
const SIDE: u32 = 12_000;
/// Memory that decoding one picture may take.
const DECODED: u64 = 200 * 1024 * 1024;

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG picture.
    Jpeg,
    /// PNG picture.
    Png,
    /// WebP picture.
    Webp,
    /// PDF document.
    Pdf,
    /// A file of a sealed document: ciphertext.
    Sealed,
}

impl Kind {
    /// The kind by the first bytes; what the sender calls it does not count.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ if sync::is_sealed_file(bytes) => Some(Self::Sealed),
            _ => None,
        }
    }
    /// Content type under which it is given back.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Sealed => "application/octet-stream",
        }
    }
    /// File ending.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
            Self::Sealed => "sealed",
        }
    }
}

/// Checks a whole file. Takes time and memory: call it off the async threads, one at a time.
///
/// # Errors
/// The fault that tells the person what to do.
pub fn check(bytes: &[u8]) -> Result<Kind, Fault> {
    let kind = Kind::sniff(bytes).ok_or_else(Fault::blob_kind)?;
    match kind {
        Kind::Jpeg => jpeg::bare(bytes)?,
        Kind::Png => png::bare(bytes)?,
        Kind::Webp => webp::bare(bytes)?,
        Kind::Pdf => return if ends_like_pdf(bytes) { Ok(kind) } else { Err(Fault::blob_broken()) },
        Kind::Sealed => return sync::file_cipher(bytes).map(|_| kind).ok_or_else(Fault::blob_broken),
    }
    decodes(bytes, kind)?;
    Ok(kind)
}

fn ends_like_pdf(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(1024)..];
    tail.windows(5).any(|window| window == b"%%EOF")
}

fn decodes(bytes: &[u8], kind: Kind) -> Result<(), Fault> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
        Kind::Pdf | Kind::Sealed => return Ok(()),
    };
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) =
        (Some(SIDE), Some(SIDE), Some(DECODED));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.decode().map(drop).map_err(|_| Fault::blob_broken())
}

/// Walks through a file; every step fails softly at the end of the bytes.
pub(super) struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Walk<'b> {
    fn new(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at }
    }
    fn take(&mut self, len: usize) -> Result<&'b [u8], Fault> {
        let end = self.at.checked_add(len).ok_or_else(Fault::blob_broken)?;
        let piece = self.bytes.get(self.at..end).ok_or_else(Fault::blob_broken)?;
        self.at = end;
        Ok(piece)
    }
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        Ok(self.take(N)?.try_into().expect("taken with this length"))
    }
    fn done(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A small picture in this format, as a phone's canvas would make it.
    pub fn picture(format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let image = image::RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 5, y as u8 * 8, 90]));
        image.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn plain_pictures_pass() {
        for (format, kind) in
            [(ImageFormat::Jpeg, Kind::Jpeg), (ImageFormat::Png, Kind::Png), (ImageFormat::WebP, Kind::Webp)]
        {
            assert_eq!(check(&picture(format)), Ok(kind));
        }
        assert_eq!(check(b"%PDF-1.7\n...\n%%EOF\n"), Ok(Kind::Pdf));
        assert_eq!(check(&sync::close_file(&[7; 256 + 16])), Ok(Kind::Sealed));
    }

    #[test]
    fn anything_else_is_refused_whatever_it_calls_itself() {
        for other in [
            &b"GIF89a"[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<html>",
            b"PK\x03\x04",
            b"MZ",
            b"",
        ] {
            assert_eq!(check(other), Err(Fault::blob_kind()));
        }
        assert_eq!(check(b"%PDF-1.7 and then nothing"), Err(Fault::blob_broken()));
        assert_eq!(check(&sync::close_file(&[7; 255 + 16])), Err(Fault::blob_broken()));
    }

    #[test]
    fn a_picture_that_is_cut_anywhere_is_refused() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = picture(format);
            for cut in 0..whole.len() {
                assert!(check(&whole[..cut]).is_err(), "{format:?} at {cut} of {}", whole.len());
            }
        }
    }

    #[test]
    fn hidden_bytes_behind_the_picture_are_refused() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let mut file = picture(format);
            file.extend_from_slice(b"<script>alert(1)</script>");
            assert!(check(&file).is_err(), "{format:?}");
        }
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused_by_its_head() {
        let mut file = picture(ImageFormat::Png);
        file[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]); // 50,000 × 50,000
        let crc = png::crc(&file[12..29]);
        file[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(check(&file), Err(Fault::blob_broken()));
    }
}
