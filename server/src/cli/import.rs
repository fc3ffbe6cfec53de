//! `lianxin import`: a personnel office's roster becomes units and persons. Prints what is wrong first;
//! `--dry-run` stops there, `--findings FILE.csv` keeps the list for whoever mends the roster.

use super::{Args, Stop};
use crate::access::normal_no;
use crate::house::{Data, machine_clock};
use crate::import::{FirstPosts, Judged, births, judge, table, tell, write};
use crate::log::Log;
use crate::start;
use domain::modules::org::roster::{Units, Unreadable};
use domain::{OrgCode, Post, Role};
use std::path::{Path, PathBuf};

struct Wanted {
    roster: PathBuf,
    data: PathBuf,
    units: Option<PathBuf>,
    first: Vec<(Role, String)>,
    dry: bool,
    findings: Option<PathBuf>,
}

/// Reads, reports, writes.
pub async fn run(args: Args) -> Result<(), Stop> {
    let wanted = read_args(args)?;
    let data = start::data(&wanted.data)?;
    let units_file = units_file(&wanted, &data);
    let units_csv = read(&units_file)?;
    let units = Units::read(&units_csv).map_err(unreadable)?;
    let now_ms = machine_clock()();
    let judged = judge(&read(&wanted.roster)?, &units, now_ms).map_err(unreadable)?;
    print!("{}", tell(&judged));
    if let Some(path) = &wanted.findings {
        std::fs::write(path, table(&judged)).map_err(|error| Stop::file(path, &error))?;
        println!("问题清单 / findings: {}", path.display());
    }
    if wanted.dry {
        println!("只检查，没有导入 / checked only, nothing was imported");
        return Ok(());
    }
    let posts = first_posts(&wanted.first, &units, &judged)?;
    let _alone = start::alone(&data)?;
    let desk = start::desk(&data).await?;
    if posts.is_empty() && desk.log().everybody().await?.people.is_empty() {
        return Err(no_organiser());
    }
    let founded = write(&desk, births(&units, &judged.plan, now_ms), &posts, now_ms).await?;
    desk.into_log().close().await;
    keep_units(&units_file, &data, &units_csv)?;
    println!(
        "新建 {} 份材料，已有 {} 份未改动 / {} made, {} were there",
        founded.made,
        founded.there.len(),
        founded.made,
        founded.there.len()
    );
    for (doc, refusal) in &founded.refused {
        println!("  没有写入 {doc}：{}", refusal.zh());
    }
    println!("下一步：lianxin password --data {} --no 工号", wanted.data.display());
    Ok(())
}

fn read_args(mut args: Args) -> Result<Wanted, Stop> {
    let data = args.path("--data")?;
    let units = args.option("--units")?.map(PathBuf::from);
    let findings = args.option("--findings")?.map(PathBuf::from);
    let mut first = Vec::new();
    for (name, role) in [("--organiser", Role::Organiser), ("--admin", Role::Admin)] {
        if let Some(no) = args.option(name)? {
            first.push((role, normal_no(&no)));
        }
    }
    let dry = args.flag("--dry-run");
    let roster = args.word(("花名册文件", "the roster file"))?.into();
    args.end()?;
    Ok(Wanted { roster, data, units, first, dry, findings })
}

/// The units file given now, or the one kept from the first import.
fn units_file(wanted: &Wanted, data: &Data) -> PathBuf {
    wanted.units.clone().unwrap_or_else(|| data.dir().join("units.csv"))
}

fn keep_units(from: &Path, data: &Data, bytes: &[u8]) -> Result<(), Stop> {
    let kept = data.dir().join("units.csv");
    if from == kept {
        return Ok(());
    }
    std::fs::write(&kept, bytes).map_err(|error| Stop::file(&kept, &error))
}

/// First organiser and administrator, if they are among those who are imported.
fn first_posts(first: &[(Role, String)], units: &Units, judged: &Judged) -> Result<FirstPosts, Stop> {
    let company = units.iter().next().map_or_else(OrgCode::default, |unit| unit.code.company());
    let mut posts = FirstPosts::new();
    for (role, no) in first {
        if !judged.plan.persons.iter().any(|person| person.no == *no) {
            let (zh, en) =
                (format!("可导入的人中没有工号 {no}"), format!("{no} is not among the people imported"));
            return Err(Stop::new(zh, en));
        }
        posts.entry(no.clone()).or_default().push(Post::new(*role, company.clone()));
    }
    Ok(posts)
}

fn no_organiser() -> Stop {
    Stop::new(
        "第一次导入要指定组织干事，否则以后没有人能任命职务：加上 --organiser 工号（系统管理员用 --admin 工号，另一个人）",
        "the first import must name the organiser who can appoint others: add --organiser NO (and --admin NO, another person)",
    )
}

fn unreadable(why: Unreadable) -> Stop {
    Stop::new(why.zh(), why.en())
}

fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).map_err(|error| Stop::file(path, &error))
}
