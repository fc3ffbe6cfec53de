//! The server functions of the `api` crate: each reads as who is it, do one thing, answer.

use crate::access::{Asked, Failed, Holder, Place, Secret, normal_no};
use crate::audit;
use crate::caller::{Caller, address};
use crate::fault::Fault;
use crate::house::House;
use crate::log::{AuditLine, Log};
use api::backend::{Answer, Backend, Call};
use api::{
    About, AuditRow, CallError, DeviceCode, Exported, PASSWORD_MAX, Parcel, PasswordError, SHARE_BYTES,
    ShareAnswer, SignInError, good_password,
};
use axum::http::header;
use axum::http::request::Parts;
use domain::{DocId, Role, Who};
use serde_bytes::ByteBuf;
use std::sync::Arc;

/// The house behind the functions.
#[derive(Clone)]
pub struct Doors(pub Arc<House>);

impl Backend for Doors {
    fn sign_in(&self, call: Call, no: String, password: String) -> Answer<Who, SignInError> {
        let doors = self.clone();
        Box::pin(async move { doors.let_in(&call, &no, password).await })
    }
    fn sign_out(&self, call: Call) -> Answer<(), CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.let_out(&call).await })
    }
    fn me(&self, call: Call) -> Answer<Option<Who>, CallError> {
        let doors = self.clone();
        Box::pin(async move { Ok(doors.caller(&call).await?.map(|caller| caller.who)) })
    }
    fn change_password(&self, call: Call, old: String, new: String) -> Answer<(), PasswordError> {
        let doors = self.clone();
        Box::pin(async move { doors.new_password(&call, old, new).await })
    }
    fn about(&self, _: Call) -> Answer<About, CallError> {
        let about = self.0.config.about();
        Box::pin(async move { Ok(about) })
    }
    fn audit(&self, call: Call, from_ms: i64, until_ms: i64) -> Answer<Vec<AuditRow>, CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.audit_rows(&call, from_ms, until_ms).await })
    }
    fn keep_share(&self, call: Call, slot: DocId, proof: ByteBuf, share: ByteBuf) -> Answer<(), CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.take_share(&call, slot, &proof, &share).await })
    }
    fn ask_share(&self, call: Call, slot: DocId, proof: ByteBuf) -> Answer<ShareAnswer, CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.give_share(&call, slot, &proof).await })
    }
    fn export_document(&self, call: Call, id: DocId) -> Answer<Option<Exported>, CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.export(&call, id).await })
    }
    fn device_code(&self, call: Call, person: Option<DocId>) -> Answer<DeviceCode, CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.new_code(&call, person).await })
    }
    fn parcels(&self, call: Call) -> Answer<Vec<Parcel>, CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.put_aside(&call).await })
    }
    fn devices_seen(&self, call: Call) -> Answer<Vec<(DocId, i64)>, CallError> {
        let doors = self.clone();
        Box::pin(async move { doors.seen(&call).await })
    }
}

impl Doors {
    async fn let_in(&self, call: &Call, no: &str, password: String) -> Result<Who, SignInError> {
        let (house, no) = (&self.0, normal_no(no));
        if password.len() > PASSWORD_MAX {
            return Err(SignInError::Wrong);
        }
        let device = house.cookies().device(&call.parts.headers);
        let place = self.place(call, &no, device.as_ref()).await?;
        house.limits.count(&no, &place, house.now_ms()).map_err(SignInError::Wait)?;
        let person = house.access.person_of(&no, password).await.map_err(failed)?;
        let Some(who) = person.and_then(|person| house.desk.who(person, house.now_ms())) else {
            // Also for a number that nobody has: the same work, the same time.
            let tried = house.desk.who_by_no(&no).map(|who| who.person).unwrap_or_default();
            self.note(call, tried, audit::WRONG_PASSWORD).await?;
            return Err(SignInError::Wrong);
        };
        house.limits.right(&no, &place);
        self.begin(call, who.person, device).await?;
        self.note(call, who.person, audit::SIGNED_IN).await?;
        tracing::info!(person = %who.person, "signed in");
        Ok(who)
    }

    async fn begin(&self, call: &Call, person: DocId, device: Option<Secret>) -> Result<(), CallError> {
        let (house, now_ms) = (&self.0, self.0.now_ms());
        let cookies = house.cookies();
        // A session that this browser still held is over: one cookie, one session.
        if let Some(old) = cookies.session(&call.parts.headers)
            && let Some(old) = house.access.session(&old, now_ms).await.map_err(database)?
        {
            house.access.end(old.digest).await.map_err(database)?;
        }
        let secret =
            house.access.begin(person, &device_label(&call.parts), now_ms).await.map_err(database)?;
        let device = device.unwrap_or_default();
        house.access.know(person, &device, now_ms).await.map_err(database)?;
        call.set_cookie(cookies.give_session(&secret));
        call.set_cookie(cookies.give_device(&device));
        Ok(())
    }

    async fn let_out(&self, call: &Call) -> Result<(), CallError> {
        if let Some(caller) = self.caller(call).await? {
            self.0.access.end(caller.session.digest).await.map_err(database)?;
            tracing::info!(person = %caller.who.person, "signed out");
        }
        call.set_cookie(self.0.cookies().take_session());
        Ok(())
    }

