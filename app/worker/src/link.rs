//! The repo's link over HTTP. 200 alone proves nothing: a captive portal says 200 too, so the content type
//! must be ours before a byte is believed.

use crate::fetch::{Call, Reply, send};
use crate::signer::Signer;
use domain::{Card, Hash, Scope, from_cbor, to_cbor};
use repo::{BlobHead, BlobPiece, Link, LinkTrouble};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use sync::{
    BLOB_RECEIVED, Frame, FrameReader, MIME, Request, TROUBLE_MIME, Welcome, hello_bytes, push_bytes,
};

/// The server this page came from, unless 模拟离线 is on.
#[derive(Clone, Default)]
pub struct Http {
    /// 模拟离线.
    pub pretend_offline: Rc<Cell<bool>>,
    /// The key of this device, once a person is attached.
    pub signer: Rc<RefCell<Option<Signer>>>,
}

impl Http {
    async fn call(&self, call: Call<'_>) -> Result<Reply, LinkTrouble> {
        if self.pretend_offline.get() {
            return Err(LinkTrouble::Offline);
        }
        send(&call).await
    }

    /// Makes this device known: hears the challenge of the session and signs it.
    pub async fn hello(&self, code: Option<String>) -> Result<Welcome, LinkTrouble> {
        let Some(signer) = self.signer.borrow().clone() else { return Ok(Welcome::Stranger) };
        let Some(mut hello) = signer.hello(code).await else { return Ok(Welcome::Stranger) };
        loop {
            let body = to_cbor(&hello);
            let headers = [("content-type", MIME)];
            let call = Call { method: "POST", url: "/device", headers: &headers, body: Some(&body) };
            let reply = checked(self.call(call).await?)?;
            // Our server, and the session is of somebody else who uses this phone too.
            if reply.status() == 403 && reply.header("content-type") == TROUBLE_MIME {
                return Err(LinkTrouble::SessionEnded);
            }
            let welcome: Welcome = from_cbor(&reply.whole().await?).ok_or(LinkTrouble::Portal)?;
            match welcome {
                Welcome::Prove(challenge) if hello.proof.is_none() => {
                    hello.proof = signer.sign(&hello_bytes(&challenge)).await.map(|signed| signed.bytes);
                }
                other => return Ok(other),
            }
        }
    }

    /// The device's signature over a request that pushes, in hex.
    async fn proof(&self, request: &Request, body: &[u8]) -> String {
        let signer = self.signer.borrow().clone().filter(|_| !request.push.is_empty());
        let Some(signer) = signer else { return String::new() };
        let signed = signer.sign(&push_bytes(body)).await;
        signed.map_or_else(String::new, |signed| {
            signed.bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        })
    }

    async fn sync_once(&self, request: &Request, each: &mut dyn FnMut(Frame)) -> Result<(), LinkTrouble> {
        let body = to_cbor(request);
        let proof = self.proof(request, &body).await;
        let mut headers = vec![("content-type", MIME)];
        if self.signer.borrow().is_some() {
            headers.push((sync::KEY, "1"));
        }
        if !proof.is_empty() {
            headers.push((sync::PROOF, proof.as_str()));
        }
        let call = Call { method: "POST", url: "/sync", headers: &headers, body: Some(&body) };
        let reply = self.call(call).await?;
        let is_ours = reply.header("content-type").starts_with(MIME);
        // Out, with a word about each push before that.
        if reply.status() == 410 && is_ours {
            self.frames(reply, each).await?;
            return Err(LinkTrouble::Revoked);
        }
        let reply = checked(reply)?;
        match reply.status() {
            200 if is_ours => self.frames(reply, each).await,
            200..=399 => Err(LinkTrouble::Portal),
            status => Err(LinkTrouble::Server(status)),
        }
    }

    async fn frames(&self, mut reply: Reply, each: &mut dyn FnMut(Frame)) -> Result<(), LinkTrouble> {
        let mut frames = FrameReader::default();
        while let Some(piece) = reply.piece().await? {
            if self.pretend_offline.get() {
                reply.give_up();
                return Err(LinkTrouble::Offline);
            }
            frames.feed(&piece);
            while let Some(frame) = frames.next_frame().map_err(|_| LinkTrouble::Portal)? {
                each(frame);
            }
        }
        if frames.is_empty() { Ok(()) } else { Err(LinkTrouble::Offline) }
    }
}

