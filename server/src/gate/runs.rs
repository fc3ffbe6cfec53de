//! Counts the rows that a column's runs declare, without producing one of them.

use super::leb::Bytes;
use super::limits::MAX_KEY_BYTES;
use super::refused::{Refused, Size, Step};

/// How a column is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Run lengths and unsigned numbers.
    Ints,
    /// Run lengths and differences.
    Deltas,
    /// Run lengths and strings.
    Strings,
    /// Alternating counts of false and true.
    Bools,
    /// Bytes without runs.
    Raw,
}

/// What a column declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs {
    /// Number of rows.
    pub rows: u64,
    /// Sum of the numbers of an [`Form::Ints`] column over all rows.
    pub sum: u64,
}

impl Runs {
    fn add(&mut self, rows: u64, value: u64, limit: u64) -> Result<(), Refused> {
        self.rows = self.rows.saturating_add(rows);
        self.sum = self.sum.saturating_add(rows.saturating_mul(value));
        if self.rows > limit { Err(Refused::TooBig(Size::Ops)) } else { Ok(()) }
    }
}

/// Walks the run headers of one column; more than `limit` rows is refused.
pub(super) fn walk(form: Form, data: &[u8], limit: u64) -> Result<Runs, Refused> {
    let mut bytes = Bytes::new(data);
    let mut runs = Runs::default();
    match form {
        Form::Raw => return Ok(runs),
        Form::Bools => {
            while !bytes.is_empty() {
                runs.add(bytes.uleb()?, 0, limit)?;
            }
        }
        _ => {
            while !bytes.is_empty() {
                walk_run(form, &mut bytes, &mut runs, limit)?;
            }
        }
    }
    Ok(runs)
}

/// One run: `n > 0` repeats of one value, `n < 0` single values, or `0` and a number of nulls.
fn walk_run(form: Form, bytes: &mut Bytes<'_>, runs: &mut Runs, limit: u64) -> Result<(), Refused> {
    let head = bytes.sleb().map_err(|_| Step::Runs)?;
    if head > 0 {
        let value = read_value(form, bytes)?;
        return runs.add(head.unsigned_abs(), value, limit);
    }
    if head == 0 {
        let nulls = bytes.uleb().map_err(|_| Step::Runs)?;
        return runs.add(nulls, 0, limit);
    }
    for _ in 0..head.unsigned_abs() {
        let value = read_value(form, bytes)?;
        runs.add(1, value, limit)?;
    }
    Ok(())
}

fn read_value(form: Form, bytes: &mut Bytes<'_>) -> Result<u64, Step> {
    match form {
        Form::Deltas => bytes.sleb().map(|_| 0).map_err(|_| Step::Runs),
        Form::Strings => {
            let length = bytes.uleb().map_err(|_| Step::Runs)?;
            if length > MAX_KEY_BYTES {
                return Err(Step::Runs);
            }
            let text = bytes.take(length).map_err(|_| Step::Runs)?;
            std::str::from_utf8(text).map(|_| 0).map_err(|_| Step::Runs)
        }
        _ => bytes.uleb().map_err(|_| Step::Runs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_a_million_is_seen_in_four_bytes() {
        let million = [0xc0, 0x84, 0x3d, 0x01];
        assert_eq!(walk(Form::Ints, &million, 2_000), Err(Refused::TooBig(Size::Ops)));
        let nulls = [0x00, 0xc0, 0x84, 0x3d];
        assert_eq!(walk(Form::Ints, &nulls, 2_000), Err(Refused::TooBig(Size::Ops)));
        assert_eq!(walk(Form::Bools, &nulls[1..], 2_000), Err(Refused::TooBig(Size::Ops)));
    }

    #[test]
    fn rows_and_sums_are_counted() {
        let column = [0x02, 0x05, 0x7e, 0x01, 0x02, 0x00, 0x03];
        assert_eq!(walk(Form::Ints, &column, 7), Ok(Runs { rows: 7, sum: 13 }));
        assert_eq!(walk(Form::Ints, &column, 6), Err(Refused::TooBig(Size::Ops)));
        assert_eq!(walk(Form::Bools, &[0, 3, 4], 7), Ok(Runs { rows: 7, sum: 0 }));
    }

    #[test]
    fn literals_end_with_the_data_and_sums_do_not_overflow() {
        let endless = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 0x01];
        assert_eq!(walk(Form::Ints, &endless, 2_000), Err(Step::Runs.into()), "i64::MIN literals, one there");
        let huge = [0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(walk(Form::Ints, &huge, 2_000), Ok(Runs { rows: 2, sum: u64::MAX }));
    }
}
