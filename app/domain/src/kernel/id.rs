//! Names of things: documents, acts, pushes. All are 16 bytes, so that a document id is a UUID and
//! the public Automerge libraries can address it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

macro_rules! id16 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// The id of something that exists exactly once for these parts, on whatever phone it is made.
            pub fn derive(parts: &[&[u8]]) -> Self {
                let mut hash = Sha256::new();
                for part in parts {
                    hash.update((part.len() as u32).to_le_bytes());
                    hash.update(part);
                }
                let full = hash.finalize();
                let mut bytes = [0u8; 16];
                bytes.copy_from_slice(&full[..16]);
                Self(uuid::Builder::from_custom_bytes(bytes).into_uuid().into_bytes())
            }
            /// From the usual text form; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                uuid::Uuid::try_parse(text).ok().map(|id| Self(id.into_bytes()))
            }
            /// From 16 random bytes that the caller brings.
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid().into_bytes())
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                uuid::Uuid::from_bytes(self.0).fmt(f)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_bytes(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let bytes = serde_bytes::ByteBuf::deserialize(d)?;
                bytes.as_slice().try_into().map(Self).map_err(|_| serde::de::Error::custom("16 bytes"))
            }
        }
    };
}

id16!(
    /// A document. Also names persons (the id of their `org.person` document) and aliases of persons.
    DocId
);
id16!(
    /// One decision, unique for ever, made on the phone: the same act pushed twice is one act.
    ActId
);

/// A 32-byte hash of a change or a blob.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// SHA-256 of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
    /// From 64 hex digits.
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        let mut out = [0u8; 32];
        for (i, byte) in out.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(Self(out))
    }
}
impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}
impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(&self.0)
    }
}
impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let bytes = serde_bytes::ByteBuf::deserialize(d)?;
        bytes.as_slice().try_into().map(Self).map_err(|_| serde::de::Error::custom("32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_differ_when_parts_differ_and_survive_text_and_cbor() {
        let a = DocId::derive(&[b"ab", b"c"]);
        let b = DocId::derive(&[b"a", b"bc"]);
        assert_ne!(a, b, "part borders count");
        assert_eq!(DocId::parse(&a.to_string()), Some(a));
        assert_eq!(crate::from_cbor::<DocId>(&crate::to_cbor(&a)), Some(a));
        let h = Hash::of(b"x");
        assert_eq!(Hash::parse(&h.to_string()), Some(h));
    }
}
