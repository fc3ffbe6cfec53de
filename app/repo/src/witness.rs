//! The phone as a witness. It keeps the server's last checkpoint and takes nothing in that does not continue
//! it. When a history breaks off, nothing that is here is lost: the phone keeps both checkpoints as evidence, says
//! what happened and goes on asking; it believes again as soon as the known history goes on, or when the
//! server says openly that it was restored. Then the old checkpoint stays in its list.
//!
//! The key is the one first heard (trust on first use). Signatures are checked by `lianxin verify-log` on the
//! exported evidence, not here: the tree already binds each answer to what this phone has seen before.

use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{Hash, to_cbor};
use serde::{Deserialize, Serialize};
use store::{Col, Store, Write};
use sync::{Checkpoint, End, Frame, Request, Seen, continues};

/// Key in `meta` of the [`Witness`].
pub(crate) const WITNESS_KEY: &[u8] = b"witness";
/// Earlier histories that are remembered.
const HISTORIES: usize = 20;
/// Without news a proof is asked for this often, device time.
const DUE_MS: i64 = 60 * 60 * 1000;

/// What this phone has seen of the server's history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// The last checkpoint that was believed.
    pub last: Option<Checkpoint>,
    /// When a proof was last seen, device time, UTC ms.
    pub at_ms: i64,
    /// Where earlier histories ended, oldest first: the server was restored since, and said so.
    pub before: Vec<Checkpoint>,
    /// The history broke off; nothing is taken in.
    pub broken: Option<Broken>,
}

/// Evidence beside [`Witness::last`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// Which demand failed: `key`, `proof`, `missing`.
    pub why: String,
    /// What the server showed instead, if anything.
    pub shown: Option<Checkpoint>,
    /// When, device time, UTC ms.
    pub at_ms: i64,
}

/// What a person reads while the history is broken.
pub(crate) fn broken_words() -> (String, String, String) {
    (
        "E-PROOF".into(),
        "服务器的记录与本机上次看到的对不上，可能被改动过。已暂停接收，本机内容都在。请在 设置 导出数据包，交给工会主席或审计人员核对"
            .into(),
        "The server's records do not continue what this phone has seen; they may have been changed. Receiving is \
         paused, everything here is kept. Export your data under Settings and give it to the chair or the auditor"
            .into(),
    )
}

/// What an answer says about the history.
enum Word {
    /// Nothing new, nothing wrong.
    Silent,
    /// The same history, gone on (or heard of for the first time).
    GoesOn(Checkpoint),
    /// Another history, told openly.
    Another(Option<Checkpoint>),
    /// Not what this phone has seen.
    Breaks(&'static str, Option<Checkpoint>),
}

/// Does this answer speak of another history than the one that was asked about?
pub(crate) fn is_other(end: &End, asked: &Request) -> bool {
    !asked.epoch.is_empty() && end.epoch != asked.epoch
}

/// Judges the end of a whole answer. `furthest` is the largest cursor that comes with it.
fn judge(last: Option<&Checkpoint>, is_other: bool, end: &End, furthest: u64) -> Word {
    let shown = end.proof.as_ref().map(|proof| proof.checkpoint.clone());
    if is_other {
        return Word::Another(shown);
    }
    let (Some(last), Some(proof)) = (last, &end.proof) else {
        return match (last, shown) {
            (None, Some(first)) => Word::GoesOn(first),
            (Some(last), None) if furthest > last.size => Word::Breaks("missing", None),
            _ => Word::Silent,
        };
    };
    let new = &proof.checkpoint;
    if new.key != last.key || new.origin != last.origin {
        return Word::Breaks("key", shown);
    }
    let goes_on = proof.from == last.size
        && continues((last.size, last.root), (new.size, new.root), &proof.path)
        && furthest <= new.size;
    if goes_on { Word::GoesOn(new.clone()) } else { Word::Breaks("proof", shown) }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// What a request says about the history that this phone knows.
    pub(crate) fn seen(&self) -> Seen {
        let mem = self.mem.borrow();
        let witness = &mem.witness;
        let (size, root) = witness.last.as_ref().map_or((0, Hash([0; 32])), |last| (last.size, last.root));
        let since = self.host.now_ms().saturating_sub(witness.at_ms);
        // An answer that was cut off may have brought cursors without their proof.
        let is_ahead = mem.meta.cursors.values().any(|n| *n > size);
        let due = is_ahead || witness.broken.is_some() || !(0..DUE_MS).contains(&since);
        Seen { size, root, due }
    }

    /// While the history is broken the phone only asks.
    pub(crate) fn is_broken(&self) -> bool {
        self.mem.borrow().witness.broken.is_some()
    }

    /// True for the first answer of all: this phone has seen nothing yet.
    pub(crate) fn is_first(&self, asked: &Request) -> bool {
        asked.epoch.is_empty() && self.mem.borrow().witness.last.is_none()
    }

    /// Looks at a whole answer before anything of it is taken in. `false`: nothing may be.
    pub(crate) async fn witness(&self, frames: &[Frame], asked: &Request) -> Result<bool, Stop> {
        let end = frames.iter().rev().find_map(|frame| match frame {
            Frame::End(end) => Some(end),
            _ => None,
        });
        // One that was cut off speaks about nothing; the next whole one covers what came with it.
        self.mem.borrow_mut().proven = None;
        let Some(end) = end else { return Ok(!self.is_broken()) };
        let (mut witness, known) = {
            let mem = self.mem.borrow();
            (mem.witness.clone(), mem.meta.cursors.values().copied().max().unwrap_or(0))
        };
        let is_other = is_other(end, asked);
        let told = frames.iter().filter_map(|frame| match frame {
            Frame::Cursors(cursors) => cursors.values().copied().max(),
            _ => None,
        });
        let furthest = told.max().unwrap_or(0).max(if is_other { 0 } else { known });
        let now = self.host.now_ms();
        match judge(witness.last.as_ref(), is_other, end, furthest) {
            Word::Silent => return Ok(witness.broken.is_none()),
            Word::GoesOn(new) => {
                (witness.last, witness.at_ms, witness.broken) = (Some(new), now, None);
            }
            Word::Another(new) => {
                witness.before.extend(witness.last.take());
                let many = witness.before.len().saturating_sub(HISTORIES);
                witness.before.drain(..many);
                (witness.last, witness.at_ms, witness.broken) = (new, now, None);
            }
            Word::Breaks(why, shown) => {
                let first = witness.broken.as_ref().map_or(now, |broken| broken.at_ms);
                witness.broken = Some(Broken { why: why.into(), shown, at_ms: first });
            }
        }
        if witness.broken.is_none() {
            self.mem.borrow_mut().proven = Some(witness);
            return Ok(true);
        }
        let _turn = self.turn.lock().await;
        self.mem.borrow_mut().proven = Some(witness);
        let mut txn = Txn::default();
        let proven = self.believe(&mut txn);
        self.keep(txn).await?;
        self.believed(proven);
        Ok(false)
    }

    /// Puts what was just proven into a transaction: the last page of the answer it belongs to.
    pub(crate) fn believe(&self, txn: &mut Txn) -> Option<Witness> {
        let proven = self.mem.borrow_mut().proven.take()?;
        txn.extra.push(Write::Put(Col::Meta, WITNESS_KEY.to_vec(), to_cbor(&proven)));
        Some(proven)
    }
    /// After that transaction.
    pub(crate) fn believed(&self, proven: Option<Witness>) {
        if let Some(proven) = proven {
            self.mem.borrow_mut().witness = proven;
        }
    }
}
