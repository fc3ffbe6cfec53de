//! Reading: bytes → a sheet of cells with known columns and the line numbers that the person sees in Excel.

use super::column::{Column, is_padding};
use super::unreadable::Unreadable;
use csv::StringRecord;
use std::fmt;

const MAX_ROWS: usize = 100_000;

/// A roster as cells. Not judged yet: what the cells say is the business of [`check`](super::check()).
pub struct Sheet {
    /// Where each column stands, by `Column as usize`.
    places: [Option<usize>; Column::ALL.len()],
    /// Number of header cells.
    width: usize,
    /// Header cells that mean no column of ours.
    ignored: Vec<String>,
    records: Vec<(u32, StringRecord)>,
}

/// Shows sizes only: the cells are personal data.
impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sheet({} columns, {} rows)", self.width, self.records.len())
    }
}

/// One person's line.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    sheet: &'a Sheet,
    /// Line in the file where it begins; the header is line 1.
    pub line: u32,
    cells: &'a StringRecord,
}

/// Reads a roster.
///
/// # Errors
/// [`Unreadable`] when no line of the file can be trusted: wrong encoding, a workbook, columns missing.
pub fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let mut records = records(bytes)?.into_iter();
    let (_, header) = records.next().ok_or(Unreadable::Empty)?;
    let (places, ignored) = columns(&header)?;
    let records: Vec<_> = records.filter(|(_, cells)| !cells.iter().all(is_blank)).collect();
    match records.len() {
        0 => Err(Unreadable::Empty),
        n if n > MAX_ROWS => Err(Unreadable::TooLong),
        _ => Ok(Sheet { places, width: header.len(), ignored, records }),
    }
}

impl Sheet {
    /// Number of persons' lines.
    pub fn len(&self) -> usize {
        self.records.len()
    }
    /// Never true for a sheet that was read; here because `len` is.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
    /// Header cells that will not be imported.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|(line, cells)| Row { sheet: self, line: *line, cells })
    }
}

impl<'a> Row<'a> {
    /// Number of cells that the header promises.
    pub fn width(&self) -> usize {
        self.sheet.width
    }
    /// Every cell of the line as it stands.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> {
        self.cells.iter()
    }
    /// The cell as it stands in the file; empty when there is none.
    pub fn raw(&self, column: Column) -> &'a str {
        self.sheet.places[column as usize].and_then(|place| self.cells.get(place)).unwrap_or_default()
    }
    /// The cell without padding; a lone dash or slash is how people write "nothing".
    pub fn text(&self, column: Column) -> &'a str {
        let text = self.raw(column).trim_matches(is_padding);
        if matches!(text, "-" | "－" | "—" | "——" | "/" | "／") { "" } else { text }
    }
    /// A long number as digits: half-width, in capitals, without blanks, hyphens, `+86` in front of a
    /// mobile number, and the `'` with which Excel marks text.
    pub fn number(&self, column: Column) -> String {
        let plain: String =
            self.text(column).chars().map(half_width).filter(|c| !is_padding(*c) && *c != '\'').collect();
        if column != Column::Phone {
            return plain.to_ascii_uppercase();
        }
        let digits = plain.replace('-', "");
        let local = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086"));
        local.map(str::to_string).unwrap_or(digits)
    }
}

/// Full-width ASCII (as typed with a Chinese input method) as half-width.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The records of a CSV file with the line where each begins. Also used for the units file.
pub(super) fn records(bytes: &[u8]) -> Result<Vec<(u32, StringRecord)>, Unreadable> {
    let text = utf8(bytes)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable::NotUtf8)?;
        let begins = record.position().map_or(0, |position| position.byte() as usize);
        records.push((lines.line_of(begins), record));
    }
    Ok(records)
}

/// The text of the file, or what kind of file it is instead.
fn utf8(bytes: &[u8]) -> Result<&str, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unreadable::Workbook);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotUtf8)?;
    if text.contains('\0') {
        return Err(Unreadable::NotUtf8);
    }
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

