//! `lianxin COMMAND …`. Each command is one file that reads its arguments, does one thing and says what it did.

mod args;
mod backup;
mod code;
mod demo;
mod doctor;
mod export;
mod gate;
mod import;
mod password;
mod recovery;
mod serve;
mod stop;
mod verify_log;

pub use args::Args;
pub use stop::Stop;

use crate::gate::apart;
use std::ffi::OsString;

const USAGE: &str = "\
连心桥 Lianxin

  lianxin demo --site DIR [--data DIR] [--port 8080] [--reset] [--codes]
      演示：自带一家虚构公司 / a demonstration with an invented company; --codes: devices need a code as with real data
  lianxin serve --data DIR --site DIR [--listen 127.0.0.1:8080] [--name 名称] [--proxy] [--http] [--sw-kill]
                [--backup-to DIR --recipient KEY]
      正式服务 / serve real data. --proxy: behind a proxy; --http: plain http (no Secure cookies)
  lianxin import ROSTER.csv --data DIR [--units UNITS.csv] [--organiser 工号] [--admin 工号] [--dry-run] [--findings 问题.csv]
      导入花名册；第一次要有单位表和组织干事 / import a roster; the first time with units and organiser
  lianxin password --data DIR --no 工号
      设置密码（从键盘或标准输入读取）/ set a password, read from the keyboard or stdin
  lianxin code --data DIR --no 工号
      登记第一台设备用的设备码 / a one-time code to enrol somebody's first device
  lianxin export --data DIR --doc ID --out FILE
      导出一份材料 / export one document (Automerge, and its acts as FILE.acts.json)
  lianxin doctor --data DIR
      体检 / check the data
  lianxin backup-key [--out FILE]
      生成备份钥匙：公钥给服务器，私钥进保险柜 / a key pair: the public one here, the secret one in a safe
  lianxin backup --data DIR --to FILE --recipient KEY
      备份（不停机，加密，已核对）/ back up: online, encrypted, verified
  lianxin restore FILE --key KEYFILE --data NEWDIR
      恢复到空文件夹 / restore into an empty folder
  lianxin recovery init --data DIR
      生成恢复钥匙，打印三个分片 / make the recovery key for sealed records, print its three shares
  lianxin recovery open --data DIR --out DIR
      用两个分片打开全部加密材料 / open every sealed record with two shares
  lianxin verify-log --data DIR [--checkpoint FILE]…
      核对历史是否被改动；FILE 是手机导出的数据包或凭证 / was anything changed; FILE: a phone's package or a checkpoint
  lianxin gate FILE… [--onto DOC]
      校验文件中的修改，每个文件一行 JSON / what the gate says about changes in files, one JSON line each
";

/// Runs the command; returns the exit code.
pub fn run(words: impl IntoIterator<Item = impl Into<OsString>>) -> u8 {
    let mut words = words.into_iter().map(Into::<OsString>::into);
    let command = words.next().unwrap_or_default().to_string_lossy().into_owned();
    // These two must work with whatever they are given, and the validator without a runtime.
    match command.as_str() {
        apart::COMMAND => return apart::serve(),
        "gate" => return done(wait(judged(words.collect()))),
        _ => {}
    }
    let args = Args::new(words.map(|word| word.to_string_lossy().into_owned()));
    done(match command.as_str() {
        "serve" => wait(serve::run(args)),
        "demo" => wait(demo::run(args)),
        "demo-build" => wait(demo::build(args)),
        "import" => wait(import::run(args)),
        "password" => wait(password::run(args)),
        "code" => wait(code::run(args)),
        "export" => wait(export::run(args)),
        "doctor" => wait(doctor::run(args)),
        "backup" => wait(backup::run(args)),
        "backup-key" => wait(backup::key(args)),
        "restore" => wait(backup::restore(args)),
        "recovery" => wait(recovery::run(args)),
        "verify-log" => wait(verify_log::run(args)),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        "" => Err(Stop::usage("请写明要做什么", "please say what to do")),
        other => Err(Stop::usage(format!("没有 {other} 这个命令"), format!("there is no command {other}"))),
    })
}

async fn judged(words: Vec<OsString>) -> Result<(), Stop> {
    gate::run(words).await;
    Ok(())
}

fn done(result: Result<(), Stop>) -> u8 {
    result.map_or_else(|stop| tell(&stop), |()| 0)
}

fn tell(stop: &Stop) -> u8 {
    eprintln!("{stop}");
    if stop.code == 2 {
        eprintln!("\n{USAGE}");
    }
    stop.code
}

fn wait(work: impl Future<Output = Result<(), Stop>>) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Stop::new(format!("启动失败：{error}"), format!("cannot start: {error}")))?;
    runtime.block_on(work)
}

/// Log lines to stderr; `LIANXIN_LOG` chooses, e.g. `debug`. They carry ids, never names or what people wrote.
fn log_to_stderr() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("LIANXIN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Only fails when a log is set up already, as in tests.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
