//! `lianxin demo`: an invented company, ready in seconds, in a folder of its own.

use super::{Args, Stop, log_to_stderr};
use crate::house::machine_clock;
use crate::{demo, start};
use std::path::PathBuf;
use std::time::Instant;

/// Builds the demo if it is not there, prints how to reach it, serves it.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let site = args.path("--site")?;
    let dir = args.option("--data")?.map_or_else(demo::default_dir, |dir| Ok(PathBuf::from(dir)))?;
    let port = args.option("--port")?.unwrap_or_else(|| "8080".into());
    let listen = args.option("--listen")?.unwrap_or_else(|| format!("0.0.0.0:{port}"));
    let reset = args.flag("--reset");
    args.end()?;

    log_to_stderr();
    let site = start::site(&site, false)?;
    // First, so that a taken port is told before ten seconds of work.
    let listener = start::bind(&listen).await?;
    let (data, build) = demo::open(&dir, reset)?;
    let _alone = start::alone(&data)?;
    let begun = Instant::now();
    let house = start::open(&data, demo::config(), site, machine_clock()).await?;
    if build {
        demo::build(&house).await?;
        demo::is_ready(&data)?;
    }
    let address = listener.local_addr().map_err(|error| Stop::new(error.to_string(), "no address"))?;
    demo::welcome(&data, address, build.then(|| begun.elapsed()));
    start::serve(house, listener).await
}
