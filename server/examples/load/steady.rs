//! Writers at a steady rate, one push a request.

use crate::Wanted;
use crate::books::Entry;
use crate::phone::Phone;
use crate::town::{Person, Town};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::time::sleep_until;

/// What came of one part.
pub struct Part {
    pub line: String,
    /// Pushes that were answered.
    pub took: usize,
    pub acknowledged: Vec<Entry>,
    pub refused: usize,
}

pub async fn run(town: &Town, people: &[Person], wanted: &Wanted) -> Part {
    let writing = begin(&town.server.address, people, wanted).await;
    let (written, part) = finish(writing).await;
    let (own, validators) = town.server.peak_mb();
    let seconds = wanted.time.as_secs_f64();
    let line = format!(
        "steady: {} acknowledged in {seconds:.0} s, {:.0} a second; {written}; \
         server {own} MB + validators {validators} MB",
        part.took,
        part.took as f64 / seconds,
    );
    Part { line, ..part }
}

/// When a push was due, and how long after that it was answered.
type Pushed = (Instant, Duration);

/// Writers who have begun to write.
pub type Writing = Vec<tokio::task::JoinHandle<(Phone, Vec<Pushed>, usize)>>;

/// Each of them at its own moment, together at the wanted rate, until the wanted time is over.
pub async fn begin(address: &str, people: &[Person], wanted: &Wanted) -> Writing {
    let each = Duration::from_secs_f64(people.len() as f64 / wanted.rate);
    let edits = (wanted.time.as_secs_f64() / each.as_secs_f64()).ceil() as usize;
    let phones = ready(address, people, edits).await;
    let begin = Instant::now() + Duration::from_millis(200);
    let one = |(i, phone): (usize, Phone)| {
        let first = begin + each.mul_f64(i as f64 / people.len() as f64);
        tokio::spawn(write(phone, first, each, begin + wanted.time))
    };
    phones.into_iter().enumerate().map(one).collect()
}

/// Waits for them all. In words how it went, and what they wrote.
pub async fn finish(writing: Writing) -> (String, Part) {
    let (mut took, mut acknowledged, mut refused, mut put_off, mut late) = (vec![], vec![], 0, 0, 0);
    for work in writing {
        let (phone, times, behind) = work.await.expect("a writer");
        took.extend(times);
        (refused, put_off, late) = (refused + phone.refused, put_off + phone.put_off, late + behind);
        acknowledged.extend(phone.acknowledged);
    }
    let slow = slowest_of_each_ten_seconds(&took);
    let mut took: Vec<Duration> = took.into_iter().map(|(_, time)| time).collect();
    took.sort_unstable();
    let words = format!(
        "p50 {} ms, p99 {} ms, longest {} ms (of each ten seconds: {slow}); {refused} refused, {put_off} put off, {late} not in time",
        at(&took, 0.5),
        at(&took, 0.99),
        at(&took, 1.0),
    );
    (words, Part { line: String::new(), took: took.len(), acknowledged, refused })
}

/// In ms, so that a stall can be told from a server that falls behind.
fn slowest_of_each_ten_seconds(took: &[Pushed]) -> String {
    let Some(begin) = took.iter().map(|(due, _)| *due).min() else { return String::new() };
    let mut slowest = BTreeMap::new();
    for (due, time) in took {
        let most: &mut Duration = slowest.entry(due.duration_since(begin).as_secs() / 10).or_default();
        *most = (*most).max(*time);
    }
    slowest.values().map(|time| time.as_millis().to_string()).collect::<Vec<_>>().join(" ")
}

/// Each has begun its matter and knows where it stands.
async fn ready(address: &str, people: &[Person], edits: usize) -> Vec<Phone> {
    let mut phones = vec![];
    for some in people.chunks(50) {
        let begin = |person: &Person| {
            let mut phone = Phone::new(address, person, edits);
            tokio::spawn(async move {
                phone.send(1).await;
                phone
            })
        };
        for phone in some.iter().map(begin).collect::<Vec<_>>() {
            phones.push(phone.await.expect("a phone"));
        }
    }
    phones
}

/// Pushes when it is time. Returns how long each push took from the moment when it was due, and how many were never sent because the server was behind.
async fn write(
    mut phone: Phone,
    first: Instant,
    each: Duration,
    end: Instant,
) -> (Phone, Vec<Pushed>, usize) {
    let (mut due, mut took) = (first, vec![]);
    while due < end && phone.waits() > 0 {
        sleep_until(due.into()).await;
        // An open loop that has fallen behind for good would run on after the end.
        if Instant::now() > end + Duration::from_secs(5) {
            break;
        }
        phone.send(1).await;
        took.push((due, due.elapsed()));
        due += each;
    }
    let left = if due < end { phone.waits() } else { 0 };
    (phone, took, left)
}

/// The time under which this share lies, in ms.
pub fn at(sorted: &[Duration], share: f64) -> String {
    let place = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).map_or("-".into(), |time| format!("{:.1}", time.as_secs_f64() * 1e3))
}
