//! A union with everybody of the demo's roster on a data folder of its own, sessions for those who take part,
//! and the server on it as a process of its own.

use domain::{DocId, OrgCode};
use server::access::{Access, Cookies, Transport};
use server::demo::{SoftKey, enrol};
use server::house::{Data, machine_clock};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const ROSTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/roster.csv");
const UNITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/units.csv");

/// Somebody who is signed in on a device of theirs.
#[derive(Clone)]
pub struct Person {
    pub id: DocId,
    pub unit: OrgCode,
    pub cookie: String,
    pub key: SoftKey,
}

pub struct Town {
    pub people: Vec<Person>,
    pub data: PathBuf,
    pub server: Server,
    _home: tempfile::TempDir,
}

impl Town {
    pub async fn found(many: usize) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let data = home.path().join("data");
        import(&data);
        let people = signed_in(&data, many).await;
        let server = Server::start(&data);
        println!("{} people signed in, server {} at {}", people.len(), server.child.id(), server.address);
        Self { people, data, server, _home: home }
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

/// Everybody with an enrolled device and a session that is bound to it.
async fn signed_in(data: &Path, many: usize) -> Vec<Person> {
    let log = SqliteConnectOptions::new().filename(data.join("log.db")).read_only(true);
    let mut log = log.connect().await.expect("the log");
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT no FROM people ORDER BY no").fetch_all(&mut log).await.expect("people");
    let data = Data::at(data).expect("a folder");
    let desk = server::start::desk(&data).await.expect("the desk");
    let access = Access::open(&data.access()).await.expect("accounts");
    let mut people = vec![];
    // Ordinary members: an officer's first sync would be most of the work before anything is measured.
    let members = rows.iter().filter_map(|(no,)| desk.who_by_no(no)).filter(|who| who.posts.is_empty());
    for who in members.take(many) {
        let key = SoftKey::named(who.no.as_bytes());
        enrol(&desk, &who, &key, "压力测试", machine_clock()()).await.expect("a device");
        let cookie = session(&access, who.person, key.device(who.person)).await;
        people.push(Person { id: who.person, unit: who.unit, cookie, key });
    }
    access.close().await;
    assert_eq!(people.len(), many, "the roster has fewer members");
    people
}

async fn session(access: &Access, person: DocId, device: DocId) -> String {
    let secret = access.begin(person, "load", machine_clock()()).await.expect("a session");
    assert!(access.bind(secret.digest(), device).await.expect("accounts"), "a new session");
    let cookie = Cookies(Transport::Http).give_session(&secret);
    cookie.to_str().expect("ASCII").split(';').next().unwrap_or_default().to_string()
}

/// The server, with the most memory that it and its validators held.
pub struct Server {
    child: Child,
    data: PathBuf,
    pub address: String,
    peak_kb: Arc<AtomicU64>,
    children_kb: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Server {
    fn start(data: &Path) -> Self {
        let (child, address) = serve(data, "127.0.0.1:0");
        let server = Self {
            child,
            data: data.to_path_buf(),
            address,
            peak_kb: Arc::default(),
            children_kb: Arc::default(),
            over: Arc::default(),
        };
        server.watch();
        server
    }

    /// Its process; another one after each restart.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Has it gone by itself?
    pub fn is_down(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|left| left.is_some())
    }

    /// Pulls the plug, and starts it again at the same address. How long until it served.
    pub fn restart(&mut self) -> Duration {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let begin = Instant::now();
        (self.child, _) = serve(&self.data, &self.address);
        begin.elapsed()
    }

    fn watch(&self) {
        // Only of the first process: after a restart its memory begins anew.
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

/// Starts the program on this folder; the process and the address at which it serves.
fn serve(data: &Path, listen: &str) -> (Child, String) {
    let site = data.with_file_name("site");
    std::fs::create_dir_all(&site).expect("a folder");
    std::fs::write(site.join("index.html"), "<!doctype html>").expect("a page");
    let mut command = Command::new(program());
    command.args(["serve", "--http", "--listen", listen, "--data"]).arg(data);
    command.arg("--site").arg(&site).env("NO_COLOR", "1").stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program was built");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
    let line = lines.by_ref().inspect(|line| eprintln!("{line}")).find(|line| line.contains("serving"));
    let line = line.expect("it serves");
    let at = line.find("127.0.0.1:").expect("an address");
    let address = line[at..].split_whitespace().next().expect("an address").to_string();
    std::thread::spawn(move || lines.for_each(|line| eprintln!("{line}")));
    (child, address)
}

/// What `lianxin verify-log` says of this folder; an error with its words when it is not sound.
pub fn verify_log(data: &Path) -> Result<String, String> {
    let mut command = Command::new(program());
    let done = command.args(["verify-log", "--data"]).arg(data).env("NO_COLOR", "1").output();
    let done = done.expect("the program was built");
    let words = [done.stdout, done.stderr].concat();
    let words = String::from_utf8_lossy(&words).trim().to_string();
    if done.status.success() { Ok(words) } else { Err(words) }
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
