//! `/blobs/{sha256}` over HTTP; the words are in the `sync` crate.

use super::{Piece, Upload, fits};
use crate::caller::Caller;
use crate::fault::Fault;
use crate::guard::{BLOB_CSP, whole};
use crate::house::House;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Hash;
use std::ops::Range;
use std::sync::Arc;
use sync::{BLOB_CHUNK, BLOB_RECEIVED};

const RECEIVED: HeaderName = HeaderName::from_static(BLOB_RECEIVED);

/// How much of it is here.
pub async fn head(
    State(house): State<Arc<House>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    let hash = Hash::parse(&name).ok_or_else(Fault::blob_name)?;
    let may = may_have(&house, &caller, hash).await?;
    Ok(standing(house.blobs.standing(caller.who.person, hash, may).await?))
}

/// Who sent the whole file, and whoever reads a document that names it. To everybody else it is not there.
async fn may_have(house: &House, caller: &Caller, hash: Hash) -> Result<bool, Fault> {
    if house.blobs.is_owner(caller.who.person, hash).await {
        return Ok(true);
    }
    house
        .desk
        .may_have(&caller.who, hash)
        .await
        .map_err(|trouble| Fault::from_inside("blob readers", &trouble))
}

fn standing(upload: Upload) -> Response {
    let (status, received) = match upload {
        Upload::Whole(size) => (StatusCode::OK, size),
        Upload::Partly(received) => (StatusCode::NOT_FOUND, received),
    };
    (status, [(RECEIVED, HeaderValue::from(received)), no_store()]).into_response()
}

fn no_store() -> (HeaderName, HeaderValue) {
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

/// Takes one piece.
pub async fn put(
    State(house): State<Arc<House>>,
    caller: Caller,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Fault> {
    let hash = Hash::parse(&name).ok_or_else(Fault::blob_name)?;
    let (parts, body) = request.into_parts();
    let (range, size) = content_range(&parts.headers).ok_or_else(Fault::blob_range)?;
    if !fits(size) {
        return Err(Fault::blob_large());
    }
    let bytes = whole(&parts.headers, body, BLOB_CHUNK, Fault::blob_range).await?;
    if bytes.len() as u64 != range.end - range.start {
        return Err(Fault::blob_range());
    }
    let (person, may) = (caller.who.person, may_have(&house, &caller, hash).await?);
    match house.blobs.take(person, Piece { hash, first: range.start, size, bytes }, may).await {
        Ok(upload) => Ok(taken(upload)),
        Err(fault) if fault == Fault::blob_order() => {
            let mut response = fault.into_response();
            let (Upload::Partly(received) | Upload::Whole(received)) =
                house.blobs.standing(person, hash, may).await?;
            response.headers_mut().insert(RECEIVED, received.into());
            Ok(response)
        }
        Err(fault) => Err(fault),
    }
}

fn taken(upload: Upload) -> Response {
    let (status, received) = match upload {
        Upload::Whole(size) => (StatusCode::CREATED, size),
        Upload::Partly(received) => (StatusCode::ACCEPTED, received),
    };
    (status, [(RECEIVED, HeaderValue::from(received)), no_store()]).into_response()
}

/// `bytes 0-262143/1000000` as range and whole length.
fn content_range(headers: &HeaderMap) -> Option<(Range<u64>, u64)> {
    let text = headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    let (range, size) = text.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last, size): (u64, u64, u64) = (first.parse().ok()?, last.parse().ok()?, size.parse().ok()?);
    (first <= last && last < size).then_some((first..last + 1, size))
}

/// Gives it back, whole or in part.
pub async fn get(
    State(house): State<Arc<House>>,
    caller: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let hash = Hash::parse(&name).ok_or_else(Fault::blob_name)?;
    if !may_have(&house, &caller, hash).await? {
        return Err(Fault::blob_gone());
    }
    let (size, kind) = house.blobs.about(hash).await?;
    let asked = asked_range(&headers, size)?;
    let range = asked.clone().unwrap_or(0..size);
    let bytes = house.blobs.read(hash, range.clone()).await?;
    let mut response = Response::new(Body::from(bytes));
    let name = format!("attachment; filename=\"{}.{}\"", &name[..12], kind.ending());
    let fixed = [
        (header::CONTENT_TYPE, kind.mime()),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CONTENT_SECURITY_POLICY, BLOB_CSP),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::ACCEPT_RANGES, "bytes"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_str(value).expect("ASCII"));
    }
    if asked.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        response.headers_mut().insert(header::CONTENT_RANGE, HeaderValue::try_from(text).expect("ASCII"));
    }
    Ok(response)
}

/// The one range that was asked for; several at once, or words we do not know, mean the whole (RFC 9110 §14.2).
fn asked_range(headers: &HeaderMap, size: u64) -> Result<Option<Range<u64>>, Fault> {
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok()?.strip_prefix("bytes="));
    let Some((first, last)) =
        text.and_then(|text| text.split_once('-')).filter(|(_, last)| !last.contains(','))
    else {
        return Ok(None);
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..size.min(last + 1),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(tail)) if first.is_empty() => size.saturating_sub(tail)..size,
        _ => return Ok(None),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(Fault::blob_outside()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_content_range_must_make_sense() {
        let read = |text| content_range(&with(header::CONTENT_RANGE, text));
        assert_eq!(read("bytes 0-9/10"), Some((0..10, 10)));
        assert_eq!(read("bytes 5-9/20"), Some((5..10, 20)));
        for nonsense in ["bytes 5-4/20", "bytes 0-10/10", "bytes 0-9/*", "0-9/10", "bytes -9/10", "bytes 0-9"]
        {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let read = |text| asked_range(&with(header::RANGE, text), 10);
        assert_eq!(read("bytes=2-4"), Ok(Some(2..5)));
        assert_eq!(read("bytes=2-"), Ok(Some(2..10)));
        assert_eq!(read("bytes=-3"), Ok(Some(7..10)));
        assert_eq!(read("bytes=2-99"), Ok(Some(2..10)));
        assert_eq!(read("bytes=10-"), Err(Fault::blob_outside()));
        for whole in ["bytes=0-1,4-5", "lines=1-2", "bytes=4-2", "bytes=x"] {
            assert_eq!(read(whole), Ok(None), "{whole}");
        }
    }
}
