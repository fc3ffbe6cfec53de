//! Sessions: a secret in a cookie, here only its hash; the secret changes ([`super::rotation`]), the session stays. They slide 30 days and never live longer than 90;
//! a miner who surfaces once a fortnight stays signed in.

use super::rotation::Found;
use super::{Access, Digest, Secret};
use domain::DocId;
use domain::kernel::DAY_MS;

/// A session ends so long after it was last used.
pub const SLIDING_MS: i64 = 30 * DAY_MS;
/// A session ends so long after it began, used or not.
pub const ABSOLUTE_MS: i64 = 90 * DAY_MS;
/// Use is written down at most so often.
const NOTE_MS: i64 = 5 * 60_000;
/// A device stays known so long after its last sign-in.
const KNOWN_MS: i64 = 400 * DAY_MS;

/// A session in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name here.
    pub digest: Digest,
    /// Whose it is.
    pub person: DocId,
    /// Its secret is due for a new one: the next answer that can carry a cookie brings it.
    pub due: bool,
    /// Document of the device that has proved its key in it.
    pub device: Option<DocId>,
}

impl Access {
    /// Begins a session. `device` is a rough label such as `Android · Chrome`.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn begin(&self, person: DocId, device: &str, now_ms: i64) -> sqlx::Result<Secret> {
        self.sweep(now_ms).await?;
        let secret = Secret::new();
        let sql =
            "INSERT INTO session (hash, person, device, created_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?4)";
        let query = sqlx::query(sql).bind(secret.digest().0.to_vec()).bind(person.0.to_vec()).bind(device);
        query.bind(now_ms).execute(&self.pool).await?;
        self.first_secret(secret.digest(), now_ms).await?;
        Ok(secret)
    }

    /// The session of this cookie, if it is in force; notes that it was used.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn session(&self, secret: &Secret, now_ms: i64) -> sqlx::Result<Option<Session>> {
        match self.look_up(secret, now_ms).await? {
            Found::Session(name, due) => {
                Ok(self.in_force(name, now_ms).await?.map(|session| Session { due, ..session }))
            }
            Found::Nothing => Ok(None),
            Found::Stolen(name) => {
                tracing::warn!(session = ?name, "a spent secret came back; the session is ended");
                self.end(name).await.map(|()| None)
            }
        }
    }

    /// Like [`Access::session`], by the session's name.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn in_force(&self, digest: Digest, now_ms: i64) -> sqlx::Result<Option<Session>> {
        let sql =
            "SELECT person, seen_ms, bound FROM session WHERE hash = ? AND seen_ms > ? AND created_ms > ?";
        let query =
            sqlx::query_as(sql).bind(digest.0.to_vec()).bind(now_ms - SLIDING_MS).bind(now_ms - ABSOLUTE_MS);
        let Some((person, seen_ms, bound)) = query.fetch_optional(&self.pool).await? else { return Ok(None) };
        let (person, seen_ms, bound): (Vec<u8>, i64, Option<Vec<u8>>) = (person, seen_ms, bound);
        if now_ms - seen_ms > NOTE_MS {
            let query = sqlx::query("UPDATE session SET seen_ms = ? WHERE hash = ?").bind(now_ms);
            query.bind(digest.0.to_vec()).execute(&self.pool).await?;
        }
        let device = bound.and_then(|id| id.try_into().ok()).map(DocId);
        Ok(person.try_into().ok().map(|id| Session { digest, person: DocId(id), due: false, device }))
    }

    /// Binds a session to the device that has proved its key in it. A bound session stays with its device.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn bind(&self, digest: Digest, device: DocId) -> sqlx::Result<bool> {
        let sql = "UPDATE session SET bound = ?1 WHERE hash = ?2 AND (bound IS NULL OR bound = ?1)";
        let query = sqlx::query(sql).bind(device.0.to_vec()).bind(digest.0.to_vec());
        query.execute(&self.pool).await.map(|done| done.rows_affected() == 1)
    }

    /// When each of a person's devices was last here, from its sessions; UTC ms.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn devices_seen(&self, person: DocId) -> sqlx::Result<Vec<(DocId, i64)>> {
        let sql =
            "SELECT bound, max(seen_ms) FROM session WHERE person = ? AND bound IS NOT NULL GROUP BY bound";
        let seen: Vec<(Vec<u8>, i64)> =
            sqlx::query_as(sql).bind(person.0.to_vec()).fetch_all(&self.pool).await?;
        Ok(seen.into_iter().filter_map(|(id, at)| Some((DocId(id.try_into().ok()?), at))).collect())
    }

    /// Ends one session.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn end(&self, digest: Digest) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM session WHERE hash = ?").bind(digest.0.to_vec()).execute(&self.pool).await?;
        let _ = self.ended.send(digest); // nobody may be listening
        Ok(())
    }

    /// Ends all sessions of a person but one: after a new password, a stolen cookie is worth nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn end_others(&self, person: DocId, keep: Option<Digest>) -> sqlx::Result<()> {
        let keep = keep.map_or(vec![], |digest| digest.0.to_vec());
        let sql = "DELETE FROM session WHERE person = ? AND hash <> ? RETURNING hash";
        let query = sqlx::query_scalar(sql).bind(person.0.to_vec()).bind(keep);
        let gone: Vec<Vec<u8>> = query.fetch_all(&self.pool).await?;
        for hash in gone.into_iter().filter_map(|hash| hash.try_into().ok()) {
            let _ = self.ended.send(Digest(hash));
        }
        Ok(())
    }

    /// Remembers that this person has signed in on the device that holds `secret`.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn know(&self, person: DocId, secret: &Secret, now_ms: i64) -> sqlx::Result<()> {
        let sql = "INSERT INTO known (hash, person, seen_ms) VALUES (?1, ?2, ?3)
                   ON CONFLICT (hash, person) DO UPDATE SET seen_ms = ?3";
        let query = sqlx::query(sql).bind(secret.digest().0.to_vec()).bind(person.0.to_vec()).bind(now_ms);
        query.execute(&self.pool).await.map(drop)
    }

    /// Has the owner of this number signed in before on the device that holds `secret`?
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn knows(&self, no: &str, secret: &Secret) -> sqlx::Result<bool> {
        let sql =
            "SELECT count(*) FROM known JOIN account USING (person) WHERE known.hash = ? AND account.no = ?";
        let query = sqlx::query_scalar(sql).bind(secret.digest().0.to_vec()).bind(super::normal_no(no));
        query.fetch_one(&self.pool).await.map(|count: i64| count > 0)
    }

    async fn sweep(&self, now_ms: i64) -> sqlx::Result<()> {
        let query = sqlx::query("DELETE FROM session WHERE seen_ms <= ? OR created_ms <= ?");
        query.bind(now_ms - SLIDING_MS).bind(now_ms - ABSOLUTE_MS).execute(&self.pool).await?;
        self.sweep_secrets().await?;
        let query = sqlx::query("DELETE FROM known WHERE seen_ms <= ?").bind(now_ms - KNOWN_MS);
        query.execute(&self.pool).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn access() -> (Access, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        (Access::open(&dir.path().join("access.db")).await.unwrap(), dir)
    }
    fn person(name: &str) -> DocId {
        DocId::derive(&[name.as_bytes()])
    }

    #[tokio::test]
    async fn a_session_slides_and_still_has_an_end() {
        let (access, _dir) = access().await;
        let secret = access.begin(person("a"), "Android · Chrome", 0).await.unwrap();
        let mut now = 0;
        while now + 20 * DAY_MS < ABSOLUTE_MS {
            now += 20 * DAY_MS;
            assert!(access.session(&secret, now).await.unwrap().is_some(), "day {}", now / DAY_MS);
        }
        assert_eq!(
            access.session(&secret, ABSOLUTE_MS).await.unwrap(),
            None,
            "used all the time, and still over"
        );

        let idle = access.begin(person("a"), "", 0).await.unwrap();
        assert_eq!(access.session(&idle, SLIDING_MS).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_new_password_ends_all_sessions_but_this_one_and_says_so() {
        let (access, _dir) = access().await;
        let mut ended = access.ended();
        let here = access.begin(person("a"), "", 0).await.unwrap();
        let there = access.begin(person("a"), "", 0).await.unwrap();
        let somebody = access.begin(person("b"), "", 0).await.unwrap();
        access.end_others(person("a"), Some(here.digest())).await.unwrap();
        assert!(access.session(&here, 1).await.unwrap().is_some());
        assert!(access.session(&somebody, 1).await.unwrap().is_some());
        assert_eq!(access.session(&there, 1).await.unwrap(), None);
        assert_eq!(ended.recv().await.unwrap(), there.digest());
    }

    #[tokio::test]
    async fn a_device_is_known_for_its_person_only() {
        let (access, _dir) = access().await;
        access.set_password(person("a"), "7", "green-lamp-42".into(), 0).await.unwrap();
        access.set_password(person("b"), "8", "green-lamp-43".into(), 0).await.unwrap();
        let device = Secret::new();
        access.know(person("a"), &device, 0).await.unwrap();
        assert!(access.knows("7", &device).await.unwrap());
        assert!(!access.knows("8", &device).await.unwrap());
        access.know(person("b"), &device, 0).await.unwrap();
        assert!(access.knows("7", &device).await.unwrap(), "two people on one phone, both known");
        assert!(!access.knows("7", &Secret::new()).await.unwrap());
    }

    #[tokio::test]
    async fn the_database_opens_again_and_keeps_what_it_had() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("access.db");
        let first = Access::open(&path).await.unwrap();
        first.set_password(person("a"), "0007", "green-lamp-42".into(), 0).await.unwrap();
        first.close().await;
        let again = Access::open(&path).await.unwrap();
        assert_eq!(again.person_of("０００7", "green-lamp-42".into()).await.unwrap(), Some(person("a")));
        assert_eq!(again.person_of("0007", "green-lamp-43".into()).await.unwrap(), None);
        assert_eq!(again.accounts().await.unwrap(), 1);
    }
}
