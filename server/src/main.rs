//! The program `lianxin`. Everything is in the library, so that tests and the harness reach it.

fn main() -> std::process::ExitCode {
    server::cli::run(std::env::args_os().skip(1)).into()
}
