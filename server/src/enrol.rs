//! `POST /device`: a phone says which key is its own, and the session becomes that device's. Beside import
//! this is the one place where the server writes documents of a module by name: who may sign is what the
//! server itself answers for.

use crate::caller::{Caller, Knock, address};
use crate::desk::{Signing, is_key, is_signed};
use crate::fault::Fault;
use crate::guard::whole;
use crate::house::House;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::modules::org::{DeviceAct, DeviceBody, Proof, key_text};
use domain::{Body as _, Device, DocId, Hash, Scope, Validity, Who, device_id, to_cbor, wrap_bytes};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use sync::{Hello, KEY_SCOPES, MIME, Welcome, hello_bytes};

/// A hello is a key, a code and a signature.
const HELLO_BYTES: usize = 4 * 1024;

/// Answers a hello.
pub async fn device(
    State(house): State<Arc<House>>,
    knock: Knock,
    request: Request,
) -> Result<Response, Fault> {
    let (parts, body) = request.into_parts();
    if parts.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != MIME) {
        return Err(Fault::not_sync());
    }
    let body = whole(&parts.headers, body, HELLO_BYTES, Fault::too_large).await?;
    let hello: Hello = domain::from_cbor(&body).ok_or_else(Fault::unreadable)?;
    let welcome = Door { house: &house, knock: &knock, parts: &parts }.welcome(hello).await?;
    Ok(answer(&welcome))
}

/// `POST /keys`: the keys to which a phone wraps a secret, for whoever holds these scopes now. Every enrolled
/// device may ask: who holds which post is no secret among colleagues, and a key opens nothing.
pub async fn keys(
    State(house): State<Arc<House>>,
    _caller: Caller,
    request: Request,
) -> Result<Response, Fault> {
    let (parts, body) = request.into_parts();
    if parts.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != MIME) {
        return Err(Fault::not_sync());
    }
    let body = whole(&parts.headers, body, HELLO_BYTES * 2, Fault::too_large).await?;
    let scopes: BTreeSet<Scope> = domain::from_cbor(&body).ok_or_else(Fault::unreadable)?;
    if scopes.len() > KEY_SCOPES {
        return Err(Fault::too_large());
    }
    Ok(answer(&house.desk.cards_of(&scopes, house.now_ms())))
}

fn answer<T: Serialize>(said: &T) -> Response {
    let mut response = Response::new(Body::from(to_cbor(said)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MIME));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One hello.
struct Door<'d> {
    house: &'d House,
    knock: &'d Knock,
    parts: &'d Parts,
}

impl Door<'_> {
    async fn welcome(&self, hello: Hello) -> Result<Welcome, Fault> {
        let who = &self.knock.0.who;
        let challenge = self.challenge();
        let Some(proof) = &hello.proof else { return Ok(Welcome::Prove(challenge)) };
        if !is_signed(&hello.key, &hello_bytes(&challenge), proof) {
            return Err(Fault::no_proof());
        }
        let id = device_id(who.person, &hello.key);
        if !is_wrap_key(who.person, id, &hello) {
            return Err(Fault::no_proof());
        }
        // The session is another device's: its cookie was copied, or the key was lost. Sign in anew.
        if self.knock.0.session.device.is_some_and(|bound| bound != id) {
            return Err(Fault::signed_out());
        }
        match self.house.desk.device(id).map(|device| device.validity) {
            Some(Validity::Revoked) => return Ok(Welcome::Revoked),
            Some(Validity::Enrolled) => return self.come_in(id).await,
            Some(Validity::Requested) => {}
            None => self.request(who, &hello).await?,
        }
        let Some(device) = self.house.desk.device(id) else { return Ok(Welcome::Stranger) };
        match hello.code.filter(|code| !code.trim().is_empty()) {
            Some(code) => self.try_code(&device, &code).await,
            None if self.house.config.signing == Signing::Optional => {
                self.enrol(&device, Proof::Demo, who).await
            }
            None => Ok(Welcome::Stranger),
        }
    }

    /// Of this session and no other: what was signed for it is worth nothing elsewhere.
    fn challenge(&self) -> Hash {
        Hash::of(&[b"lianxin challenge".as_slice(), &self.knock.0.session.digest.0].concat())
    }

    async fn request(&self, who: &Who, hello: &Hello) -> Result<(), Fault> {
        let (no, name) = (who.no.clone(), who.name.clone());
        let label = crate::backend::device_label(self.parts);
        let label = if label.is_empty() { "未命名设备".into() } else { label };
        let (key, wrap_key) = (key_text(&hello.key), key_text(&hello.wrap_key));
        let wrap_proof = key_text(&hello.wrap_proof);
        let values = DeviceBody { label, key, wrap_key, wrap_proof, no, name }.write();
        let now_ms = self.house.now_ms();
        self.house.desk.request_device(who, &hello.key, "org.device", values, now_ms).await.map_err(inside)
    }

    /// Tries are counted like those of a password.
    async fn try_code(&self, device: &Device, code: &str) -> Result<Welcome, Fault> {
        let (house, now_ms, who) = (self.house, self.house.now_ms(), self.knock.0.who.clone());
        let key = format!("code/{}", who.no);
        let place = crate::access::Place { address: address(self.parts, house.config.proxy), known: None };
        if let Err(seconds) = house.limits.count(&key, &place, now_ms) {
            return Ok(Welcome::Wait(seconds));
        }
        let Some(by) = house.access.use_code(device.person, code, now_ms).await? else {
            return Ok(Welcome::WrongCode);
        };
        house.limits.right(&key, &place);
        match house.desk.who(by, now_ms) {
            Some(by) => self.enrol(device, Proof::Code, &by).await,
            // From `lianxin code`: whoever keeps the server.
            None => {
                self.enrol(device, Proof::Code, &Who { person: by, name: "服务器管理员".into(), ..who }).await
            }
        }
    }

    async fn enrol(&self, device: &Device, proof: Proof, by: &Who) -> Result<Welcome, Fault> {
        let act = DeviceAct::Enrol { proof, by: by.person, by_name: by.name.clone() };
        let (desk, who) = (&self.house.desk, &self.knock.0.who);
        let decided =
            desk.decide(device.id, who, to_cbor(&act), self.house.now_ms()).await.map_err(inside)?;
        if let Err(refusal) = decided {
            return Err(Fault::from_inside("enrol", &refusal.en()));
        }
        tracing::info!(device = %device.id, person = %device.person, by = %by.person, "device enrolled");
        self.come_in(device.id).await
    }

    async fn come_in(&self, id: DocId) -> Result<Welcome, Fault> {
        match self.house.access.bind(self.knock.0.session.digest, id).await? {
            true => Ok(Welcome::In),
            false => Err(Fault::signed_out()),
        }
    }
}

/// Is the key for wrapping a point of the curve, with the signing key's word for it?
fn is_wrap_key(person: DocId, device: DocId, hello: &Hello) -> bool {
    let said = wrap_bytes(person, device, &hello.wrap_key);
    is_key(&hello.wrap_key) && is_signed(&hello.key, &said, &hello.wrap_proof)
}

fn inside(trouble: crate::desk::Trouble) -> Fault {
    Fault::from_inside("enrol", &trouble)
}
