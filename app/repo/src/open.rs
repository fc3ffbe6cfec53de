//! Opening a person's records on this phone: reads what is small into memory, begins a new installation
//! when there is none, and heeds where the last worker died.

use crate::doc_rec::*;
use crate::keep::Txn;
use crate::mem::Mem;
use crate::stop::Stop;
use crate::witness::WITNESS_KEY;
use crate::{Host, Link, Repo};
use domain::{DocId, Who, from_cbor, to_cbor};
use futures_util::lock::Mutex;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::BTreeMap;
use store::{Col, Durability, Store, Trouble, Write};

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Opens. `who` is what sign-in said, or who was remembered at an offline start; a store belongs to one
    /// person for ever. What sync said about posts since counts more: it belongs to the cursors.
    ///
    /// # Errors
    /// When the store fails, or holds somebody else's records (`Other("person")`).
    pub async fn open(store: S, link: L, host: H, who: Who) -> Result<Self, Trouble> {
        let meta = match read_meta(&store).await? {
            Some(meta) if meta.who.person != who.person => return Err(Trouble::Other("person".into())),
            Some(meta) => MetaRec { who: Who { no: who.no, name: who.name, ..meta.who.clone() }, ..meta },
            None => begin(&store, &host, who).await?,
        };
        let mut mem = Mem::new(meta);
        read_all(&store, &mut mem).await?;
        let opening: Option<Vec<DocId>> = read(&store, OPENING_KEY).await?;
        let (turn, talk) = (Mutex::new(()), Mutex::new(()));
        let repo = Self { store, link, host, turn, talk, mem: RefCell::new(mem), teller: RefCell::default() };
        let noted = match opening {
            Some(ids) => repo.heed_marker(ids).await,
            None => repo.keep_who().await,
        };
        let noted = match noted {
            Ok(()) => repo.renew().await,
            stop => stop,
        };
        match noted {
            // A full phone opens all the same: who signed in is in memory, and the marker still lies there.
            Ok(()) | Err(Stop::Store(Trouble::Full)) => Ok(repo),
            Err(stop) => Err(trouble(stop)),
        }
    }

    /// Keeps what sign-in said, when it is news.
    async fn keep_who(&self) -> Result<(), Stop> {
        let known: Option<MetaRec> = read(&self.store, STATE_KEY).await?;
        if known.is_some_and(|known| known.who == self.mem.borrow().meta.who) {
            return Ok(());
        }
        let mut txn = Txn::default();
        self.meta(&mut txn);
        self.keep(txn).await
    }
}

fn trouble(stop: Stop) -> Trouble {
    match stop {
        Stop::Store(trouble) => trouble,
        _ => Trouble::Other("open".into()),
    }
}

async fn read<S: Store, T: DeserializeOwned>(store: &S, key: &[u8]) -> Result<Option<T>, Trouble> {
    Ok(store.get(Col::Meta, key).await?.and_then(|bytes| from_cbor(&bytes)))
}

/// The state record; one that does not read is a reason to stop, not to begin anew over somebody's outbox.
pub(crate) async fn read_meta<S: Store>(store: &S) -> Result<Option<MetaRec>, Trouble> {
    match store.get(Col::Meta, STATE_KEY).await? {
        Some(bytes) => from_cbor(&bytes).map(Some).ok_or_else(|| Trouble::Other("state".into())),
        None => Ok(None),
    }
}

/// A new installation: its name and secret lie on the disk before anything is written under them.
async fn begin<S: Store, H: Host>(store: &S, host: &H, who: Who) -> Result<MetaRec, Trouble> {
    let hex = |bytes: [u8; 16]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let meta = MetaRec {
        who,
        device: hex(host.random16()),
        generation: host.random16().into(),
        next: 1,
        made: 0,
        epoch: String::new(),
        cursors: BTreeMap::new(),
        skew_ms: 0,
        synced_ms: None,
        first: Some((0, 0)),
        aliases: vec![],
        parked: BTreeMap::new(),
        half: None,
        restored_ms: None,
        suspects: Default::default(),
        rules: host.rules(),
    };
    store.write(vec![Write::Put(Col::Meta, STATE_KEY.to_vec(), to_cbor(&meta))], Durability::Strict).await?;
    Ok(meta)
}

async fn read_all<S: Store>(store: &S, mem: &mut Mem) -> Result<(), Trouble> {
    for (id, rec) in pairs(store, Col::Rows, doc_of).await? {
        mem.rows.put(id, rec);
    }
    mem.out = pairs(store, Col::Outbox, place_of).await?;
    mem.att = pairs(store, Col::Attention, place_of).await?;
    mem.blobs = pairs(store, Col::BlobState, hash_of).await?;
    mem.tried = read(store, TRIED_KEY).await?.unwrap_or(0);
    mem.witness = read(store, WITNESS_KEY).await?.unwrap_or_default();
    Ok(())
}

/// Everything of a collection. What does not read stops the start: an outbox with a hole would lose words.
async fn pairs<S: Store, K: Ord, V: DeserializeOwned>(
    store: &S,
    col: Col,
    key: impl Fn(&[u8]) -> Option<K>,
) -> Result<BTreeMap<K, V>, Trouble> {
    let pair = |(k, value): &(Vec<u8>, Vec<u8>)| Some((key(k)?, from_cbor(value)?));
    let all = store.all(col).await?;
    all.iter().map(|both| pair(both).ok_or_else(|| Trouble::Other(col.name().into()))).collect()
}
