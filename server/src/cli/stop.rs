//! Why a command stops, in a sentence that says what to do.

use crate::access::Failed;
use crate::fault::Fault;
use crate::log::Trouble;
use std::fmt;

/// The end of a command that did not do what it was asked.
#[derive(Debug)]
pub struct Stop {
    zh: String,
    en: String,
    /// Exit code: 1 something failed, 2 the command was written wrongly.
    pub code: u8,
}

impl Stop {
    /// Something failed.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into(), code: 1 }
    }
    /// The command was written wrongly.
    pub fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: 2, ..Self::new(zh, en) }
    }
    /// A file or folder that does not do.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let path = path.display();
        Self::new(format!("{path} 打不开或写不进：{error}"), format!("{path}: {error}"))
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.zh, self.en)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        let zh = match &trouble {
            Trouble::Full => "磁盘已满，请清理后再试".into(),
            Trouble::Stopped => "数据写入失败，请检查磁盘后重新启动".into(),
            Trouble::Unreadable(_) | Trouble::Store(_) => format!("数据库出错：{trouble}"),
        };
        Self::new(zh, format!("database: {trouble}"))
    }
}
impl From<crate::desk::Trouble> for Stop {
    fn from(trouble: crate::desk::Trouble) -> Self {
        match trouble {
            crate::desk::Trouble::Log(trouble) => trouble.into(),
            crate::desk::Trouble::NoSuchPerson => Self::new("花名册里没有这个人", "no such person"),
            crate::desk::Trouble::Conflict => Self::new(
                "有两行用了同一个工号，或同时有人在写，请检查后再试",
                "two lines share a number, or somebody else writes now",
            ),
            crate::desk::Trouble::Module => Self::new(
                "程序内部出错，请把日志交给开发者",
                "a rule of the program failed; please report it",
            ),
        }
    }
}
impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::new(format!("账号数据库出错：{error}"), format!("accounts: {error}"))
    }
}
impl From<Failed> for Stop {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Busy => Self::new("正忙，请再试一次", "busy, please try again"),
            Failed::Database(error) => error.into(),
        }
    }
}
impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::new(fault.line(), fault.code())
    }
}
