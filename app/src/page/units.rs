//! Units by their names: documents hold codes, people read names.

use crate::i18n::{Lang, lang, t1};
use crate::live::use_lines;
use crate::ui::Text;
use domain::bridge::Query;
use domain::{OrgCode, Role, Term, Word, date_text};
use leptos::prelude::*;

/// The unit's name; its code until the phone has looked, or when it knows no such unit.
pub fn unit_name(code: &OrgCode) -> Text {
    let code = code.0.clone();
    let wanted = code.clone();
    let found = use_lines(move || Query {
        kinds: vec!["org.unit".into()],
        facts: vec![("code".into(), wanted.clone())],
        limit: 1,
        ..Query::default()
    });
    Text::from(move || {
        let name = found.with(|lines| Some(lines.as_ref()?.lines.first()?.row.title.clone()));
        name.unwrap_or_else(|| code.clone())
    })
}

/// A role in the language of now.
pub fn role_words(role: Role) -> &'static str {
    if lang() == Lang::Zh { role.zh() } else { role.en() }
}

/// `任期至 2028-12-31`; "" without end.
pub fn term_words(term: Term) -> String {
    term.until_ms.map_or_else(String::new, |end| t1("page.term-until", date_text(end - 1)))
}
