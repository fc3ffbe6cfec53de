//! The worker's middle: takes questions from its tab, opens the person's database when this tab leads,
//! passes questions on when another one does.

use crate::browser::{self, hold_lock, sleep};
use crate::host::Browser;
use crate::link::Http;
use crate::shelf::{self, Disk, Shelf};
use crate::signer::{self, Signer};
use crate::tabs::{TabMessage, Tabs, writes};
use crate::{ahead, hints, idle, keys, locks, rounds, wire};
use domain::bridge::{Answer, Ask, Event, ToWorker};
use domain::{DocId, Who, from_cbor, to_cbor};
use serde_bytes::ByteBuf;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use store::vault::{Handed, Vaulted};
use store::{Memory, Trouble};
use sync::Welcome;
use wasm_bindgen_futures::spawn_local;

/// The repo as it runs here.
pub type Repo = repo::Repo<Shelf, Http, Browser>;

/// How long a tab waits for the lock before it believes that another one leads.
const FOLLOW_AFTER_MS: u32 = 250;

#[derive(Default)]
struct Core {
    tab: DocId,
    http: Http,
    tabs: Option<Tabs>,
    store: Option<Shelf>,
    repo: Option<Rc<Repo>>,
    following: bool,
    /// Why the person's database did not open; every question is answered with it.
    stuck: Option<Trouble>,
    /// Questions that came before it was clear who leads.
    early: Vec<ToWorker>,
    /// Questions that the leader has.
    passed_on: BTreeMap<u32, ByteBuf>,
}

thread_local! {
    static CORE: RefCell<Core> = RefCell::default();
}

/// Starts hearing the tab.
pub fn start() {
    CORE.with_borrow_mut(|core| core.tab = DocId::from_random(browser::random16()));
    keys::start();
    wire::hear(|message| spawn_local(serve(message)));
    wire::event(&Event::Ready);
}

async fn serve(message: ToWorker) {
    match from_cbor(&message.ask) {
        Some(Ask::Lock(ask)) => wire::answer(message.id, &locks::serve(&ask).await),
        Some(Ask::Close) => {
            locks::close().await;
            wire::answer(message.id, &Answer::Done);
        }
        Some(Ask::SignedIn) => {
            signed_in_again();
            wire::answer(message.id, &Answer::Done);
        }
        Some(Ask::Alive) => {
            touched().await;
            wire::answer(message.id, &Answer::Done);
        }
        Some(Ask::Coming(who)) => {
            wire::answer(message.id, &Answer::Done);
            ahead::begin(*who).await;
        }
        Some(ask) => route(message, ask).await,
        None => {}
    }
}

/// Somebody touched this tab. All tabs hear of it: each of them may be the next to lead, and to lock.
async fn touched() {
    if idle::is_over() {
        return locks::idled().await;
    }
    idle::touched();
    tell_tabs(&TabMessage::Touched);
}

/// Where the records lie, in the tab that leads.
pub fn store() -> Option<Shelf> {
    CORE.with_borrow(|core| core.store.clone())
}

/// Does this tab lead?
pub fn leads() -> bool {
    CORE.with_borrow(|core| core.repo.is_some())
}

/// To the repo here, to the leading tab, or into the queue until that is clear.
async fn route(message: ToWorker, ask: Ask) {
    if let Some(trouble) = CORE.with_borrow(|core| core.stuck.clone()) {
        return wire::answer(message.id, &failed(&trouble));
    }
    let repo = CORE.with_borrow_mut(|core| {
        if core.repo.is_none() && !core.following {
            core.early.push(message.clone());
        } else if core.following {
            core.pass_on(message.clone());
        }
        core.repo.clone()
    });
    if let Some(repo) = repo {
        let answer = run(&repo, ask).await;
        wire::answer(message.id, &answer);
    }
}

