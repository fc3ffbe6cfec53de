//! `lianxin password`: sets a person's password, typed twice at the keyboard without showing, or read from
//! stdin as one line. It never stands on the command line, where other users of the machine see it.

use super::{Args, Stop};
use crate::access::{Access, normal_no};
use crate::house::machine_clock;
use crate::start;
use api::good_password;
use std::io::{IsTerminal, Write, stdin, stdout};

/// Sets it and ends the person's sessions.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let (data, no) = (args.path("--data")?, normal_no(&args.required("--no")?));
    args.end()?;
    let data = start::existing(&data)?;
    let desk = start::desk(&data).await?;
    let who = desk.who_by_no(&no).ok_or_else(|| {
        Stop::new(format!("花名册里没有工号 {no}"), format!("staff number {no} is not on the roster"))
    })?;
    let password = ask()?;
    good_password(&no, &password).map_err(|error| Stop::new(error.zh(), error.en()))?;
    let access = Access::open(&data.access()).await?;
    access.set_password(who.person, &no, password, machine_clock()()).await?;
    access.end_others(who.person, None).await?;
    access.close().await;
    println!("工号 {no} 的密码已设置，以前的登录已全部退出 / password set, all earlier sessions ended");
    Ok(())
}

fn ask() -> Result<String, Stop> {
    if !stdin().is_terminal() {
        return line();
    }
    let first = hidden("新密码 / new password: ")?;
    let again = hidden("再输一次 / once more: ")?;
    if first == again {
        Ok(first)
    } else {
        Err(Stop::new("两次输入不一样，密码没有改", "the two differ; nothing was changed"))
    }
}

/// Something secret, typed without showing, or the next line of stdin.
pub(super) fn secret(prompt: &str) -> Result<String, Stop> {
    if stdin().is_terminal() { hidden(prompt) } else { line() }
}

fn hidden(prompt: &str) -> Result<String, Stop> {
    print!("{prompt}");
    let _ = stdout().flush();
    let typed = without_echo(line);
    println!();
    typed
}

/// Turns the terminal's echo off while something is typed.
fn without_echo<T>(read: impl FnOnce() -> T) -> T {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let Ok(before) = tcgetattr(stdin()) else { return read() };
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    let _ = tcsetattr(stdin(), OptionalActions::Now, &silent);
    let typed = read();
    let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
    typed
}

fn line() -> Result<String, Stop> {
    let mut text = String::new();
    let read = stdin().read_line(&mut text);
    read.map_err(|error| Stop::new(format!("读不到输入：{error}"), format!("cannot read: {error}")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_string())
}
