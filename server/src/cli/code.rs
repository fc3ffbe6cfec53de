//! `lianxin code`: a one-time code for the first device of a person, usually of the first administrator: before
//! it there is no device from which one could be given out. Whoever may run this holds the server itself.

use super::{Args, Stop};
use crate::access::{Access, normal_no};
use crate::house::machine_clock;
use crate::start;

/// Prints it.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let (data, no) = (args.path("--data")?, normal_no(&args.required("--no")?));
    args.end()?;
    let data = start::existing(&data)?;
    let desk = start::desk(&data).await?;
    let who = desk.who_by_no(&no).ok_or_else(|| {
        Stop::new(format!("花名册里没有工号 {no}"), format!("staff number {no} is not on the roster"))
    })?;
    let access = Access::open(&data.access()).await?;
    let code = access.new_code(who.person, domain::office(), machine_clock()()).await?;
    access.close().await;
    println!("工号 {no} 的设备码 / device code: {code}  （10 分钟内有效 / good for 10 minutes）");
    Ok(())
}
