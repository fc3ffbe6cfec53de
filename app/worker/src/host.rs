//! Clock and dice of this device.

use crate::browser;

/// The browser as the repo's host.
pub struct Browser;

impl repo::Host for Browser {
    fn now_ms(&self) -> i64 {
        browser::now_ms()
    }
    fn random16(&self) -> [u8; 16] {
        browser::random16()
    }
}
