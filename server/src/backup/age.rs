//! The age file format, version 1, for one X25519 recipient (age-encryption.org/v1): a header that wraps a file
//! key, then the content in sealed chunks of 64 KiB. Streams, so that a backup never lies whole in memory.
//! The `age` crate does the same and brings seventy others; these are its hundred lines that we need.

use super::keys::{Identity, Recipient};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::{self, Read, Write};
use x25519_dalek::{PublicKey, StaticSecret};

const VERSION: &str = "age-encryption.org/v1";
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// Longest header line that is read.
const LINE: usize = 4096;

fn derive(secret: &[u8], salt: &[u8], info: &str) -> [u8; 32] {
    let mut out = [0; 32];
    let hkdf = Hkdf::<Sha256>::new(Some(salt), secret);
    hkdf.expand(info.as_bytes(), &mut out).expect("32 bytes are few");
    out
}

fn cipher(key: [u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(key))
}

fn bad(words: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words)
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    Ok(bytes)
}

fn header_mac(file_key: &[u8; 16], header: &str) -> Hmac<Sha256> {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(&derive(file_key, &[], "header")).expect("any length");
    mac.update(header.as_bytes());
    mac
}

fn wrap_key(shared: &[u8; 32], share: &PublicKey, recipient: &PublicKey) -> [u8; 32] {
    let salt = [&share.as_bytes()[..], recipient.as_bytes()].concat();
    derive(shared, &salt, "age-encryption.org/v1/X25519")
}

/// Where in the content a chunk stands, and whether it is the last.
struct Counter(u64);

impl Counter {
    fn next(&mut self, is_last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.0.to_be_bytes());
        nonce[11] = u8::from(is_last);
        self.0 += 1;
        Nonce::from(nonce)
    }
}

/// Encrypts what is written into it. [`Writer::finish`] must be called: without it the file does not open.
pub struct Writer<W: Write> {
    out: W,
    cipher: ChaCha20Poly1305,
    counter: Counter,
    chunk: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// What the file says.
    pub fn new(mut out: W, recipient: &Recipient) -> io::Result<Self> {
        let file_key: [u8; 16] = random()?;
        let secret = StaticSecret::from(random::<32>()?);
        let share = PublicKey::from(&secret);
        let shared = secret.diffie_hellman(&recipient.0);
        let key = wrap_key(shared.as_bytes(), &share, &recipient.0);
        let body = cipher(key).encrypt(&Nonce::from([0; 12]), &file_key[..]).map_err(|_| bad("seal"))?;
        let header = format!("{VERSION}\n-> X25519 {}\n{}\n---", base64(share.as_bytes()), base64(&body));
        let mac = header_mac(&file_key, &header).finalize().into_bytes();
        let nonce: [u8; 16] = random()?;
        writeln!(out, "{header} {}", base64(&mac))?;
        out.write_all(&nonce)?;
        let cipher = cipher(derive(&file_key, &nonce, "payload"));
        Ok(Self { out, cipher, counter: Counter(0), chunk: Vec::with_capacity(CHUNK + TAG) })
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let nonce = self.counter.next(is_last);
        let sealed = self.cipher.encrypt(&nonce, &self.chunk[..]).map_err(|_| bad("seal"))?;
        self.chunk.clear();
        self.out.write_all(&sealed)
    }

    /// Seals the end; gives the file back.
    ///
    /// # Errors
    /// What the file says.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() == CHUNK {
            self.seal(false)?;
        }
        let some = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..some]);
        Ok(some)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decrypts; an end that was cut off is an error, not an end.
pub struct Reader<R: Read> {
    file: R,
    cipher: ChaCha20Poly1305,
    counter: Counter,
    /// Sealed bytes that were read ahead, to know which chunk is the last.
    ahead: Vec<u8>,
    open: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it is no such file or not for this key.
    pub fn new(mut file: R, identity: &Identity) -> io::Result<Self> {
        if line(&mut file)? != VERSION {
            return Err(bad("not an age file"));
        }
        let mut header = format!("{VERSION}\n");
        let mut file_key = None;
        loop {
            let text = line(&mut file)?;
            if let Some(mac) = text.strip_prefix("--- ") {
                header.push_str("---");
                let key = file_key.ok_or_else(|| bad("not encrypted to this key"))?;
                let mac = unbase64(mac).ok_or_else(|| bad("header"))?;
                header_mac(&key, &header).verify_slice(&mac).map_err(|_| bad("header"))?;
                return Self::content(file, &key);
            }
            header.push_str(&text);
            header.push('\n');
            if let Some(share) = text.strip_prefix("-> X25519 ") {
                let body = line(&mut file)?;
                header.push_str(&body);
                header.push('\n');
                file_key = file_key.or(unwrap(share, &body, identity));
            }
        }
    }

