//! The program as an operator meets it: commands, their sentences, and a server on a real socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lianxin");
const OFFICERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/officers.csv");
const UNITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/units.csv");

fn run(words: &[&str]) -> Output {
    Command::new(PROGRAM).args(words).output().unwrap()
}
fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}
fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A data folder with fifteen people in it.
fn company(dir: &Path) -> String {
    let data = dir.join("data").display().to_string();
    let done = run(&[
        "import",
        OFFICERS,
        "--data",
        &data,
        "--units",
        UNITS,
        "--organiser",
        "0809005",
        "--admin=0809004",
    ]);
    assert!(done.status.success(), "{}", err(&done));
    data
}

#[test]
fn a_command_that_is_written_wrongly_says_how_to_write_it() {
    for words in [
        &[][..],
        &["import", "x.csv"],
        &["serve", "--data"],
        &["frobnicate"],
        &["doctor", "--data", "x", "--fast"],
    ] {
        let done = run(words);
        assert_eq!(done.status.code(), Some(2), "{words:?}: {}", err(&done));
        assert!(err(&done).contains("lianxin demo"), "{words:?}");
    }
    assert!(run(&["--help"]).status.success());
}

#[test]
fn a_dry_run_reports_and_imports_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let done = run(&["import", OFFICERS, "--data", &data, "--units", UNITS, "--dry-run"]);
    assert!(done.status.success() && out(&done).contains("可导入 15 人"), "{}", out(&done));
    assert!(!Path::new(&data).join("log.db").exists());
}

#[test]
fn the_first_import_wants_an_organiser_and_the_second_only_adds() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let nobody = run(&["import", OFFICERS, "--data", &data, "--units", UNITS]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(err(&nobody).contains("--organiser"), "{}", err(&nobody));
    let stranger = run(&["import", OFFICERS, "--data", &data, "--units", UNITS, "--organiser", "7777777"]);
    assert!(err(&stranger).contains("7777777"), "{}", err(&stranger));

    company(dir.path());
    let again = run(&["import", OFFICERS, "--data", &data]);
    assert!(out(&again).contains("新建 0 份"), "units are remembered: {} {}", out(&again), err(&again));
    let check = run(&["doctor", "--data", &data]);
    assert!(check.status.success() && out(&check).contains("people       15"), "{}", out(&check));
}

#[test]
fn a_roster_that_is_no_roster_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data").display().to_string(), dir.path().join("roster.xlsx"));
    std::fs::write(&file, b"PK\x03\x04 a workbook").unwrap();
    let done = run(&["import", file.to_str().unwrap(), "--data", &data, "--units", UNITS]);
    assert_eq!(done.status.code(), Some(1));
    assert!(err(&done).contains("CSV UTF-8"), "{}", err(&done));
}

