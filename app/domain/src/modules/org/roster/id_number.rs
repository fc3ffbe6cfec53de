//! The citizen's ID number (GB 11643-1999《公民身份号码》): 6 digits of region, 8 of birth, 3 of order with
//! the sex in the last, 1 check character by ISO 7064 MOD 11-2. Residence cards for people from Hong Kong,
//! Macao and Taiwan and the permanent residence card follow the same shape.

use super::date::Date;
use super::words::Sex;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// Not 17 digits and a digit or `X`, or the birth date in it is no day of the calendar.
    Shape,
    /// The last character does not follow from the others: a typing mistake somewhere.
    Checksum,
}

/// An ID number that holds together. Has no `Debug`: it must not reach a log.
#[derive(Clone, PartialEq, Eq)]
pub struct IdNumber {
    text: String,
    born: Date,
}

impl IdNumber {
    /// Reads a number that is already free of blanks and in capitals.
    pub fn parse(text: &str) -> Result<IdNumber, IdFault> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 18
            && bytes[..17].iter().all(u8::is_ascii_digit)
            && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
        if !shaped {
            return Err(IdFault::Shape);
        }
        let born = Date::parse(&text[6..14]).ok_or(IdFault::Shape)?;
        if check_character(bytes) != bytes[17] {
            return Err(IdFault::Checksum);
        }
        Ok(IdNumber { text: text.to_string(), born })
    }

    /// Date of birth, digits 7–14.
    pub fn born(&self) -> Date {
        self.born
    }

    /// Sex, digit 17: odd is male.
    pub fn sex(&self) -> Sex {
        if self.text.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// All 18 characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The character that must stand last, from the first 17 digits (MOD 11-2).
fn check_character(bytes: &[u8]) -> u8 {
    let sum: u32 = WEIGHTS.iter().zip(bytes).map(|(weight, byte)| weight * u32::from(byte - b'0')).sum();
    CHECK[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example number printed in the standard.
    #[test]
    fn the_standards_own_example_is_right() {
        let id = IdNumber::parse("11010519491231002X").expect("valid");
        assert_eq!(id.born().to_string(), "1949-12-31");
        assert_eq!(id.sex(), Sex::Female);
    }

    #[test]
    fn what_spreadsheets_do_to_numbers_is_a_fault_of_shape() {
        for text in [
            "",
            "1.10105E+17",
            "110105491231002",
            "11010519491331002X",
            "1101051949123100２X",
            "11010519491231002x",
        ] {
            assert_eq!(IdNumber::parse(text).err(), Some(IdFault::Shape), "{text}");
        }
        assert_eq!(
            IdNumber::parse("110105194912310000").err(),
            Some(IdFault::Checksum),
            "digits lost after the 15th"
        );
    }
}