/// Statuses that mean the same for every address.
fn checked(reply: Reply) -> Result<Reply, LinkTrouble> {
    match reply.status() {
        401 => Err(LinkTrouble::SessionEnded),
        410 => Err(LinkTrouble::Revoked),
        428 => Err(LinkTrouble::Stranger),
        426 => Err(LinkTrouble::TooOld),
        429 | 503 => {
            let seconds = reply.header("retry-after").parse().unwrap_or(5u64);
            Err(LinkTrouble::Busy { retry_after_ms: seconds.min(3_600) * 1_000 })
        }
        _ => Ok(reply),
    }
}

impl Link for Http {
    async fn cards(&self, scopes: &[Scope]) -> Result<Vec<Card>, LinkTrouble> {
        let Some(signer) = self.signer.borrow().clone() else { return Err(LinkTrouble::Stranger) };
        let body = to_cbor(&scopes);
        let call =
            Call { method: "POST", url: "/keys", headers: &[("content-type", MIME)], body: Some(&body) };
        let reply = checked(self.call(call).await?)?;
        let cards: Vec<Card> = from_cbor(&reply.whole().await?).ok_or(LinkTrouble::Portal)?;
        let mut good = vec![];
        for card in cards {
            if signer.vouches(&card).await {
                good.push(card);
            }
        }
        Ok(good)
    }
    async fn sync(&self, request: &Request, each: &mut dyn FnMut(Frame)) -> Result<(), LinkTrouble> {
        match self.sync_once(request, each).await {
            // Once for each session: from then on the server knows which device this is.
            Err(LinkTrouble::Stranger) => match self.hello(None).await? {
                Welcome::In => self.sync_once(request, each).await,
                Welcome::Revoked => Err(LinkTrouble::Revoked),
                _ => Err(LinkTrouble::Stranger),
            },
            other => other,
        }
    }

    async fn blob_head(&self, hash: Hash) -> Result<BlobHead, LinkTrouble> {
        let call = Call { method: "HEAD", url: &address(hash), headers: &[], body: None };
        let reply = checked(self.call(call).await?)?;
        head_of(&reply)
    }

    async fn blob_put(&self, piece: BlobPiece<'_>) -> Result<BlobHead, LinkTrouble> {
        let last = piece.at + piece.bytes.len() as u64 - 1;
        let range = format!("bytes {}-{last}/{}", piece.at, piece.size);
        let headers = [("content-range", range.as_str()), ("content-type", piece.mime)];
        let call =
            Call { method: "PUT", url: &address(piece.hash), headers: &headers, body: Some(piece.bytes) };
        let reply = checked(self.call(call).await?)?;
        head_of(&reply)
    }

    async fn blob_get(&self, hash: Hash) -> Result<Option<Vec<u8>>, LinkTrouble> {
        let call = Call { method: "GET", url: &address(hash), headers: &[], body: None };
        let reply = checked(self.call(call).await?)?;
        match reply.status() {
            404 => Ok(None),
            200 => {
                let bytes = reply.whole().await?;
                // A portal's page has another hash than the picture.
                if Hash::of(&bytes) == hash { Ok(Some(bytes)) } else { Err(LinkTrouble::Portal) }
            }
            status => Err(LinkTrouble::Server(status)),
        }
    }
}

fn address(hash: Hash) -> String {
    format!("/blobs/{hash}")
}

/// How far the server is, from status and header; an answer without the header is not ours.
fn head_of(reply: &Reply) -> Result<BlobHead, LinkTrouble> {
    let received = reply.header(BLOB_RECEIVED).parse().ok();
    match (reply.status(), received) {
        (200 | 201, Some(received)) => Ok(BlobHead { received, whole: true }),
        (202 | 404 | 409, Some(received)) => Ok(BlobHead { received, whole: false }),
        (404, None) => Ok(BlobHead { received: 0, whole: false }),
        (200..=399, None) => Err(LinkTrouble::Portal),
        (status, _) => Err(LinkTrouble::Server(status)),
    }
}
