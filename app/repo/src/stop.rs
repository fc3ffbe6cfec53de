//! Why a method stops early, and how that is said to people.

use crate::link::LinkTrouble;
use domain::Refusal;
use domain::bridge::Answer;
use store::Trouble;

/// Stops a method. Nothing of it was kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stop {
    /// The rulebook says no.
    Refused(Refusal),
    /// The store failed.
    Store(Trouble),
    /// The document is not on this phone and the server was not reached.
    NotHere(LinkTrouble),
    /// 清除本机数据 has removed everything, or the phone was locked.
    Closed,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Store(trouble)
    }
}

impl Stop {
    pub fn answer(self) -> Answer {
        let (code, zh, en) = match self {
            Self::Refused(refusal) => return Answer::Refused(refusal),
            Self::Store(trouble) => store_words(&trouble),
            Self::NotHere(trouble) => not_here(&trouble),
            Self::Closed => owned(
                "E-CLOSED",
                "本机已锁定或数据已清除，请解锁或重新登录",
                "This phone is locked or its data was removed; please unlock or sign in again",
            ),
        };
        Answer::Failed(code, zh, en)
    }
}

fn owned(code: &str, zh: &str, en: &str) -> (String, String, String) {
    (code.into(), zh.into(), en.into())
}

fn not_here(trouble: &LinkTrouble) -> (String, String, String) {
    let code = match trouble {
        LinkTrouble::SessionEnded => {
            return owned("E-SESSION", "登录已过期，请重新登录后打开", "Please sign in again to open this");
        }
        LinkTrouble::Offline => "E-NOT-HERE",
        _ => "E-SYNC",
    };
    owned(
        code,
        "这份材料还没有下载到本机，联网后打开一次，以后离线也能看",
        "This record is not on this phone yet; open it once with a network and it stays readable offline",
    )
}

/// What a failing store means to a person.
pub(crate) fn store_words(trouble: &Trouble) -> (String, String, String) {
    match trouble {
        Trouble::Full => owned(
            "E-STORE-FULL",
            "手机空间已满，这一步还没有保存，文字仍在屏幕上。请先删去不用的照片、视频或应用，再试一次",
            "The phone is full; this was not saved yet, the text is still on the screen. Delete photos, videos or apps you do not need, then try again",
        ),
        Trouble::Lost => owned(
            "E-STORE-LOST",
            "本机数据库连接中断，这次没有保存，请再试一次",
            "The connection to this phone's database broke; this was not saved, please try again",
        ),
        Trouble::Blocked => owned(
            "E-STORE-BLOCKED",
            "另一个窗口正在使用旧版本，请关闭其他窗口后再试",
            "Another window uses an older version; please close it and try again",
        ),
        Trouble::Unreadable => owned(
            "E-STORE-SEAL",
            "本机有一处数据已损坏，打不开。其他内容不受影响；请联网同步，仍不行时请联系管理员",
            "Something on this phone is damaged and does not open. The rest is fine; sync, and ask the administrator if it stays",
        ),
        Trouble::Other(_) => owned(
            "E-STORE",
            "本机存储出错，这次没有保存，请再试一次",
            "This phone's storage failed; this was not saved, please try again",
        ),
    }
}
