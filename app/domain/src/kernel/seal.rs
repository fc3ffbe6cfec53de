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

/// An act as text, to lie in a body.
pub fn said_text(act: &[u8]) -> String {
    act.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The entry with its words, when `text` is what its author wrote for it: without words it must be the very
/// act that has the receipt.
pub fn with_words(kind: &dyn AnyKind, entry: &Entry, text: &str) -> Option<Entry> {
    let whole = unhex(text)?;
    (kind.hush(&whole)? == *entry.act).then(|| Entry { act: whole.into(), ..entry.clone() })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair.filter(|pair| pair.len() == 2)?, 16).ok()).collect()
}
