//! The built screens (`--site DIR`). Read once into memory, with the compressed forms that the build made:
//! a few megabytes, and a rebuilt folder never mixes with the pages that are already out.

mod mime;

use crate::fault::Fault;
use crate::house::House;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

const PAGE: &str = "index.html";

/// All files of the site by address (without the leading slash).
#[derive(Default)]
pub struct Site {
    files: BTreeMap<String, File>,
}

struct File {
    mime: &'static str,
    etag: HeaderValue,
    plain: Bytes,
    br: Option<Bytes>,
    gz: Option<Bytes>,
}

impl Site {
    /// Reads the folder. With `kill`, `/sw.js` is the kill switch instead of the service worker.
    ///
    /// # Errors
    /// A folder that cannot be read, or that has no page in it.
    pub fn read(dir: &Path, kill: bool) -> io::Result<Self> {
        let mut raw = BTreeMap::new();
        collect(dir, "", &mut raw)?;
        let side =
            |raw: &BTreeMap<String, Bytes>, path: &str, end: &str| raw.get(&format!("{path}.{end}")).cloned();
        let plain = raw.keys().filter(|path| !path.ends_with(".br") && !path.ends_with(".gz"));
        let mut files: BTreeMap<String, File> = plain
            .map(|path| {
                (
                    path.clone(),
                    File::new(path, raw[path].clone(), side(&raw, path, "br"), side(&raw, path, "gz")),
                )
            })
            .collect();
        if kill && let Some(file) = files.remove("sw-kill.js") {
            files.insert("sw.js".into(), file);
        }
        if !files.contains_key(PAGE) {
            return Err(io::Error::new(io::ErrorKind::NotFound, "index.html"));
        }
        Ok(Self { files })
    }

    /// The file of this address; for addresses of the app's own pages, the page.
    fn find(&self, path: &str, wants_page: bool) -> Option<(&str, &File)> {
        let name = path.trim_start_matches('/');
        let last = name.rsplit('/').next().unwrap_or_default();
        let page = || (wants_page && !last.contains('.')).then_some(PAGE);
        let name = if self.files.contains_key(name) { name } else { page()? };
        self.files.get_key_value(name).map(|(name, file)| (name.as_str(), file))
    }
}

fn collect(dir: &Path, prefix: &str, out: &mut BTreeMap<String, Bytes>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), out)?;
        } else {
            out.insert(name, fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

impl File {
    fn new(path: &str, plain: Bytes, br: Option<Bytes>, gz: Option<Bytes>) -> Self {
        let hash = domain::Hash(Sha256::digest(&plain).into()).to_string();
        let etag = HeaderValue::try_from(format!("\"{}\"", &hash[..20])).expect("hex digits");
        Self { mime: mime::of(path), etag, plain, br, gz }
    }
    /// The smallest form that the browser takes.
    fn pick(&self, headers: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let takes = |name| accepts(headers, name);
        match (&self.br, &self.gz) {
            (Some(br), _) if takes("br") => (Some("br"), br.clone()),
            (_, Some(gz)) if takes("gzip") => (Some("gzip"), gz.clone()),
            _ => (None, self.plain.clone()),
        }
    }
}

fn accepts(headers: &HeaderMap, name: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let (coding, quality) = part.split_once(';').unwrap_or((part, "q=1"));
        let quality = quality.trim().trim_start_matches("q=").parse().unwrap_or(1.0);
        coding.trim().eq_ignore_ascii_case(name) && quality > 0.0
    })
}

/// Answers everything that no other route takes.
pub async fn serve(State(house): State<Arc<House>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Fault::no_such_method().into_response();
    }
    let accept =
        request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("text/html");
    let wants_page = accept.contains("text/html");
    match house.site.find(request.uri().path(), wants_page) {
        Some((name, file)) => answer(name, file, request.headers()),
        None => nothing_here(),
    }
}

fn answer(name: &str, file: &File, asked: &HeaderMap) -> Response {
    // The build puts the hash into the names under assets/, so these never change.
    let forever = name.starts_with("assets/");
    let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let (encoding, bytes) = file.pick(asked);
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|etag| *etag == file.etag);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(bytes)) };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, file.etag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding.filter(|_| !known) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn nothing_here() -> Response {
    let fault = Fault::no_such_address();
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (fault.status(), plain, fault.line()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_smallest_form_it_takes() {
        let file = File::new("a.wasm", "plain".into(), Some("b".into()), Some("gz".into()));
        let pick = |accept: &str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, accept.parse().unwrap())]);
            file.pick(&headers).0
        };
        assert_eq!(pick("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(pick("gzip;q=0.5"), Some("gzip"));
        assert_eq!(pick("br;q=0, gzip"), Some("gzip"));
        assert_eq!(pick("identity"), None);
        assert_eq!(file.pick(&HeaderMap::new()).0, None);
    }
}
