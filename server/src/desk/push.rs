//! The pushes of one request: in order, judged on the desk, appended in one transaction, each with its fate.

use super::round::{Placing, Round, Turned};
use super::{Desk, Trouble};
use crate::log::{AuditLine, Log};
use domain::{Device, DocId, Hash, Refusal, Who};
use std::collections::BTreeSet;
use sync::{Fate, Frame, Item, Push, REQUEST_PUSHES, Request, is_sealed};

/// How often a request is judged again because something moved. After that the phone tries again itself.
const ROUNDS: usize = 8;
/// Audit lines that one request may cause.
const AUDIT_LINES: usize = 20;
/// Longest device name that is kept.
const DEVICE_CHARS: usize = 64;

/// What came of the pushes.
#[derive(Default)]
pub(super) struct Pushed {
    /// One for each push, in order.
    pub acks: Vec<Frame>,
    /// Changes that the caller sent and that stand.
    pub hashes: BTreeSet<Hash>,
    /// Documents that the caller began with them.
    pub begun: BTreeSet<DocId>,
    pub(super) turned: Vec<Turned>,
    /// Acts that stand and that the audit lists.
    pub(super) decided: Vec<Turned>,
    /// Devices that they changed.
    pub devices: Vec<Device>,
}

impl Pushed {
    pub fn of(
        acks: Vec<(u64, Fate)>,
        hashes: BTreeSet<Hash>,
        begun: BTreeSet<DocId>,
        turned: Vec<Turned>,
    ) -> Self {
        let acks = acks.into_iter().map(|(seq, fate)| Frame::Ack { seq, fate }).collect();
        Self { acks, hashes, begun, turned, decided: vec![], devices: vec![] }
    }
    /// Everything waits.
    pub fn put_off(pushes: &[Push]) -> Self {
        let acks = pushes.iter().map(|push| Frame::Ack { seq: push.seq, fate: Fate::Retry });
        Self { acks: acks.collect(), ..Self::default() }
    }
}

pub(super) fn refused(refusal: Refusal) -> Fate {
    Fate::Refused(refusal)
}

impl<L: Log> Desk<L> {
    pub(super) async fn push(&self, who: &Who, request: &Request, now_ms: i64) -> Result<Pushed, Trouble> {
        if request.push.is_empty() {
            return Ok(Pushed::default());
        }
        let (now, later) = request.push.split_at(request.push.len().min(REQUEST_PUSHES));
        let device = device_of(request);
        let mut pushed = {
            let _turn = self.turns.of(who.person).await;
            self.rounds(who, now, &device, now_ms, None).await?
        };
        self.carry_out(&pushed.devices, now_ms).await?;
        pushed.acks.extend(Pushed::put_off(later).acks);
        self.note(who.person, &device, now_ms, &pushed.turned).await?;
        self.note(who.person, &device, now_ms, &pushed.decided).await?;
        Ok(pushed)
    }

    /// `pardoned`: a revoked device whose signatures count in this.
    pub(super) async fn rounds(
        &self,
        who: &Who,
        pushes: &[Push],
        device: &str,
        now_ms: i64,
        pardoned: Option<DocId>,
    ) -> Result<Pushed, Trouble> {
        for _ in 0..ROUNDS {
            let mut round = Round::new(self, who.clone(), device, now_ms);
            round.pardoned = pardoned;
            round.take_all(pushes).await?;
            if let Some(pushed) = round.close().await? {
                return Ok(pushed);
            }
        }
        tracing::warn!("a request was put off: its documents move all the time");
        Ok(Pushed::put_off(pushes))
    }

    /// Who was refused where by which rule; the content is nobody's business.
    pub(super) async fn note(
        &self,
        person: DocId,
        device: &str,
        at_ms: i64,
        turned: &[Turned],
    ) -> Result<(), Trouble> {
        let line = |turned: &Turned| {
            let (doc, code) = (turned.doc, turned.code.clone());
            AuditLine { at_ms, person, device: device.into(), doc, code }
        };
        let lines: Vec<AuditLine> = turned.iter().take(AUDIT_LINES).map(line).collect();
        if !lines.is_empty() {
            self.log.audit(lines).await?;
        }
        Ok(())
    }
}

/// What a phone calls itself, as far as it is kept.
pub(super) fn device_of(request: &Request) -> String {
    request.device.chars().take(DEVICE_CHARS).collect()
}

impl<L: Log> Round<'_, L> {
    /// Judges these pushes, in order.
    pub(super) async fn take_all(&mut self, pushes: &[Push]) -> Result<(), Trouble> {
        let placed: Vec<Placing<'_>> = pushes.iter().enumerate().collect();
        for run in placed.chunk_by(|(_, one), (_, next)| go_together(one, next)) {
            match &run[0].1.item {
                Item::Change(raw) if is_sealed(raw) => self.take_envelope(run[0], raw).await?,
                Item::Change(_) => self.take_changes(run).await?,
                Item::Act(entry) => self.take_act(run[0], entry).await?,
            }
        }
        Ok(())
    }
}

/// Changes of one document in a row pass the gate together: it opens the document once.
fn go_together(one: &Push, next: &Push) -> bool {
    let is_open = |push: &Push| matches!(&push.item, Item::Change(raw) if !is_sealed(raw));
    one.doc == next.doc && is_open(one) && is_open(next)
}
