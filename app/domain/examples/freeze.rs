//! Freezes a document of each kind that has none yet, as the program writes it today, into
//! `tests/fixtures/<kind>/`: the body with every field filled (`v1.am`), an act of every sort
//! (`v1.acts.cbor`), and what they mean (`v1.txt`). The tidy test opens them for ever. An existing
//! fixture is never written again: old phones do not rewrite their documents either.
//!
//! `cargo run -p domain --example freeze`, after adding the new kind's acts to [`acts`] below. For a
//! changed body of an old kind: `cargo run -p domain --example freeze -- news.draft v2`.

use domain::modules::{appeal, news, org};
use domain::*;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    for kind in modules::kinds() {
        let version = match args.as_slice() {
            [name, version] if name == kind.name() => version,
            _ => "v1",
        };
        freeze(*kind, version)?;
    }
    Ok(())
}

fn freeze(kind: &dyn AnyKind, version: &str) -> std::io::Result<()> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(kind.name());
    let file = |end: &str| folder.join(format!("{version}.{end}"));
    if file("am").exists() {
        return Ok(());
    }
    let owner = org::person_id("0400008");
    let meta = Meta {
        id: DocId::derive(&[b"fixture", kind.name().as_bytes()]),
        kind: kind.name().into(),
        owner,
        unit: OrgCode::new("LB04.2"),
        born_ms: 1_767_578_400_000,
    };
    let body = crdt::birth([7; 16], &meta, kind.fields(), &filled(kind)).map_err(refused)?;
    let entries = entries(kind.name(), &meta);
    covered(kind, &Raw { meta: meta.clone(), values: Values::new(), entries: entries.clone() })?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(file("am"), body.save())?;
    std::fs::write(folder.join(format!("{version}.acts.cbor")), to_cbor(&entries))?;
    let (meta, values) = crdt::read(&body, meta.id).ok_or_else(|| std::io::Error::other("no meta"))?;
    std::fs::write(file("txt"), meaning(kind, &Raw { meta, values, entries }))?;
    println!("{}", file("am").display());
    Ok(())
}

/// A fixture is written once, so it must be whole: an act for every step.
fn covered(kind: &dyn AnyKind, raw: &Raw) -> std::io::Result<()> {
    let (person, unit, posts, aliases) = (raw.meta.owner, OrgCode::new("LB"), vec![], vec![]);
    let who = Who { person, no: String::new(), name: String::new(), unit, member: false, posts, aliases };
    let frozen: Vec<String> = kind.timeline(raw).into_iter().map(|moment| moment.step.code).collect();
    match kind.steps(raw, &who).into_iter().find(|view| !frozen.contains(&view.step.code)) {
        Some(view) => {
            let say = format!("{}: acts() in examples/freeze.rs has no `{}`", kind.name(), view.step.code);
            Err(std::io::Error::other(say))
        }
        None => Ok(()),
    }
}

fn refused(refusal: Refusal) -> std::io::Error {
    std::io::Error::other(refusal.en())
}

/// The sample with every other field filled too.
fn filled(kind: &dyn AnyKind) -> Values {
    let mut values = kind.sample();
    for field in kind.fields() {
        let (key, value) = match field.kind {
            FieldKind::Items => (format!("{}/a", field.name), Value::from(field.zh)),
            FieldKind::Int => (field.name.to_string(), Value::Int(42)),
            FieldKind::Bool => (field.name.to_string(), Value::Bool(true)),
            FieldKind::Text | FieldKind::Str => {
                (field.name.to_string(), Value::from(field.zh.chars().take(field.max).collect::<String>()))
            }
        };
        values.entry(key).or_insert(value);
    }
    values
}

fn entries(kind: &str, meta: &Meta) -> Vec<Entry> {
    let entry = |(i, act): (usize, Vec<u8>)| Entry {
        id: ActId::derive(&[b"fixture", &[i as u8]]),
        doc: meta.id,
        by: meta.owner,
        device: "d1".into(),
        at_ms: meta.born_ms + i as i64,
        about: vec![Hash::of(b"seen")],
        act: act.into(),
        signature: None,
        receipt: Some(Receipt {
            n: i as u64 + 1,
            at_ms: meta.born_ms + 1_000 + i as i64,
            to: String::new(),
            stamped: (i == 0).then(|| "LB诉〔2026〕1号".into()),
            by_name: "孟和".into(),
            signed: None,
        }),
    };
    acts(kind).into_iter().enumerate().map(entry).collect()
}

