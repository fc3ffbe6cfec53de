//! What the validator takes from itself before it reads the first byte. The kernel holds it to that.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Seconds of processor time in a whole life; the server retires a validator long before.
const CPU_SECONDS: u64 = 100;
/// The three that are there: questions, answers, and where nobody reads.
const FILES: u64 = 3;

/// Closes what came along and forbids everything that judging does not need. With no free file number there
/// is no way to open a file or a socket either.
///
/// # Errors
/// A limit that the kernel does not accept; then nothing may be judged here.
pub(super) fn confine() -> std::io::Result<()> {
    close_others();
    limit(Resource::As, super::ADDRESS_SPACE, super::ADDRESS_SPACE)?;
    // The soft limit ends it with a signal of its own, by which the server sees whose fault it was.
    limit(Resource::Cpu, CPU_SECONDS, CPU_SECONDS + 10)?;
    limit(Resource::Fsize, 0, 0)?;
    limit(Resource::Core, 0, 0)?;
    limit(Resource::Nproc, 0, 0)?;
    limit(Resource::Nofile, FILES, FILES)?;
    #[cfg(target_os = "linux")]
    rustix::thread::set_no_new_privs(true)?;
    Ok(())
}

/// Systems other than Linux know some of these limits by name only; there they are a wish.
fn limit(resource: Resource, soft: u64, hard: u64) -> std::io::Result<()> {
    let set = setrlimit(resource, Rlimit { current: Some(soft), maximum: Some(hard) });
    if cfg!(target_os = "linux") { Ok(set?) } else { Ok(()) }
}

/// Files that whoever started the server left open, such as a lock or a socket of its manager.
fn close_others() {
    let listed = std::fs::read_dir("/dev/fd").into_iter().flatten().flatten();
    let numbers: Vec<i32> =
        listed.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(|n| *n > 2).collect();
    for number in numbers {
        // The listing itself was one of them and is closed already.
        let _ = nix::unistd::close(number);
    }
}
