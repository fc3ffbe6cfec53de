//! How much memory a process took for something, as Linux counts it.

use std::fs;

/// A measurement of another process, begun before the work.
#[derive(Debug)]
pub struct Memory {
    pid: u32,
    before_kb: u64,
}

impl Memory {
    /// Forgets the highest mark so far; `None` where the system does not count like that.
    pub fn of(pid: u32) -> Option<Self> {
        fs::write(format!("/proc/{pid}/clear_refs"), "5").ok()?;
        Some(Self { pid, before_kb: figure(pid, "VmRSS:")? })
    }

    /// KiB that it held at its highest beyond what it held before; `None` when it is gone.
    pub fn growth_kb(&self) -> Option<u64> {
        Some(figure(self.pid, "VmHWM:")?.saturating_sub(self.before_kb))
    }
}

fn figure(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
