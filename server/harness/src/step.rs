//! Futures without a runtime. Everything a phone does pauses at each call of store and link, so that the
//! town can go on with another phone there, or cut the power.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Something that is under way on a phone.
pub(crate) type Under<T> = Pin<Box<dyn Future<Output = T>>>;

/// Lets others go first, once.
pub async fn pause() {
    let mut paused = false;
    poll_fn(|_| if std::mem::replace(&mut paused, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// One step of something; `Some` when it has ended.
pub(crate) fn step<T>(under: &mut Under<T>) -> Option<T> {
    match under.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

/// Does something to its end.
///
/// # Panics
/// When it never ends: two things that wait for each other.
pub fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    for _ in 0..10_000_000u32 {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
    panic!("it never ends");
}
