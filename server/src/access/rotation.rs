//! Secrets of sessions change every quarter of an hour (threat model P6). The phone may never hear of a new
//! one (a mine's network), so an older secret stays good until a newer one was used, and a moment longer for
//! what was under way. One that comes back after that was copied by somebody: the session ends for both.

use super::{Access, Digest, Secret};

/// A secret is due for a new one after so long.
pub const ROTATE_MS: i64 = 15 * 60_000;
/// After a newer secret was used, requests that were under way may still come with the older one.
const UNDER_WAY_MS: i64 = 60_000;

/// What a cookie turned out to be.
pub(super) enum Found {
    /// The name of a session, and whether its secret is due for a new one.
    Session(Digest, bool),
    /// Nobody's.
    Nothing,
    /// Spent long ago; the session with this name is to end.
    Stolen(Digest),
}

impl Access {
    /// The session of a secret. The use of a secret spends those before it.
    pub(super) async fn look_up(&self, secret: &Secret, now_ms: i64) -> sqlx::Result<Found> {
        let digest = secret.digest();
        let sql = "SELECT session, made_ms, spent_ms FROM secret WHERE hash = ?";
        let query = sqlx::query_as(sql).bind(digest.0.to_vec());
        let found: Option<(Vec<u8>, i64, Option<i64>)> = query.fetch_optional(&self.pool).await?;
        let Some((session, made_ms, spent_ms)) = found else { return Ok(Found::Nothing) };
        let Ok(session) = session.try_into().map(Digest) else { return Ok(Found::Nothing) };
        match spent_ms {
            Some(spent) if now_ms - spent > UNDER_WAY_MS => Ok(Found::Stolen(session)),
            Some(_) => Ok(Found::Session(session, false)),
            None => {
                // The first secret has none before it, so that most requests only read.
                if session != digest {
                    self.spend_before(session, made_ms, now_ms).await?;
                }
                Ok(Found::Session(session, now_ms - made_ms >= ROTATE_MS))
            }
        }
    }

    async fn spend_before(&self, session: Digest, made_ms: i64, now_ms: i64) -> sqlx::Result<()> {
        let older = "SELECT count(*) FROM secret WHERE session = ? AND made_ms < ? AND spent_ms IS NULL";
        let query = sqlx::query_scalar(older).bind(session.0.to_vec()).bind(made_ms);
        let count: i64 = query.fetch_one(&self.pool).await?;
        if count > 0 {
            let sql = "UPDATE secret SET spent_ms = ? WHERE session = ? AND made_ms < ? AND spent_ms IS NULL";
            let query = sqlx::query(sql).bind(now_ms).bind(session.0.to_vec()).bind(made_ms);
            query.execute(&self.pool).await?;
        }
        Ok(())
    }

    /// A new secret for a session that is due; `None` when one was given out this very minute (several
    /// requests of one phone at once).
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn renew(&self, session: Digest, now_ms: i64) -> sqlx::Result<Option<Secret>> {
        let secret = Secret::new();
        let sql = "INSERT INTO secret (hash, session, made_ms) SELECT ?1, ?2, ?3 WHERE NOT EXISTS
                   (SELECT 1 FROM secret WHERE session = ?2 AND made_ms > ?4)";
        let query = sqlx::query(sql).bind(secret.digest().0.to_vec()).bind(session.0.to_vec());
        let done = query.bind(now_ms).bind(now_ms - UNDER_WAY_MS).execute(&self.pool).await?;
        Ok((done.rows_affected() == 1).then_some(secret))
    }

    /// Keeps the first secret of a session.
    pub(super) async fn first_secret(&self, digest: Digest, now_ms: i64) -> sqlx::Result<()> {
        let sql = "INSERT INTO secret (hash, session, made_ms) VALUES (?1, ?1, ?2)";
        sqlx::query(sql).bind(digest.0.to_vec()).bind(now_ms).execute(&self.pool).await.map(drop)
    }

    /// Forgets secrets whose session is gone. Spent ones stay as long as the session, to be recognised.
    pub(super) async fn sweep_secrets(&self) -> sqlx::Result<()> {
        let sql = "DELETE FROM secret WHERE session NOT IN (SELECT hash FROM session)";
        sqlx::query(sql).execute(&self.pool).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::DocId;

    const PERSON: DocId = DocId([7; 16]);

    async fn access() -> (Access, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        (Access::open(&dir.path().join("access.db")).await.unwrap(), dir)
    }

    #[tokio::test]
    async fn a_secret_is_renewed_every_quarter_of_an_hour_and_the_session_goes_on() {
        let (access, _dir) = access().await;
        let mut secret = access.begin(PERSON, "", 0).await.unwrap();
        let name = secret.digest();
        let mut now = 0;
        for _ in 0..20 {
            let session = access.session(&secret, now + ROTATE_MS - 1).await.unwrap().unwrap();
            assert!(!session.due);
            now += ROTATE_MS;
            let session = access.session(&secret, now).await.unwrap().unwrap();
            assert!(session.due && session.digest == name);
            secret = access.renew(name, now).await.unwrap().unwrap();
            assert_eq!(access.renew(name, now + 1).await.unwrap(), None, "one is on its way");
        }
        assert!(access.session(&secret, now + 1).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn an_answer_that_never_arrived_locks_nobody_out() {
        let (access, _dir) = access().await;
        let secret = access.begin(PERSON, "", 0).await.unwrap();
        for lost in 1..50 {
            let now = lost * ROTATE_MS;
            let session = access.session(&secret, now).await.unwrap();
            let name = session.expect("the old secret is good while no newer one was used").digest;
            access.renew(name, now).await.unwrap().unwrap();
        }
    }

    #[tokio::test]
    async fn a_copied_cookie_ends_the_session_for_both() {
        let (access, _dir) = access().await;
        let mut ended = access.ended();
        let copied = access.begin(PERSON, "", 0).await.unwrap();
        let name = copied.digest();
        let other = access.begin(PERSON, "", 0).await.unwrap();
        assert!(access.session(&copied, ROTATE_MS).await.unwrap().unwrap().due);
        let newer = access.renew(name, ROTATE_MS).await.unwrap().unwrap();
        // Whoever got the newer one uses it, thief or owner; the other comes back with the older.
        assert!(access.session(&newer, ROTATE_MS + 1).await.unwrap().is_some());
        let under_way = ROTATE_MS + UNDER_WAY_MS;
        assert!(access.session(&copied, under_way).await.unwrap().is_some(), "a request under way");
        assert_eq!(access.session(&copied, under_way + 2).await.unwrap(), None);
        assert_eq!(access.session(&newer, under_way + 3).await.unwrap(), None, "the family is dead");
        assert_eq!(ended.recv().await.unwrap(), name, "open streams hear it");
        assert!(access.session(&other, under_way + 3).await.unwrap().is_some(), "another phone goes on");
    }

    #[tokio::test]
    async fn secrets_are_forgotten_with_their_session() {
        let (access, _dir) = access().await;
        let secret = access.begin(PERSON, "", 0).await.unwrap();
        access.renew(secret.digest(), ROTATE_MS).await.unwrap();
        access.end(secret.digest()).await.unwrap();
        assert_eq!(access.session(&secret, 1).await.unwrap(), None);
        access.begin(PERSON, "", 1).await.unwrap();
        let left: i64 =
            sqlx::query_scalar("SELECT count(*) FROM secret").fetch_one(&access.pool).await.unwrap();
        assert_eq!(left, 1);
    }
}
