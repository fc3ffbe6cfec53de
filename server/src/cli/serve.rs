//! `lianxin serve`: real data. Browsers must reach it through https (a proxy in front does that), or be told
//! `--http` on purpose.

use super::{Args, Stop, log_to_stderr};
use crate::access::Transport;
use crate::desk::Signing;
use crate::house::{Config, machine_clock};
use crate::{demo, start};

/// Runs until it is stopped.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let (data, site) = (args.path("--data")?, args.path("--site")?);
    let listen = args.option("--listen")?.unwrap_or_else(|| "127.0.0.1:8080".into());
    let name = args.option("--name")?.unwrap_or_else(|| "工会".into());
    let transport = if args.flag("--http") { Transport::Http } else { Transport::Https };
    let config =
        Config { transport, proxy: args.flag("--proxy"), name, demo: None, signing: Signing::Required };
    let kill = args.flag("--sw-kill");
    args.end()?;

    log_to_stderr();
    let data = start::existing(&data)?;
    demo::refuse_demo_data(&data)?;
    let _alone = start::alone(&data)?;
    let house = start::open(&data, config, start::site(&site, kill)?, machine_clock()).await?;
    let listener = start::bind(&listen).await?;
    let address = listener.local_addr().map_err(|error| Stop::new(error.to_string(), "no address"))?;
    tracing::info!(%address, https = transport == Transport::Https, "serving");
    if house.access.accounts().await? == 0 {
        tracing::warn!("nobody can sign in yet: run lianxin password");
    }
    start::serve(house, listener).await
}
