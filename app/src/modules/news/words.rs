//! Columns and audiences in the language of now.

use crate::i18n::{Lang, lang, t, t1};
use domain::modules::news::{Audience, Choice, column};

/// Label of a configured word.
pub fn choice(one: &Choice) -> &'static str {
    if lang() == Lang::Zh { one.zh } else { one.en }
}

/// Label of a column by its code.
pub fn column_words(code: &str) -> &'static str {
    column(code).map_or("", |one| choice(&one))
}

/// For whom, in words.
pub fn audience_words(code: &str) -> String {
    match Audience::parse(code) {
        Some(Audience::Public) => t("news.public").into(),
        Some(Audience::Members) => t("news.members").into(),
        Some(Audience::Unit(unit)) => t1("news.unit", unit),
        None => t("news.audience-none").into(),
    }
}
