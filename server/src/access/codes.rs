//! One-time codes for enrolling a device: eight digits that an officer, or another device of the same person,
//! shows. Here only as a hash, for ten minutes, for one person, for one use. A code alone opens nothing: it
//! is asked for behind the password, and tries are counted.

use super::Access;
use domain::DocId;
use sha2::{Digest as _, Sha256};

/// A code is good for so long.
pub const CODE_MS: i64 = 10 * 60_000;

impl Access {
    /// A new code for this person; the one before it is worth nothing any more.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn new_code(&self, person: DocId, by: DocId, now_ms: i64) -> sqlx::Result<String> {
        let code = eight_digits();
        let sql = "INSERT INTO code (person, hash, by, until_ms) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (person) DO UPDATE SET hash = ?2, by = ?3, until_ms = ?4";
        let query = sqlx::query(sql).bind(person.0.to_vec()).bind(hash(person, &code)).bind(by.0.to_vec());
        query.bind(now_ms + CODE_MS).execute(&self.pool).await?;
        Ok(code)
    }

    /// Uses a code up: who gave it out; `None` when it is wrong, used or too old. One statement, so that of
    /// two who use it at once one gets nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn use_code(&self, person: DocId, code: &str, now_ms: i64) -> sqlx::Result<Option<DocId>> {
        let sql = "DELETE FROM code WHERE person = ? AND hash = ? AND until_ms > ? RETURNING by";
        let query = sqlx::query_scalar(sql).bind(person.0.to_vec()).bind(hash(person, &plain(code)));
        let by: Option<Vec<u8>> = query.bind(now_ms).fetch_optional(&self.pool).await?;
        Ok(by.and_then(|by| by.try_into().ok()).map(DocId))
    }
}

/// Digits as people type them: blanks between, full-width from a Chinese keyboard.
fn plain(code: &str) -> String {
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xfee0),
        '0'..='9' => Some(c),
        _ => None,
    };
    code.chars().take(40).filter_map(digit).collect()
}

fn hash(person: DocId, code: &str) -> Vec<u8> {
    Sha256::new().chain_update(b"lianxin code").chain_update(person.0).chain_update(code).finalize().to_vec()
}

fn eight_digits() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the system has a source of chance");
    format!("{:08}", u64::from_le_bytes(bytes) % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_code_is_for_one_person_one_use_and_ten_minutes() {
        let dir = tempfile::tempdir().unwrap();
        let access = Access::open(&dir.path().join("access.db")).await.unwrap();
        let (li, wang, officer) = (DocId([1; 16]), DocId([2; 16]), DocId([3; 16]));
        let code = access.new_code(li, officer, 0).await.unwrap();
        assert!(code.len() == 8 && code.chars().all(|c| c.is_ascii_digit()));
        assert_eq!(access.use_code(wang, &code, 1).await.unwrap(), None, "somebody else's");
        assert_eq!(access.use_code(li, "0000", 1).await.unwrap(), None);
        let typed = format!("{} {}", &code[..4], &code[4..]);
        assert_eq!(access.use_code(li, &typed, 1).await.unwrap(), Some(officer));
        assert_eq!(access.use_code(li, &code, 2).await.unwrap(), None, "used");
        let old = access.new_code(li, officer, 0).await.unwrap();
        assert_eq!(access.use_code(li, &old, CODE_MS).await.unwrap(), None, "too old");
        let first = access.new_code(li, officer, 0).await.unwrap();
        let second = access.new_code(li, officer, 0).await.unwrap();
        assert_eq!(access.use_code(li, &first, 1).await.unwrap(), None, "only the last one counts");
        assert_eq!(access.use_code(li, &second, 1).await.unwrap(), Some(officer));
    }

    #[test]
    fn digits_are_read_as_people_type_them() {
        assert_eq!(plain(" 1234 ５６７８ "), "12345678");
    }
}
