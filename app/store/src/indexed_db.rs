//! The store of a real phone: IndexedDB, one database per person. A batch is one transaction without an
//! await between its puts; it counts only once the transaction says complete. iOS kills connections in the
//! background, so a lost one is opened again and the call tried once more.

use crate::{Col, Durability, Pair, Store, Trouble, Write};
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error, OpenDbError};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// Version of the layout. Each step is one line in [`upgrade`]; steps are only ever added.
const VERSION: u32 = 1;

/// A store in IndexedDB.
#[derive(Clone)]
pub struct IndexedDb {
    name: String,
    db: Rc<RefCell<Option<Rc<Database>>>>,
}

impl IndexedDb {
    /// Opens (and makes or upgrades) the database of this name.
    pub async fn open(name: &str) -> Result<Self, Trouble> {
        let store = Self { name: name.into(), db: Rc::default() };
        store.connect().await?;
        Ok(store)
    }

    /// Removes the whole database; only ever after the person typed so.
    pub async fn destroy(name: &str) -> Result<(), Trouble> {
        let request = Database::delete_by_name(name).map_err(|error| open_trouble(&error))?;
        request.await.map_err(|error| open_trouble(&error.into()))
    }

    /// An object that the browser keeps as it is, such as a key that no program may read.
    pub async fn object(&self, key: &[u8]) -> Result<Option<JsValue>, Trouble> {
        self.retried(async |db| get_once(db, Col::Meta, key).await).await
    }

    /// Keeps such an object.
    pub async fn keep_object(&self, key: &[u8], object: &JsValue) -> Result<(), Trouble> {
        self.retried(async |db| {
            let name = Col::Meta.name();
            let tx = db.transaction(name).with_mode(TransactionMode::Readwrite).build()?;
            tx.object_store(name)?.put(object.clone()).with_key(bytes(key)).primitive()?;
            tx.commit().await
        })
        .await
    }

    /// Lets go of the connection, so that another tab may upgrade or delete.
    pub fn close(&self) {
        if let Some(db) = self.db.borrow_mut().take() {
            db.as_ref().clone().close();
        }
    }

    /// A browser that was killed may need a moment before it opens its databases again.
    async fn connect(&self) -> Result<Rc<Database>, Trouble> {
        for wait_ms in [200, 400, 800, 1_600] {
            match self.connect_once().await {
                Err(Trouble::Lost | Trouble::Other(_)) => sleep(wait_ms).await,
                done => return done,
            }
        }
        self.connect_once().await
    }

    async fn connect_once(&self) -> Result<Rc<Database>, Trouble> {
        if let Some(db) = self.db.borrow().clone() {
            return Ok(db);
        }
        let open = Database::open(self.name.as_str())
            .with_version(VERSION)
            .with_on_upgrade_needed(|event, db| upgrade(event.old_version() as u32, &db))
            .await;
        let db = Rc::new(open.map_err(|error| open_trouble(&error))?);
        *self.db.borrow_mut() = Some(db.clone());
        self.yield_to_newer(&db);
        Ok(db)
    }

    /// Another tab wants to upgrade or delete: let go at once; the next call opens again.
    fn yield_to_newer(&self, db: &Rc<Database>) {
        let Ok(mut changes) = db.version_changes() else { return };
        let store = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            while changes.recv().await.is_some() {
                store.close();
            }
        });
    }

    /// Runs once; after a lost connection opens anew and runs once more.
    async fn retried<T>(&self, run: impl AsyncFn(&Database) -> Result<T, Error>) -> Result<T, Trouble> {
        let db = self.connect().await?;
        match run(&db).await {
            Ok(value) => Ok(value),
            Err(error) if trouble(&error) == Trouble::Lost => {
                self.close();
                let db = self.connect().await?;
                run(&db).await.map_err(|error| trouble(&error))
            }
            Err(error) => Err(trouble(&error)),
        }
    }
}

