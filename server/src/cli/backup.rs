//! `lianxin backup`, `backup-key` and `restore`: what an operator does before and after a bad day.

use super::{Args, Stop};
use crate::backup::{self, Identity, Recipient};
use crate::house::machine_clock;
use crate::start;
use std::io::Write;
use std::path::{Path, PathBuf};

/// `lianxin backup --data DIR --to FILE --recipient KEY`: also beside a running server.
pub async fn run(mut args: Args) -> Result<(), Stop> {
    let (dir, to) = (args.path("--data")?, args.path("--to")?);
    let recipient = recipient(&args.required("--recipient")?)?;
    args.end()?;
    let data = start::existing(&dir)?;
    let made = backup::make(&data, &to, recipient, machine_clock()()).await?;
    backup::keep_standing(&data, &made)?;
    let megabytes = made.bytes as f64 / 1_048_576.0;
    println!("备份完成 {}（{megabytes:.1} MB，历史 {} 条，已核对）", made.path.display(), made.manifest.last);
    println!("backed up and verified: {} entries, {} files", made.manifest.last, made.manifest.parts.len());
    Ok(())
}

/// The recipient that stands behind `--recipient`, or in the file that is named there.
pub(super) fn recipient(text: &str) -> Result<Recipient, Stop> {
    let from_file = || Recipient::parse(&std::fs::read_to_string(text).ok()?).ok();
    Recipient::parse(text).ok().or_else(from_file).ok_or_else(|| {
        Stop::usage(
            format!("{text} 不是备份公钥（age1…）。用 lianxin backup-key 生成一对"),
            format!("{text} is no public backup key (age1…); make a pair with lianxin backup-key"),
        )
    })
}

/// `lianxin backup-key [--out FILE]`: a new key pair. The secret goes into a file, or once onto the screen.
pub async fn key(mut args: Args) -> Result<(), Stop> {
    let out = args.option("--out")?.map(PathBuf::from);
    args.end()?;
    let identity = Identity::random().ok_or_else(|| Stop::new("机器没有随机数", "no randomness"))?;
    match out {
        Some(path) => {
            put_secret(&path, &identity)?;
            println!("私钥在 {}：打印或抄进保险柜两份，然后从这台机器上删掉", path.display());
            println!("the secret key is in that file: put it in a safe twice, then remove it here");
        }
        None => {
            println!("私钥（只显示这一次，抄进保险柜，服务器上不要留）/ secret, shown once, for the safe:");
            println!("{}", identity.secret());
        }
    }
    println!("公钥，备份时用 / public, for backups:\n{}", identity.recipient());
    Ok(())
}

fn put_secret(path: &Path, identity: &Identity) -> Result<(), Stop> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| Stop::file(path, &error))?;
    let text = format!("# public key: {}\n{}\n", identity.recipient(), identity.secret());
    file.write_all(text.as_bytes()).map_err(|error| Stop::file(path, &error))
}

/// `lianxin restore FILE --key KEYFILE --data NEWDIR`.
pub async fn restore(mut args: Args) -> Result<(), Stop> {
    let (dir, key) = (args.path("--data")?, args.path("--key")?);
    let file: PathBuf = args.word(("备份文件", "the backup file"))?.into();
    args.end()?;
    let text = std::fs::read_to_string(&key).map_err(|error| Stop::file(&key, &error))?;
    let identity = Identity::parse(&text).map_err(|_| {
        let key = key.display();
        Stop::new(format!("{key} 里没有备份私钥"), format!("{key} holds no secret backup key"))
    })?;
    let restored = backup::restore(&file, identity, &dir, machine_clock()()).await?;
    let (manifest, dir) = (&restored.manifest, dir.display());
    println!("已恢复到 {dir}：历史 {} 条，{} 个文件，全部核对无误", manifest.last, manifest.parts.len());
    println!("restored and verified: {} entries, {} files", manifest.last, manifest.parts.len());
    println!("备份做于 {}（UTC 毫秒 {}）", backup::name(manifest.made_ms), manifest.made_ms);
    println!(
        "历史换了新名字 {}。手机下次联网会发现，并把备份之后的内容自动补传上来，不用人工操作；",
        restored.epoch
    );
    println!("各手机会记下这次恢复。备份之后撤销的登录和设备会恢复有效，请在启动后逐一核对。");
    println!(
        "The history has a new name; phones notice, write the restore down and bring back what the backup lacks."
    );
    println!("Sign-ins and devices revoked after the backup are valid again: check them after the start.");
    println!("启动 / start: lianxin serve --data {dir} --site …");
    Ok(())
}
