//! Key pairs for backups, in the text form of age: `age1…` may stand on a command line, `AGE-SECRET-KEY-1…`
//! belongs into a safe.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{PublicKey, StaticSecret};

/// To whom a backup is encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recipient(pub(super) PublicKey);

/// The private key that opens it.
#[derive(Clone)]
pub struct Identity(pub(super) StaticSecret);

/// The text is no such key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAKey;

const PUBLIC: &str = "age";
const SECRET: &str = "age-secret-key-";

fn encode(prefix: &str, bytes: &[u8]) -> String {
    let hrp = Hrp::parse(prefix).expect("a constant");
    bech32::encode::<Bech32>(hrp, bytes).expect("32 bytes fit")
}

fn decode(prefix: &str, text: &str) -> Result<[u8; 32], NotAKey> {
    let read = CheckedHrpstring::new::<Bech32>(text.trim()).map_err(|_| NotAKey)?;
    if read.hrp() != Hrp::parse(prefix).map_err(|_| NotAKey)? {
        return Err(NotAKey);
    }
    read.byte_iter().collect::<Vec<u8>>().try_into().map_err(|_| NotAKey)
}

impl Recipient {
    /// From `age1…`.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        decode(PUBLIC, text).map(|bytes| Self(PublicKey::from(bytes)))
    }
}
impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&encode(PUBLIC, self.0.as_bytes()))
    }
}

impl Identity {
    /// A new one; `None` when the machine has no randomness.
    pub fn random() -> Option<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(StaticSecret::from(bytes)))
    }
    /// From `AGE-SECRET-KEY-1…`, also inside a file with comment lines, as `age-keygen` writes it.
    ///
    /// # Errors
    /// When there is none.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        decode(SECRET, line.ok_or(NotAKey)?).map(|bytes| Self(StaticSecret::from(bytes)))
    }
    /// Who encrypts to this.
    pub fn recipient(&self) -> Recipient {
        Recipient(PublicKey::from(&self.0))
    }
    /// The secret as text.
    pub fn secret(&self) -> String {
        encode(SECRET, self.0.as_bytes()).to_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text() {
        let identity = Identity::random().unwrap();
        let (public, secret) = (identity.recipient().to_string(), identity.secret());
        assert!(public.starts_with("age1") && secret.starts_with("AGE-SECRET-KEY-1"));
        assert_eq!(Recipient::parse(&public), Ok(identity.recipient()));
        let file = format!("# created: today\n# public key: {public}\n{secret}\n");
        assert_eq!(Identity::parse(&file).unwrap().recipient(), identity.recipient());
        assert!(Recipient::parse(&secret).is_err() && Identity::parse(&public).is_err());
        assert!(Recipient::parse(&public.replace('q', "p")).is_err() || !public.contains('q'));
    }
}
