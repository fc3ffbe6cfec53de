//! A picture or file of a sealed document, as it lies at the server: ciphertext under a key of its own, which lies
//! in the document. Its name is the hash of these very bytes, so the server checks the name and knows nothing else.

use crate::is_padded;

const MAGIC: &[u8; 4] = b"LXF1";
/// Always the same: a key closes one file, once.
pub const FILE_NONCE: [u8; 12] = [0; 12];

/// Additional data of the cipher.
pub fn file_front() -> &'static [u8] {
    MAGIC
}

/// Does it look like a sealed file? Decides by the first bytes alone.
pub fn is_sealed_file(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The ciphertext of a sealed file; `None` for anything that this program would not have written.
pub fn file_cipher(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(MAGIC).filter(|cipher| is_padded(cipher.len()))
}

/// The sealed file around a ciphertext. What is encrypted is [`crate::pad`]ded: its length says little.
pub fn close_file(cipher: &[u8]) -> Vec<u8> {
    [&MAGIC[..], cipher].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{encrypt, open_file};
    use crate::pad;

    #[test]
    fn a_sealed_file_opens_with_its_key_only_and_as_it_was_closed() {
        let cipher = encrypt(&[1; 32], &FILE_NONCE, file_front(), &pad(b"picture")).expect("encrypts");
        let file = close_file(&cipher);
        assert!(is_sealed_file(&file) && file_cipher(&file).is_some());
        assert_eq!(file.len() % 256, 20, "filled up: 256 and the first bytes and the tag");
        assert_eq!(open_file(&[1; 32], &file).as_deref(), Some(&b"picture"[..]));
        assert_eq!(open_file(&[2; 32], &file), None);
        for at in 0..file.len() {
            let mut spoilt = file.clone();
            spoilt[at] ^= 1;
            assert_eq!(open_file(&[1; 32], &spoilt), None, "byte {at}");
        }
        for cut in 0..file.len() {
            assert_eq!(file_cipher(&file[..cut]), None, "cut at {cut}");
        }
    }
}
