//! Tables for spreadsheet programs (CSV). Such a program takes a cell that begins like a formula for one and
//! runs it on the desk of whoever opens the file (threat model W4), so what people wrote never begins so.
//! THE place for it: every export that a spreadsheet may open goes through [`csv`].

/// What begins a formula, or is dropped in front of one: ASCII and full-width, tab and line ends.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula: an apostrophe goes in front of what would begin one, also
/// behind blanks and signs that are not seen.
pub fn plain_cell(text: &str) -> String {
    let unseen = |c: char| {
        c == ' '
            || c == '\u{3000}'
            || c == '\u{a0}'
            || c == '\u{feff}'
            || ('\u{200b}'..='\u{200f}').contains(&c)
    };
    let seen = text.trim_start_matches(unseen);
    if seen.starts_with(BEGINNINGS) { format!("'{text}") } else { text.to_string() }
}

/// Rows as CSV (RFC 4180) with the mark by which Excel knows UTF-8. Every cell is quoted.
pub fn csv<R, C>(rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut out = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row
            .into_iter()
            .map(|cell| format!("\"{}\"", plain_cell(cell.as_ref()).replace('"', "\"\"")))
            .collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads CSV as a spreadsheet does.
    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
        let mut chars = text.strip_prefix('\u{feff}').unwrap().chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut cell)),
                '\r' if !quoted => {}
                '\n' if !quoted => {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                other => cell.push(other),
            }
        }
        rows
    }

    /// True for what a spreadsheet would run, after dropping what it drops.
    fn runs(cell: &str) -> bool {
        let begin = cell.trim_start_matches(|c: char| {
            c.is_whitespace() || c.is_control() || "\u{feff}\u{200b}".contains(c)
        });
        begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && !cell.starts_with('\'')
    }

    #[test]
    fn known_tricks_come_out_as_text() {
        for trick in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "+1",
            "-2+3",
            "@SUM(1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "\u{3000}=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "=HYPERLINK(\"http://evil.test\",\"x\")",
        ] {
            let cell = read(&csv([[trick]])).remove(0).remove(0);
            assert!(cell.starts_with('\'') && !runs(&cell), "{trick:?} {cell:?}");
            assert_eq!(&cell[1..], trick, "and nothing of it is lost");
        }
        assert_eq!(plain_cell("李大勇"), "李大勇");
        assert_eq!(plain_cell("5-3 班"), "5-3 班");
    }

    proptest! {
        #[test]
        fn no_text_of_anybody_runs_in_a_spreadsheet_and_none_is_lost(rows in prop::collection::vec(
            prop::collection::vec("[ -~\t\r\n=+@＝＋－＠\u{3000}\u{feff}\u{200b}一-丁\"',;]{0,12}", 1..5), 0..6)) {
            let back = read(&csv(rows.iter()));
            prop_assert_eq!(back.len(), rows.len());
            for (cell, text) in back.iter().flatten().zip(rows.iter().flatten()) {
                prop_assert!(!runs(cell), "{:?}", cell);
                prop_assert_eq!(cell.strip_prefix('\'').filter(|_| !text.starts_with('\'')).unwrap_or(cell), text);
            }
        }
    }
}
