//! Limits on guessing, in memory: ten tries for one account in a quarter of an hour with growing pauses, a
//! hundred for one address. A device on which the person signed in before has tries of its own, so that a
//! stranger who guesses never keeps the owner out. Right passwords cost nothing.

use super::Digest;
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const WINDOW_MS: i64 = 15 * 60_000;
/// Tries for one account in the window.
const ACCOUNT_TRIES: usize = 10;
/// Tries before pauses begin.
const FREE_TRIES: usize = 3;
/// Tries for one address in the window: a whole shift signs in from behind one address.
const ADDRESS_TRIES: usize = 100;
/// Longest pause between two tries.
const PAUSE_MS: i64 = 60_000;
/// So many counters at most; the quietest are forgotten first.
const COUNTERS: usize = 50_000;

/// Where a try comes from.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Network address of the caller, where known.
    pub address: Option<IpAddr>,
    /// The device's mark, if it is one on which the account's owner signed in before.
    pub known: Option<Digest>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key([u8; 32]);

impl Key {
    fn of(kind: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new_with_prefix(kind);
        for part in parts {
            hash.update((part.len() as u32).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
    fn account(no: &str, place: &Place) -> Self {
        let device: &[u8] = place.known.as_ref().map_or(&[], |digest| &digest.0);
        Self::of("account", &[no.as_bytes(), device])
    }
    /// One household or site in IPv6 is a /64.
    fn address(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::of("address", &[&v4.octets()]),
            IpAddr::V6(v6) => Self::of("address", &[&v6.octets()[..8]]),
        }
    }
}

/// Counts tries.
#[derive(Default)]
pub struct Limits {
    tries: Mutex<HashMap<Key, VecDeque<i64>>>,
}

impl Limits {
    /// Counts one try, before anything is compared.
    ///
    /// # Errors
    /// Seconds to wait; such a try is not counted, so hammering prolongs nothing.
    pub fn count(&self, no: &str, place: &Place, now_ms: i64) -> Result<(), u32> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<(Key, usize, usize)> = [Some((Key::account(no, place), ACCOUNT_TRIES, FREE_TRIES))]
            .into_iter()
            .chain([place.address.map(|address| (Key::address(address), ADDRESS_TRIES, ADDRESS_TRIES))])
            .flatten()
            .collect();
        for (key, most, free) in &keys {
            let times = tries.entry(*key).or_default();
            times.retain(|at| now_ms - at < WINDOW_MS);
            if let Some(until) = blocked_until(times, *most, *free).filter(|until| *until > now_ms) {
                return Err(u32::try_from((until - now_ms + 999) / 1000).unwrap_or(u32::MAX));
            }
        }
        for (key, ..) in keys {
            tries.entry(key).or_default().push_back(now_ms);
        }
        forget(&mut tries, now_ms);
        Ok(())
    }

    /// The password was right: these tries count no more.
    pub fn right(&self, no: &str, place: &Place) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&Key::account(no, place));
        if let Some(times) = place.address.and_then(|address| tries.get_mut(&Key::address(address))) {
            times.pop_back();
        }
    }
}

/// The moment of the next try: after the third each pause is twice as long as the one before, up to a minute;
/// the eleventh waits until the first has left the window.
fn blocked_until(times: &VecDeque<i64>, most: usize, free: usize) -> Option<i64> {
    let (first, last) = (*times.front()?, *times.back()?);
    if times.len() >= most {
        return Some(first + WINDOW_MS);
    }
    let over = u32::try_from(times.len().checked_sub(free)?).unwrap_or(u32::MAX).min(10);
    Some(last + PAUSE_MS.min(2000 << over))
}

fn forget(tries: &mut HashMap<Key, VecDeque<i64>>, now_ms: i64) {
    if tries.len() <= COUNTERS {
        return;
    }
    tries.retain(|_, times| times.back().is_some_and(|at| now_ms - at < WINDOW_MS));
    if tries.len() > COUNTERS {
        let mut latest: Vec<i64> = tries.values().filter_map(|times| times.back().copied()).collect();
        latest.sort_unstable();
        let border = latest[latest.len() - COUNTERS / 2];
        tries.retain(|_, times| times.back().is_some_and(|at| *at > border));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Place {
        Place { address: address.parse().ok(), known: None }
    }

    #[test]
    fn guessing_gets_slower_and_stops_at_ten_and_never_for_good() {
        let (limits, place) = (Limits::default(), from("10.0.0.1"));
        let (mut now, mut tries) = (0, 0);
        while now < WINDOW_MS - 1000 {
            if limits.count("7", &place, now).is_ok() {
                tries += 1;
            }
            now += 1000;
        }
        assert_eq!(tries, 10);
        assert!(limits.count("7", &place, now).is_err());
        assert_eq!(
            limits.count("7", &place, WINDOW_MS + 600_000),
            Ok(()),
            "a quarter of an hour later it goes on"
        );
    }

    #[test]
    fn the_fourth_try_waits_and_says_how_long() {
        let (limits, place) = (Limits::default(), Place::default());
        (0..3).for_each(|i| limits.count("7", &place, i).unwrap());
        assert_eq!(limits.count("7", &place, 2), Err(2));
        assert_eq!(limits.count("7", &place, 2002), Ok(()));
        assert_eq!(limits.count("7", &place, 2003), Err(4), "each pause is twice the one before");
    }

    #[test]
    fn a_stranger_who_guesses_never_keeps_the_owner_out() {
        let limits = Limits::default();
        for i in 0..10 {
            limits.count("7", &from("10.0.0.9"), i * 60_000).unwrap();
        }
        assert!(limits.count("7", &from("10.0.0.9"), 600_000).is_err());
        let mine = Place { address: "10.0.0.1".parse().ok(), known: Some(Digest([1; 32])) };
        assert_eq!(limits.count("7", &mine, 600_000), Ok(()));
    }

    #[test]
    fn one_address_cannot_walk_through_all_numbers_but_a_shift_can_sign_in() {
        let limits = Limits::default();
        for no in 0..100 {
            assert_eq!(limits.count(&no.to_string(), &from("10.0.0.9"), 0), Ok(()));
        }
        assert!(limits.count("100", &from("10.0.0.9"), 0).is_err());
        assert_eq!(limits.count("100", &from("10.0.0.8"), 0), Ok(()));

        let limits = Limits::default();
        for no in 0..300 {
            assert_eq!(limits.count(&no.to_string(), &from("10.0.0.9"), 0), Ok(()), "{no}");
            limits.right(&no.to_string(), &from("10.0.0.9"));
        }
    }

    #[test]
    fn counters_do_not_grow_without_end() {
        let limits = Limits::default();
        for no in 0..60_000 {
            let _ = limits.count(&no.to_string(), &Place::default(), no);
        }
        assert!(limits.tries.lock().unwrap().len() <= COUNTERS);
    }
}
