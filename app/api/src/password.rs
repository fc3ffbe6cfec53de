//! Choosing a new password. The rule about good passwords lives here, so that the page can say it before
//! anything is sent and the server holds everybody to the same.

use crate::call_error::travels;
use crate::session::{wait_en, wait_zh};
use crate::wire::Cbor;
use crate::{CallError, Told};
use leptos::prelude::server;
use serde::{Deserialize, Serialize};

/// Fewest characters of a password.
pub const PASSWORD_MIN: usize = 8;
/// Most bytes of a password; longer ones only make the server work.
pub const PASSWORD_MAX: usize = 256;

/// Why the password stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasswordError {
    /// The old password is not the one in use.
    WrongOld,
    /// Fewer than [`PASSWORD_MIN`] characters.
    Short,
    /// More than [`PASSWORD_MAX`] bytes.
    Long,
    /// The staff number, one character over and over, or a row of keys everybody tries first.
    Easy,
    /// Too many tries; seconds to wait.
    Wait(u32),
    /// The call itself failed.
    Call(CallError),
}

impl PasswordError {
    /// Short code for support.
    pub fn code(&self) -> &str {
        match self {
            Self::WrongOld => "E-PASS-1",
            Self::Short => "E-PASS-2",
            Self::Long => "E-PASS-3",
            Self::Easy => "E-PASS-4",
            Self::Wait(_) => "E-SIGN-3",
            Self::Call(error) => error.code(),
        }
    }
    /// The sentence in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::WrongOld => "原密码不正确，请检查后再试".into(),
            Self::Short => format!("密码至少 {PASSWORD_MIN} 个字符，可以用一句您记得住的话"),
            Self::Long => format!("密码最多 {PASSWORD_MAX} 个字节，请缩短"),
            Self::Easy => "这个密码太容易猜到，请换一个；不要用工号、连续数字或同一个字符".into(),
            Self::Wait(seconds) => format!("尝试的次数多了，请在{}后再试", wait_zh(*seconds)),
            Self::Call(error) => error.zh(),
        }
    }
    /// The sentence in English.
    pub fn en(&self) -> String {
        match self {
            Self::WrongOld => "The old password is not right".into(),
            Self::Short => {
                format!("A password has at least {PASSWORD_MIN} characters; a sentence you remember is good")
            }
            Self::Long => format!("A password has at most {PASSWORD_MAX} bytes"),
            Self::Easy => "This password is too easy to guess; no staff number, no rows of digits".into(),
            Self::Wait(seconds) => format!("Too many tries; please try again in {}", wait_en(*seconds)),
            Self::Call(error) => error.en(),
        }
    }
}

impl From<CallError> for PasswordError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}
impl Told for PasswordError {
    fn status(&self) -> u16 {
        match self {
            Self::WrongOld => 403,
            Self::Short | Self::Long | Self::Easy => 422,
            Self::Wait(_) => 429,
            Self::Call(error) => error.status(),
        }
    }
    fn retry_after(&self) -> Option<u32> {
        if let Self::Wait(seconds) = self { Some(*seconds) } else { None }
    }
}
travels!(PasswordError);

const ROWS: [&str; 6] = [
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv",
    "password",
];

/// Is this password good enough for the person with this number?
///
/// # Errors
/// `Short`, `Long` or `Easy`.
pub fn good_password(no: &str, password: &str) -> Result<(), PasswordError> {
    let plain: String = password.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let first = plain.chars().next();
    let easy = plain.chars().all(|c| Some(c) == first)
        || plain == no.to_lowercase()
        || ROWS.iter().any(|row| row.contains(&plain) || plain.starts_with("password"));
    match () {
        () if password.chars().count() < PASSWORD_MIN => Err(PasswordError::Short),
        () if password.len() > PASSWORD_MAX => Err(PasswordError::Long),
        () if easy => Err(PasswordError::Easy),
        () => Ok(()),
    }
}

/// Replaces the password of whoever is signed in and ends all their other sessions.
#[server(protocol = Cbor, endpoint = "change_password")]
pub async fn change_password(old: String, new: String) -> Result<(), PasswordError> {
    crate::backend::run(|backend, call| backend.change_password(call, old, new)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for easy in ["12345678", "88888888", "0200017xx", "Password1", "qwertyui", "!!!!!!!!"] {
            let no = "0200017xx";
            assert_eq!(good_password(no, easy), Err(PasswordError::Easy), "{easy}");
        }
        assert_eq!(good_password("1", "1234567"), Err(PasswordError::Short));
        assert_eq!(good_password("1", &"x9".repeat(200)), Err(PasswordError::Long));
        for good in ["井口第三班最准时", "green-lamp-42", "矿灯 9 号不会灭的"] {
            assert_eq!(good_password("0200017", good), Ok(()), "{good}");
        }
    }
}
