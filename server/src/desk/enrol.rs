//! Devices come into being here and nowhere else, in the server's name: a person asks with a password and a
//! key, and what stands behind it (a code, the demo's openness) is written into the act.

use super::found::office_of;
use super::{Desk, Trouble};
use crate::log::Log;
use domain::{ActId, Device, DocId, Entry, Meta, Refusal, Validity, Values, Who, device_id};
use serde_bytes::ByteBuf;
use sync::{Fate, Frame, Item, Push};

/// Name on receipts of what the server itself attests.
const NAME: &str = "服务器";
/// Devices of one person that wait for somebody to vouch for them.
const WAITING: usize = 5;

impl<L: Log> Desk<L> {
    /// A device by its document.
    pub fn device(&self, id: DocId) -> Option<Device> {
        self.shared.devices(|devices| devices.get(id).cloned())
    }

    /// Begins the document of a device that asks to be enrolled: `kind` and `values` are the caller's, who
    /// knows the module. Does nothing when it is there, or when too many of this person's wait already.
    ///
    /// # Errors
    /// What the log says.
    pub async fn request_device(
        &self,
        who: &Who,
        key: &[u8],
        kind: &str,
        values: Values,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let waits = |device: &&Device| device.validity == Validity::Requested;
        let waiting = self.shared.devices(|devices| devices.of(who.person).filter(waits).count());
        if waiting >= WAITING {
            return Ok(());
        }
        let (id, owner) = (device_id(who.person, key), who.person);
        let meta = Meta { id, kind: kind.into(), owner, unit: who.unit.clone(), born_ms: now_ms };
        self.found_many(vec![super::Founding { meta, values, acts: vec![] }], now_ms).await.map(drop)
    }

    /// An act of the server itself.
    ///
    /// # Errors
    /// What the log says; the refusal when the rulebook does not allow it.
    pub async fn decide(
        &self,
        doc: DocId,
        about: &Who,
        act: Vec<u8>,
        now_ms: i64,
    ) -> Result<Result<(), Refusal>, Trouble> {
        let who = Who { name: NAME.into(), ..office_of(&about.unit) };
        let id = ActId::derive(&[&doc.0, &now_ms.to_le_bytes(), &act]);
        let (device, act) = (String::new(), ByteBuf::from(act));
        let by = who.person;
        let entry =
            Entry { id, doc, by, device, at_ms: now_ms, about: vec![], act, signature: None, receipt: None };
        let push = [Push { seq: 0, doc, item: Item::Act(entry) }];
        let pushed = self.rounds(&who, &push, "", now_ms, None).await?;
        match pushed.acks.into_iter().next() {
            Some(Frame::Ack { fate: Fate::Accepted(_) | Fate::Duplicate(_), .. }) => Ok(Ok(())),
            Some(Frame::Ack { fate: Fate::Refused(refusal), .. }) => Ok(Err(refusal)),
            _ => Err(Trouble::Conflict),
        }
    }
}
