//! Passwords: Argon2id with 19 MiB, two passes (OWASP's least for interactive sign-in), two at a time so that
//! a crowd at the gate cannot take the machine's memory. An unknown number costs the same work.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// How many may wait for their turn; two are done in about 50 ms.
const QUEUE: usize = 256;
/// Hash of a password nobody has; compared when there is no account.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$QxMlTShuWcFL0w/8tL+3dxnNwh9KCqQ+Ea3RWfIyzAM";

/// Too many are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// Hashes and compares off the async threads.
pub struct Hasher {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Comparisons and hashes ever made: each costs the same, so equal counts are equal work.
    done: AtomicUsize,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(2)), waiting: AtomicUsize::new(0), done: AtomicUsize::new(0) }
    }
}

fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl Hasher {
    /// The PHC string to keep for a password.
    ///
    /// # Errors
    /// [`Busy`] when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Busy> {
        let work = move || argon().hash_password(password.as_bytes()).map(|phc| phc.to_string());
        self.work(work).await?.map_err(|_| Busy)
    }

    /// Does the password fit? With `None` it does the same work and says no.
    ///
    /// # Errors
    /// [`Busy`] when too many wait.
    pub async fn fits(&self, phc: Option<String>, password: String) -> Result<bool, Busy> {
        self.work(move || {
            let there = phc.is_some();
            let phc = phc.unwrap_or_else(|| NOBODY.into());
            let parsed = PasswordHash::new(&phc);
            parsed.is_ok_and(|phc| argon().verify_password(password.as_bytes(), &phc).is_ok()) && there
        })
        .await
    }

    /// Comparisons and hashes since the start.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    async fn work<T: Send + 'static>(&self, run: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let place = Place::take(&self.waiting)?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| Busy)?;
        drop(place);
        self.done.fetch_add(1, Ordering::SeqCst);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            run()
        });
        done.await.map_err(|_| Busy)
    }
}

/// A place in the queue; given back when dropped, also by a caller who went away.
struct Place<'q>(&'q AtomicUsize);
impl<'q> Place<'q> {
    fn take(waiting: &'q AtomicUsize) -> Result<Self, Busy> {
        if waiting.fetch_add(1, Ordering::SeqCst) < QUEUE {
            return Ok(Self(waiting));
        }
        waiting.fetch_sub(1, Ordering::SeqCst);
        Err(Busy)
    }
}
impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobody_has_none() {
        let hasher = Hasher::default();
        let phc = hasher.hash("井口第三班".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.fits(Some(phc.clone()), "井口第三班".into()).await.unwrap());
        assert!(!hasher.fits(Some(phc), "井口第四班".into()).await.unwrap());
        assert!(!hasher.fits(Some("not a hash".into()), "x".into()).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_number_costs_the_same_work() {
        assert!(PasswordHash::new(NOBODY).is_ok(), "else it would cost nothing");
        let (hasher, params) =
            (Hasher::default(), |phc: &str| phc.rsplitn(3, '$').nth(2).map(str::to_string));
        let phc = hasher.hash("x".into()).await.unwrap();
        assert_eq!(params(NOBODY), params(&phc), "the same parameters");
        let before = hasher.done();
        assert!(!hasher.fits(Some(phc), "wrong".into()).await.unwrap());
        assert!(!hasher.fits(None, "wrong".into()).await.unwrap());
        assert_eq!(hasher.done() - before, 2, "one comparison each");
    }

    #[tokio::test]
    async fn a_crowd_is_told_to_wait_instead_of_taking_the_memory() {
        let hasher = Arc::new(Hasher::default());
        let _turns = hasher.turns.clone().acquire_many_owned(2).await.unwrap();
        let ask = |hasher: Arc<Hasher>| async move { hasher.fits(None, "x".into()).await };
        let waiting: Vec<_> = (0..QUEUE).map(|_| tokio::spawn(ask(hasher.clone()))).collect();
        while hasher.waiting.load(Ordering::SeqCst) < QUEUE {
            tokio::task::yield_now().await;
        }
        assert_eq!(ask(hasher.clone()).await, Err(Busy));
        waiting.iter().for_each(|task| task.abort());
        while hasher.waiting.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    }
}
