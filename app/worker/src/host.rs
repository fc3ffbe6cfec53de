//! Clock and dice of this device.

use crate::browser;

/// The browser as the repo's host.
pub struct Browser;

// WebCrypto is not wired up yet: docs/decisions/sealed.md.
impl repo::Sealer for Browser {}

impl repo::Host for Browser {
    fn now_ms(&self) -> i64 {
        browser::now_ms()
    }
    fn random16(&self) -> [u8; 16] {
        browser::random16()
    }
}
