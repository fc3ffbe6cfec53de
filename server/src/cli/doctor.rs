//! `lianxin doctor`: looks at a data folder without changing it, also while a server runs on it.

use super::{Args, Stop};
use crate::house::Data;
use crate::start;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;

/// Less free space than this is worth a word: a mine's pictures of a week.
const LITTLE: u64 = 1 << 30;

/// Looks and tells.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let dir = args.path("--data")?;
    args.end()?;
    let data = start::existing(&dir)?;
    let sound = [log(&data).await?, access(&data).await?];
    files(&data)?;
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
