//! A union with everybody of the demo's roster on a data folder of its own, sessions for those who take part,
//! and the server on it as a process of its own.

use domain::modules::org::person_id;
use domain::{DocId, OrgCode};
use server::access::{Access, Cookies, Transport};
use server::house::machine_clock;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const ROSTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/roster.csv");
const UNITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/units.csv");

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    pub id: DocId,
    pub unit: OrgCode,
    pub cookie: String,
}

pub struct Town {
    pub people: Vec<Person>,
    pub log: PathBuf,
    pub server: Server,
    _home: tempfile::TempDir,
}

impl Town {
    pub async fn found(many: usize) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let data = home.path().join("data");
        import(&data);
        let people = signed_in(&data, many).await;
        let log = data.join("log.db");
        let server = Server::start(&data, home.path());
        println!("{} people signed in, server {} at {}", people.len(), server.child.id(), server.address);
        Self { people, log, server, _home: home }
    }
}

/// The program beside the folder of examples.
fn program() -> PathBuf {
    let own = std::env::current_exe().expect("a name");
    own.parent().and_then(Path::parent).expect("a target folder").join("lianxin")
}

fn import(data: &Path) {
    let mut command = Command::new(program());
    // Whoever is the first of the roster will do as organiser.
    let first = first_number();
    command.args(["import", ROSTER, "--units", UNITS, "--organiser", &first, "--data"]).arg(data);
    let done = command.output().expect("the program was built");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn first_number() -> String {
    let text = std::fs::read_to_string(ROSTER).expect("the roster");
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let head = lines.next().expect("a head");
    let at = head.split(',').position(|name| name.contains("工号")).expect("a column of numbers");
    lines.next().and_then(|line| line.split(',').nth(at)).expect("somebody").to_string()
}

async fn signed_in(data: &Path, many: usize) -> Vec<Person> {
    let log = SqliteConnectOptions::new().filename(data.join("log.db")).read_only(true);
    let mut log = log.connect().await.expect("the log");
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT no, who FROM people ORDER BY no LIMIT ?")
        .bind(many as i64)
        .fetch_all(&mut log)
        .await
        .expect("people");
    assert_eq!(rows.len(), many, "the roster has fewer people");
    let access = Access::open(&data.join("access.db")).await.expect("accounts");
    let (cookies, now_ms) = (Cookies(Transport::Http), machine_clock()());
    let mut people = vec![];
    for (no, who) in rows {
        let who: domain::Who = domain::from_cbor(&who).expect("a person");
        let id = person_id(&no);
        let secret = access.begin(id, "load", now_ms).await.expect("a session");
        let cookie = cookies.give_session(&secret).to_str().expect("ASCII").to_string();
        let cookie = cookie.split(';').next().unwrap_or_default().to_string();
        people.push(Person { id, unit: who.unit, cookie });
    }
    access.close().await;
    people
}

/// The server, with the most memory that it and its validators held.
pub struct Server {
    child: Child,
    pub address: String,
    peak_kb: Arc<AtomicU64>,
    children_kb: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Server {
    fn start(data: &Path, home: &Path) -> Self {
        let site = home.join("site");
        std::fs::create_dir_all(&site).expect("a folder");
        std::fs::write(site.join("index.html"), "<!doctype html>").expect("a page");
        let mut command = Command::new(program());
        command.args(["serve", "--http", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.arg("--site").arg(&site).env("NO_COLOR", "1").stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program was built");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let line = lines.find_map(|line| line.ok().filter(|line| line.contains("serving")));
        let line = line.expect("it serves");
        let at = line.find("127.0.0.1:").expect("an address");
        let address = line[at..].split_whitespace().next().expect("an address").to_string();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("{line}")));
        let server = Self {
            child,
            address,
            peak_kb: Arc::default(),
            children_kb: Arc::default(),
            over: Arc::default(),
        };
        server.watch();
        server
    }

    fn watch(&self) {
        let (pid, over) = (self.child.id(), self.over.clone());
        let (own, children) = (self.peak_kb.clone(), self.children_kb.clone());
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                own.fetch_max(rss_kb(pid), Ordering::Relaxed);
                children.fetch_max(children_of(pid).into_iter().map(rss_kb).sum(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(500));
            }
        });
    }

    /// Most memory so far, in MB: the server's own and that of its validators together.
    pub fn peak_mb(&self) -> (u64, u64) {
        (self.peak_kb.load(Ordering::Relaxed) / 1024, self.children_kb.load(Ordering::Relaxed) / 1024)
    }

    pub fn kill(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn status(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default()
}

fn figure(status: &str, name: &str) -> u64 {
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn rss_kb(pid: u32) -> u64 {
    figure(&status(pid), "VmRSS:")
}

fn children_of(pid: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|child| figure(&status(*child), "PPid:") == u64::from(pid)).collect()
}