/// One act of every sort of each kind.
fn acts(kind: &str) -> Vec<Vec<u8>> {
    let s = |text: &str| text.to_string();
    let (id, at) = (DocId::derive(&[b"other"]), OrgCode::new("LB04"));
    let post = |role| (role, at.clone());
    match kind {
        "org.unit" => units(at),
        "org.person" => {
            let (role, at) = post(Role::Rights);
            let (from, until) = (s("2026-01-01"), s("2030-12-31"));
            let with_term =
                org::PersonAct::Appoint {
                    role, at: at.clone(), from, until, reason: s("岭北工〔2026〕3号")
                };
            cbor([
                org::PersonAct::appoint(role, at.clone()),
                with_term,
                org::PersonAct::dismiss(role, at.clone(), "轮岗"),
                org::PersonAct::Transfer { to: at, on: s("2026-02-01"), reason: s("调令 12 号") },
            ])
        }
        "org.private" => cbor([org::PrivateAct::Confirm]),
        "org.device" => device(id),
        "news.draft" => cbor([
            news::DraftAct::Submit,
            news::DraftAct::Approve { opinion: s("同意") },
            news::DraftAct::Return { opinion: s("请核实数字") },
            news::DraftAct::PullBack { reason: s("照片用错") },
        ]),
        "news.article" => cbor([
            news::ArticleAct::Publish { draft: id },
            news::ArticleAct::Pin { on: true },
            news::ArticleAct::Extend { until: s("2026-12-31") },
            news::ArticleAct::Confirm { unit: at },
            news::ArticleAct::Remind { to: vec![id] },
            news::ArticleAct::Archive,
            news::ArticleAct::Withdraw { reason: s("内容有误") },
        ]),
        "appeal.matter" => matter(id, at),
        "appeal.answer" => cbor([
            appeal::AnswerAct::Publish { matter: id },
            appeal::AnswerAct::Withdraw { reason: s("更正") },
        ]),
        _ => vec![],
    }
}

fn units(at: OrgCode) -> Vec<Vec<u8>> {
    use org::UnitAct::*;
    let s = |text: &str| text.to_string();
    let (on, reason) = (|| s("2026-01-01"), || s("岭北工〔2026〕1号"));
    let code = OrgCode::new("LB04.2.1");
    cbor([
        Found { from: at.clone(), on: on(), reason: reason() },
        Establish { code, name: s("1小组"), kind: s("工会小组"), on: on(), reason: reason() },
        Rename { name: s("综采一队分会"), on: on(), reason: reason() },
        Merge { into: at.clone(), on: on(), reason: reason() },
        Move { to: OrgCode::new("LB05.2"), on: on(), reason: reason() },
        Close { reason: s("并入 LB05"), on: on() },
    ])
}

fn device(id: DocId) -> Vec<Vec<u8>> {
    use org::{DeviceAct::*, Proof};
    let s = |text: &str| text.to_string();
    cbor([
        Enrol { proof: Proof::Code, by: id, by_name: s("高建业") },
        Vouch { reason: s("当面核对工作证") },
        Rename { label: s("我的旧手机") },
        Revoke { reason: s("手机丢失") },
        Adopt { parcel: Hash::of(b"parcel"), reason: s("已与本人核实") },
        SendBack { parcel: Hash::of(b"other"), reason: s("不是本人所为") },
    ])
}

fn matter(id: DocId, at: OrgCode) -> Vec<Vec<u8>> {
    use appeal::{Grade, MatterAct::*};
    let s = |text: &str| text.to_string();
    cbor([
        Submit,
        Register { note: s("三日内告知") },
        Forward { to: at.clone(), reason: s("属地管理") },
        Object { reason: s("不属本单位") },
        Accept { words: s("已受理") },
        Decline { reason: s("已在仲裁"), where_to: s("仲裁委员会") },
        Assign { unit: at.clone(), handler: id, handler_name: s("韩工"), co: vec![at] },
        Start { words: s("明日到现场") },
        ProposeExtend { reason: s("等待配件"), days: 10 },
        GrantExtend { words: s("同意") },
        Answer { text: s("已更换循环泵") },
        Rate { grade: Grade::Dissatisfied, words: s("仍不足 18 度") },
        Rate { grade: Grade::Basically, words: s("可以") },
        OpenAnswer { title: s("供暖答复"), text: s("已更换循环泵") },
        Archive,
        Withdraw { reason: s("已解决") },
    ])
}

fn cbor<A: serde::Serialize, const N: usize>(acts: [A; N]) -> Vec<Vec<u8>> {
    acts.iter().map(to_cbor).collect()
}

/// What a document says, line by line; the tidy test writes the same.
fn meaning(kind: &dyn AnyKind, raw: &Raw) -> String {
    let values = kind.values(raw).into_iter().map(|(key, value)| format!("{key} = {value:?}\n"));
    let acts = kind.timeline(raw).into_iter().map(|moment| {
        let number = moment.stamped.unwrap_or_default();
        format!("{} | {} | {number}\n", moment.step.code, moment.words)
    });
    values.chain(acts).collect()
}
