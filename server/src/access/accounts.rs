//! Accounts: one password for each person who may sign in. There is no default password anywhere.

use super::{Access, Failed};
use domain::DocId;

/// An account as stored.
struct Account {
    person: DocId,
    phc: String,
}

impl Access {
    /// Sets the password of a person; makes the account when it is new. Ends nothing by itself.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn set_password(
        &self,
        person: DocId,
        no: &str,
        password: String,
        now_ms: i64,
    ) -> Result<(), Failed> {
        let phc = self.hasher.hash(password).await?;
        let sql = "INSERT INTO account (person, no, phc, changed_ms) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (person) DO UPDATE SET no = ?2, phc = ?3, changed_ms = ?4";
        let query = sqlx::query(sql).bind(&person.0[..]).bind(normal_no(no)).bind(phc).bind(now_ms);
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// The person whose number and password these are; `None` for any other pair, after the same work.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn person_of(&self, no: &str, password: String) -> Result<Option<DocId>, Failed> {
        let account = self.account(no).await?;
        let phc = account.as_ref().map(|account| account.phc.clone());
        let fits = self.hasher.fits(phc, password).await?;
        Ok(account.filter(|_| fits).map(|account| account.person))
    }

    /// How many people have a password.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn accounts(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("SELECT count(*) FROM account").fetch_one(&self.pool).await
    }

    async fn account(&self, no: &str) -> sqlx::Result<Option<Account>> {
        let sql = "SELECT person, phc FROM account WHERE no = ?";
        let row: Option<(Vec<u8>, String)> =
            sqlx::query_as(sql).bind(normal_no(no)).fetch_optional(&self.pool).await?;
        Ok(row.and_then(|(person, phc)| Some(Account { person: DocId(person.try_into().ok()?), phc })))
    }
}

/// A staff number as it is kept: people type blanks and full-width digits on Chinese keyboards.
pub fn normal_no(text: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(half).take(40).collect::<String>().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_typed_on_a_chinese_keyboard_is_the_same_number() {
        for typed in ["0200017", " 0200017 ", "０２０００１７", "020 0017"] {
            assert_eq!(normal_no(typed), "0200017", "{typed}");
        }
        assert_eq!(normal_no("lb-7"), "LB-7");
    }
}
