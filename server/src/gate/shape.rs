//! What may stand in a document of one kind, as the gate needs it: names, types, lengths. Documents are
//! flat: scalars and texts at the root, items as `field/name`. Comes from the kind's own field table.

use super::limits::*;
use automerge::ScalarValue;
use domain::{Field, FieldKind};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The allowlist of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Keys of the first change that nobody writes again.
    pub meta_keys: Vec<Cow<'static, str>>,
    /// Everything that editors may write.
    pub fields: Vec<FieldShape>,
}

/// One field of the allowlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldShape {
    /// Key at the root, without `/`.
    pub name: Cow<'static, str>,
    /// Type of its value.
    pub kind: ShapeKind,
    /// Longest value: characters for `Text`, `Str` and each of `Items`, bytes for `Bytes`, unused otherwise.
    pub max_len: usize,
}

/// Type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShapeKind {
    /// A text object, made at birth, edited letter by letter.
    Text,
    /// A string.
    Str,
    /// A whole number in 64 bits.
    Int,
    /// True or false.
    Bool,
    /// Raw bytes.
    Bytes,
    /// Strings under `field/name`.
    Items,
}

/// Where a root key belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home<'s> {
    /// Written at birth, never again.
    Meta,
    /// A field of its own.
    Field(&'s FieldShape),
    /// One of many under a field.
    Item(&'s FieldShape),
}

impl Shape {
    /// The shape of a kind, from the field table that also drives its forms.
    pub fn of(fields: &'static [Field]) -> Self {
        let meta_keys = domain::crdt::META_KEYS.into_iter().map(Cow::Borrowed).collect();
        Self { meta_keys, fields: fields.iter().map(FieldShape::of).collect() }
    }

    pub(super) fn home(&self, key: &str) -> Option<Home<'_>> {
        if self.meta_keys.iter().any(|meta| meta == key) {
            return Some(Home::Meta);
        }
        let (name, item) = key.split_once('/').map_or((key, None), |(name, item)| (name, Some(item)));
        let field = self.fields.iter().find(|field| field.name == name)?;
        match (item, field.kind == ShapeKind::Items) {
            (None, false) => Some(Home::Field(field)),
            (Some(item), true) => is_item_name(item).then_some(Home::Item(field)),
            _ => None,
        }
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &FieldShape> {
        self.fields.iter().filter(|field| field.kind == ShapeKind::Text)
    }
}

fn is_item_name(item: &str) -> bool {
    !item.is_empty() && item.chars().count() <= MAX_ITEM_NAME_CHARS
}

impl FieldShape {
    fn of(field: &Field) -> Self {
        let kind = match field.kind {
            FieldKind::Text => ShapeKind::Text,
            FieldKind::Str => ShapeKind::Str,
            FieldKind::Int => ShapeKind::Int,
            FieldKind::Bool => ShapeKind::Bool,
            FieldKind::Items => ShapeKind::Items,
        };
        Self { name: Cow::Borrowed(field.name), kind, max_len: field.max }
    }

    /// Whether the scalar has the type of the field. Texts are never put as scalars.
    pub(super) fn has_type(&self, value: &ScalarValue) -> bool {
        match (self.kind, value) {
            (ShapeKind::Str | ShapeKind::Items, ScalarValue::Str(_))
            | (ShapeKind::Int, ScalarValue::Int(_))
            | (ShapeKind::Bool, ScalarValue::Boolean(_))
            | (ShapeKind::Bytes, ScalarValue::Bytes(_)) => true,
            (ShapeKind::Int, ScalarValue::Uint(number)) => i64::try_from(*number).is_ok(),
            _ => false,
        }
    }

    /// Whether a value of the right type is short enough.
    pub(super) fn holds(&self, value: &ScalarValue) -> bool {
        match value {
            ScalarValue::Str(text) => text.chars().count() <= self.max_len,
            ScalarValue::Bytes(bytes) => bytes.len() <= self.max_len,
            _ => true,
        }
    }
}

/// Whether a scalar may stand under a meta key: short strings, whole numbers, yes and no.
pub(super) fn is_meta(value: &ScalarValue) -> bool {
    match value {
        ScalarValue::Str(text) => text.len() <= MAX_META_BYTES,
        ScalarValue::Int(_) | ScalarValue::Uint(_) | ScalarValue::Timestamp(_) | ScalarValue::Boolean(_) => {
            true
        }
        _ => false,
    }
}

/// Whether the string is one character as people see it: one code point, or one with what belongs to it
/// (accents, variation selectors, joined emoji, a flag's two letters).
pub(super) fn is_one_character(text: &str) -> bool {
    if text.is_empty() || text.len() > MAX_ELEMENT_BYTES {
        return false;
    }
    let mut chars = text.chars();
    let Some(mut before) = chars.next() else { return false };
    let mut flag_letters = u32::from(is_flag_letter(before));
    text == "\r\n"
        || chars.all(|next| {
            flag_letters += u32::from(is_flag_letter(next));
            let pair = flag_letters == 2 && is_flag_letter(before) && is_flag_letter(next);
            let belongs = pair || before == JOINER || extends(next);
            before = next;
            belongs
        })
}

const JOINER: char = '\u{200d}';

fn is_flag_letter(letter: char) -> bool {
    matches!(letter, '\u{1f1e6}'..='\u{1f1ff}')
}

fn extends(next: char) -> bool {
    next == JOINER
        || matches!(next,
            '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
            | '\u{3099}'..='\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_what_people_count_as_one() {
        for one in ["a", "心", "é", "e\u{301}", "👨‍👩‍👧", "🇨🇳", "👍🏽", "❤️", "\n", "\r\n", "㐂\u{e0101}"]
        {
            assert!(is_one_character(one), "{one:?}");
        }
        for more in [
            "",
            "ab",
            "工会",
            "🇨🇳🇨🇳",
            "👍a",
            "\n\n",
            &"e\u{301}".repeat(2),
            &format!("e{}", "\u{301}".repeat(40)),
        ] {
            assert!(!is_one_character(more), "{more:?}");
        }
    }

    #[test]
    fn keys_find_their_home() {
        let field = |name: &'static str, kind| FieldShape { name: name.into(), kind, max_len: 5 };
        let fields = vec![field("title", ShapeKind::Str), field("items", ShapeKind::Items)];
        let shape = Shape { meta_keys: vec!["kind".into()], fields };
        assert_eq!(shape.home("kind"), Some(Home::Meta));
        assert_eq!(shape.home("title"), Some(Home::Field(&shape.fields[0])));
        assert_eq!(shape.home(&format!("items/{}", "名".repeat(80))), Some(Home::Item(&shape.fields[1])));
        assert_eq!(shape.home("items/a/b"), Some(Home::Item(&shape.fields[1])), "a name may hold a slash");
        for stranger in [
            "",
            "items",
            "items/",
            "title/x",
            "Title",
            "kind/x",
            "/title",
            &format!("items/{}", "x".repeat(81)),
        ] {
            assert_eq!(shape.home(stranger), None, "{stranger}");
        }
    }
}
