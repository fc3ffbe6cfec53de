//! Opens a data folder and puts the house on it: what `serve`, `demo` and the tests have in common.

use crate::access::Access;
use crate::blobs::Blobs;
use crate::cli::Stop;
use crate::desk::{Desk, Trouble};
use crate::gate::Judge;
use crate::gate::apart::Validators;
use crate::house::{Clock, Config, Data, House};
use crate::listen;
use crate::log::{Sqlite, Trouble as LogTrouble};
use crate::proof::{KeyTrouble, Signer};
use crate::router::router;
use crate::site::Site;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Validators at once: while one thinks about something long, the other serves everybody else.
const VALIDATORS: usize = 2;

/// Opens everything in the folder.
///
/// # Errors
/// A sentence about what cannot be opened.
pub async fn open(data: &Data, config: Config, site: Site, clock: Clock) -> Result<Arc<House>, Stop> {
    open_with(data, config, site, clock, Judge::Here).await
}

/// The same with the gate where `judge` says.
///
/// # Errors
/// A sentence about what cannot be opened.
pub async fn open_with(
    data: &Data,
    config: Config,
    site: Site,
    clock: Clock,
    judge: Judge,
) -> Result<Arc<House>, Stop> {
    let desk = desk(data).await?.with_judge(judge).with_signing(config.signing);
    renew(&desk, clock()).await?;
    let access = Access::open(&data.access()).await?;
    let blobs = Blobs::open(data.dir()).map_err(|error| Stop::file(data.dir(), &error))?;
    // A parcel that was decided about just before the last end is carried out now.
    desk.resume(clock()).await?;
    Ok(House::new(data.clone(), config, desk, access, blobs, site, clock))
}

/// What an earlier version of the program computed otherwise is computed anew, before anybody is served. A full
/// disk keeps nobody from reading: the next start tries again.
async fn renew(desk: &Desk<Sqlite>, now_ms: i64) -> Result<(), Stop> {
    match desk.renew(domain::RULES, now_ms).await {
        Ok(0) => Ok(()),
        Ok(count) => {
            tracing::info!(count, "documents computed anew by the rules of this version");
            Ok(())
        }
        Err(Trouble::Log(LogTrouble::Full)) => {
            tracing::error!("the disk is full; what an earlier version computed otherwise stays as it was");
            Ok(())
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// The gate in processes of their own, for servers that phones reach.
///
/// # Errors
/// When this machine does not let us make one.
pub async fn validators() -> Result<Judge, Stop> {
    let failed = |error: std::io::Error| {
        let zh = format!("校验进程启动不了：{error}。请检查系统对进程和内存的限制");
        Stop::new(
            zh,
            format!("the validator does not start: {error}; check the limits on processes and memory"),
        )
    };
    let validators = Validators::of_this_program(VALIDATORS).map_err(failed)?;
    validators.try_out().await.map_err(failed)?;
    Ok(Judge::Apart(validators))
}

/// The log of this folder with the desk on it.
///
/// # Errors
/// A sentence about what cannot be opened.
pub async fn desk(data: &Data) -> Result<Desk<Sqlite>, Stop> {
    let (signer, is_new) = signer(data)?;
    let opened = Sqlite::open_signed(&data.log(), signer).await;
    if opened.is_err() && is_new {
        // Not the key that this log wants; the right one must find its place free.
        let _ = std::fs::remove_file(data.key());
    }
    Ok(Desk::open(opened?).await?)
}

/// The key that signs this folder's log, made when the folder is new. True: it was just made.
fn signer(data: &Data) -> Result<(Signer, bool), Stop> {
    let path = data.key();
    let read = match Signer::read(&path) {
        Err(KeyTrouble::File(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            Signer::make(&path).map(|signer| (signer, true))
        }
        read => read.map(|signer| (signer, false)),
    };
    read.map_err(|trouble| {
        let path = path.display();
        Stop::new(
            format!("签名密钥 {path} 读不出：{trouble}。请从备份中取回这个文件"),
            format!("the signing key {path} does not read ({trouble}); take it back from a backup"),
        )
    })
}

/// The data folder, made when it is new.
///
/// # Errors
/// A sentence about what cannot be made.
pub fn data(dir: &Path) -> Result<Data, Stop> {
    Data::at(dir).map_err(|error| Stop::file(dir, &error))
}

/// A data folder that is there already.
///
/// # Errors
/// When it is not.
pub fn existing(dir: &Path) -> Result<Data, Stop> {
    let found = data(dir)?;
    if found.log().exists() {
        return Ok(found);
    }
    let dir = dir.display();
    Err(Stop::new(
        format!("{dir} 里还没有数据。请先运行 lianxin import 导入花名册"),
        format!("{dir} holds no data yet; run lianxin import first"),
    ))
}

/// Holds the folder for one program that writes the log: the server keeps in memory how far it is.
pub struct Alone(#[allow(dead_code)] std::fs::File); // the lock lives as long as the file is open

/// Takes the folder.
///
/// # Errors
/// When a server or an import is at work in it.
pub fn alone(data: &Data) -> Result<Alone, Stop> {
    let path = data.dir().join("LOCK");
    let file = std::fs::File::create(&path).map_err(|error| Stop::file(&path, &error))?;
    if file.try_lock().is_ok() {
        return Ok(Alone(file));
    }
    let dir = data.dir().display();
    Err(Stop::new(
        format!("{dir} 正被另一个连心桥程序使用，请先停止它"),
        format!("another Lianxin program is at work in {dir}; stop it first"),
    ))
}

/// The built screens.
///
/// # Errors
/// When the folder is not a built site.
pub fn site(dir: &Path, kill: bool) -> Result<Site, Stop> {
    Site::read(dir, kill).map_err(|_| {
        let dir = dir.display();
        Stop::new(
            format!("{dir} 不是编译好的界面（没有 index.html）。请先运行 cargo bundle"),
            format!("{dir} is not a built site; run cargo bundle first"),
        )
    })
}

/// Takes the address.
///
/// # Errors
/// When another program has it.
pub async fn bind(address: &str) -> Result<TcpListener, Stop> {
    TcpListener::bind(address).await.map_err(|error| {
        let taken = error.kind() == std::io::ErrorKind::AddrInUse;
        let (zh, en) = if taken {
            ("已被其他程序占用，请换一个端口", "is in use; take another port")
        } else {
            ("不能使用", "cannot be used")
        };
        Stop::new(format!("地址 {address} {zh}：{error}"), format!("{address} {en}: {error}"))
    })
}

/// Serves until Ctrl-C or SIGTERM, then writes everything down. Stops by itself when a write failed: going on
/// after a failed fsync would promise what is not true.
///
/// # Errors
/// When it stopped because of the disk.
pub async fn serve(house: Arc<House>, listener: TcpListener) -> Result<(), Stop> {
    let app = router(house.clone());
    let broken = tokio::select! {
        () = listen::serve(listener, app, listen::Limits::default(), stopped()) => false,
        () = house.desk.log().stopped() => true,
    };
    house.access.close().await;
    tracing::info!(broken, "stopped");
    if !broken {
        return Ok(());
    }
    Err(Stop::new(
        "写入磁盘失败，服务已停止。请检查磁盘后重新启动",
        "a write failed; check the disk and start again",
    ))
}

/// Waits for Ctrl-C or SIGTERM.
async fn stopped() {
    let ctrl_c = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! { _ = ctrl_c => (), _ = term.recv() => () }
            return;
        }
    }
    let _ = ctrl_c.await;
}