type Places = [Option<usize>; Column::ALL.len()];

fn columns(header: &StringRecord) -> Result<(Places, Vec<String>), Unreadable> {
    let mut places: Places = [None; Column::ALL.len()];
    let mut ignored = Vec::new();
    for (place, cell) in header.iter().enumerate() {
        match Column::from_header(cell) {
            Some(column) if places[column as usize].replace(place).is_some() => {
                return Err(Unreadable::Twice(column));
            }
            None if !is_blank(cell) => ignored.push(cell.trim_matches(is_padding).chars().take(20).collect()),
            _ => {}
        }
    }
    let missing: Vec<_> =
        Column::ALL.into_iter().filter(|c| c.required() && places[*c as usize].is_none()).collect();
    if missing.is_empty() { Ok((places, ignored)) } else { Err(Unreadable::Missing(missing)) }
}

fn is_blank(cell: &str) -> bool {
    cell.chars().all(is_padding)
}

/// Counts lines while walking forward. The csv crate gives a record the position where it began to look,
/// which is before blank lines and before the `\n` of the last `\r\n`; a person needs the line they see.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn line_of(&mut self, begins: usize) -> u32 {
        while self.at < begins || matches!(self.text.get(self.at), Some(b'\r' | b'\n')) {
            let next = self.text.get(self.at + 1);
            match self.text[self.at] {
                b'\n' => self.line += 1,
                b'\r' if next != Some(&b'\n') => self.line += 1,
                _ => {}
            }
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "工号,姓名,性别,身份证号,单位代码,岗位性质,用工形式,是否会员";

    #[test]
    fn lines_are_counted_as_a_person_sees_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = [HEADER, "1,甲", "", ",,", "2,\"乙", "丙\"", "3,丁", ""].join(end);
            let sheet = read(text.as_bytes()).expect("readable");
            let lines: Vec<_> = sheet.rows().map(|row| row.line).collect();
            assert_eq!(lines, [2, 5, 7], "{end:?}");
        }
    }

    #[test]
    fn numbers_lose_what_typing_and_excel_add() {
        let text = "工号,姓名,性别,身份证,电话,单位代码,岗位性质,用工形式,会员\n\
                    '０１,,,11010519491231002x,+86 138-0000-0000,－,,,";
        let sheet = read(text.as_bytes()).expect("readable");
        let row = sheet.rows().next().expect("a row");
        assert_eq!(row.number(Column::No), "01");
        assert_eq!(row.number(Column::IdNumber), "11010519491231002X");
        assert_eq!(row.number(Column::Phone), "13800000000");
        assert_eq!(row.text(Column::Unit), "");
        assert_eq!(row.text(Column::Branch), "", "a column that is not there is empty");
    }

    #[test]
    fn a_file_nobody_could_trust_is_refused_with_the_reason() {
        let gb18030 = [0xb9u8, 0xa4, 0xba, 0xc5, b',', 0xd0, 0xd5, 0xc3, 0xfb];
        assert_eq!(read(&gb18030).err(), Some(Unreadable::NotUtf8));
        assert_eq!(read("工\0号".as_bytes()).err(), Some(Unreadable::NotUtf8));
        assert_eq!(read(b"PK\x03\x04rest").err(), Some(Unreadable::Workbook));
        assert_eq!(read(b"").err(), Some(Unreadable::Empty));
        assert_eq!(read(HEADER.as_bytes()).err(), Some(Unreadable::Empty));
        let twice = format!("{HEADER},员工编号\n1");
        assert_eq!(read(twice.as_bytes()).err(), Some(Unreadable::Twice(Column::No)));
        let without = HEADER.replace("性别", "备注");
        assert_eq!(read(without.as_bytes()).err(), Some(Unreadable::Missing(vec![Column::Sex])));
    }
}
