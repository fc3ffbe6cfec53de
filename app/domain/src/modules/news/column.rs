//! Columns of the site and levels of honours: configuration, read from data files, never from code.

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
