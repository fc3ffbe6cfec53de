//! Bodies: what people write together. A body is FLAT: scalars and texts at the root of the document,
//! and `items` as keys `field/key`. One table per kind drives forms, reading, and what the gate lets in.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One value of a body as screens and rules see it; texts are plain strings here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Short field or merged text.
    Str(String),
    /// Number; money is fen, time is UTC ms.
    Int(i64),
    /// Yes or no.
    Bool(bool),
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

/// A body as it lies in the document: key → value. Items appear as `field/key`.
pub type Values = BTreeMap<String, Value>;

/// What a field holds and how two phones' edits of it meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Long text; edits merge letter by letter.
    Text,
    /// Short text; the later edit wins and the loser is shown as a conflict.
    Str,
    /// Whole number.
    Int,
    /// Yes or no.
    Bool,
    /// Many short texts under keys of their own; each merges like `Str`.
    Items,
}

/// One field of a kind: name for ever, labels, and the limit that the gate holds everybody to.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Key in the document.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Longest text in characters (each item, for `Items`).
    pub max: usize,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
}

/// A typed view of a body; declared by [`body!`](crate::body).
pub trait Body: Default + Clone + std::fmt::Debug + PartialEq + 'static {
    /// The whole table.
    const FIELDS: &'static [Field];
    /// Reads what is there; what is missing or of another type stays at its default.
    fn read(values: &Values) -> Self;
    /// The values that differ from nothing, for a birth.
    fn write(&self) -> Values;
}

/// Longest key of an item.
pub const ITEM_KEY_MAX: usize = 80;

/// The field a document key belongs to, if the kind has one.
pub fn field_of<'f>(fields: &'f [Field], key: &str) -> Option<&'f Field> {
    let (name, item) = key.split_once('/').map_or((key, None), |(name, item)| (name, Some(item)));
    let field = fields.iter().find(|field| field.name == name)?;
    let fits = match item {
        None => field.kind != FieldKind::Items,
        Some(item) => field.kind == FieldKind::Items && !item.is_empty() && item.len() <= ITEM_KEY_MAX,
    };
    fits.then_some(field)
}

/// True when the value may stand in this field.
pub fn fits(field: &Field, value: &Value) -> bool {
    match (field.kind, value) {
        (FieldKind::Text | FieldKind::Str | FieldKind::Items, Value::Str(text)) => {
            text.chars().count() <= field.max
        }
        (FieldKind::Int, Value::Int(_)) | (FieldKind::Bool, Value::Bool(_)) => true,
        _ => false,
    }
}

/// The files that a body names by their SHA-256: as a value, or as the key of an item.
pub fn blobs_named(values: &Values) -> std::collections::BTreeSet<crate::Hash> {
    let parts = values.iter().flat_map(|(key, value)| {
        let item = key.split_once('/').map(|(_, item)| item);
        let text = match value {
            Value::Str(text) => Some(text.as_str()),
            _ => None,
        };
        [item, text]
    });
    parts.flatten().filter_map(crate::Hash::parse).collect()
}

#[doc(hidden)]
pub mod read {
    use super::{Value, Values};
    use std::collections::BTreeMap;

    pub fn string(values: &Values, name: &str) -> String {
        match values.get(name) {
            Some(Value::Str(text)) => text.clone(),
            _ => String::new(),
        }
    }
    pub fn int(values: &Values, name: &str) -> i64 {
        match values.get(name) {
            Some(Value::Int(number)) => *number,
            _ => 0,
        }
    }
    pub fn yes(values: &Values, name: &str) -> bool {
        matches!(values.get(name), Some(Value::Bool(true)))
    }
    pub fn items(values: &Values, name: &str) -> BTreeMap<String, String> {
        let prefix = format!("{name}/");
        values
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter_map(|(key, value)| match value {
                Value::Str(text) => Some((key[prefix.len()..].to_string(), text.clone())),
                _ => None,
            })
            .collect()
    }
}

#[doc(hidden)]
#[macro_export]
macro_rules! body_part {
    (type Text) => { String };
    (type Str) => { String };
    (type Int) => { i64 };
    (type Bool) => { bool };
    (type Items) => { std::collections::BTreeMap<String, String> };
    (read Text $values:ident $name:expr) => { $crate::read::string($values, $name) };
    (read Str $values:ident $name:expr) => { $crate::read::string($values, $name) };
    (read Int $values:ident $name:expr) => { $crate::read::int($values, $name) };
    (read Bool $values:ident $name:expr) => { $crate::read::yes($values, $name) };
    (read Items $values:ident $name:expr) => { $crate::read::items($values, $name) };
    (write Text $out:ident $name:expr, $field:expr) => { if !$field.is_empty() { $out.insert($name.into(), $crate::Value::Str($field.clone())); } };
    (write Str $out:ident $name:expr, $field:expr) => { if !$field.is_empty() { $out.insert($name.into(), $crate::Value::Str($field.clone())); } };
    (write Int $out:ident $name:expr, $field:expr) => { if $field != 0 { $out.insert($name.into(), $crate::Value::Int($field)); } };
    (write Bool $out:ident $name:expr, $field:expr) => { if $field { $out.insert($name.into(), $crate::Value::Bool(true)); } };
    (write Items $out:ident $name:expr, $field:expr) => {
        for (key, text) in &$field { $out.insert(format!("{}/{key}", $name), $crate::Value::Str(text.clone())); }
    };
}

/// Declares a body: `name: Kind(max), "中文", "English";`
#[macro_export]
macro_rules! body {
    ($(#[$doc:meta])* pub struct $body:ident { $($name:ident: $kind:ident($max:expr), $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $body { $(#[doc = concat!($zh, " ", $en)] pub $name: $crate::body_part!(type $kind),)* }
        impl $crate::Body for $body {
            const FIELDS: &'static [$crate::Field] = &[$($crate::Field {
                name: stringify!($name), kind: $crate::FieldKind::$kind, max: $max, zh: $zh, en: $en,
            },)*];
            #[allow(unused_variables)]
            fn read(values: &$crate::Values) -> Self {
                Self { $($name: $crate::body_part!(read $kind values stringify!($name)),)* }
            }
            #[allow(unused_mut)]
            fn write(&self) -> $crate::Values {
                let mut out = $crate::Values::new();
                $($crate::body_part!(write $kind out stringify!($name), self.$name);)*
                out
            }
        }
    };
}

/// One narrow change to a body, as a screen asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// Puts a scalar or an item.
    Set {
        /// Document key: `field` or `field/item`.
        key: String,
        /// New value.
        value: Value,
    },
    /// Removes an item or a scalar.
    Clear {
        /// Document key.
        key: String,
    },
    /// Brings a text from what the screen last showed to what it shows now; what others wrote
    /// in between stays.
    Text {
        /// Field name.
        key: String,
        /// The text the person started from.
        base: String,
        /// The text as it stands now.
        text: String,
    },
}

impl Edit {
    /// The document key it is about.
    pub fn key(&self) -> &str {
        let (Self::Set { key, .. } | Self::Clear { key } | Self::Text { key, .. }) = self;
        key
    }
}
