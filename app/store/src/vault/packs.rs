//! Lines of lists lie together in packs. All of them are read at each start, thousands at once, and a cipher
//! call for each would cost more than everything else together. A pack holds what one write changed; later
//! packs count before earlier ones; when there are many, all of them become a few new ones.

use crate::{Pair, Trouble};
use std::collections::BTreeMap;

/// One line of a pack: its key, and its value unless it was removed.
pub type Entry = (Vec<u8>, Option<Vec<u8>>);

/// More packs than this are written anew.
pub const MANY: usize = 64;
/// Lines of a pack that is written anew.
pub const FULL: usize = 1_024;
/// Stands for the length of a line that was removed.
const REMOVED: u32 = u32::MAX;

/// Where the next pack lies: the places sort in the order of writing, and none is used twice.
pub fn place(number: u64) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// The number after the last of these places.
pub fn after(places: &[Vec<u8>]) -> u64 {
    let number = |place: &Vec<u8>| Some(u64::from_be_bytes(*place.first_chunk()?));
    places.iter().filter_map(number).max().map_or(0, |last| last + 1)
}

/// Lines as bytes.
pub fn pack(entries: &[Entry]) -> Result<Vec<u8>, Trouble> {
    let mut bytes = vec![];
    for (key, value) in entries {
        // Keys are ids and hashes: far below 255 bytes.
        bytes.push(u8::try_from(key.len()).map_err(|_| Trouble::Other("key".into()))?);
        bytes.extend(key);
        let length = value.as_ref().map_or(REMOVED, |value| value.len() as u32);
        bytes.extend(length.to_le_bytes());
        bytes.extend(value.iter().flatten());
    }
    Ok(bytes)
}

/// The lines of packs, oldest first: what is left when later ones count.
pub fn unpack(packs: &[Vec<u8>]) -> Result<Vec<Pair>, Trouble> {
    let mut left = BTreeMap::new();
    for pack in packs {
        let mut rest = pack.as_slice();
        while !rest.is_empty() {
            let (key, value) = entry(&mut rest).ok_or(Trouble::Unreadable)?;
            left.insert(key, value);
        }
    }
    Ok(left.into_iter().filter_map(|(key, value)| Some((key.to_vec(), value?.to_vec()))).collect())
}

fn entry<'b>(rest: &mut &'b [u8]) -> Option<(&'b [u8], Option<&'b [u8]>)> {
    let (length, bytes) = rest.split_first()?;
    let (key, bytes) = bytes.split_at_checked(usize::from(*length))?;
    let (length, bytes) = bytes.split_first_chunk()?;
    let length = u32::from_le_bytes(*length);
    let (value, bytes) = bytes.split_at_checked(if length == REMOVED { 0 } else { length as usize })?;
    *rest = bytes;
    Some((key, (length != REMOVED).then_some(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(key: &str, value: Option<&str>) -> Entry {
        (key.into(), value.map(Into::into))
    }

    #[test]
    fn later_packs_count_and_removed_lines_are_gone() {
        let first = pack(&[line("a", Some("1")), line("b", Some("")), line("c", Some("3"))]).unwrap();
        let second = pack(&[line("a", Some("2")), line("c", None)]).unwrap();
        let left = unpack(&[first.clone(), second.clone()]).unwrap();
        assert_eq!(left, [(b"a".to_vec(), b"2".to_vec()), (b"b".to_vec(), vec![])]);
        assert_eq!(unpack(&[second, first]).unwrap().len(), 3, "order counts");
    }

    #[test]
    fn a_cut_pack_is_no_pack() {
        let whole = pack(&[line("key", Some("value"))]).unwrap();
        for end in 1..whole.len() {
            assert_eq!(unpack(&[whole[..end].to_vec()]), Err(Trouble::Unreadable), "{end}");
        }
    }

    #[test]
    fn no_place_is_used_twice() {
        assert_eq!(after(&[]), 0);
        assert_eq!(after(&[place(0), place(300), place(7)]), 301);
    }
}
