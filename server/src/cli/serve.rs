//! `lianxin serve`: real data. Browsers must reach it through https (a proxy in front does that), or be told
//! `--http` on purpose.

use super::{Args, Stop, log_to_stderr};
use crate::access::Transport;
use crate::backup::{self, Recipient};
use crate::desk::Signing;
use crate::house::{Config, Data, machine_clock};
use crate::{demo, start};
use std::path::PathBuf;
use std::time::Duration;

/// Runs until it is stopped.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let (data, site) = (args.path("--data")?, args.path("--site")?);
    let listen = args.option("--listen")?.unwrap_or_else(|| "127.0.0.1:8080".into());
    let name = args.option("--name")?.unwrap_or_else(|| "工会".into());
    let transport = if args.flag("--http") { Transport::Http } else { Transport::Https };
    let config =
        Config { transport, proxy: args.flag("--proxy"), name, demo: None, signing: Signing::Required };
    let kill = args.flag("--sw-kill");
    let shelf = shelf(&mut args)?;
    args.end()?;

    log_to_stderr();
    let data = start::existing(&data)?;
    demo::refuse_demo_data(&data)?;
    let _alone = start::alone(&data)?;
    let (site, judge) = (start::site(&site, kill)?, start::validators().await?);
    let house = start::open_with(&data, config, site, machine_clock(), judge).await?;
    let listener = start::bind(&listen).await?;
    let address = listener.local_addr().map_err(|error| Stop::new(error.to_string(), "no address"))?;
    tracing::info!(%address, https = transport == Transport::Https, "serving");
    if house.access.accounts().await? == 0 {
        tracing::warn!("nobody can sign in yet: run lianxin password");
    }
    match shelf {
        Some((shelf, to)) => drop(tokio::spawn(every_day(data, shelf, to))),
        None => tracing::warn!("no daily backup: say --backup-to DIR --recipient KEY"),
    }
    start::serve(house, listener).await
}

/// Where the daily backup goes, and to whom it is encrypted.
fn shelf(args: &mut Args) -> Result<Option<(PathBuf, Recipient)>, Stop> {
    match args.option("--backup-to")? {
        Some(shelf) => {
            let to = super::backup::recipient(&args.required("--recipient")?)?;
            Ok(Some((shelf.into(), to)))
        }
        None => Ok(None),
    }
}

/// Looks every half hour whether it is time; a failure is told each time and tried again.
async fn every_day(data: Data, shelf: PathBuf, to: Recipient) {
    loop {
        match backup::daily(&data, &shelf, to, machine_clock()()).await {
            Ok(Some(made)) => tracing::info!(bytes = made.bytes, last = made.manifest.last, "backed up"),
            Ok(None) => {}
            Err(stop) => tracing::error!(%stop, "no backup"),
        }
        tokio::time::sleep(Duration::from_secs(30 * 60)).await;
    }
}