/// Opens what was unlocked: leads if no other tab does, follows otherwise.
pub fn attach(opened: Handed, who: Who) {
    let tabs = Tabs::join(&opened.database, hear_tab);
    CORE.with_borrow_mut(|core| core.tabs = tabs);
    spawn_local(async move {
        hold_lock(&opened.database).await;
        lead(who).await;
    });
    spawn_local(async {
        sleep(FOLLOW_AFTER_MS).await;
        CORE.with_borrow_mut(Core::follow_if_another_leads);
    });
}

/// The rounds, here or in the leading tab, have waited for this.
fn signed_in_again() {
    let following = CORE.with_borrow_mut(|core| {
        if core.following {
            core.tell(&TabMessage::SignedIn);
        }
        core.following
    });
    if !following {
        open_hints();
        rounds::kick();
    }
}

async fn lead(who: Who) {
    // It may have been locked while it waited for its turn.
    let Some(opened) = locks::opened() else { return };
    let store = match place(&opened).await {
        Ok(store) => store,
        Err(trouble) => return cannot_open(&trouble),
    };
    ahead::settle(who.person, &store).await;
    let http = CORE.with_borrow(|core| core.http.clone());
    let signer = Signer::of(who.person).await;
    http.signer.replace(signer.clone());
    let repo = match Repo::open(store.clone(), http, Browser(signer), who).await {
        Ok(repo) => Rc::new(repo),
        Err(trouble) => return cannot_open(&trouble),
    };
    repo.on_event(Box::new(tell_all));
    let (early, passed_on) = CORE.with_borrow_mut(|core| core.begin_to_lead(store, repo.clone()));
    passed_on.into_iter().for_each(|(id, ask)| again(id, ask));
    early.into_iter().for_each(|message| spawn_local(serve(message)));
    tell_all(Event::Sync(repo.state()));
    open_hints();
    rounds::start(repo);
}

async fn place(opened: &Handed) -> Result<Shelf, Trouble> {
    match &opened.key {
        Some(key) => shelf::shelf(&opened.database, Some(key.clone())).await,
        None => Ok(Vaulted::new(Disk::Memory(Memory::default()), None)),
    }
}

/// A question that the last leader took with it: reading is simply done anew; a write may have been done.
fn again(id: u32, ask: ByteBuf) {
    if !from_cbor(&ask).is_some_and(|ask| writes(&ask)) {
        spawn_local(serve(ToWorker { id, ask }));
        return;
    }
    let zh = "负责保存的窗口刚刚关闭，请检查这一步是否已保存，没有就再试一次".into();
    let en =
        "The window that saves was just closed; check whether this was saved, and try again if not".into();
    wire::answer(id, &Answer::Failed("E-TAB".into(), zh, en));
}

fn cannot_open(trouble: &Trouble) {
    let early = CORE.with_borrow_mut(|core| {
        core.stuck = Some(trouble.clone());
        std::mem::take(&mut core.early)
    });
    early.into_iter().for_each(|message| wire::answer(message.id, &failed(trouble)));
}

impl Core {
    fn begin_to_lead(&mut self, store: Shelf, repo: Rc<Repo>) -> (Vec<ToWorker>, BTreeMap<u32, ByteBuf>) {
        self.store = Some(store);
        self.repo = Some(repo);
        self.following = false;
        if let Some(tabs) = &self.tabs {
            tabs.tell(&TabMessage::Lead);
        }
        (std::mem::take(&mut self.early), std::mem::take(&mut self.passed_on))
    }
    fn follow_if_another_leads(&mut self) {
        if self.repo.is_some() || self.tabs.is_none() {
            return;
        }
        self.following = true;
        ahead::stop();
        std::mem::take(&mut self.early).into_iter().for_each(|message| self.pass_on(message));
    }
    fn tell(&self, message: &TabMessage) {
        if let Some(tabs) = &self.tabs {
            tabs.tell(message);
        }
    }
    fn pass_on(&mut self, message: ToWorker) {
        let ToWorker { id, ask } = message;
        self.passed_on.insert(id, ask.clone());
        self.tell(&TabMessage::Ask { tab: self.tab, id, ask });
    }
}

