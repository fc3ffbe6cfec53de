//! `cargo demo`: everything from a fresh checkout to a running program with an invented union in it.
//! Builds what is not built, then becomes the server, so that Ctrl-C and exit status are the server's own.

use std::process::Command;

use crate::places::Places;
use crate::run;
use crate::say;
use crate::site;
use crate::trouble::{Doing, Result, Trouble};

/// Builds the site and the server and starts the demonstration. Returns only on failure.
pub fn demo(places: &Places, arguments: &[String]) -> Result<()> {
    check_c_compiler()?;
    say::note("第一次约需 10 分钟，之后几秒 · about ten minutes the first time, seconds afterwards");
    let site = site::build(places)?;
    build_server(places)?;
    let mut server = Command::new(places.server());
    server.arg("demo").arg("--site").arg(&site).args(arguments);
    become_program(server).doing(|| format!("starting {}", places.server().display()))
}

#[cfg(unix)]
fn become_program(mut program: Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(program.exec())
}

#[cfg(not(unix))]
fn become_program(mut program: Command) -> std::io::Result<()> {
    std::process::exit(program.status()?.code().unwrap_or(1))
}

/// Builds the server natively.
pub fn build_server(places: &Places) -> Result<()> {
    say::step("编译服务器 compile the server (lianxin)", || {
        let mut command = run::cargo();
        command.args(["build", "-p", "server", "--bin", "lianxin"]).current_dir(&places.root);
        command.env("CARGO_TARGET_DIR", &places.target);
        run::shown(&mut command, &places.logs.join("server.log"), "cargo build -p server")
    })
}

/// SQLite is C. Without a compiler cargo fails minutes later with a page of other words. (Windows: rust itself does
/// not install without one.)
fn check_c_compiler() -> Result<()> {
    let named = std::env::var_os("CC").is_some();
    if cfg!(windows) || named || ["cc", "gcc", "clang"].iter().any(|program| run::on_path(program)) {
        return Ok(());
    }
    Err(Trouble::new("no C compiler: the database SQLite is built from C source")
        .remedy("Debian, Ubuntu: sudo apt-get install gcc libc6-dev\nmacOS: xcode-select --install"))
}
