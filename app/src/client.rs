//! The only bridge between screens and worker. Screens ask and hear back; they never see Automerge,
//! IndexedDB or the network. When the worker dies it is started again and every open question is
//! answered with a sentence; nothing that was called saved is touched by that.

use domain::bridge::{Answer, Ask, BlobState, Event, FromWorker, SyncState, ToWorker};
use domain::{DocId, Who, from_cbor, to_cbor};
use futures_channel::oneshot;
use leptos::prelude::*;
use serde_bytes::ByteBuf;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// What changed in the store, as the worker tells it; `tick` makes each telling a new one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changed {
    /// Counts tellings.
    pub tick: u64,
    /// Documents.
    pub docs: Vec<DocId>,
    /// Kinds whose lists may look different.
    pub kinds: Vec<String>,
}

/// The screens' side of the bridge; copy it freely.
#[derive(Clone, Copy)]
pub struct Client {
    /// How sync stands.
    pub sync: RwSignal<SyncState>,
    /// Last telling of changes.
    pub changed: RwSignal<Changed>,
    /// Who uses the app; `None` before sign-in.
    pub me: RwSignal<Option<Who>>,
    /// Last telling about a picture or file.
    pub blob: RwSignal<Option<BlobState>>,
    /// 模拟离线 is on (demo only).
    pub pretend_offline: RwSignal<bool>,
    /// Counts how often the worker locked, or was lost with the key.
    pub locked: RwSignal<u32>,
    /// Who was unlocked in another tab.
    pub opened: RwSignal<Option<Who>>,
}

#[derive(Default)]
struct Wire {
    worker: Option<Worker>,
    ready: bool,
    queue: Vec<ToWorker>,
    waiting: HashMap<u32, oneshot::Sender<Answer>>,
    next: u32,
    restarts: u32,
}

thread_local! {
    static WIRE: RefCell<Wire> = RefCell::default();
    /// The one client of this page: handlers and tasks run outside of any view and find it here.
    static CLIENT: Cell<Option<Client>> = const { Cell::new(None) };
}

impl Client {
    /// Starts the worker and provides the client to everything below.
    pub fn provide() -> Self {
        let client = Self {
            sync: RwSignal::default(),
            changed: RwSignal::default(),
            me: RwSignal::default(),
            blob: RwSignal::default(),
            pretend_offline: RwSignal::new(false),
            locked: RwSignal::new(0),
            opened: RwSignal::default(),
        };
        CLIENT.set(Some(client));
        client.start();
        client
    }

    /// Asks the worker. The answer may take as long as a picture; it always comes.
    pub async fn ask(self, ask: Ask) -> Answer {
        let (sender, receiver) = oneshot::channel();
        WIRE.with_borrow_mut(|wire| {
            if wire.worker.is_none() {
                return; // it stays down: the sender goes, and that is the answer
            }
            let id = wire.next;
            wire.next += 1;
            wire.waiting.insert(id, sender);
            wire.send(ToWorker { id, ask: ByteBuf::from(to_cbor(&ask)) });
        });
        receiver.await.unwrap_or_else(|_| worker_lost())
    }

    /// Takes over the worker that the boot file began, or starts one.
    fn start(self) {
        let begun = Begun::take();
        let started = begun.as_ref().map(|begun| begun.worker.clone()).or_else(new_worker);
        let Some(worker) = started else { return };
        self.listen(&worker);
        WIRE.with_borrow_mut(|wire| {
            wire.worker = Some(worker);
            wire.ready = false;
        });
        match begun {
            Some(begun) if begun.broke => self.restart(),
            Some(begun) => begun.heard.iter().for_each(|data| self.hear_data(&data)),
            None => {}
        }
    }

    fn listen(self, worker: &Worker) {
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            self.hear_data(&event.data());
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        hear.forget();
        let broke = Closure::<dyn Fn()>::new(move || self.restart());
        worker.set_onerror(Some(broke.as_ref().unchecked_ref()));
        broke.forget();
    }

    fn hear_data(self, data: &JsValue) {
        if let Some(message) = from_cbor(&js_sys::Uint8Array::new(data).to_vec()) {
            self.hear(message);
        }
    }

