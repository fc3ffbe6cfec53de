//! `lianxin demo`: an invented company, ready in seconds, in a folder of its own.

use super::{Args, Stop, log_to_stderr};
use crate::desk::Signing;
use crate::house::{Data, machine_clock};
use crate::site::Site;
use crate::{demo, start};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Builds the demo if it is not there, prints how to reach it, serves it.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let site = args.path("--site")?;
    let dir = args.option("--data")?.map_or_else(demo::default_dir, |dir| Ok(PathBuf::from(dir)))?;
    let port = args.option("--port")?.unwrap_or_else(|| "8080".into());
    let listen = args.option("--listen")?.unwrap_or_else(|| format!("0.0.0.0:{port}"));
    let reset = args.flag("--reset");
    let signing = if args.flag("--codes") { Signing::Required } else { Signing::Optional };
    args.end()?;

    log_to_stderr();
    let site = start::site(&site, false)?;
    // First, so that a taken port is told before ten seconds of work.
    let listener = start::bind(&listen).await?;
    let (data, build) = demo::open(&dir, reset)?;
    let took = if build { Some(build_apart(&data)?) } else { None };
    let _alone = start::alone(&data)?;
    let judge = start::validators().await?;
    let house = start::open_with(&data, demo::config(signing), site, machine_clock(), judge).await?;
    let address = listener.local_addr().map_err(|error| Stop::new(error.to_string(), "no address"))?;
    demo::welcome(&data, address, took);
    start::serve(house, listener).await
}

/// In a process of its own: making fourteen thousand documents takes memory that an allocator keeps, and the
/// server that stays should be as small as it is with real data.
fn build_apart(data: &Data) -> Result<Duration, Stop> {
    println!("正在建立演示公司，约十秒 / building the invented company, about ten seconds …");
    let begun = Instant::now();
    let failed =
        |why: String| Stop::new(format!("演示公司没有建成：{why}"), format!("the demo was not built: {why}"));
    let program = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
    let built = Command::new(program).arg("demo-build").arg("--data").arg(data.dir()).status();
    match built {
        Ok(status) if status.success() => Ok(begun.elapsed()),
        Ok(status) => Err(failed(status.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// `lianxin demo-build`, only ever called by [`run`]: fills an opened demo folder.
pub async fn build(mut args: Args) -> Result<(), Stop> {
    let dir = args.path("--data")?;
    args.end()?;
    log_to_stderr();
    let data = start::data(Path::new(&dir))?;
    let _alone = start::alone(&data)?;
    let house = start::open(&data, demo::config(Signing::Optional), Site::default(), machine_clock()).await?;
    demo::build(&house).await?;
    demo::is_ready(&data)
}
