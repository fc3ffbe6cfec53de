//! Names by content, and templates. A file whose name is its hash may be cached for ever; a new build
//! makes new names, so an old page never meets a new file.

use sha2::{Digest, Sha256};

use crate::trouble::{Result, Trouble};

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The first twelve hex digits of the SHA-256: enough to tell our few files apart, short enough to read.
pub fn short(bytes: &[u8]) -> String {
    sha256(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// `assets/ui.wasm` → `assets/ui.3f2a….wasm`.
pub fn hashed(path: &str, bytes: &[u8]) -> String {
    match path.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{}.{ending}", short(bytes)),
        None => format!("{path}.{}", short(bytes)),
    }
}

/// The text of an `integrity` attribute. The service worker asks the browser to check it, so that a
/// captive portal's page can never be kept in place of a program.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", base64(&sha256(bytes)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { digit as char } else { '=' });
        }
    }
    text
}

/// Puts values into `{{name}}`. A name without a value, or a value that no `{{name}}` asks for, is a mistake
/// in the template and stops the build: half-filled pages only show on somebody's phone.
pub fn fill(what: &str, template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut text = template.to_owned();
    for (name, value) in values {
        let mark = format!("{{{{{name}}}}}");
        if !text.contains(&mark) {
            return Err(Trouble::new(format!("{what} does not use {mark}")));
        }
        text = text.replace(&mark, value);
    }
    match left_over(&text) {
        Some(mark) => Err(Trouble::new(format!("{what} asks for {mark}, which the build does not know"))),
        None => Ok(text),
    }
}

fn left_over(text: &str) -> Option<&str> {
    let start = text.find("{{")?;
    let end = text[start..].find("}}")? + start + 2;
    Some(&text[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_its_content() {
        assert_eq!(hashed("assets/ui.wasm", b"abc"), "assets/ui.ba7816bf8f01.wasm");
        assert_ne!(hashed("assets/ui.wasm", b"abc"), hashed("assets/ui.wasm", b"abd"));
        assert_eq!(hashed("plain", b"abc"), "plain.ba7816bf8f01");
    }

    #[test]
    fn integrity_is_what_browsers_expect() {
        // From `printf abc | openssl dgst -sha256 -binary | base64`.
        assert_eq!(integrity(b"abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }

    #[test]
    fn base64_pads_like_rfc_4648() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_template_takes_all_its_values() {
        assert_eq!(fill("t", "<a href={{x}}>{{x}}", &[("x", "1")]).unwrap(), "<a href=1>1");
    }

    #[test]
    fn a_template_with_a_hole_or_an_unused_value_stops_the_build() {
        let hole = fill("index.html", "{{css}} {{boot}}", &[("css", "a")]).unwrap_err();
        assert_eq!(hole.to_string(), "index.html asks for {{boot}}, which the build does not know");
        let unused = fill("index.html", "{{css}}", &[("css", "a"), ("boot", "b")]).unwrap_err();
        assert_eq!(unused.to_string(), "index.html does not use {{boot}}");
    }
}
