//! Columns of the site and levels of honours: configuration, read from data files, never from code.

use super::Audience;
use std::sync::LazyLock;

/// A configured word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// On disk and wire for ever.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// The column of the honour roll: it never loses the document number.
pub const HONOUR: &str = "honour";
/// The column of notices.
pub const NOTICE: &str = "notice";

static COLUMNS: LazyLock<Vec<Choice>> = LazyLock::new(|| choices(include_str!("columns.tsv")));
static LEVELS: LazyLock<Vec<Choice>> = LazyLock::new(|| choices(include_str!("levels.tsv")));

/// Columns in the order of the site.
pub fn columns() -> &'static [Choice] {
    &COLUMNS
}

/// Levels of honours, highest first.
pub fn levels() -> &'static [Choice] {
    &LEVELS
}

/// The column of this code.
pub fn column(code: &str) -> Option<Choice> {
    columns().iter().copied().find(|column| column.code == code)
}

/// What the codes in news say to people.
pub fn said(field: &str, code: &str) -> Option<(String, String)> {
    let words = |choice: Choice| (choice.zh.to_string(), choice.en.to_string());
    match field {
        "column" => column(code).map(words),
        "level" => level(code).map(words),
        "audience" => match Audience::parse(code)? {
            Audience::Public => Some(("所有人".into(), "Everybody".into())),
            Audience::Members => Some(("工会会员".into(), "Union members".into())),
            Audience::Unit(code) => Some((format!("单位 {code}"), format!("unit {code}"))),
        },
        _ => None,
    }
}

/// The level of this code.
pub fn level(code: &str) -> Option<Choice> {
    levels().iter().copied().find(|level| level.code == code)
}

fn choices(table: &'static str) -> Vec<Choice> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(Choice { code: cells.next()?, zh: cells.next()?, en: cells.next()? })
        })
        .collect()
}