    fn hear(self, message: FromWorker) {
        match message {
            FromWorker::Answer(id, answer) => {
                if let Some(sender) = WIRE.with_borrow_mut(|wire| wire.waiting.remove(&id)) {
                    let _ = sender.send(from_cbor(&answer).unwrap_or_else(worker_lost));
                }
            }
            FromWorker::Event(event) => from_cbor(&event).into_iter().for_each(|event| self.told(event)),
        }
    }

    fn told(self, event: Event) {
        match event {
            Event::Ready => WIRE.with_borrow_mut(Wire::flush),
            Event::Changed { docs, kinds } => self.changed.update(|changed| {
                *changed = Changed { tick: changed.tick + 1, docs, kinds };
            }),
            Event::Sync(state) => self.sync.set(state),
            Event::Me(who) => self.me.set(Some(who)),
            Event::Blob(state) => self.blob.set(Some(state)),
            Event::SignedOut => self.me.set(None),
            Event::Opened(who) => self.opened.set(Some(who)),
            Event::Locked => self.locked.update(|times| *times += 1),
        }
    }

    /// A fresh worker for the next person: the old one's memory, key and locks go with it.
    pub fn renew(self) {
        self.stop();
        self.opened.set(None);
        self.sync.set(SyncState::default());
        self.start();
    }

    /// Ends the worker; whoever waits for an answer hears that there is none.
    fn stop(self) {
        let open = WIRE.with_borrow_mut(|wire| {
            if let Some(worker) = wire.worker.take() {
                worker.terminate();
            }
            wire.queue.clear();
            std::mem::take(&mut wire.waiting)
        });
        for (_, sender) in open {
            let _ = sender.send(worker_lost());
        }
    }

    /// A trap in the worker: the key went with it, so the phone is locked, and a fresh worker waits for the
    /// person (or gets the key from another tab). It skips the document that the old one was opening when it
    /// died. After five times in a row it stays down and says so.
    fn restart(self) {
        self.stop();
        let again = WIRE.with_borrow_mut(|wire| {
            wire.restarts += 1;
            wire.restarts <= 5
        });
        if again {
            self.locked.update(|times| *times += 1);
        }
    }
}

impl Wire {
    fn send(&mut self, message: ToWorker) {
        match &self.worker {
            Some(worker) if self.ready => post(worker, &message),
            _ => self.queue.push(message),
        }
    }
    fn flush(&mut self) {
        self.ready = true;
        let Some(worker) = &self.worker else { return };
        self.queue.drain(..).for_each(|message| post(worker, &message));
    }
}

fn post(worker: &Worker, message: &ToWorker) {
    let bytes = js_sys::Uint8Array::from(to_cbor(message).as_slice());
    let transfer = js_sys::Array::of1(&bytes.buffer());
    let _ = worker.post_message_with_transfer(&bytes, &transfer);
}

fn new_worker() -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&worker_url(), &options).ok()
}

/// A worker that the boot file began beside the screens, and what it said until they came.
struct Begun {
    worker: Worker,
    heard: js_sys::Array,
    broke: bool,
}

impl Begun {
    /// Once: whoever comes later starts a worker of their own.
    fn take() -> Option<Self> {
        let name = JsValue::from("LIANXIN_BEGUN");
        let begun = js_sys::Reflect::get(&window(), &name).ok()?;
        let _ = js_sys::Reflect::set(&window(), &name, &JsValue::NULL);
        let field = |name: &str| js_sys::Reflect::get(&begun, &name.into()).ok();
        Some(Self {
            worker: field("worker")?.dyn_into().ok()?,
            heard: field("heard")?.dyn_into().ok()?,
            broke: field("broke")?.is_truthy(),
        })
    }
}

/// The boot file leaves the hashed name of the worker on the window.
fn worker_url() -> String {
    let named = js_sys::Reflect::get(&window(), &"LIANXIN_WORKER".into()).ok();
    named.and_then(|name| name.as_string()).unwrap_or_else(|| "/worker.js".into())
}

fn worker_lost() -> Answer {
    Answer::Failed(
        "E-WORKER".into(),
        "本机处理程序刚刚重新启动，这一次操作没有保存，请再试一次".into(),
        "The program on this phone was restarted; this action was not saved. Please try again".into(),
    )
}

/// The client of this page.
///
/// # Panics
/// Before [`Client::provide`].
pub fn client() -> Client {
    CLIENT.get().expect("the shell provides the client before anything else")
}
