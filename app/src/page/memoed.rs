//! A closure given to a component as one memo, so that components need no generics.

use leptos::prelude::*;

/// A value that follows the signals its closure reads.
pub struct Memoed<T: Send + Sync + 'static>(pub Memo<T>);

impl<T: PartialEq + Send + Sync + 'static, F: Fn() -> T + Send + Sync + 'static> From<F> for Memoed<T> {
    fn from(ask: F) -> Self {
        Self(Memo::new(move |_| ask()))
    }
}