fn hear_tab(message: TabMessage) {
    let (tab, following) = CORE.with_borrow(|core| (core.tab, core.following));
    match message {
        TabMessage::Ask { tab, id, ask } => serve_tab(tab, id, ask),
        TabMessage::Answer { tab: to, id, answer } if to == tab => {
            CORE.with_borrow_mut(|core| core.passed_on.remove(&id));
            wire::pass_answer(id, answer);
        }
        TabMessage::Event(event) if following => wire::pass_event(event),
        TabMessage::SignedIn if !following => signed_in_again(),
        TabMessage::Touched => idle::touched(),
        TabMessage::Lead if following => {
            let waiting = CORE.with_borrow_mut(|core| std::mem::take(&mut core.passed_on));
            waiting.into_iter().for_each(|(id, ask)| again(id, ask));
        }
        _ => {}
    }
}

/// A question of a tab that follows this one.
fn serve_tab(tab: DocId, id: u32, ask: ByteBuf) {
    let Some(ask) = from_cbor(&ask) else { return };
    let (repo, stuck) = CORE.with_borrow(|core| (core.repo.clone(), core.stuck.clone()));
    if let Some(trouble) = stuck {
        tell_tabs(&TabMessage::Answer { tab, id, answer: packed(&failed(&trouble)) });
    } else if let Some(repo) = repo {
        spawn_local(async move {
            let answer = packed(&run(&repo, ask).await);
            tell_tabs(&TabMessage::Answer { tab, id, answer });
        });
    }
}

fn packed(answer: &Answer) -> ByteBuf {
    ByteBuf::from(to_cbor(answer))
}

/// How a tab that follows shows what the leader heard.
fn as_follower(event: Event) -> Event {
    match event {
        Event::Sync(mut state) => {
            state.follower = true;
            Event::Sync(state)
        }
        event => event,
    }
}

fn tell_tabs(message: &TabMessage) {
    if let Some(tabs) = CORE.with_borrow(|core| core.tabs.clone()) {
        tabs.tell(message);
    }
}

fn tell_followers(event: Event) {
    tell_tabs(&TabMessage::Event(ByteBuf::from(to_cbor(&as_follower(event)))));
}

/// Tells this tab and the others; new posts are kept for the next start.
fn tell_all(event: Event) {
    if let Event::Me(who) = &event {
        locks::is_now(who.clone());
    }
    if let Event::Sync(state) = &event
        && state.revoked
    {
        out(state.waiting);
    }
    wire::event(&event);
    tell_followers(event);
}

/// This device was revoked. What had waited lies at the server for an officer, once nothing waits any more: then
/// everything of this person goes from this phone. Until then nothing of it opens without the server.
fn out(waiting: u32) {
    hints::close();
    if locks::opened().is_none() {
        return;
    }
    spawn_local(async move {
        let done = if waiting == 0 { erase().await } else { locks::sign_out().await };
        drop(done);
    });
}

async fn erase() -> Result<(), Trouble> {
    if let Some(who) = locks::opened().and_then(|place| from_cbor::<Who>(&place.who)) {
        signer::forget(who.person).await;
    }
    locks::erase().await
}

/// What the worker does itself; everything else is the repo's.
async fn run(repo: &Rc<Repo>, ask: Ask) -> Answer {
    if idle::is_over() {
        locks::idled().await;
    }
    let kick = writes(&ask) || matches!(ask, Ask::PutBlob { .. } | Ask::Open(_) | Ask::SyncNow);
    let answer = match ask {
        Ask::SyncNow => {
            open_hints();
            Answer::Done
        }
        Ask::Enrol(code) => enrol(code).await,
        Ask::PretendOffline(on) => pretend_offline(on),
        Ask::Storage => storage(repo.ask(Ask::Storage).await).await,
        Ask::Detach => detach().await,
        Ask::Wipe => wipe().await,
        Ask::Idle(minutes) => {
            locks::set_idle(minutes);
            Answer::Done
        }
        ask => repo.ask(ask).await,
    };
    if kick {
        rounds::kick();
    }
    answer
}

