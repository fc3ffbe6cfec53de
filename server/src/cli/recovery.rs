//! `lianxin recovery init` and `open`: the union's recovery key, for when nobody's phone opens a sealed
//! document any more. See docs/operations.md.

use super::password::secret;
use super::{Args, Stop};
use crate::audit::RECOVERED;
use crate::blobs::{self, Blobs};
use crate::desk::Desk;
use crate::gate::sealed;
use crate::house::machine_clock;
use crate::log::{AuditLine, Log, Sqlite};
use crate::recovery::{self, Share};
use crate::start;
use automerge::{Automerge, Change};
use domain::{DocId, FILE_KEYS, Hash, Value, crdt, file_keys};
use std::path::Path;
use sync::{Pair, native};

/// `lianxin recovery init|open …`
pub async fn run(mut args: Args) -> Result<(), Stop> {
    match args.word(("init 或 open", "init or open"))?.as_str() {
        "init" => init(args).await,
        "open" => open(args).await,
        other => Err(Stop::usage(format!("没有 recovery {other}"), format!("there is no recovery {other}"))),
    }
}

async fn init(mut args: Args) -> Result<(), Stop> {
    let dir = args.path("--data")?;
    args.end()?;
    let data = start::existing(&dir)?;
    // It writes: one writer at a time.
    let _alone = start::alone(&data)?;
    let desk = start::desk(&data).await?;
    if desk.log().recovery_key().await.map_err(crate::desk::Trouble::from)?.is_some() {
        let en = "there is a recovery key already; its shares would open nothing sealed from now on";
        return Err(Stop::new("已有恢复钥匙。换新钥匙后旧分片打不开以后的材料，故未更改", en));
    }
    let (pair, shares) = recovery::make()
        .ok_or_else(|| Stop::new("没有随机数，没有生成", "no randomness; nothing was made"))?;
    desk.log().put_recovery_key(pair.public.to_vec()).await.map_err(crate::desk::Trouble::from)?;
    println!("恢复钥匙已生成。请把三个分片分别抄写或打印，交给三位不同的负责人密封保管；本机不留底。");
    println!("任意两片可以打开全部加密材料，一片打不开。正在运行的服务重启后生效。");
    println!(
        "Three shares, for three people; any two open every sealed record, one opens none. Nothing is kept here.\n"
    );
    for share in &shares {
        println!("分片 {} / share {}\n  {share}\n", share.x, share.x);
    }
    Ok(())
}

async fn open(mut args: Args) -> Result<(), Stop> {
    let (dir, out) = (args.path("--data")?, args.path("--out")?);
    args.end()?;
    let data = start::existing(&dir)?;
    // It writes: one writer at a time.
    let _alone = start::alone(&data)?;
    let desk = start::desk(&data).await?;
    let public = desk.log().recovery_key().await.map_err(crate::desk::Trouble::from)?;
    let public = public.ok_or_else(|| Stop::new("还没有恢复钥匙", "there is no recovery key"))?;
    let shares = [share("第一个分片 / first share: ")?, share("第二个分片 / second share: ")?];
    let pair = recovery::join(&shares[0], &shares[1], &public).ok_or_else(|| {
        Stop::new(
            "这两个分片不是这把恢复钥匙的两片，没有打开任何材料",
            "these are not two shares of this key",
        )
    })?;
    std::fs::create_dir_all(&out)
        .map_err(|error| Stop::new(format!("不能写入：{error}"), format!("cannot write: {error}")))?;
    let blobs = Blobs::open(data.dir()).map_err(|error| {
        Stop::new(format!("图片目录打不开：{error}"), format!("cannot open the pictures: {error}"))
    })?;
    let (mut opened, mut shut) = (0, 0);
    for doc in sealed_docs(&desk).await? {
        match open_one(&desk, &blobs, &pair, doc, &out).await? {
            true => opened += 1,
            false => shut += 1,
        }
    }
    println!("已打开 {opened} 份，打不开 {shut} 份 / opened {opened}, could not open {shut}");
    Ok(())
}

