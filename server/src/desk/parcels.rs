//! What a revoked device still sends: nobody knows whether it is the honest work of weeks under ground or a
//! thief's. It is put aside, an officer decides by an act on the device's document, and what was adopted is
//! then judged like everything else.

use super::push::Pushed;
use super::{Desk, Trouble};
use crate::log::{Log, Parcel};
use domain::{Device, DocId, Hash, Refusal, to_cbor};
use sync::{Fate, Frame, Push};

/// Parcels that one device may have waiting; each is at most one request.
const PARCELS: usize = 32;

impl<L: Log> Desk<L> {
    /// Puts these pushes aside. The acks say so: the phone keeps the words in "needs attention". When too
    /// much waits already they stay with the phone.
    ///
    /// # Errors
    /// What the log says.
    pub async fn set_aside(
        &self,
        device: &Device,
        pushes: Vec<Push>,
        now_ms: i64,
    ) -> Result<Vec<Frame>, Trouble> {
        if pushes.is_empty() {
            return Ok(vec![]);
        }
        let id = Hash::of(&to_cbor(&pushes));
        let waiting = self.log.parcels(device.id).await?;
        if waiting.len() >= PARCELS && waiting.iter().all(|parcel| parcel.id != id) {
            return Ok(Pushed::put_off(&pushes).acks);
        }
        let told = Fate::Refused(Refusal::PutAside);
        let acks = pushes.iter().map(|push| Frame::Ack { seq: push.seq, fate: told.clone() }).collect();
        let (device, person) = (device.id, device.person);
        self.log.set_aside(Parcel { id, device, person, at_ms: now_ms, pushes }).await?;
        Ok(acks)
    }

    /// Parcels that wait and that this person decides about, with their devices.
    ///
    /// # Errors
    /// What the log says.
    pub async fn parcels_for(&self, person: DocId, now_ms: i64) -> Result<Vec<(Device, Parcel)>, Trouble> {
        let held = self.held(person, now_ms);
        let oversees = |device: &&Device| {
            device.person != person && !domain::scopes_of(&device.overseers).is_disjoint(&held)
        };
        let devices: Vec<Device> =
            self.shared.devices(|devices| devices.all().filter(oversees).filter(revoked).cloned().collect());
        let mut out = Vec::new();
        for device in devices {
            let parcels = self.log.parcels(device.id).await?;
            out.extend(parcels.into_iter().map(|parcel| (device.clone(), parcel)));
        }
        Ok(out)
    }

    /// Carries out what was decided about parcels of these devices. Doing it twice changes nothing: every
    /// push is known by its hash or id.
    pub(super) async fn carry_out(&self, devices: &[Device], now_ms: i64) -> Result<(), Trouble> {
        for device in devices.iter().filter(|device| !device.settled.is_empty()) {
            for parcel in self.log.parcels(device.id).await? {
                let Some(adopted) = device.settled.get(&parcel.id).copied() else { continue };
                if adopted {
                    self.adopt(device, &parcel, now_ms).await?;
                }
                self.log.settle_parcel(parcel.id, adopted).await?;
            }
        }
        Ok(())
    }

    /// Carries out what was decided about parcels and was cut off by an end of the program.
    ///
    /// # Errors
    /// What the log says.
    pub async fn resume(&self, now_ms: i64) -> Result<(), Trouble> {
        let devices: Vec<Device> = self.shared.devices(|devices| devices.all().cloned().collect());
        self.carry_out(&devices, now_ms).await
    }

    async fn adopt(&self, device: &Device, parcel: &Parcel, now_ms: i64) -> Result<(), Trouble> {
        let Some(who) = self.who(parcel.person, now_ms) else { return Ok(()) };
        let _turn = self.turns.of(who.person).await;
        let pushed = self.rounds(&who, &parcel.pushes, "", now_ms, Some(device.id)).await?;
        self.note(who.person, "", now_ms, &pushed.turned).await
    }
}

fn revoked(device: &&Device) -> bool {
    device.validity == domain::Validity::Revoked
}
