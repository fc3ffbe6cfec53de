//! Words given to a component: fixed, or asked anew when what they speak of changes.
//! One type for both, so that components need no generics and fixed words cost no effect.

use leptos::prelude::*;
use std::sync::Arc;

/// A label, a title, a sentence. Made from `&'static str`, `String` or a closure giving either.
#[derive(Clone)]
pub enum Text {
    /// Never changes while it is shown.
    Fixed(Oco<'static, str>),
    /// Follows the signals that the closure reads.
    Live(Arc<dyn Fn() -> Oco<'static, str> + Send + Sync>),
}

impl Text {
    /// The words of now; tracked in a reactive closure.
    pub fn get(&self) -> Oco<'static, str> {
        match self {
            Text::Fixed(words) => words.clone(),
            Text::Live(ask) => ask(),
        }
    }

    /// Whether the caller gave no words at all (an optional prop left out).
    pub fn is_none(&self) -> bool {
        matches!(self, Text::Fixed(words) if words.is_empty())
    }

    /// The words as a text node.
    pub fn view(self) -> AnyView {
        match self {
            Text::Fixed(words) => words.into_any(),
            Text::Live(ask) => (move || ask()).into_any(),
        }
    }

    /// The words as an attribute that is absent when there are none.
    pub fn attr(&self) -> Arc<dyn Fn() -> Option<Oco<'static, str>> + Send + Sync> {
        let text = self.clone();
        Arc::new(move || Some(text.get()).filter(|words| !words.is_empty()))
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::Fixed(Oco::Borrowed(""))
    }
}

impl From<&'static str> for Text {
    fn from(words: &'static str) -> Self {
        Text::Fixed(Oco::Borrowed(words))
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Text::Fixed(Oco::Counted(Arc::from(words)))
    }
}

impl<F, S> From<F> for Text
where
    F: Fn() -> S + Send + Sync + 'static,
    S: Into<Oco<'static, str>>,
{
    fn from(ask: F) -> Self {
        Text::Live(Arc::new(move || ask().into()))
    }
}