/// Typed by whoever keeps it. Never on the command line, where other users of the machine see it.
fn share(prompt: &str) -> Result<Share, Stop> {
    Share::parse(&secret(prompt)?)
        .map_err(|_| Stop::new("分片抄写有误，请对照原件逐组核对", "the share has a mistake in it"))
}

/// Documents read at a time.
const PAGE: usize = 500;

async fn sealed_docs(desk: &Desk<Sqlite>) -> Result<Vec<DocId>, Stop> {
    let (mut found, mut after) = (vec![], None);
    loop {
        let page = desk.log().bodies(after, PAGE).await.map_err(crate::desk::Trouble::from)?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after = Some(*last);
        let is_sealed = |values: &domain::Values| domain::Seal::of(values) != domain::Seal::None;
        found.extend(page.into_iter().filter(|(_, values)| is_sealed(values)).map(|(doc, _)| doc));
    }
}

/// Writes one document as Automerge and as text, its pictures beside it, and leaves a line in the audit.
async fn open_one(
    desk: &Desk<Sqlite>,
    blobs: &Blobs,
    pair: &Pair,
    doc: DocId,
    out: &Path,
) -> Result<bool, Stop> {
    let changes = desk.log().changes_since(doc, 0).await.map_err(crate::desk::Trouble::from)?;
    let envelopes: Vec<Vec<u8>> = changes.into_iter().map(|change| change.bytes).collect();
    let recoverable = sealed::Past::of(envelopes.iter().map(Vec::as_slice)).is_some();
    let Some(raws) = native::recover(doc, pair, &envelopes).filter(|_| recoverable) else { return Ok(false) };
    let Some(Whole { body, text, keys }) = put_together(doc, raws) else { return Ok(false) };
    let put = |end: &str, bytes: &[u8]| {
        std::fs::write(out.join(format!("{doc}.{end}")), bytes)
            .map_err(|error| Stop::new(format!("不能写入：{error}"), format!("cannot write: {error}")))
    };
    put("automerge", &body)?;
    put("txt", text.as_bytes())?;
    for (file, key) in keys {
        match open_file(blobs, file, &key).await {
            Some((ending, bytes)) => put(&format!("{}.{ending}", &file.to_string()[..12]), &bytes)?,
            // The phone that took it has not sent it, or what was sent is something else.
            None => {
                println!("{doc}：图片 {file} 不在服务器上或打不开 / its picture is not here or does not open")
            }
        }
    }
    let person = DocId::derive(&[b"lianxin.server"]);
    let (at_ms, device, code) = (machine_clock()(), "recovery".into(), RECOVERED.into());
    let line = AuditLine { at_ms, person, device, doc, code };
    desk.log().audit(vec![line]).await.map_err(crate::desk::Trouble::from)?;
    Ok(true)
}

async fn open_file(blobs: &Blobs, file: Hash, key: &[u8; 32]) -> Option<(&'static str, Vec<u8>)> {
    let (size, _) = blobs.about(file).await.ok()?;
    let bytes = native::open_file(key, &blobs.read(file, 0..size).await.ok()?)?;
    Some((blobs::Kind::sniff(&bytes).map_or("bin", blobs::Kind::ending), bytes))
}

/// A document, put together from its changes.
struct Whole {
    /// As Automerge.
    body: Vec<u8>,
    /// For people.
    text: String,
    /// What opens its pictures.
    keys: Vec<(Hash, [u8; 32])>,
}

fn put_together(doc: DocId, raws: Vec<Vec<u8>>) -> Option<Whole> {
    let mut whole = Automerge::new();
    for raw in raws {
        whole.apply_changes([Change::from_bytes(raw).ok()?]).ok()?;
    }
    let (meta, values) = crdt::read(&whole, doc)?;
    let mut text = format!("{} {} {}\n", meta.kind, meta.unit, doc);
    let keys = file_keys(&values);
    let is_read = |(key, _): &(String, Value)| !key.starts_with(&format!("{FILE_KEYS}/"));
    for (key, value) in values.into_iter().filter(is_read) {
        let value = match value {
            Value::Str(text) => text,
            Value::Int(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
        };
        text.push_str(&format!("{key}: {value}\n"));
    }
    Some(Whole { body: whole.save(), text, keys })
}
