//! What a phone takes from the world around it: time, chance, and what this version of the app knows. Tests
//! bring their own.

use crate::Sealer;
use domain::AnyKind;

/// Clock and dice of the device, and its cipher.
pub trait Host: Sealer {
    /// Device time, UTC ms; a claim, it may be wrong by years.
    fn now_ms(&self) -> i64;
    /// 16 bytes nobody can guess.
    fn random16(&self) -> [u8; 16];
    /// The kinds of this version of the app.
    fn kinds(&self) -> &'static [&'static dyn AnyKind] {
        domain::modules::kinds()
    }
}