    fn content(mut file: R, file_key: &[u8; 16]) -> io::Result<Self> {
        let mut nonce = [0; 16];
        file.read_exact(&mut nonce)?;
        let cipher = cipher(derive(file_key, &nonce, "payload"));
        let (ahead, open) = (Vec::new(), Vec::new());
        Ok(Self { file, cipher, counter: Counter(0), ahead, open, at: 0, is_over: false })
    }

    fn refill(&mut self) -> io::Result<()> {
        // One byte more than a chunk tells whether it is the last.
        let lacking = (CHUNK + TAG + 1 - self.ahead.len()) as u64;
        (&mut self.file).take(lacking).read_to_end(&mut self.ahead)?;
        let is_last = self.ahead.len() <= CHUNK + TAG;
        let rest = self.ahead.split_off(self.ahead.len().min(CHUNK + TAG));
        let sealed = std::mem::replace(&mut self.ahead, rest);
        let nonce = self.counter.next(is_last);
        self.open = self.cipher.decrypt(&nonce, &sealed[..]).map_err(|_| bad("the backup is damaged"))?;
        (self.at, self.is_over) = (0, is_last);
        Ok(())
    }
}

fn unwrap(share: &str, body: &str, identity: &Identity) -> Option<[u8; 16]> {
    let share: [u8; 32] = unbase64(share)?.try_into().ok()?;
    let share = PublicKey::from(share);
    let shared = identity.0.diffie_hellman(&share);
    let key = wrap_key(shared.as_bytes(), &share, &PublicKey::from(&identity.0));
    cipher(key).decrypt(&Nonce::from([0; 12]), &unbase64(body)?[..]).ok()?.try_into().ok()
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.open.len() {
            if self.is_over {
                return Ok(0);
            }
            self.refill()?;
        }
        let some = out.len().min(self.open.len() - self.at);
        out[..some].copy_from_slice(&self.open[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}

/// One header line, read byte by byte: what follows the header must stay in the file.
fn line(file: &mut impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        file.read_exact(&mut byte)?;
        match byte[0] {
            b'\n' => return String::from_utf8(bytes).map_err(|_| bad("header")),
            _ if bytes.len() >= LINE => return Err(bad("header")),
            byte => bytes.push(byte),
        }
    }
}

/// As in age: without padding.
fn base64(bytes: &[u8]) -> String {
    sync::base64(bytes).trim_end_matches('=').into()
}
fn unbase64(text: &str) -> Option<Vec<u8>> {
    let padding = ["", "", "==", "="][text.len() % 4];
    sync::unbase64(&format!("{text}{padding}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(content: &[u8], identity: &Identity) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), &identity.recipient()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }
    fn opened(file: &[u8], identity: &Identity) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Reader::new(file, identity)?.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn every_length_around_a_chunk_comes_back() {
        let identity = Identity::random().unwrap();
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17] {
            let content: Vec<u8> = (0..len).map(|i| (i * 7 % 251) as u8).collect();
            assert_eq!(opened(&sealed(&content, &identity), &identity).unwrap(), content, "{len}");
        }
    }

    #[test]
    fn a_flipped_byte_a_cut_and_another_key_are_refused() {
        let identity = Identity::random().unwrap();
        let file = sealed(&vec![5; CHUNK + 100], &identity);
        for at in (0..file.len()).step_by(611).chain([0, 30, file.len() - 1]) {
            let mut bent = file.clone();
            bent[at] ^= 1;
            assert!(opened(&bent, &identity).is_err(), "byte {at}");
        }
        for cut in [file.len() - 1, file.len() - 116, 200 + CHUNK, 100, 0] {
            assert!(opened(&file[..cut], &identity).is_err(), "cut at {cut}");
        }
        assert!(opened(&file, &Identity::random().unwrap()).is_err());
    }

    #[test]
    fn a_file_made_by_the_age_tool_opens() {
        let identity = Identity::parse(include_str!("../../tests/data/age/key.txt")).unwrap();
        let file = include_bytes!("../../tests/data/age/hello.age");
        assert_eq!(opened(file, &identity).unwrap(), "连心桥\n".as_bytes());
    }
}
