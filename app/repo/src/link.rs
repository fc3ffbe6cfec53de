//! The way to the server, as a trait. Whatever goes wrong on it pauses the outbox and never empties it.

use domain::{Card, Hash, Scope};
use sync::{Frame, Request};

/// Why a request was not served. What became of single pushes is a [`sync::Fate`], not this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTrouble {
    /// No network, or cut off in the middle.
    Offline,
    /// 401: the session ended; sign in again, nothing is lost.
    SessionEnded,
    /// Something else answered in the server's place (a hotel's or mine's sign-in page).
    Portal,
    /// 429 or 503: come back later.
    Busy {
        /// Milliseconds to wait at least.
        retry_after_ms: u64,
    },
    /// Another HTTP status.
    Server(u16),
    /// 428: this device is not enrolled yet.
    Stranger,
    /// 410: this device was revoked; frames before it said what became of the pushes.
    Revoked,
    /// 426: the server no longer speaks this app's protocol.
    TooOld,
}

impl LinkTrouble {
    /// Code, Chinese, English for people; `None` where the state itself says it (offline, signed out).
    pub fn words(&self) -> Option<(String, String, String)> {
        let (code, zh, en) = match self {
            Self::Offline | Self::SessionEnded | Self::Stranger | Self::Revoked => return None,
            Self::Portal => (
                "E-NET-PORTAL".into(),
                "当前网络要求先在浏览器登录认证，认证后会自动同步",
                "This network wants a sign-in in the browser first; syncing goes on by itself after that",
            ),
            Self::Busy { .. } => (
                "E-SYNC-BUSY".into(),
                "服务器繁忙，稍后自动重试，内容已保存在本机",
                "The server is busy; it is tried again by itself, everything is kept on this phone",
            ),
            Self::Server(status) => (
                format!("E-SYNC-{status}"),
                "服务器暂时不能处理，稍后自动重试，内容已保存在本机",
                "The server cannot take it now; it is tried again by itself, everything is kept on this phone",
            ),
            Self::TooOld => (
                "E-APP-OLD".into(),
                "应用版本太旧，请先更新。未上传的内容都保存在本机",
                "This app is too old; please update it. What has not been sent is kept on this phone",
            ),
        };
        Some((code, zh.into(), en.into()))
    }
}

/// How far the server is with a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobHead {
    /// Bytes it has from this person.
    pub received: u64,
    /// It has all of it, durable.
    pub whole: bool,
}

/// One piece of a blob on its way up.
#[derive(Clone, Copy, Debug)]
pub struct BlobPiece<'b> {
    /// SHA-256 of the whole blob.
    pub hash: Hash,
    /// First byte of the piece.
    pub at: u64,
    /// Bytes of the whole blob.
    pub size: u64,
    /// MIME type as the phone sees it.
    pub mime: &'b str,
    /// At most [`sync::BLOB_CHUNK`] bytes.
    pub bytes: &'b [u8],
}

/// The way to the server.
#[allow(async_fn_in_trait)] // phones have one thread; nothing here needs to be Send
pub trait Link {
    /// Sends a request and hands over each frame of the answer as it comes. May fail after some frames.
    async fn sync(&self, request: &Request, each: &mut dyn FnMut(Frame)) -> Result<(), LinkTrouble>;
    /// The keys to which secrets are wrapped for whoever holds these scopes now (`person:`, `role:`,
    /// `officers:`). Only cards whose proof holds: an implementation drops the others.
    async fn cards(&self, scopes: &[Scope]) -> Result<Vec<Card>, LinkTrouble>;
    /// How far is the server with this blob?
    async fn blob_head(&self, hash: Hash) -> Result<BlobHead, LinkTrouble>;
    /// Sends one piece. When it does not follow what the server has (409), the answer says where to go on.
    /// [`LinkTrouble::Server`] with 413, 415 or 422 refuses the file for good.
    async fn blob_put(&self, piece: BlobPiece<'_>) -> Result<BlobHead, LinkTrouble>;
    /// The whole blob; `None` when the server does not have it (yet).
    async fn blob_get(&self, hash: Hash) -> Result<Option<Vec<u8>>, LinkTrouble>;
}
