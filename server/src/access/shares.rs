//! The server's half of a phone's key. It goes out for a proof that the PIN is right, to a session of its
//! owner on the device that left it here; after ten wrong proofs in a row it is destroyed.

use super::{Access, Digest};
use domain::{DocId, Hash};
use sqlx::Connection;

/// Wrong proofs in a row after which a share is gone.
pub const SHARE_TRIES: i64 = 10;

/// Whose share, and where from.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// The person of the session.
    pub person: DocId,
    /// The device's mark.
    pub device: Digest,
    /// The phone's random name for its lock.
    pub slot: DocId,
}

/// What became of a request for a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Here it is.
    Share(Vec<u8>),
    /// The proof is wrong; so many tries are left.
    Wrong(u32),
    /// There is none: never left here, destroyed, or another's.
    Gone,
}

impl Access {
    /// Keeps a share, in the place of an older one of the same lock. Somebody else's is not touched.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn keep_share(
        &self,
        holder: Holder,
        proof: &[u8],
        share: &[u8],
        now_ms: i64,
    ) -> sqlx::Result<bool> {
        let sql = "INSERT INTO share (slot, person, device, proof, share, tries, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)
                   ON CONFLICT (slot) DO UPDATE SET device = ?3, proof = ?4, share = ?5, tries = 0, made_ms = ?6
                   WHERE person = ?2";
        let query = sqlx::query(sql).bind(holder.slot.0.to_vec()).bind(holder.person.0.to_vec());
        let query = query.bind(holder.device.0.to_vec()).bind(Hash::of(proof).0.to_vec()).bind(share);
        Ok(query.bind(now_ms).execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Gives a share for its proof. A try is counted before anything is compared, in the same transaction.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn ask_share(&self, holder: Holder, proof: &[u8]) -> sqlx::Result<Asked> {
        let mut connection = self.pool.acquire().await?;
        let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
        let sql = "UPDATE share SET tries = tries + 1 WHERE slot = ? AND person = ? AND device = ?
                   RETURNING proof, share, tries";
        let query = sqlx::query_as(sql).bind(holder.slot.0.to_vec()).bind(holder.person.0.to_vec());
        let found: Option<(Vec<u8>, Vec<u8>, i64)> =
            query.bind(holder.device.0.to_vec()).fetch_optional(&mut *tx).await?;
        let Some((kept, share, tries)) = found else { return Ok(Asked::Gone) };
        // Hashes are compared, so the time it takes tells nothing of use.
        let (asked, sql) = if kept == Hash::of(proof).0 {
            (Asked::Share(share), "UPDATE share SET tries = 0 WHERE slot = ?")
        } else if tries >= SHARE_TRIES {
            (Asked::Gone, "DELETE FROM share WHERE slot = ?")
        } else {
            let left = u32::try_from(SHARE_TRIES - tries).unwrap_or_default();
            (Asked::Wrong(left), "UPDATE share SET tries = tries WHERE slot = ?")
        };
        sqlx::query(sql).bind(holder.slot.0.to_vec()).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(asked)
    }
}
