//! Errors as people meet them. Every answer that is not 2xx is made here, by meaning, with a sentence in
//! Chinese and English and a code, and never with personal data. What went wrong inside goes to the log.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sync::{TROUBLE_MIME, Trouble};

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    status: StatusCode,
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    retry_after: Option<u32>,
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $code:literal, $zh:literal, $en:literal;)+) => {
        impl Fault {
            $($(#[$doc])* pub fn $name() -> Self {
                Self { status: StatusCode::$status, code: $code, zh: $zh, en: $en, retry_after: None }
            })+
            /// All of them, for tests.
            pub fn all() -> Vec<Self> {
                vec![$(Self::$name(),)+]
            }
        }
    };
}

faults! {
    /// No session, or it has ended.
    signed_out = UNAUTHORIZED, "E-SIGN-1", "登录已过期，请重新登录。您写的内容都还在本机", "The session has ended; please sign in again. What you wrote is kept";
    /// The device behind the session has not proved itself, or nobody has vouched for it.
    device_unknown = PRECONDITION_REQUIRED, "E-DEVICE-1", "这台设备还没有登记。请输入设备码，或请工会干事在“设备”里确认。您写的内容都还在本机", "This device is not enrolled yet. Enter a code, or ask an officer to confirm it. What you wrote is kept";
    /// The device was revoked.
    device_revoked = GONE, "E-DEVICE-2", "这台设备已停用，不能再收发。没有送达的内容已转交工会干事核对，请联系所在单位工会", "This device was revoked. What it had not sent was put aside for an officer; please ask the union of your unit";
    /// A request that pushes without the device's signature: a cookie alone pushes nothing.
    no_proof = FORBIDDEN, "E-DEVICE-3", "这个请求没有本设备的签名，已拒绝。请重新登录后再试，内容都还在本机", "This request was not signed by its device and was refused. Please sign in again; what you wrote is kept";
    /// A page of another site tried to act for the person.
    foreign_origin = FORBIDDEN, "E-ORIGIN", "这个请求不是从本站页面发出的，已拒绝。请从应用里再试", "This request did not come from our own page and was refused";
    /// No such address.
    no_such_address = NOT_FOUND, "E-404", "没有这个地址，请检查后再试", "There is nothing at this address";
    /// The address knows other methods.
    no_such_method = METHOD_NOT_ALLOWED, "E-405", "这个地址不接受这种请求", "This address does not take such a request";
    /// Too much at once.
    busy = SERVICE_UNAVAILABLE, "E-BUSY-1", "服务器正忙，会自动再试", "The server is busy; it is tried again by itself";
    /// The server is going down for an update.
    closing = SERVICE_UNAVAILABLE, "E-BUSY-2", "服务器正在重启，会自动再试", "The server is restarting; it is tried again by itself";
    /// The body came too slowly or not at all.
    too_slow = REQUEST_TIMEOUT, "E-NET-3", "网络太慢，没有传完。会自动再试", "The network was too slow; it is tried again by itself";
    /// The client went away in the middle of the body.
    cut_off = BAD_REQUEST, "E-NET-4", "传到一半断开了。会自动再试", "The connection broke half-way; it is tried again by itself";
    /// Something in the server failed; its log knows what.
    inside = INTERNAL_SERVER_ERROR, "E-IN-1", "服务器没有办成，您的内容还在本机，会自动再试", "The server failed; what you wrote is kept and tried again";
    /// Not our content type.
    not_sync = UNSUPPORTED_MEDIA_TYPE, "E-SYNC-1", "服务器没有看懂这次同步，请更新应用", "The server did not understand this sync; please update the app";
    /// The body is not a request of ours.
    unreadable = BAD_REQUEST, "E-SYNC-2", "同步的数据不完整，没有任何改动。会自动再试", "The sync data is incomplete; nothing was changed. It is tried again";
    /// The body is too large, before or after inflating.
    too_large = PAYLOAD_TOO_LARGE, "E-SYNC-3", "一次发送的内容太多，没有任何改动。请更新应用后分批发送", "Too much in one request; nothing was changed. Please update the app";
    /// A protocol that is no longer spoken.
    old_app = UPGRADE_REQUIRED, "E-SYNC-4", "应用版本太旧，请先更新。您写的内容都还在本机", "This app is too old; please update. What you wrote is kept";
    /// A content encoding we do not know.
    encoding = UNSUPPORTED_MEDIA_TYPE, "E-SYNC-5", "服务器不认识这种压缩方式，请更新应用", "The server does not know this compression; please update the app";
    /// The log cannot be written.
    not_kept = SERVICE_UNAVAILABLE, "E-SYNC-12", "服务器暂时存不下，您的内容还在本机，会自动再试", "The server cannot store just now; what you wrote is kept and tried again";
    /// More pushes than one phone or person may send just now.
    too_many = TOO_MANY_REQUESTS, "E-SYNC-13", "这台手机一下子发送得太多，过一会儿会自动接着发。您写的内容都在本机", "This phone sends too much at once; it goes on by itself in a moment. What you wrote is kept";
    /// The address is not a SHA-256.
    blob_name = BAD_REQUEST, "E-BLOB-1", "文件编号不对，请重新打开这一页", "This is not the name of a file";
    /// No such blob (or not yet whole).
    blob_gone = NOT_FOUND, "E-BLOB-2", "服务器上没有这个文件，可能还没有上传完", "The server does not have this file (yet)";
    /// More than the limit.
    blob_large = PAYLOAD_TOO_LARGE, "E-BLOB-3", "文件超过 8 MB，请压缩后再传", "The file is larger than 8 MB";
    /// Content-Range is missing or does not fit the body.
    blob_range = BAD_REQUEST, "E-BLOB-4", "上传的分段不对，请更新应用", "This piece of a file does not fit; please update the app";
    /// The piece does not follow what is here.
    blob_order = CONFLICT, "E-BLOB-5", "上传的分段接不上，会自动从断开处继续", "This piece does not follow; the upload goes on by itself";
    /// The whole does not have the promised hash.
    blob_hash = UNPROCESSABLE_ENTITY, "E-BLOB-6", "文件在路上损坏了，会自动重新上传", "The file was damaged on its way; it is sent again";
    /// Not a kind of file we take.
    blob_kind = UNPROCESSABLE_ENTITY, "E-BLOB-7", "只能上传 JPEG、PNG、WebP 图片和 PDF 文件", "Only JPEG, PNG, WebP and PDF files are taken";
    /// The picture cannot be decoded or is too large in pixels.
    blob_broken = UNPROCESSABLE_ENTITY, "E-BLOB-8", "图片打不开或太大，请换一张", "The picture is broken or too large";
    /// The picture says where or by whom it was taken.
    blob_traces = UNPROCESSABLE_ENTITY, "E-BLOB-9", "图片里还带有拍摄地点等信息，请用应用里的“添加图片”重新选择", "The picture still carries data such as the place; please add it through the app";
    /// The range asked for lies outside.
    blob_outside = RANGE_NOT_SATISFIABLE, "E-BLOB-10", "要的部分超出了文件", "The range lies outside of the file";
    /// Too many uploads begun at once.
    blob_many = TOO_MANY_REQUESTS, "E-BLOB-11", "同时上传的文件太多，会自动再试", "Too many uploads at once; it is tried again by itself";
}

