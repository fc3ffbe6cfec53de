//! What has happened in the invented company before the demo begins: articles, drafts, appeals. All times are
//! counted back from today, so the demo is always fresh and its deadlines are real ones.

mod appeals;
mod matter;
mod news;
mod past;
mod piece;

use super::stage::Event;
use past::Past;

/// Everything that happened, in no particular order.
pub fn events(now_ms: i64) -> Vec<Event> {
    let past = Past::before(now_ms);
    let mut events = news::events(&past);
    events.extend(appeals::events(&past));
    events
}
