//! `POST /sync`: one request, answered by the desk page by page. Everything that could be hostile about the
//! bytes is settled here; what the request says is the desk's business.

use crate::access::Session;
use crate::caller::{Knock, Standing};
use crate::desk::{Trouble, is_signed};
use crate::fault::Fault;
use crate::guard::{inflated, whole};
use crate::house::House;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use domain::{Device, DocId, Hash};
use futures_util::{StreamExt, stream};
use std::sync::Arc;
use std::time::Duration;
use sync::{Fate, Frame, MIME, PROTO, REQUEST_BYTES, REQUEST_PUSHES, write_frame};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(10);
/// Pages that are ready while the line is slow.
const AHEAD: usize = 2;

/// Takes what a phone has, gives what it lacks.
pub async fn sync(
    State(house): State<Arc<House>>,
    Knock(caller): Knock,
    request: Request,
) -> Result<Response, Fault> {
    let (parts, body) = request.into_parts();
    if !is_ours(&parts.headers) {
        return Err(Fault::not_sync());
    }
    let body = whole(&parts.headers, body, REQUEST_BYTES, Fault::too_large).await?;
    let bytes = inflated(&parts.headers, body, REQUEST_BYTES)?;
    let request = read(&bytes)?;
    match &caller.standing {
        Standing::Bound(device) if !request.push.is_empty() => check_proof(device, &parts.headers, &bytes)?,
        Standing::Revoked(device) => return revoked(&house, device, &parts.headers, &bytes, request).await,
        // A phone with a key is to use it, also where one without is let through.
        Standing::Free if parts.headers.contains_key(sync::KEY) => return Err(Fault::device_unknown()),
        standing => standing.check()?,
    }
    if !request.push.is_empty() {
        let taken = (request.push.len(), bytes.len());
        let fits = house.quota.take(caller.who.person, &request.device, taken.0, taken.1, house.now_ms());
        fits.map_err(|seconds| Fault::too_many().after(seconds))?;
    }
    let mut response = answered(house.clone(), caller.who.person, request).await?;
    renew(&house, &caller.session, &mut response).await;
    Ok(response)
}

/// Every phone syncs, so this is where it gets the next secret of its session. When the database does not
/// answer the old one stays good.
async fn renew(house: &House, session: &Session, response: &mut Response) {
    if !session.due {
        return;
    }
    match house.access.renew(session.digest, house.now_ms()).await {
        Ok(Some(secret)) => {
            response.headers_mut().append(header::SET_COOKIE, house.cookies().give_session(&secret));
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "no new secret for a session"),
    }
}

/// A request that pushes is signed by its device: a stolen cookie alone pushes nothing.
fn check_proof(device: &Device, headers: &HeaderMap, body: &[u8]) -> Result<(), Fault> {
    let proof = headers.get(sync::PROOF).and_then(|proof| bytes64(proof.to_str().ok()?));
    let good = proof.is_some_and(|proof| is_signed(&device.key, &sync::push_bytes(body), &proof));
    good.then_some(()).ok_or_else(Fault::no_proof)
}

fn bytes64(hex: &str) -> Option<Vec<u8>> {
    let (r, s) = hex.split_at_checked(64)?;
    Some([Hash::parse(r)?.0, Hash::parse(s)?.0].concat())
}

/// 410. What the device itself signed is put aside first, and the frames say so; a cookie alone leaves nothing.
async fn revoked(
    house: &House,
    device: &Device,
    headers: &HeaderMap,
    body: &[u8],
    request: sync::Request,
) -> Result<Response, Fault> {
    let is_its_own = check_proof(device, headers, body).is_ok();
    if request.push.is_empty() || !is_its_own {
        return Err(Fault::device_revoked());
    }
    let frames = house.desk.set_aside(device, request.push, house.now_ms()).await;
    let frames = frames.map_err(|trouble| Fault::from_inside("set aside", &trouble))?;
    let mut response = ours(Body::from(bytes_of(&frames)));
    *response.status_mut() = axum::http::StatusCode::GONE;
    Ok(response)
}

fn is_ours(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == MIME)
}

fn read(bytes: &[u8]) -> Result<sync::Request, Fault> {
    let request: sync::Request = domain::from_cbor(bytes).ok_or_else(Fault::unreadable)?;
    match request {
        request if request.proto != PROTO => Err(Fault::old_app()),
        request if request.push.len() > REQUEST_PUSHES => Err(Fault::too_large()),
        request => Ok(request),
    }
}

/// Waits for the first frames, so that a failure before them is an honest status; later ones cut the line.
async fn answered(house: Arc<House>, person: DocId, request: sync::Request) -> Result<Response, Fault> {
    let turn = timeout(TURN, turn(&house.turns)).await.map_err(|_| Fault::busy())??;
    let (mut out, mut pages) = mpsc::channel(AHEAD);
    let (counting, device) = (house.clone(), request.device.clone());
    // A task of its own: what a phone pushed is taken to its end even when the phone goes away.
    let work = tokio::spawn(async move {
        let _turn = turn;
        let now_ms = house.now_ms();
        house.desk.stream(person, request, now_ms, &mut out).await
    });
    match pages.recv().await {
        Some(first) => {
            counting.quota.refused(person, &device, refusals(&first));
            Ok(framed(first, pages, work))
        }
        None => Err(failed(work).await),
    }
}

/// All acks are among the first frames.
fn refusals(frames: &[Frame]) -> usize {
    let refused = |frame: &&Frame| matches!(frame, Frame::Ack { fate: Fate::Refused(_), .. });
    frames.iter().filter(refused).count()
}

async fn turn(turns: &Arc<Semaphore>) -> Result<tokio::sync::OwnedSemaphorePermit, Fault> {
    turns.clone().acquire_owned().await.map_err(|_| Fault::closing())
}

async fn failed(work: JoinHandle<Result<(), Trouble>>) -> Fault {
    match work.await {
        Ok(Err(Trouble::NoSuchPerson)) => Fault::signed_out(),
        Ok(Err(Trouble::Log(trouble))) => trouble.into(),
        Ok(Err(Trouble::Conflict)) => Fault::busy(),
        Ok(Err(trouble @ Trouble::Module)) => Fault::from_inside("sync", &trouble),
        Ok(Ok(())) => Fault::from_inside("sync", &"no frames"),
        Err(error) => Fault::from_inside("sync", &error),
    }
}

fn framed(
    first: Vec<Frame>,
    pages: mpsc::Receiver<Vec<Frame>>,
    work: JoinHandle<Result<(), Trouble>>,
) -> Response {
    let first = stream::iter([Ok(bytes_of(&first))]);
    let rest = stream::unfold((pages, Some(work)), |(mut pages, work)| async move {
        match pages.recv().await {
            Some(frames) => Some((Ok(bytes_of(&frames)), (pages, work))),
            // Cut off without `End`, so that nobody takes half an answer for a whole one.
            None => match work?.await {
                Ok(Ok(())) => None,
                _ => Some((Err(std::io::Error::other("cut off")), (pages, None))),
            },
        }
    });
    // Fused: compression asks once more after the end, and an unfolded stream panics at that.
    ours(Body::from_stream(first.chain(rest).fuse()))
}

fn ours(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MIME));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn bytes_of(frames: &[Frame]) -> Bytes {
    let mut bytes = Vec::new();
    frames.iter().for_each(|frame| write_frame(&mut bytes, frame));
    bytes.into()
}