impl Fault {
    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
    /// Code for support.
    pub fn code(&self) -> &'static str {
        self.code
    }
    /// Chinese and English in one line, for a terminal or a plain page.
    pub fn line(&self) -> String {
        format!("{} {} ({})", self.zh, self.en, self.code)
    }
    /// Says when trying again makes sense.
    pub fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
    /// Notes what went wrong inside and answers without it.
    pub fn from_inside(what: &'static str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, %error, "failed inside");
        Self::inside()
    }
}

impl From<crate::log::Trouble> for Fault {
    /// The log's troubles: whatever it is, the phone keeps its things and tries again.
    fn from(trouble: crate::log::Trouble) -> Self {
        tracing::error!(error = %trouble, "the log does not answer");
        Self::not_kept()
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::from_inside("database", &error)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let trouble = Trouble { code: self.code.into(), zh: self.zh.into(), en: self.en.into() };
        let mut response = (self.status, domain::to_cbor(&trouble)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TROUBLE_MIME));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE || self.retry_after.is_some() {
            headers.insert(header::RETRY_AFTER, self.retry_after.unwrap_or(5).into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_fault_has_its_own_code_and_says_it_in_both_languages() {
        let all = Fault::all();
        let codes: BTreeSet<_> = all.iter().map(Fault::code).collect();
        assert_eq!(codes.len(), all.len());
        for fault in all {
            assert!(fault.zh.chars().any(|c| c >= '\u{4e00}') && fault.en.is_ascii(), "{}", fault.code);
            assert!(!fault.zh.contains('!') && !fault.zh.contains('！'), "{}", fault.code);
        }
    }
}
