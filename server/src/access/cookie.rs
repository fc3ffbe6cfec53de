//! Cookies: the session, and the mark of a device that is known. No script can read them, no other site can
//! send them. Over https they are `__Host-` cookies; over plain http (the demo on a LAN) a browser refuses
//! those, so the program must be told which one it is: see [`Transport`].

use super::{ABSOLUTE_MS, Secret};
use axum::http::{HeaderMap, HeaderValue, header};

/// How browsers reach the server. Decided by whoever starts it, never guessed from a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Through https, here or at a proxy in front. The only right choice with real data.
    Https,
    /// Plain http: the demo, and tests. Cookies go without `Secure`, because browsers would drop them.
    Http,
}

/// Writes and reads our cookies.
#[derive(Clone, Copy, Debug)]
pub struct Cookies(pub Transport);

const YEAR_S: i64 = 365 * 24 * 3600;

impl Cookies {
    /// The secret of the session.
    pub fn session(self, headers: &HeaderMap) -> Option<Secret> {
        self.find(headers, "session")
    }
    /// The mark of this device.
    pub fn device(self, headers: &HeaderMap) -> Option<Secret> {
        self.find(headers, "device")
    }
    /// Hands out a session.
    pub fn give_session(self, secret: &Secret) -> HeaderValue {
        self.give("session", &secret.text(), ABSOLUTE_MS / 1000)
    }
    /// Marks the device.
    pub fn give_device(self, secret: &Secret) -> HeaderValue {
        self.give("device", &secret.text(), YEAR_S)
    }
    /// Takes the session back.
    pub fn take_session(self) -> HeaderValue {
        self.give("session", "", 0)
    }

    fn name(self, what: &str) -> String {
        match self.0 {
            Transport::Https => format!("__Host-lianxin-{what}"),
            Transport::Http => format!("lianxin-{what}"),
        }
    }
    fn give(self, what: &str, value: &str, max_age_s: i64) -> HeaderValue {
        let secure = if self.0 == Transport::Https { "; Secure" } else { "" };
        let name = self.name(what);
        let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::try_from(text).expect("ASCII")
    }
    fn find(self, headers: &HeaderMap, what: &str) -> Option<Secret> {
        let name = self.name(what);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(found, _)| *found == name).and_then(|(_, value)| Secret::parse(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_the_cookie_belongs_to_this_host_alone() {
        let secret = Secret::new();
        let cookie = Cookies(Transport::Https).give_session(&secret);
        let text = cookie.to_str().unwrap();
        assert!(
            text.starts_with(&format!("__Host-lianxin-session={}; Path=/; Max-Age=7776000;", secret.text()))
        );
        assert!(text.ends_with("HttpOnly; SameSite=Strict; Secure"));
        assert!(!text.contains("Domain"));
    }

    #[test]
    fn over_http_it_is_still_out_of_reach_of_scripts_and_other_sites() {
        let cookie = Cookies(Transport::Http).give_session(&Secret::new());
        let text = cookie.to_str().unwrap();
        assert!(text.starts_with("lianxin-session=") && text.ends_with("HttpOnly; SameSite=Strict"));
    }

    #[test]
    fn the_right_cookie_is_found_among_others() {
        let (cookies, secret) = (Cookies(Transport::Https), Secret::new());
        let mut headers = HeaderMap::new();
        let line = format!(
            "a=b; lianxin-session={}; __Host-lianxin-session={}",
            Secret::new().text(),
            secret.text()
        );
        headers.append(header::COOKIE, line.parse().unwrap());
        assert_eq!(cookies.session(&headers), Some(secret));
        assert_eq!(cookies.device(&headers), None);
    }
}
