//! The build tool behind `cargo demo`, `cargo verify` and `cargo bundle`: from sources to a site a phone can keep,
//! to a running demonstration, and to one answer whether everything is in order.
//! Why our own tool and neither trunk nor cargo-leptos: docs/decisions/build.md.

mod browser;
mod debian;
mod demo;
mod extra;
mod kept;
mod names;
mod order;
mod origins;
mod parts;
mod places;
mod run;
mod say;
mod shelf;
mod site;
mod sizes;
mod squeeze;
mod styles;
mod toolchain;
mod trouble;
mod verify;
mod wasm;
mod words;
mod write;

use std::process::ExitCode;

use places::Places;
use trouble::{Result, Trouble};

const HELP: &str = "\
cargo demo [--reset] [--port N] [--data DIR]   build everything and start it with an invented union
cargo verify [--only fmt,tests,…] [--list]     check everything; last line: N passed, N failed
cargo bundle [--gallery] [--out DIR]           build the site for phones; with the gallery of components
cargo run -p bundle -- sizes [--gate]          what a phone downloads, against its budgets
cargo bench-sync                               measure sync (end2end/bench)
cargo bench-start                              measure how long people wait (end2end/measure)
cargo soak [gate | load]                       many random seeds through the harness; or millions of hostile
                                               changes; or a server under load";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command(&arguments) {
        Ok(code) => code,
        Err(trouble) => {
            eprintln!("\n✗ {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[String]) -> Result<ExitCode> {
    let Some((verb, rest)) = arguments.split_first() else {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let places = Places::find()?;
    match verb.as_str() {
        "build" => build(&places, rest)?,
        "sizes" => sizes::report(&places.site, flags(rest, &["--gate"])?[0])?,
        "demo" => demo::demo(&places, rest)?,
        "verify" => return verify::verify(&places, rest),
        "bench-sync" => extra::bench(&places, "bench-sync", rest)?,
        "bench-start" => extra::bench(&places, "bench-start", rest)?,
        "soak" => extra::soak(&places, rest)?,
        "help" | "--help" | "-h" => println!("{HELP}"),
        _ => return Err(usage()),
    }
    Ok(ExitCode::SUCCESS)
}

fn build(places: &Places, arguments: &[String]) -> Result<()> {
    let gallery = arguments.first().is_some_and(|first| first == "--gallery");
    let out = value(&arguments[usize::from(gallery)..], "--out")?;
    let out = out.map(|dir| std::env::current_dir().unwrap_or_default().join(dir));
    let (usual, screens) =
        if gallery { (places.gallery.clone(), wasm::GALLERY) } else { (places.site.clone(), wasm::UI) };
    let site = site::build_into(places, out.unwrap_or(usual), screens)?;
    sizes::report(&site, false)?;
    println!("{}", site.display());
    Ok(())
}

/// The value after `name`, if `arguments` are exactly `name value` or nothing.
fn value(arguments: &[String], name: &str) -> Result<Option<String>> {
    match arguments {
        [] => Ok(None),
        [given, value] if given == name => Ok(Some(value.clone())),
        _ => Err(usage()),
    }
}

/// Which of the known flags are given; anything else is refused.
fn flags<const N: usize>(arguments: &[String], known: &[&str; N]) -> Result<[bool; N]> {
    if arguments.iter().any(|argument| !known.contains(&argument.as_str())) {
        return Err(usage());
    }
    Ok(known.map(|flag| arguments.iter().any(|argument| argument == flag)))
}

fn usage() -> Trouble {
    Trouble::new("not understood").remedy(HELP)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_is_not_understood_is_refused_with_help() {
        assert!(value(&words("--ot x"), "--out").unwrap_err().to_string().contains("cargo demo"));
        assert!(flags(&words("--gat"), &["--gate"]).is_err());
    }

    #[test]
    fn values_and_flags_are_read() {
        assert_eq!(value(&words("--out dist"), "--out").unwrap(), Some("dist".into()));
        assert_eq!(value(&[], "--out").unwrap(), None);
        assert_eq!(flags(&words("--gate"), &["--gate"]).unwrap(), [true]);
    }
}
