//! How much one phone, and one person over all phones, may push: a bucket that is large enough for weeks
//! underground and drains steadily. Whoever pushes what is refused pays more, because judging hostile bytes is
//! the dearest thing that the server does for anybody. In memory; a restart forgets it.

use domain::DocId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What a bucket holds and how fast it drains.
struct Size {
    pushes: i64,
    pushes_per_second: i64,
    bytes: i64,
    bytes_per_second: i64,
}

/// One installation of the app.
const DEVICE: Size =
    Size { pushes: 5_000, pushes_per_second: 50, bytes: 20 << 20, bytes_per_second: 256 << 10 };
/// One person: the name of an installation is only what it says of itself.
const PERSON: Size =
    Size { pushes: 10_000, pushes_per_second: 100, bytes: 40 << 20, bytes_per_second: 512 << 10 };
/// A refused push counts as so many more.
const REFUSED: usize = 25;
/// So many buckets at most; the emptiest are forgotten first.
const BUCKETS: usize = 20_000;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key(DocId, String);

/// Thousandths of pushes and of bytes that are in it, and when that was.
#[derive(Clone, Copy, Default)]
struct Bucket {
    pushes: i64,
    bytes: i64,
    at_ms: i64,
}

impl Bucket {
    fn drain(&mut self, size: &Size, now_ms: i64) {
        let ms = now_ms.saturating_sub(self.at_ms).max(0);
        self.pushes = (self.pushes - ms.saturating_mul(size.pushes_per_second)).max(0);
        self.bytes = (self.bytes - ms.saturating_mul(size.bytes_per_second)).max(0);
        self.at_ms = now_ms;
    }

    /// Milliseconds until this much fits; an empty bucket takes anything.
    fn wait_ms(&self, size: &Size, pushes: i64, bytes: i64) -> i64 {
        let wait = |have: i64, want: i64, most: i64, per_second: i64| {
            let over = (have + want * 1000 - most * 1000).min(have);
            if over > 0 { (over + per_second - 1) / per_second } else { 0 }
        };
        let for_pushes = wait(self.pushes, pushes, size.pushes, size.pushes_per_second);
        for_pushes.max(wait(self.bytes, bytes, size.bytes, size.bytes_per_second))
    }
}

/// The buckets of everybody.
#[derive(Default)]
pub struct Quota {
    buckets: Mutex<HashMap<Key, Bucket>>,
}

impl Quota {
    /// Counts so many pushes of so many bytes, if they fit.
    ///
    /// # Errors
    /// Seconds to wait; nothing is counted then, so trying prolongs nothing.
    pub fn take(
        &self,
        person: DocId,
        device: &str,
        pushes: usize,
        bytes: usize,
        now_ms: i64,
    ) -> Result<(), u32> {
        let (pushes, bytes) = (whole(pushes), whole(bytes));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait_ms = 0;
        for (key, size) in keys(person, device) {
            let bucket = buckets.entry(key).or_default();
            bucket.drain(size, now_ms);
            wait_ms = wait_ms.max(bucket.wait_ms(size, pushes, bytes));
        }
        if wait_ms > 0 {
            return Err(u32::try_from((wait_ms + 999) / 1000).unwrap_or(u32::MAX));
        }
        for (key, _) in keys(person, device) {
            let bucket = buckets.entry(key).or_default();
            (bucket.pushes, bucket.bytes) = (bucket.pushes + pushes * 1000, bucket.bytes + bytes * 1000);
        }
        forget(&mut buckets);
        Ok(())
    }

    /// So many of the pushes just counted were refused.
    pub fn refused(&self, person: DocId, device: &str, refused: usize) {
        let more = whole(refused * REFUSED) * 1000;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, size) in keys(person, device) {
            if let Some(bucket) = buckets.get_mut(&key) {
                // Full is full: nobody is shut out for longer than a full bucket takes to drain.
                bucket.pushes = (bucket.pushes + more).min(size.pushes * 1000);
            }
        }
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count.min(1 << 30)).unwrap_or(i64::MAX)
}

fn keys(person: DocId, device: &str) -> [(Key, &'static Size); 2] {
    let device: String = device.chars().take(64).collect();
    // With a word before it, so that no phone can name itself like the person's own bucket.
    [(Key(person, format!("device {device}")), &DEVICE), (Key(person, "person".into()), &PERSON)]
}

/// A person who invents device names fills the bucket of the person, but the map must not grow either.
fn forget(buckets: &mut HashMap<Key, Bucket>) {
    if buckets.len() <= BUCKETS {
        return;
    }
    let mut full: Vec<i64> = buckets.values().map(|bucket| bucket.pushes).collect();
    full.sort_unstable();
    let border = full[full.len() / 2];
    buckets.retain(|key, bucket| bucket.pushes > border || key.1 == "person");
    if buckets.len() > BUCKETS {
        buckets.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LI: DocId = DocId([1; 16]);

    #[test]
    fn two_weeks_underground_go_up_at_once() {
        let quota = Quota::default();
        for request in 0..16 {
            assert_eq!(quota.take(LI, "phone", 256, 300_000, request * 100), Ok(()), "{request}");
        }
    }

    #[test]
    fn whoever_goes_on_waits_and_only_he() {
        let quota = Quota::default();
        let mut now_ms = 0;
        while quota.take(LI, "phone", 250, 1_000, now_ms).is_ok() {}
        assert_eq!(quota.take(LI, "phone", 250, 1_000, now_ms), Err(5), "250 at 50 a second");
        assert_eq!(quota.take(LI, "phone", 1, 1, now_ms), Err(1));
        assert_eq!(quota.take(DocId([2; 16]), "phone", 250, 1_000, now_ms), Ok(()));
        now_ms += 5_000;
        assert_eq!(quota.take(LI, "phone", 250, 1_000, now_ms), Ok(()), "as it was told");
    }

    #[test]
    fn bytes_count_as_well() {
        let quota = Quota::default();
        let mut sent = 0;
        while quota.take(LI, "phone", 1, 1 << 20, 0).is_ok() {
            sent += 1;
        }
        assert_eq!(sent, 20);
        assert_eq!(quota.take(LI, "phone", 1, 1 << 20, 0), Err(4));
    }

    #[test]
    fn other_names_for_the_phone_help_twice_and_no_more() {
        let quota = Quota::default();
        let sent = (0..1_000).filter(|i| quota.take(LI, &format!("phone {i}"), 250, 1, 0).is_ok()).count();
        assert_eq!(sent, 40);
        assert!(quota.buckets.lock().unwrap().len() < 2_000);
    }

    #[test]
    fn what_is_refused_costs_more_but_never_for_ever() {
        let quota = Quota::default();
        quota.take(LI, "phone", 200, 1, 0).unwrap();
        quota.refused(LI, "phone", 200);
        assert_eq!(quota.take(LI, "phone", 50, 1, 0), Err(1));
        quota.refused(LI, "phone", 1_000_000);
        assert_eq!(quota.take(LI, "phone", 1, 1, 0), Err(1));
        assert_eq!(quota.take(LI, "phone", 1, 1, 1_000), Ok(()));
    }

    #[test]
    fn many_phones_do_not_fill_the_memory() {
        let quota = Quota::default();
        for i in 0..60_000u32 {
            quota.take(DocId::derive(&[&i.to_le_bytes()]), "phone", 20, 1, 0).unwrap();
        }
        assert!(quota.buckets.lock().unwrap().len() <= BUCKETS + 2);
    }
}
