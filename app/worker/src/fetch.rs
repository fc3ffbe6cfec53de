//! HTTP as the link needs it: a request with a time limit, and an answer that streams. What a browser
//! calls "TypeError" is a missing network.

use crate::browser::{object, scope};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use repo::LinkTrouble;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, Request, RequestCache, RequestCredentials, RequestInit, Response};

/// A request that makes no progress for so long is given up.
const STALL_MS: u32 = 30_000;

/// What goes out.
pub struct Call<'c> {
    pub method: &'c str,
    pub url: &'c str,
    pub headers: &'c [(&'c str, &'c str)],
    pub body: Option<&'c [u8]>,
}

/// An answer whose body is read piece by piece.
pub struct Reply {
    pub response: Response,
    abort: AbortController,
    reader: Option<JsValue>,
}

fn offline<E>(_: E) -> LinkTrouble {
    LinkTrouble::Offline
}

/// Runs a promise under the stall limit; on time-out the request is aborted.
async fn within(promise: Promise, abort: &AbortController) -> Result<JsValue, LinkTrouble> {
    let stalled = gloo::timers::callback::Timeout::new(STALL_MS, {
        let abort = abort.clone();
        move || abort.abort()
    });
    let done = JsFuture::from(promise).await.map_err(offline);
    drop(stalled);
    done
}

/// Sends.
pub async fn send(call: &Call<'_>) -> Result<Reply, LinkTrouble> {
    let abort = AbortController::new().map_err(offline)?;
    let init = RequestInit::new();
    init.set_method(call.method);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&abort.signal()));
    let headers = Headers::new().map_err(offline)?;
    for (name, value) in call.headers {
        headers.set(name, value).map_err(offline)?;
    }
    init.set_headers(&headers);
    if let Some(body) = call.body {
        init.set_body(&Uint8Array::from(body));
    }
    let request = Request::new_with_str_and_init(call.url, &init).map_err(offline)?;
    let response = within(scope().fetch_with_request(&request), &abort).await?;
    Ok(Reply { response: response.unchecked_into(), abort, reader: None })
}

impl Reply {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.response.status()
    }
    /// A header, or "".
    pub fn header(&self, name: &str) -> String {
        self.response.headers().get(name).ok().flatten().unwrap_or_default()
    }
    /// The next piece of the body; `None` at its end.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, LinkTrouble> {
        let Some(reader) = self.reader()? else { return Ok(None) };
        let read: Function = Reflect::get(&reader, &"read".into()).map_err(offline)?.unchecked_into();
        let promise: Promise = read.call0(&reader).map_err(offline)?.unchecked_into();
        let got = within(promise, &self.abort).await?;
        if Reflect::get(&got, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(None);
        }
        let value = Reflect::get(&got, &"value".into()).map_err(offline)?;
        Ok(Some(Uint8Array::new(&value).to_vec()))
    }
    /// The rest need not come.
    pub fn give_up(&self) {
        self.abort.abort();
    }
    /// The whole body.
    pub async fn whole(mut self) -> Result<Vec<u8>, LinkTrouble> {
        let mut out = Vec::new();
        while let Some(piece) = self.piece().await? {
            out.extend_from_slice(&piece);
        }
        Ok(out)
    }
    fn reader(&mut self) -> Result<Option<JsValue>, LinkTrouble> {
        if self.reader.is_none() {
            let Some(body) = self.response.body() else { return Ok(None) };
            let get: Function = Reflect::get(&body, &"getReader".into()).map_err(offline)?.unchecked_into();
            self.reader = Some(get.call1(&body, &object(&[])).map_err(offline)?);
        }
        Ok(self.reader.clone())
    }
}
