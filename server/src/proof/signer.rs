//! The key under every checkpoint: Ed25519, made at the first start, in a file of its own that only the
//! server may read. Whoever has it can sign another history; what phones have seen still tells on him.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde_bytes::ByteBuf;
use std::io::Write;
use std::path::Path;
use sync::Checkpoint;

/// The signing key.
#[derive(Clone)]
pub struct Signer(SigningKey);

/// Why there is no key.
#[derive(Debug)]
pub enum KeyTrouble {
    /// The file cannot be read or made.
    File(std::io::Error),
    /// What lies there is no key.
    NotAKey,
    /// The machine has no randomness.
    NoChance,
}
impl From<std::io::Error> for KeyTrouble {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}
impl std::fmt::Display for KeyTrouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::NotAKey => f.write_str("not a signing key"),
            Self::NoChance => f.write_str("no randomness"),
        }
    }
}

impl Signer {
    /// The key in this file.
    ///
    /// # Errors
    /// When there is none or it does not read.
    pub fn read(path: &Path) -> Result<Self, KeyTrouble> {
        let text = std::fs::read_to_string(path)?;
        let seed = domain::Hash::parse(text.trim()).ok_or(KeyTrouble::NotAKey)?;
        Ok(Self(SigningKey::from_bytes(&seed.0)))
    }

    /// A new key in a new file, readable by its owner only.
    ///
    /// # Errors
    /// When the file is there or cannot be made durable.
    pub fn make(path: &Path) -> Result<Self, KeyTrouble> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| KeyTrouble::NoChance)?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        writeln!(file, "{}", domain::Hash(seed))?;
        file.sync_all()?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// A key from a seed, for tests.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The checkpoint with key and signature.
    pub fn sign(&self, mut checkpoint: Checkpoint) -> Checkpoint {
        checkpoint.key = ByteBuf::from(self.public().to_vec());
        let signature = self.0.sign(checkpoint.text().as_bytes());
        checkpoint.sig = ByteBuf::from(signature.to_bytes().to_vec());
        checkpoint
    }
}

/// True when the key in the checkpoint signed it. Whose key that is, is another question.
pub fn is_signed(checkpoint: &Checkpoint) -> bool {
    let key: Option<[u8; 32]> = checkpoint.key.as_slice().try_into().ok();
    let key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = Signature::from_slice(&checkpoint.sig).ok();
    match (key, signature) {
        (Some(key), Some(signature)) => key.verify_strict(checkpoint.text().as_bytes(), &signature).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Hash;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "lianxin/x".into(),
            size: 3,
            root: Hash([1; 32]),
            audit: 0,
            audit_end: Hash([0; 32]),
            epoch: "e".into(),
            at_ms: 1,
            key: ByteBuf::new(),
            sig: ByteBuf::new(),
        }
    }

    #[test]
    fn a_changed_word_breaks_the_signature() {
        let signed = Signer::from_seed([7; 32]).sign(checkpoint());
        assert!(is_signed(&signed));
        assert_eq!(Checkpoint::parse(&signed.note()), Some(signed.clone()));
        let changed: [fn(&mut Checkpoint); 5] = [
            |it| it.size += 1,
            |it| it.root.0[0] ^= 1,
            |it| it.epoch.push('x'),
            |it| it.sig[5] ^= 1,
            |it| it.key = ByteBuf::from(Signer::from_seed([8; 32]).public().to_vec()),
        ];
        for change in changed {
            let mut other = signed.clone();
            change(&mut other);
            assert!(!is_signed(&other));
        }
        assert!(!is_signed(&checkpoint()));
    }

    #[test]
    fn the_key_lies_in_a_file_that_only_its_owner_reads() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("log.key");
        let made = Signer::make(&path).unwrap();
        assert_eq!(Signer::read(&path).unwrap().public(), made.public());
        assert!(Signer::make(&path).is_err(), "a key is never overwritten");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "no key").unwrap();
        assert!(matches!(Signer::read(&path), Err(KeyTrouble::NotAKey)));
    }
}
