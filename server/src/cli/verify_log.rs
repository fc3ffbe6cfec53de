//! `lianxin verify-log`: was anything changed, cut out, put in or rolled back? Works beside a running server.

use super::{Args, Stop};
use crate::house::Data;
use crate::proof::Signer;
use crate::start;
use crate::verify::{Report, Wanted, verify};
use std::path::Path;
use std::time::Instant;
use sync::Checkpoint;

/// Verifies and tells; the exit code says whether all is well.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let dir = args.path("--data")?;
    let mut seen = Vec::new();
    while let Some(file) = args.option("--checkpoint")? {
        seen.push(kept(Path::new(&file))?);
    }
    args.end()?;
    let data = start::existing(&dir)?;
    let begun = Instant::now();
    let report = of(&data, &seen).await;
    tell(&report, begun);
    if report.is_sound() {
        return Ok(());
    }
    Err(Stop::new(
        "核对没有通过：先停止服务，复制整个数据文件夹留作证据，再从备份恢复到新文件夹",
        "not sound: stop the server, copy the whole data folder as evidence, then restore a backup into a new folder",
    ))
}

/// The report on a folder.
pub(crate) async fn of(data: &Data, seen: &[Checkpoint]) -> Report {
    let signer = Signer::read(&data.key()).ok();
    verify(&Wanted::new(&data.log(), signer.as_ref(), seen)).await
}

/// A checkpoint from a file: a note as text, or a package that a phone exported.
fn kept(path: &Path) -> Result<Checkpoint, Stop> {
    let bytes = std::fs::read(path).map_err(|error| Stop::file(path, &error))?;
    let note = std::str::from_utf8(&bytes).ok().and_then(Checkpoint::parse);
    note.or_else(|| from_package(&bytes)).ok_or_else(|| {
        let path = path.display();
        Stop::new(
            format!("{path} 不是凭证，也不是手机导出的数据包"),
            format!("{path} is neither a checkpoint nor a package exported by a phone"),
        )
    })
}

/// What matters of a phone's package.
#[derive(serde::Deserialize)]
struct Package {
    witness: Witness,
}
#[derive(serde::Deserialize)]
struct Witness {
    last: Option<Checkpoint>,
}

fn from_package(bytes: &[u8]) -> Option<Checkpoint> {
    domain::from_cbor::<Package>(bytes)?.witness.last
}

fn tell(report: &Report, begun: Instant) {
    println!("历史 entries      {}", report.entries);
    println!("材料 documents    {}", report.docs);
    println!("审计 audit        {}", report.audit);
    if let Some(checkpoint) = &report.checkpoint {
        println!("凭证 checkpoint   {} @ {}", checkpoint.root, checkpoint.size);
    }
    println!("用时 took         {:.1} s", begun.elapsed().as_secs_f64());
    for finding in &report.findings {
        println!("✗ {}\n  {}", finding.zh, finding.en);
    }
    if report.more > 0 {
        println!("… 还有 {} 处 / and {} more", report.more, report.more);
    }
    if report.is_sound() {
        println!("核对通过：没有发现改动 / sound: nothing was changed");
    }
}
