//! Who may ask from a browser. Requests that change something must come from our own pages (threat model P7),
//! and what is not a page is read by our own pages only (resource isolation by Fetch Metadata). Browsers always say where a
//! POST or PUT comes from; whoever says nothing is refused too. Beside this, cookies are `SameSite=Strict` and
//! every such route takes only a content type that no form can send.

use crate::fault::Fault;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets reading pass, and writing from our own origin.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let fits = if reading { may_look(request.headers()) } else { is_ours(request.headers()) };
    if fits { next.run(request).await } else { Fault::foreign_origin().into_response() }
}

/// Another site may lead people to our pages with a link, and nothing else: not load our data or files into
/// its own, not put our pages into its frames. Who sends no Fetch Metadata (an old browser, a monitor) is
/// held off by the cookie's `SameSite=Strict` and by the headers of every answer.
fn may_look(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match text("sec-fetch-site") {
        None | Some("same-origin" | "none") => true,
        Some(_) => text("sec-fetch-mode") == Some("navigate") && text("sec-fetch-dest") == Some("document"),
    }
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let fetched = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    fetched && authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &str)]) -> bool {
        is_ours(&pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let host = ("host", "union.example:8080");
        assert!(ours(&[host, ("origin", "http://union.example:8080")]));
        assert!(ours(&[host, ("origin", "https://UNION.example:8080"), ("sec-fetch-site", "same-origin")]));
        for (origin, site) in [
            ("https://evil.example", "cross-site"),
            ("https://evil.example", "same-origin"),
            ("null", "cross-site"),
            ("https://union.example:8080", "same-site"),
            ("https://union.example:8080", "none"),
            ("https://union.example:8080.evil.example", "same-origin"),
            ("ftp://union.example:8080", "same-origin"),
        ] {
            assert!(!ours(&[host, ("origin", origin), ("sec-fetch-site", site)]), "{origin} {site}");
        }
        assert!(!ours(&[host]), "who says nothing is refused");
        assert!(!ours(&[("origin", "http://union.example")]));
    }

    #[test]
    fn another_site_may_link_to_us_and_nothing_more() {
        let look = |site: &str, mode: &str, dest: &str| {
            let pairs = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
            may_look(
                &pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect(),
            )
        };
        assert!(may_look(&HeaderMap::new()) && look("none", "navigate", "document"));
        assert!(look("same-origin", "cors", "empty") && look("same-origin", "no-cors", "image"));
        for site in ["cross-site", "same-site", "?"] {
            assert!(look(site, "navigate", "document"));
            for (mode, dest) in [
                ("no-cors", "image"),
                ("no-cors", "script"),
                ("cors", "empty"),
                ("navigate", "iframe"),
                ("navigate", "embed"),
                ("navigate", "object"),
                ("websocket", "empty"),
            ] {
                assert!(!look(site, mode, dest), "{site} {mode} {dest}");
            }
        }
    }
}
