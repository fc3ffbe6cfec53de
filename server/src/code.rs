//! One-time codes and parcels as the screens ask for them.

use crate::access::CODE_MS;
use crate::backend::{Doors, database, inside};
use crate::desk::Thing;
use api::backend::Call;
use api::{CallError, DeviceCode, Parcel};
use axum::http::header;
use domain::{DAY_MS, DocId, Role, Who};
use qrcode::{Color, QrCode};

impl Doors {
    /// A code for the caller's own next device, or for somebody of a unit whose devices the caller keeps.
    pub(crate) async fn new_code(&self, call: &Call, person: Option<DocId>) -> Result<DeviceCode, CallError> {
        let (house, caller) = (&self.0, self.guest(call).await?);
        let whose = match person {
            None => caller.who.clone(),
            Some(id) => house.desk.who(id, house.now_ms()).ok_or(CallError::Forbidden)?,
        };
        if whose.person != caller.who.person && !keeps_devices_of(&caller.who, &whose) {
            return Err(CallError::Forbidden);
        }
        let now_ms = house.now_ms();
        let code = house.access.new_code(whose.person, caller.who.person, now_ms).await.map_err(database)?;
        tracing::info!(person = %whose.person, by = %caller.who.person, "device code given out");
        let origin = call.parts.headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        // Behind the #: browsers never send that part to anybody.
        let (size, dark) = drawn(&format!("{}/enrol#{code}", origin.unwrap_or_default()));
        Ok(DeviceCode { code, until_ms: now_ms + CODE_MS, size, dark })
    }

    pub(crate) async fn put_aside(&self, call: &Call) -> Result<Vec<Parcel>, CallError> {
        let (house, caller) = (&self.0, self.guest(call).await?);
        let now_ms = house.now_ms();
        let found =
            house.desk.parcels_for(caller.who.person, now_ms).await.map_err(|error| inside(&error))?;
        let mut out = Vec::new();
        for (device, parcel) in found {
            let things = house.desk.preview(&parcel, now_ms).await.map_err(|error| inside(&error))?;
            let name = house.desk.who(parcel.person, now_ms).map(|who| who.name).unwrap_or_default();
            let things = things.into_iter().map(shown).collect();
            let (id, at_ms, label) = (parcel.id, parcel.at_ms, device.label);
            out.push(Parcel { id, device: device.id, label, name, at_ms, things });
        }
        Ok(out)
    }

    /// Days, not minutes: whoever looks for a lost phone needs no more, and nobody is watched.
    pub(crate) async fn seen(&self, call: &Call) -> Result<Vec<(DocId, i64)>, CallError> {
        let caller = self.guest(call).await?;
        let seen = self.0.access.devices_seen(caller.who.person).await.map_err(database)?;
        Ok(seen.into_iter().map(|(id, at)| (id, at - at.rem_euclid(DAY_MS))).collect())
    }
}

fn keeps_devices_of(who: &Who, whose: &Who) -> bool {
    [Role::Organiser, Role::Admin].iter().any(|role| who.holds(*role, &whose.unit))
}

fn shown(thing: Thing) -> api::Thing {
    let refused = thing.refused.iter().map(|refusal| (refusal.zh(), refusal.en())).collect();
    api::Thing { title: thing.title, news: thing.news, refused }
}

fn drawn(text: &str) -> (u32, Vec<bool>) {
    let Ok(code) = QrCode::new(text) else { return (0, vec![]) };
    (code.width() as u32, code.into_colors().into_iter().map(|color| color == Color::Dark).collect())
}