fn set_password(data: &str, no: &str, password: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(["password", "--data", data, "--no", no])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn passwords_are_read_from_stdin_and_must_be_good() {
    let dir = tempfile::tempdir().unwrap();
    let data = company(dir.path());
    assert!(err(&set_password(&data, "0209002", "12345678")).contains("太容易猜到"));
    assert!(err(&set_password(&data, "1", "green-lamp-42")).contains("没有工号"));
    let done = set_password(&data, "0209002", "green-lamp-42");
    assert!(done.status.success(), "{}", err(&done));
    for printed in [out(&done), err(&done)] {
        assert!(!printed.contains("green-lamp"));
    }
}

#[test]
fn an_exported_document_is_ordinary_automerge() {
    let dir = tempfile::tempdir().unwrap();
    let data = company(dir.path());
    let (id, file) = (domain::modules::org::person_id("0809005"), dir.path().join("person.automerge"));
    let done = run(&["export", "--data", &data, "--doc", &id.to_string(), "--out", file.to_str().unwrap()]);
    assert!(done.status.success(), "{}", err(&done));
    let doc = automerge::Automerge::load(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(domain::crdt::read(&doc, id).unwrap().1["name"], "高建业".into());
    let acts = std::fs::read_to_string(format!("{}.acts.json", file.display())).unwrap();
    let acts: serde_json::Value = serde_json::from_str(&acts).unwrap();
    assert_eq!(acts["acts"][0]["act"]["appoint"]["role"], "organiser");
    let gone = run(&["export", "--data", &data, "--doc", &domain::DocId([9; 16]).to_string(), "--out", "x"]);
    assert_eq!(gone.status.code(), Some(1));
}

/// A server that ends with the test.
struct Served {
    child: Child,
    address: String,
}
impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(data: &str, site: &Path) -> Served {
    std::fs::create_dir_all(site).unwrap();
    std::fs::write(site.join("index.html"), "<!doctype html>the page").unwrap();
    let mut child = Command::new(PROGRAM)
        .args([
            "serve",
            "--http",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data,
            "--site",
            site.to_str().unwrap(),
        ])
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = lines.find_map(|line| line.ok().filter(|line| line.contains("serving"))).expect("it serves");
    let at = line.find("127.0.0.1:").unwrap();
    let address = line[at..].split_whitespace().next().unwrap().to_string();
    std::thread::spawn(move || lines.for_each(drop)); // a full pipe would stop it
    Served { child, address }
}

fn http(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_serves_on_a_socket_starts_quickly_and_stops_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let data = company(dir.path());
    let begun = Instant::now();
    let mut served = serve(&data, &dir.path().join("site"));
    assert!(begun.elapsed() < Duration::from_secs(5), "a second, and some for a busy machine");
    let page = http(&served.address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(page.starts_with("HTTP/1.1 200 OK") && page.ends_with("the page"), "{page}");
    assert!(page.contains("content-security-policy:"));

    let many: String = (0..100).map(|n| format!("X-{n}: 1\r\n")).collect();
    let refused = http(&served.address, &format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n"));
    assert!(refused.starts_with("HTTP/1.1 431"), "{refused}");

    let import = run(&["import", OFFICERS, "--data", &data]);
    assert!(err(&import).contains("正被另一个连心桥程序使用"), "one writer: {}", err(&import));
    assert!(set_password(&data, "0209002", "green-lamp-42").status.success(), "passwords need no stop");

    Command::new("kill").args(["-TERM", &served.child.id().to_string()]).status().unwrap();
    assert!(served.child.wait().unwrap().success());
}

#[test]
fn demo_passwords_never_meet_real_data() {
    let dir = tempfile::tempdir().unwrap();
    let data = company(dir.path());
    std::fs::create_dir_all(dir.path().join("site")).unwrap();
    std::fs::write(dir.path().join("site/index.html"), "x").unwrap();
    let site = dir.path().join("site").display().to_string();
    let demo = run(&["demo", "--data", &data, "--site", &site, "--listen", "127.0.0.1:0", "--reset"]);
    assert!(err(&demo).contains("不是演示数据，没有动它"), "{}", err(&demo));
    assert!(run(&["doctor", "--data", &data]).status.success(), "all is there");
    std::fs::write(Path::new(&data).join("DEMO"), "x").unwrap();
    let serve = run(&["serve", "--data", &data, "--site", &site]);
    assert!(err(&serve).contains("不能用于正式服务"), "{}", err(&serve));
}

#[test]
fn a_fatal_error_is_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let data = company(dir.path());
    let no_site = run(&["serve", "--data", &data, "--site", dir.path().to_str().unwrap()]);
    assert!(err(&no_site).contains("cargo bundle"), "{}", err(&no_site));
    let no_data = run(&["serve", "--data", &format!("{data}2"), "--site", "x"]);
    assert!(err(&no_data).contains("lianxin import"), "{}", err(&no_data));
    for done in [&no_site, &no_data] {
        assert_eq!(done.status.code(), Some(1));
        assert!(!err(done).contains("panicked"));
    }
}

fn run_with(words: &[&str], typed: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_recovery_key_is_made_once_and_opens_with_two_of_three_shares() {
    let dir = tempfile::tempdir().unwrap();
    let data = company(dir.path());
    let to = dir.path().join("opened").display().to_string();
    let open = ["recovery", "open", "--data", &data, "--out", &to];
    assert!(err(&run_with(&open, "")).contains("还没有恢复钥匙"));

    let made = run(&["recovery", "init", "--data", &data]);
    assert!(made.status.success(), "{}", err(&made));
    let said = out(&made);
    let shares: Vec<&str> =
        said.lines().map(str::trim).filter(|line| line.starts_with("LXSH-ARE1")).collect();
    assert_eq!(shares.len(), 3, "{said}");
    let again = run(&["recovery", "init", "--data", &data]);
    assert!(!again.status.success() && err(&again).contains("已有恢复钥匙"), "{}", err(&again));

    for (one, other) in [(0, 1), (2, 0)] {
        let opened = run_with(&open, &format!("{}\n{}\n", shares[one], shares[other]));
        assert!(opened.status.success() && out(&opened).contains("打不开 0 份"), "{}", err(&opened));
    }
    let twice = run_with(&open, &format!("{0}\n{0}\n", shares[1]));
    assert!(err(&twice).contains("没有打开任何材料"), "{}", err(&twice));
    let spoilt = run_with(&open, &format!("{}Q\n{}\n", shares[1], shares[2]));
    assert!(err(&spoilt).contains("抄写有误"), "{}", err(&spoilt));
}
