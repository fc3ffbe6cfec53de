//! Signing in and out. The session itself is a cookie that no script can read.

use crate::call_error::travels;
use crate::wire::Cbor;
use crate::{CallError, Told};
use domain::Who;
use leptos::prelude::server;
use serde::{Deserialize, Serialize};

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInError {
    /// Number and password do not belong together. Says the same for a number that does not exist.
    Wrong,
    /// Too many tries; seconds to wait. Nobody is locked out for good.
    Wait(u32),
    /// The call itself failed.
    Call(CallError),
}

impl SignInError {
    /// Short code for support.
    pub fn code(&self) -> &str {
        match self {
            Self::Wrong => "E-SIGN-2",
            Self::Wait(_) => "E-SIGN-3",
            Self::Call(error) => error.code(),
        }
    }
    /// The sentence in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Wrong => "工号或密码不正确，请检查后再试。没有密码或忘记密码，请找所在单位工会".into(),
            Self::Wait(seconds) => format!("尝试的次数多了，请在{}后再试", wait_zh(*seconds)),
            Self::Call(error) => error.zh(),
        }
    }
    /// The sentence in English.
    pub fn en(&self) -> String {
        match self {
            Self::Wrong => {
                "Staff number and password do not fit. Ask the union of your unit if you have none".into()
            }
            Self::Wait(seconds) => format!("Too many tries; please try again in {}", wait_en(*seconds)),
            Self::Call(error) => error.en(),
        }
    }
}

pub(crate) fn wait_zh(seconds: u32) -> String {
    if seconds <= 90 { format!(" {seconds} 秒") } else { format!(" {} 分钟", seconds.div_ceil(60)) }
}
pub(crate) fn wait_en(seconds: u32) -> String {
    if seconds <= 90 { format!("{seconds} seconds") } else { format!("{} minutes", seconds.div_ceil(60)) }
}

impl From<CallError> for SignInError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}
impl Told for SignInError {
    fn status(&self) -> u16 {
        match self {
            Self::Wrong => 401,
            Self::Wait(_) => 429,
            Self::Call(error) => error.status(),
        }
    }
    fn retry_after(&self) -> Option<u32> {
        if let Self::Wait(seconds) = self { Some(*seconds) } else { None }
    }
}
travels!(SignInError);

/// Begins a session for the person with this staff number and says who that is.
#[server(protocol = Cbor, endpoint = "sign_in")]
pub async fn sign_in(no: String, password: String) -> Result<Who, SignInError> {
    crate::backend::run(|backend, call| backend.sign_in(call, no, password)).await
}

/// Ends this session. Works also when it has ended already.
#[server(protocol = Cbor, endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), CallError> {
    crate::backend::run(|backend, call| backend.sign_out(call)).await
}

/// Who is signed in; `None` for nobody.
#[server(protocol = Cbor, endpoint = "me")]
pub async fn me() -> Result<Option<Who>, CallError> {
    crate::backend::run(|backend, call| backend.me(call)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_wait_is_told_in_minutes() {
        assert_eq!(SignInError::Wait(7).zh(), "尝试的次数多了，请在 7 秒后再试");
        assert_eq!(SignInError::Wait(91).zh(), "尝试的次数多了，请在 2 分钟后再试");
        assert_eq!(SignInError::Wait(900).en(), "Too many tries; please try again in 15 minutes");
    }

    #[test]
    fn errors_survive_the_wire() {
        for error in
            [SignInError::Wrong, SignInError::Wait(3), SignInError::Call(CallError::Inside("E-X".into()))]
        {
            assert_eq!(domain::from_cbor::<SignInError>(&domain::to_cbor(&error)), Some(error));
        }
    }
}
