//! Random names that open a door: 256 bits, shown to one browser, kept here only as a hash.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// A secret as the browser holds it. Never printed, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

/// What the server keeps of a [`Secret`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl Secret {
    /// A new one from the system's source of chance.
    pub fn new() -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system has a source of chance");
        Self(bytes)
    }
    /// Reads the text form; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        domain::Hash::parse(text).map(|hash| Self(hash.0))
    }
    /// The text form for a cookie: 64 hex digits.
    pub fn text(&self) -> String {
        domain::Hash(self.0).to_string()
    }
    /// What may be kept.
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(self.0).into())
    }
}
impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
impl fmt::Debug for Digest {
    /// Eight digits are enough to follow one session through the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..4].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_survives_its_cookie_and_shows_itself_nowhere() {
        let secret = Secret::new();
        assert_eq!(Secret::parse(&secret.text()), Some(secret.clone()));
        assert_ne!(Secret::new(), secret);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert!(!format!("{:?}", secret.digest()).contains(&secret.text()[..8]));
        assert_eq!(Secret::parse("zz"), None);
    }
}
