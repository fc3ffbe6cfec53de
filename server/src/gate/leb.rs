//! Reading bytes and LEB128 numbers without ever allocating. Only the shortest form of a number passes,
//! as the format demands.

use super::refused::Step;

/// A cursor over bytes.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    pub fn new(all: &'a [u8]) -> Self {
        Self { rest: all }
    }
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
    pub fn byte(&mut self) -> Result<u8, Step> {
        let (first, rest) = self.rest.split_first().ok_or(Step::Number)?;
        self.rest = rest;
        Ok(*first)
    }
    /// The next `n` bytes; an error when there are fewer.
    pub fn take(&mut self, n: u64) -> Result<&'a [u8], Step> {
        let n = usize::try_from(n).map_err(|_| Step::Number)?;
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(Step::Number)?;
        self.rest = rest;
        Ok(taken)
    }
    /// An unsigned number of at most 64 bits.
    pub fn uleb(&mut self) -> Result<u64, Step> {
        let mut value = 0u64;
        for group in 0..10 {
            let byte = self.byte()?;
            if group == 9 && byte > 1 {
                return Err(Step::Number);
            }
            value |= u64::from(byte & 0x7f) << (7 * group);
            if byte & 0x80 == 0 {
                return if group > 0 && byte == 0 { Err(Step::Number) } else { Ok(value) };
            }
        }
        Err(Step::Number)
    }
    /// A signed number of at most 64 bits.
    pub fn sleb(&mut self) -> Result<i64, Step> {
        let (mut value, mut before) = (0i64, 0u8);
        for group in 0..10 {
            let byte = self.byte()?;
            if group == 9 && byte != 0 && byte != 0x7f {
                return Err(Step::Number);
            }
            value |= i64::from(byte & 0x7f) << (7 * group);
            if byte & 0x80 == 0 {
                let says_nothing = (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                if group > 0 && says_nothing {
                    return Err(Step::Number);
                }
                let negative = byte & 0x40 != 0 && group < 9;
                return Ok(if negative { value | (-1 << (7 * (group + 1))) } else { value });
            }
            before = byte;
        }
        Err(Step::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn uleb(mut value: u64) -> Vec<u8> {
        let mut out = vec![];
        loop {
            let byte = (value & 0x7f) as u8;
            value >>= 7;
            if value == 0 {
                out.push(byte);
                return out;
            }
            out.push(byte | 0x80);
        }
    }
    fn sleb(mut value: i64) -> Vec<u8> {
        let mut out = vec![];
        loop {
            let byte = (value & 0x7f) as u8;
            value >>= 7;
            if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
                out.push(byte);
                return out;
            }
            out.push(byte | 0x80);
        }
    }

    proptest! {
        #[test]
        fn every_number_reads_back(u: u64, s: i64) {
            prop_assert_eq!(Bytes::new(&uleb(u)).uleb(), Ok(u));
            prop_assert_eq!(Bytes::new(&sleb(s)).sleb(), Ok(s));
        }
        #[test]
        fn any_bytes_give_a_number_or_an_error_never_a_panic(bytes: Vec<u8>) {
            let mut cursor = Bytes::new(&bytes);
            while !cursor.is_empty() && cursor.uleb().is_ok() {}
            let mut cursor = Bytes::new(&bytes);
            while !cursor.is_empty() && cursor.sleb().is_ok() {}
        }
    }

    #[test]
    fn the_ends_and_the_long_forms() {
        for value in [i64::MIN, i64::MIN + 1, -65, -64, -1, 0, 63, 64, i64::MAX] {
            assert_eq!(Bytes::new(&sleb(value)).sleb(), Ok(value));
        }
        assert_eq!(Bytes::new(&uleb(u64::MAX)).uleb(), Ok(u64::MAX));
        assert_eq!(Bytes::new(&[0x81, 0x00]).uleb(), Err(Step::Number), "1 in two bytes");
        assert_eq!(Bytes::new(&[0x81, 0x00]).sleb(), Err(Step::Number), "1 in two bytes");
        assert_eq!(Bytes::new(&[0xff, 0x7f]).sleb(), Err(Step::Number), "-1 in two bytes");
        assert_eq!(Bytes::new(&[0xff; 11]).uleb(), Err(Step::Number));
        assert_eq!(Bytes::new(&[]).uleb(), Err(Step::Number));
    }
}
