//! What a phone takes from the world around it: time and chance. Tests bring their own.

/// Clock and dice of the device.
pub trait Host {
    /// Device time, UTC ms; a claim, it may be wrong by years.
    fn now_ms(&self) -> i64;
    /// 16 bytes nobody can guess.
    fn random16(&self) -> [u8; 16];
}
