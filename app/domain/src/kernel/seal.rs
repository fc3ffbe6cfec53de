//! Sealed documents: their bodies and the words of their acts are ciphertext at the server, opened only on
//! the devices of those who may read (docs/decisions/sealed.md). Rules see a sealed document whole on a phone
//! that has its key, and without any words everywhere else.

use crate::{ActId, AnyKind, Entry, Value, Values};

/// What stands under it in the values of a sealed document says whether the rest could be read. No field is
/// ever called like that.
pub const SEAL_KEY: &str = "@seal";
/// Field of a kind with sealed documents (`Items`): under an act's id, the whole act with its words.
pub const SAID: &str = "said";

/// How a document is carried, and whether its words are at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seal {
    /// Not sealed.
    #[default]
    None,
    /// Sealed, and read here.
    Open,
    /// Sealed, and nothing of it can be read here: at the server, or on a phone without the key.
    Shut,
}

impl Seal {
    /// As the values say.
    pub fn of(values: &Values) -> Self {
        match values.get(SEAL_KEY) {
            Some(Value::Str(word)) if word == "open" => Self::Open,
            Some(_) => Self::Shut,
            None => Self::None,
        }
    }
    /// Writes it into values.
    pub fn mark(self, values: &mut Values) {
        let word = match self {
            Self::None => return,
            Self::Open => "open",
            Self::Shut => "shut",
        };
        values.insert(SEAL_KEY.into(), word.into());
    }
}

/// Key under which the words of an act lie in a sealed body.
pub fn said_key(act: ActId) -> String {
    format!("{SAID}/{act}")
}

/// An act as text, to lie in a body: base64 without padding, since bodies have no bytes.
pub fn said_text(act: &[u8]) -> String {
    let four = |three: &[u8]| -> String {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        (0..=three.len()).map(|at| char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize])).collect()
    };
    act.chunks(3).map(four).collect()
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The entry with its words, when `text` is what its author wrote for it: without words it must be the very
/// act that has the receipt.
pub fn with_words(kind: &dyn AnyKind, entry: &Entry, text: &str) -> Option<Entry> {
    let whole = unsaid(text)?;
    (kind.hush(&whole)? == *entry.act).then(|| Entry { act: whole.into(), ..entry.clone() })
}

/// The bytes of [`said_text`].
fn unsaid(text: &str) -> Option<Vec<u8>> {
    let mut out = vec![];
    for four in text.as_bytes().chunks(4) {
        let digits: Option<Vec<u32>> =
            four.iter().map(|digit| Some(DIGITS.iter().position(|other| other == digit)? as u32)).collect();
        let bits = digits?.iter().enumerate().fold(0, |bits, (at, digit)| bits | digit << (18 - 6 * at));
        out.extend((1..four.len()).map(|at| (bits >> (24 - 8 * at)) as u8));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_comes_back_and_is_plain_base64() {
        assert_eq!(said_text(b"sealed"), "c2VhbGVk");
        assert_eq!(said_text("班".as_bytes()), "54+t");
        for len in 0..70u8 {
            let bytes: Vec<u8> = (0..len).map(|at| at.wrapping_mul(89)).collect();
            assert_eq!(unsaid(&said_text(&bytes)), Some(bytes));
        }
        assert_eq!(unsaid("班"), None);
    }
}