/// Shows the server a one-time code. When the device counts, sync goes on by itself.
async fn enrol(code: String) -> Answer {
    let http = CORE.with_borrow(|core| core.http.clone());
    let (code, zh, en) = match http.hello(Some(code)).await {
        Ok(Welcome::In) => {
            open_hints();
            rounds::kick();
            return Answer::Done;
        }
        Ok(Welcome::Wait(_)) => (
            "E-CODE-2",
            "尝试的次数多了，请过几分钟再试",
            "Too many tries; please try again in a few minutes",
        ),
        Ok(_) => (
            "E-CODE-1",
            "设备码不对、已用过或已过期，请向工会干事要一个新的",
            "The code is wrong, used or too old; please ask for a new one",
        ),
        Err(_) => (
            "E-NET-1",
            "现在连不上服务器。请到有信号的地方再试",
            "The server cannot be reached. Try again where there is a signal",
        ),
    };
    Answer::Failed(code.into(), zh.into(), en.into())
}

/// Listens to hints, unless it does already. A stream that was answered by something else than our server
/// (a portal, an ended session) stays closed until this is called again.
pub fn open_hints() {
    if !CORE.with_borrow(|core| core.http.pretend_offline.get()) {
        hints::open(rounds::kick);
    }
}

fn pretend_offline(on: bool) -> Answer {
    CORE.with_borrow(|core| core.http.pretend_offline.set(on));
    if on {
        hints::close();
    } else {
        open_hints();
    }
    rounds::kick();
    Answer::Done
}

async fn storage(answer: Answer) -> Answer {
    let Answer::Storage { parts, .. } = answer else { return answer };
    let estimate = browser::storage_estimate().await;
    Answer::Storage { parts, estimate, persisted: browser::storage_persisted().await }
}

/// Ends everything that needs the key; a write that is running ends first.
pub async fn shut() {
    ahead::stop();
    hints::close();
    rounds::stop();
    let (repo, store) = CORE.with_borrow_mut(|core| (core.repo.clone(), core.store.take()));
    if let Some(repo) = repo {
        repo.close().await;
    }
    if let Some(store) = store {
        shelf::close(&store);
    }
}

async fn detach() -> Answer {
    if let Err(trouble) = locks::sign_out().await {
        return failed(&trouble);
    }
    tell_followers(Event::SignedOut);
    locks::close().await;
    Answer::Done
}

async fn wipe() -> Answer {
    tell_followers(Event::SignedOut);
    erase().await.map_or_else(|trouble| failed(&trouble), |()| Answer::Done)
}

/// A store trouble in words. Nothing was written.
pub fn failed(trouble: &Trouble) -> Answer {
    let (code, zh, en) = match trouble {
        Trouble::Full => (
            "E-STORE-FULL",
            "手机空间已满，这一步还没有保存，文字仍在屏幕上。请先删去不用的照片、视频或应用，再试一次",
            "The phone is full; this was not saved yet, the text is still on the screen. Delete photos, videos or apps you do not need, then try again",
        ),
        Trouble::Blocked => (
            "E-STORE-OLD",
            "另一个窗口开着新版本，请关闭其他窗口后再打开",
            "Another window has a newer version open; close the others and open again",
        ),
        Trouble::Unreadable => (
            "E-STORE-SEAL",
            "本机有一处数据已损坏，打不开。请联系管理员；确认没有未送达的内容后可以重新开始",
            "Something on this phone is damaged and does not open. Ask the administrator; starting anew helps if nothing waits to be sent",
        ),
        Trouble::Lost | Trouble::Other(_) => (
            "E-STORE",
            "本机存储暂时打不开，这一步没有保存。请关闭应用后重新打开",
            "The store on this phone cannot be opened; this was not saved. Close the app and open it again",
        ),
    };
    Answer::Failed(code.into(), zh.into(), en.into())
}
