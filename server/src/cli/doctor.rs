//! `lianxin doctor`: looks at a data folder without changing it, also while a server runs on it.

use super::{Args, Stop};
use crate::backup;
use crate::house::{Data, machine_clock};
use crate::start;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use sync::Checkpoint;

/// Less free space than this is worth a word: a mine's pictures of a week.
const LITTLE: u64 = 1 << 30;

/// Looks and tells.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let dir = args.path("--data")?;
    args.end()?;
    let data = start::existing(&dir)?;
    let sound = [log(&data).await?, access(&data).await?];
    vouched(&data).await?;
    files(&data)?;
    backed_up(&data);
    if sound == [true, true] {
        println!("体检通过 / all is well");
        return Ok(());
    }
    Err(Stop::new(
        "数据库有损坏：停止服务，复制整个数据文件夹留底，再从备份恢复",
        "a database is damaged: stop the server, copy the whole data folder, then restore from a backup",
    ))
}

async fn log(data: &Data) -> Result<bool, Stop> {
    let mut log = open(&data.log()).await?;
    let sound = quick_check(&mut log, "log.db").await?;
    let epoch: String =
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'epoch'").fetch_one(&mut log).await?;
    let kinds: Vec<(String, i64)> =
        sqlx::query_as("SELECT kind, count(*) FROM docs GROUP BY kind ORDER BY kind")
            .fetch_all(&mut log)
            .await?;
    let sums =
        "SELECT (SELECT count(*) FROM changes), (SELECT count(*) FROM acts), (SELECT count(*) FROM people)";
    let (changes, acts, people): (i64, i64, i64) = sqlx::query_as(sums).fetch_one(&mut log).await?;
    println!("历史 epoch        {epoch}");
    println!("人员 people       {people}");
    println!("修改 changes      {changes}");
    println!("办理 acts         {acts}");
    kinds.iter().for_each(|(kind, count)| println!("材料 documents    {count:>8}  {kind}"));
    log.close().await?;
    Ok(sound)
}

/// The last checkpoint, and the key to compare with what phones say.
async fn vouched(data: &Data) -> Result<(), Stop> {
    let mut log = open(&data.log()).await?;
    let sql = "SELECT value FROM meta WHERE key = 'checkpoint'";
    let note: Option<String> = sqlx::query_scalar(sql).fetch_optional(&mut log).await?;
    log.close().await?;
    let Some(checkpoint) = note.and_then(|note| Checkpoint::parse(&note)) else {
        println!("凭证 checkpoint   还没有，首次启动服务时生成 / none yet; made at the first start");
        return Ok(());
    };
    let key: String = checkpoint.key.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("凭证 checkpoint   {} 条 entries  {}", checkpoint.size, checkpoint.root);
    println!("公钥 public key   {key}");
    Ok(())
}

async fn access(data: &Data) -> Result<bool, Stop> {
    if !data.access().exists() {
        println!("账号 accounts     还没有人有密码 / nobody has a password yet");
        return Ok(true);
    }
    let mut access = open(&data.access()).await?;
    let sound = quick_check(&mut access, "access.db").await?;
    let sums = "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM session)";
    let (accounts, sessions): (i64, i64) = sqlx::query_as(sums).fetch_one(&mut access).await?;
    println!("账号 accounts     {accounts}（登录中 sessions {sessions}）");
    access.close().await?;
    Ok(sound)
}

/// When the last good backup was made; too long ago is worth a shout.
fn backed_up(data: &Data) {
    let now_ms = machine_clock()();
    match backup::standing(data) {
        Some(last) => {
            let hours = now_ms.saturating_sub(last.made_ms) / 3_600_000;
            println!("上次备份 backup   {hours} 小时前 hours ago  {}", last.file);
            if last.is_stale(now_ms) {
                println!(
                    "  ！备份超过 26 小时没有成功，请查看服务日志 / no good backup for more than 26 hours"
                );
            }
        }
        None => println!("上次备份 backup   ！从来没有备份 / never: serve --backup-to DIR --recipient KEY"),
    }
}

fn files(data: &Data) -> Result<(), Stop> {
    let (count, bytes) = size_of(&data.dir().join("blobs"));
    println!("图片文件 blobs    {count}（{}）", megabytes(bytes));
    let Ok(disk) = rustix::fs::statvfs(data.dir()) else { return Ok(()) };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    println!("磁盘剩余 free     {}", megabytes(free));
    if free < LITTLE {
        println!("  磁盘空间不多了，请清理或换大磁盘 / little space is left");
    }
    Ok(())
}

fn size_of(dir: &Path) -> (u64, u64) {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.fold((0, 0), |(count, bytes), entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => {
            let (more, larger) = size_of(&entry.path());
            (count + more, bytes + larger)
        }
        Ok(meta) => (count + 1, bytes + meta.len()),
        Err(_) => (count, bytes),
    })
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1_048_576.0)
}

async fn open(path: &Path) -> Result<SqliteConnection, Stop> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging();
    Ok(options.connect().await?)
}

async fn quick_check(database: &mut SqliteConnection, name: &str) -> Result<bool, Stop> {
    let said: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(database).await?;
    println!("{name:<17} {}", if said == "ok" { "完好 sound" } else { "损坏 damaged" });
    Ok(said == "ok")
}