    async fn new_password(&self, call: &Call, old: String, new: String) -> Result<(), PasswordError> {
        let house = &self.0;
        let caller = self.caller(call).await?.ok_or(CallError::SignedOut)?;
        let no = normal_no(&caller.who.no);
        good_password(&no, &new)?;
        let device = house.cookies().device(&call.parts.headers);
        let place = self.place(call, &no, device.as_ref()).await?;
        house.limits.count(&no, &place, house.now_ms()).map_err(PasswordError::Wait)?;
        if house.access.person_of(&no, old).await.map_err(failed)? != Some(caller.who.person) {
            return Err(PasswordError::WrongOld);
        }
        house.limits.right(&no, &place);
        let person = caller.who.person;
        house.access.set_password(person, &no, new, house.now_ms()).await.map_err(failed)?;
        house.access.end_others(person, Some(caller.session.digest)).await.map_err(database)?;
        self.note(call, person, audit::NEW_PASSWORD).await?;
        tracing::info!(%person, "password changed");
        Ok(())
    }

    async fn audit_rows(&self, call: &Call, from_ms: i64, until_ms: i64) -> Result<Vec<AuditRow>, CallError> {
        let caller = self.caller(call).await?.ok_or(CallError::SignedOut)?;
        let may = caller.who.posts.iter().any(|post| matches!(post.role, Role::Auditor | Role::Admin));
        if !may {
            return Err(CallError::Forbidden);
        }
        audit::rows(&self.0.desk, from_ms, until_ms).await.map_err(|error| inside(&error))
    }

    /// A line in the audit about signing in.
    async fn note(&self, call: &Call, person: DocId, code: &str) -> Result<(), CallError> {
        let (at_ms, device) = (self.0.now_ms(), device_label(&call.parts));
        let line = AuditLine { at_ms, person, device, doc: DocId::default(), code: code.into() };
        self.0.desk.log().audit(vec![line]).await.map_err(|error| inside(&error))
    }

    async fn take_share(
        &self,
        call: &Call,
        slot: DocId,
        proof: &[u8],
        share: &[u8],
    ) -> Result<(), CallError> {
        let holder = self.holder(call, slot).await?;
        if proof.len() != SHARE_BYTES || share.len() != SHARE_BYTES {
            return Err(CallError::Unreadable);
        }
        let kept = self.0.access.keep_share(holder, proof, share, self.0.now_ms()).await.map_err(database)?;
        if kept { Ok(()) } else { Err(CallError::Forbidden) }
    }

    async fn give_share(&self, call: &Call, slot: DocId, proof: &[u8]) -> Result<ShareAnswer, CallError> {
        let holder = self.holder(call, slot).await?;
        Ok(match self.0.access.ask_share(holder, proof).await.map_err(database)? {
            Asked::Share(share) => ShareAnswer::Share(share.into()),
            Asked::Wrong(left) => ShareAnswer::Wrong(left),
            Asked::Gone => {
                tracing::info!(person = %holder.person, "no share, or no longer");
                ShareAnswer::Gone
            }
        })
    }

    /// The session's person on the device that holds the mark; without one there is no share.
    async fn holder(&self, call: &Call, slot: DocId) -> Result<Holder, CallError> {
        let caller = self.guest(call).await?;
        let device = self.0.cookies().device(&call.parts.headers).ok_or(CallError::SignedOut)?;
        Ok(Holder { person: caller.who.person, device: device.digest(), slot })
    }

    async fn export(&self, call: &Call, id: DocId) -> Result<Option<Exported>, CallError> {
        let caller = self.guest(call).await?;
        crate::export::for_reader(&self.0.desk, &caller.who, id).await.map_err(|error| inside(&error))
    }

    async fn caller(&self, call: &Call) -> Result<Option<Caller>, CallError> {
        Caller::of(&self.0, &call.parts).await.map_err(|fault: Fault| CallError::Inside(fault.code().into()))
    }

    /// Whoever is signed in at a device that counts.
    pub(crate) async fn guest(&self, call: &Call) -> Result<Caller, CallError> {
        let caller = self.caller(call).await?.ok_or(CallError::SignedOut)?;
        caller.standing.check().map_err(|_| CallError::Device)?;
        Ok(caller)
    }

    async fn place(&self, call: &Call, no: &str, device: Option<&Secret>) -> Result<Place, CallError> {
        let known = match device {
            Some(device) if self.0.access.knows(no, device).await.map_err(database)? => Some(device.digest()),
            _ => None,
        };
        Ok(Place { address: address(&call.parts, self.0.config.proxy), known })
    }
}

fn failed(failed: Failed) -> CallError {
    match failed {
        Failed::Busy => CallError::Busy,
        Failed::Database(error) => database(error),
    }
}

pub(crate) fn database(error: sqlx::Error) -> CallError {
    inside(&error)
}

pub(crate) fn inside(error: &dyn std::fmt::Display) -> CallError {
    CallError::Inside(Fault::from_inside("server function", error).code().into())
}

/// System and browser in two words, so that a person recognises the device in a list. Nothing finer is kept.
pub fn device_label(parts: &Parts) -> String {
    let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    label_of(agent)
}

fn label_of(agent: &str) -> String {
    const SYSTEMS: [(&str, &str); 7] = [
        ("OpenHarmony", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    const BROWSERS: [(&str, &str); 7] = [
        ("MicroMessenger", "微信"),
        ("HuaweiBrowser", "华为浏览器"),
        ("MiuiBrowser", "小米浏览器"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&SYSTEMS), find(&BROWSERS)) {
        (Some(system), Some(browser)) => format!("{system} · {browser}"),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_people_know_it() {
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";
        assert_eq!(label_of(android), "Android · Chrome");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
        assert_eq!(label_of(iphone), "iPhone · Safari");
        assert_eq!(label_of("curl/8.0"), "");
    }
}
