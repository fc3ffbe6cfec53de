//! Closed sets of words (states, steps, roles): one line each, with the code for disk and wire,
//! the Chinese and English label, and the tone in which a chip shows it.

/// How a state looks (design guide §6): colour never alone, always with the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Tone {
    /// Draft, offline, void.
    Off,
    /// Waiting, in progress.
    Info,
    /// Done, delivered.
    Ok,
    /// Needs somebody.
    Warn,
    /// Cannot be undone.
    Danger,
}

/// A closed set of words; implemented by [`words!`](crate::words).
pub trait Word: Copy + Eq + Sized + std::fmt::Debug + 'static {
    /// Every word, in the order of declaration; the first is where a new document starts.
    const ALL: &'static [Self];
    /// The code on disk and wire, for ever.
    fn code(self) -> &'static str;
    /// Chinese label.
    fn zh(self) -> &'static str;
    /// English label.
    fn en(self) -> &'static str;
    /// Tone of its chip.
    fn tone(self) -> Tone;
    /// Finds a word by its code.
    fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.code() == code)
    }
}

/// A word as data, for screens that show any kind's words.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Label {
    /// Code on disk and wire.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Tone of the chip.
    pub tone: Tone,
}
impl Label {
    /// The word as data.
    pub fn of<W: Word>(word: W) -> Self {
        Self { code: word.code().into(), zh: word.zh().into(), en: word.en().into(), tone: word.tone() }
    }
}

/// Declares a closed set of words: `Name = "code", "中文", "English", Tone;`
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal, $tone:ident;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = concat!($zh, " ", $en)] $(#[$vdoc])* $variant,)+ }
        impl $crate::Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
            fn zh(self) -> &'static str { match self { $(Self::$variant => $zh,)+ } }
            fn en(self) -> &'static str { match self { $(Self::$variant => $en,)+ } }
            fn tone(self) -> $crate::Tone { match self { $(Self::$variant => $crate::Tone::$tone,)+ } }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::Word::code(*self))
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let code = <std::string::String as serde::Deserialize>::deserialize(d)?;
                <Self as $crate::Word>::parse(&code).ok_or_else(|| serde::de::Error::custom("unknown word"))
            }
        }
    };
}
