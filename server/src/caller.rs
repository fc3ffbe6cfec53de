//! Who calls: the person behind the session cookie, and the address the call comes from.

use crate::access::Session;
use crate::fault::Fault;
use crate::house::House;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Who;
use std::net::IpAddr;
use std::sync::Arc;

/// A signed-in person. A handler that names it answers 401 to everybody else.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person with the posts of this moment.
    pub who: Who,
    /// The session.
    pub session: Session,
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
        Ok(house.desk.who(session.person, now_ms).map(|who| Self { who, session }))
    }
}

impl FromRequestParts<Arc<House>> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Fault> {
        Self::of(house, parts).await?.ok_or_else(Fault::signed_out)
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
