//! Who calls: the person behind the session cookie, and the address the call comes from.

use crate::access::Session;
use crate::desk::Signing;
use crate::fault::Fault;
use crate::house::House;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{Device, Validity, Who};
use std::net::IpAddr;
use std::sync::Arc;

/// A signed-in person at a device that counts. A handler that names it answers 401 to everybody else, 428 to a
/// device that is not enrolled, 410 to a revoked one.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person with the posts of this moment.
    pub who: Who,
    /// The session.
    pub session: Session,
    /// The device behind the session.
    pub standing: Standing,
}

/// The same person whatever their device is, for the few places that must hear it all the same.
#[derive(Clone, Debug)]
pub struct Knock(pub Caller);

/// What the server knows of the device behind a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No device has proved itself, and the demo lets that pass.
    Free,
    /// No device has proved itself.
    Unknown,
    /// This one.
    Bound(Device),
    /// This one, which was revoked.
    Revoked(Device),
}

impl Standing {
    /// From receipts as they stand this moment, so that a revocation is in force at once.
    pub fn of(house: &House, session: &Session) -> Self {
        let device = session.device.and_then(|id| house.desk.device(id));
        match device {
            Some(device) if device.validity == Validity::Revoked => Self::Revoked(device),
            Some(device) if device.validity == Validity::Enrolled => Self::Bound(device),
            _ if session.device.is_none() && house.config.signing == Signing::Optional => Self::Free,
            _ => Self::Unknown,
        }
    }
    /// Leave to go on.
    ///
    /// # Errors
    /// The fault that says what to do.
    pub fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Free | Self::Bound(_) => Ok(()),
            Self::Unknown => Err(Fault::device_unknown()),
            Self::Revoked(_) => Err(Fault::device_revoked()),
        }
    }
}

/// The other end of the connection, as the listener saw it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Caller {
    /// The person behind the cookie of this request; `None` for nobody.
    ///
    /// # Errors
    /// When the databases do not answer.
    pub async fn of(house: &House, parts: &Parts) -> Result<Option<Self>, Fault> {
        let Some(secret) = house.cookies().session(&parts.headers) else { return Ok(None) };
        let now_ms = house.now_ms();
        let Some(session) = house.access.session(&secret, now_ms).await? else { return Ok(None) };
        let standing = Standing::of(house, &session);
        Ok(house.desk.who(session.person, now_ms).map(|who| Self { who, session, standing }))
    }
}

impl FromRequestParts<Arc<House>> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Fault> {
        let caller = Self::of(house, parts).await?.ok_or_else(Fault::signed_out)?;
        caller.standing.check()?;
        Ok(caller)
    }
}

impl FromRequestParts<Arc<House>> for Knock {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Fault> {
        Caller::of(house, parts).await?.map(Self).ok_or_else(Fault::signed_out)
    }
}

/// The caller's address. Behind a proxy it is the last one in `X-Forwarded-For`: the only one that the proxy
/// itself wrote.
pub fn address(parts: &Parts, proxy: bool) -> Option<IpAddr> {
    if proxy {
        let mut lines = parts.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        return lines.next_back()?.rsplit(',').next()?.trim().parse().ok();
    }
    parts.extensions.get::<Peer>().map(|peer| peer.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(forwarded: &[&str]) -> Parts {
        let mut request = axum::http::Request::new(());
        forwarded.iter().for_each(|line| {
            request.headers_mut().append("x-forwarded-for", line.parse().unwrap());
        });
        request.extensions_mut().insert(Peer("10.0.0.1".parse().unwrap()));
        request.into_parts().0
    }

    #[test]
    fn nobody_chooses_the_address_they_are_counted_under() {
        let forged = parts(&["1.1.1.1", "2.2.2.2, 10.0.0.7"]);
        assert_eq!(address(&forged, false), "10.0.0.1".parse().ok());
        assert_eq!(address(&forged, true), "10.0.0.7".parse().ok());
        assert_eq!(address(&parts(&[]), true), None);
    }
}
