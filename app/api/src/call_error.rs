//! What can befall any call, whatever it asks for.

use leptos::server_fn::error::ServerFnErrorErr;
use serde::{Deserialize, Serialize};

/// Why a call was not answered. Each has a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallError {
    /// The network did not carry it.
    NoLink,
    /// Something answered, but not our server: a captive portal, a proxy, another version.
    NotOurs,
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// Too much work at once.
    Busy,
    /// The signed-in person may not.
    Forbidden,
    /// This device is not enrolled, or was revoked.
    Device,
    /// The server could not read the request: the app and the server do not fit.
    Unreadable,
    /// Something in the server failed; the code helps whoever looks into its log.
    Inside(String),
}

impl CallError {
    /// Short code for support.
    pub fn code(&self) -> &str {
        match self {
            Self::NoLink => "E-NET-1",
            Self::NotOurs => "E-NET-2",
            Self::SignedOut => "E-SIGN-1",
            Self::Busy => "E-BUSY-1",
            Self::Forbidden => "E-ROLE",
            Self::Device => "E-DEVICE-1",
            Self::Unreadable => "E-API-1",
            Self::Inside(code) => code,
        }
    }
    /// The sentence in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NoLink => "现在连不上服务器。请到有信号的地方再试",
            Self::NotOurs => "回答的不是工会服务器，可能要先登录这里的 Wi-Fi。请打开浏览器检查后再试",
            Self::SignedOut => "登录已过期，请重新登录。您在本机写的内容都还在",
            Self::Busy => "服务器正忙，请稍等片刻再试",
            Self::Forbidden => "您没有办理这一项的权限，请联系所在单位工会",
            Self::Device => "这台设备没有登记或已停用，请先在“我的设备”里登记",
            Self::Unreadable => "服务器没有看懂这次请求，请更新应用后再试",
            Self::Inside(_) => "服务器没有办成，请稍后再试；仍不行时把编号告诉管理员",
        }
        .into()
    }
    /// The sentence in English.
    pub fn en(&self) -> String {
        match self {
            Self::NoLink => "The server cannot be reached. Try again where there is a signal",
            Self::NotOurs => {
                "This answer is not from the union's server; perhaps the Wi-Fi here wants a sign-in first"
            }
            Self::SignedOut => {
                "The session has ended; please sign in again. What you wrote is still on this device"
            }
            Self::Busy => "The server is busy; please try again in a moment",
            Self::Forbidden => "You may not do this; please ask the union of your unit",
            Self::Device => "This device is not enrolled or was revoked; please enrol it first",
            Self::Unreadable => "The server could not read this request; please update the app",
            Self::Inside(_) => {
                "The server failed; try again later, and give the code to the administrator if it stays"
            }
        }
        .into()
    }
    /// HTTP status under which the server says it.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden => 403,
            Self::Device => 428,
            Self::Unreadable | Self::NotOurs => 400,
            Self::Busy | Self::NoLink => 503,
            Self::Inside(_) => 500,
        }
    }
}

impl From<ServerFnErrorErr> for CallError {
    /// What the framework met on the way. On the phone, bytes that do not decode came from somebody else;
    /// on the server they are arguments of another version.
    fn from(error: ServerFnErrorErr) -> Self {
        let here = cfg!(feature = "ssr");
        match error {
            ServerFnErrorErr::Request(_) => Self::NoLink,
            ServerFnErrorErr::Deserialization(_) if !here => Self::NotOurs,
            ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_) => Self::Unreadable,
            _ => Self::Inside("E-API-2".into()),
        }
    }
}

/// What the server needs of an error to answer with it.
pub trait Told: From<CallError> {
    /// HTTP status.
    fn status(&self) -> u16;
    /// Seconds after which trying again makes sense.
    fn retry_after(&self) -> Option<u32> {
        None
    }
}

impl Told for CallError {
    fn status(&self) -> u16 {
        CallError::status(self)
    }
}

/// Lets an error travel: it is made from [`CallError`] and goes as CBOR.
macro_rules! travels {
    ($error:ty) => {
        impl leptos::server_fn::error::FromServerFnError for $error {
            type Encoder = $crate::wire::Encoding;
            fn from_server_fn_error(error: leptos::server_fn::error::ServerFnErrorErr) -> Self {
                let error: Self = $crate::CallError::from(error).into();
                // Met before our own code runs: without this it would go out as 500.
                #[cfg(feature = "ssr")]
                $crate::backend::tell(&error);
                error
            }
        }
    };
}
pub(crate) use travels;

travels!(CallError);