/// The clock of a page or a worker, whichever this runs in.
async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        let timer = Reflect::get(&js_sys::global(), &"setTimeout".into()).ok();
        match timer.and_then(|timer| timer.dyn_into::<Function>().ok()) {
            Some(timer) => drop(timer.call2(&JsValue::NULL, &resolve, &ms.into())),
            None => drop(resolve.call0(&JsValue::NULL)),
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

fn upgrade(old: u32, db: &Database) -> Result<(), Error> {
    if old < 1 {
        // 1 (2026-11): the seven collections, keys and values are bytes.
        for col in Col::ALL {
            db.create_object_store(col.name()).build()?;
        }
    }
    Ok(())
}

fn bytes(value: &[u8]) -> JsValue {
    Uint8Array::from(value).into()
}

/// Keys come back as `ArrayBuffer`, values as the `Uint8Array` that was put.
fn plain(value: JsValue) -> Vec<u8> {
    Uint8Array::new(&value).to_vec()
}

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::DomException(
            DomException::InvalidStateError(_) | DomException::TransactionInactiveError(_),
        ) => Trouble::Lost,
        Error::DomException(exception) => by_name(exception.as_ref()),
        _ => Trouble::Other("indexeddb".into()),
    }
}

fn by_name(exception: &JsValue) -> Trouble {
    let name = Reflect::get(exception, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("QuotaExceededError") => Trouble::Full,
        Some("UnknownError" | "InvalidStateError") => Trouble::Lost,
        Some("VersionError") => Trouble::Blocked,
        other => Trouble::Other(other.unwrap_or("unknown").into()),
    }
}

fn open_trouble(error: &OpenDbError) -> Trouble {
    match error {
        OpenDbError::Base(error) => trouble(error),
        _ => Trouble::Other("no-indexeddb".into()),
    }
}

impl Store for IndexedDb {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        let found = self.retried(async |db| get_once(db, col, key).await).await?;
        Ok(found.map(plain))
    }

    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        self.retried(async |db| {
            let tx = db.transaction(col.name()).build()?;
            let store = tx.object_store(col.name())?;
            // Both requests go out before the first await: one transaction, one moment.
            let keys = store.get_all_keys::<JsValue>().primitive()?;
            let values = store.get_all::<JsValue>().primitive()?;
            let keys: Vec<JsValue> = keys.await?.collect::<Result<_, _>>()?;
            let values: Vec<JsValue> = values.await?.collect::<Result<_, _>>()?;
            Ok(keys.into_iter().map(plain).zip(values.into_iter().map(plain)).collect())
        })
        .await
    }

    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        self.retried(async |db| {
            let tx = db.transaction(col.name()).build()?;
            let keys = tx.object_store(col.name())?.get_all_keys::<JsValue>().primitive()?.await?;
            let keys: Vec<JsValue> = keys.collect::<Result<_, _>>()?;
            Ok(keys.into_iter().map(plain).collect())
        })
        .await
    }

    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        if batch.is_empty() {
            return Ok(());
        }
        self.retried(async |db| write_once(db, &batch, durability).await).await
    }
}

async fn get_once(db: &Database, col: Col, key: &[u8]) -> Result<Option<JsValue>, Error> {
    let tx = db.transaction(col.name()).build()?;
    let found: Option<JsValue> = tx.object_store(col.name())?.get(bytes(key)).primitive()?.await?;
    Ok(found.filter(JsValue::is_object))
}

async fn write_once(db: &Database, batch: &[Write], durability: Durability) -> Result<(), Error> {
    let durability = match durability {
        Durability::Strict => TransactionDurability::Strict,
        Durability::Relaxed => TransactionDurability::Relaxed,
    };
    let options = TransactionOptions::new().with_durability(durability);
    let names: Vec<&str> = Col::ALL.into_iter().filter(|col| touches(batch, *col)).map(Col::name).collect();
    let tx = db
        .transaction(names.as_slice())
        .with_mode(TransactionMode::Readwrite)
        .with_options(options)
        .build()?;
    for write in batch {
        match write {
            Write::Put(col, key, value) => {
                tx.object_store(col.name())?.put(bytes(value)).with_key(bytes(key)).primitive()?;
            }
            Write::Del(col, key) => {
                tx.object_store(col.name())?.delete(bytes(key)).primitive()?;
            }
            Write::Clear(col) => {
                tx.object_store(col.name())?.clear()?;
            }
        }
    }
    // Why a commit was undone stands on the transaction alone: a full disk shows itself only here.
    let sys: JsValue = tx.as_sys().clone().into();
    let done = tx.commit().await;
    let why = Reflect::get(&sys, &"error".into()).ok().filter(JsValue::is_object);
    match (done, why) {
        (Err(_), Some(why)) => Err(why.into()),
        (done, _) => done,
    }
}

fn touches(batch: &[Write], col: Col) -> bool {
    batch.iter().any(|write| match write {
        Write::Put(c, ..) | Write::Del(c, _) | Write::Clear(c) => *c == col,
    })
}
