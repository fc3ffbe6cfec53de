//! Sealed documents: their bodies and the words of their acts are ciphertext at the server, opened only on
//! the devices of those who may read (docs/decisions/sealed.md). Rules see a sealed document whole on a phone
//! that has its key, and without any words everywhere else.

use crate::{ActId, AnyKind, Entry, Hash, Value, Values};

/// What stands under it in the values of a sealed document says whether the rest could be read. No field is
/// ever called like that.
pub const SEAL_KEY: &str = "@seal";
/// Field of a kind with sealed documents (`Items`): under an act's id, the whole act with its words.
pub const SAID: &str = "said";
/// Field of a kind with sealed documents (`Items`): under a file's SHA-256, the key that opens it.
pub const FILE_KEYS: &str = "keys";

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

/// Key under which the key of a file lies in a sealed body.
pub fn file_key(file: Hash) -> String {
    format!("{FILE_KEYS}/{file}")
}

/// The keys of files that lie in a sealed body, as [`said_text`].
pub fn file_keys(values: &Values) -> Vec<(Hash, [u8; 32])> {
    let one = |(key, value): (&String, &Value)| match value {
        Value::Str(text) => Some((
            Hash::parse(key.strip_prefix(FILE_KEYS)?.strip_prefix('/')?)?,
            unsaid(text)?.try_into().ok()?,
        )),
        _ => None,
    };
    values.iter().filter_map(one).collect()
}

/// Bytes as text, to lie in a body, which has none: base64 without padding.
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

    #[test]
    fn keys_of_files_are_read_from_a_body_and_name_no_other_file() {
        let file = Hash::of(b"picture");
        let values = Values::from([
            (file_key(file), said_text(&[7; 32]).into()),
            (format!("pics/{file}"), said_text(&[8; 32]).into()),
            (file_key(Hash::of(b"short")), said_text(&[7; 31]).into()),
            ("keys/x".into(), said_text(&[7; 32]).into()),
        ]);
        assert_eq!(file_keys(&values), [(file, [7; 32])]);
        assert_eq!(
            crate::blobs_named(&Values::from([(file_key(file), said_text(&[7; 32]).into())])),
            [file].into()
        );
    }
}
