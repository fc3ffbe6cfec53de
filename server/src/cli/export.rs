//! `lianxin export`: one document as files that outlive this program, for whoever runs the server. Works
//! beside a running server.

use super::{Args, Stop};
use crate::log::Log;
use crate::{export, start};
use domain::DocId;
use std::path::{Path, PathBuf};

/// Writes `FILE` (Automerge) and `FILE.acts.json`.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let (data, doc, out) = (args.path("--data")?, args.required("--doc")?, args.path("--out")?);
    args.end()?;
    let id = DocId::parse(&doc)
        .ok_or_else(|| Stop::usage(format!("{doc} 不是材料编号"), format!("{doc} is no document id")))?;
    let data = start::existing(&data)?;
    let desk = start::desk(&data).await?;
    let stored = desk.log().load(id).await?.ok_or_else(|| {
        Stop::new(format!("没有编号为 {doc} 的材料"), format!("there is no document {doc}"))
    })?;
    let acts = PathBuf::from(format!("{}.acts.json", out.display()));
    put(&out, &stored.snapshot)?;
    put(&acts, export::acts_json(&stored.row, &stored.acts).as_bytes())?;
    println!("已导出 {} 和 {} / exported", out.display(), acts.display());
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    std::fs::write(path, bytes).map_err(|error| Stop::file(path, &error))
}
