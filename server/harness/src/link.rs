//! The network between a phone and the server. Everything crosses it as bytes; faults happen on it.

use crate::step::pause;
use crate::world::{World, rules_of};
use domain::{AnyKind, Card, DocId, Hash, Scope, Signature, Validity, from_cbor, to_cbor};
use repo::{BlobHead, BlobPiece, Host, Link, LinkTrouble, SoftSealer};
use server::demo::SoftKey;
use server::desk::Trouble;
use server::log::Kinds;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use sync::{Frame, FrameReader, Pair, Request, write_frame};

/// How bad the network is, in so many times of a thousand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// The request never arrives.
    pub drop_request: u32,
    /// The server has done it, the answer never arrives.
    pub drop_answer: u32,
    /// The answer breaks off after some frame.
    pub cut_answer: u32,
    /// The request arrives twice.
    pub twice: u32,
    /// The request, or a copy of it, arrives long after its phone gave it up.
    pub late: u32,
    /// Something else goes wrong: session, portal, overload, an error of the server.
    pub trouble: u32,
}

/// A phone's side of the network; the story turns it.
#[derive(Default)]
pub(crate) struct Air {
    pub online: Cell<bool>,
    pub faults: Cell<Faults>,
    /// The next answer breaks off after so many frames.
    pub cut_next: Cell<Option<usize>>,
    /// The next answer is lost after the server has done everything.
    pub lose_next: Cell<bool>,
    /// Somebody else answers next, in the server's place.
    pub trouble_next: RefCell<Option<LinkTrouble>>,
}

/// The link of one phone.
#[derive(Clone)]
pub struct Wire {
    pub(crate) world: Rc<World>,
    pub(crate) air: Rc<Air>,
    pub(crate) phone: usize,
    pub(crate) person: DocId,
    /// Document of the device at this end.
    pub(crate) device: DocId,
}

impl Wire {
    fn chance(&self, per_mille: u32) -> bool {
        per_mille > 0 && self.world.dice.chance(per_mille)
    }
    /// Is there a way at all?
    fn reach(&self) -> Result<(), LinkTrouble> {
        if let Some(trouble) = self.air.trouble_next.take() {
            return Err(trouble);
        }
        let faults = self.air.faults.get();
        if !self.air.online.get() || self.chance(faults.drop_request) {
            return Err(LinkTrouble::Offline);
        }
        if self.chance(faults.trouble) {
            let all = [
                LinkTrouble::SessionEnded,
                LinkTrouble::Portal,
                LinkTrouble::Busy { retry_after_ms: 1_000 },
                LinkTrouble::Server(502),
                LinkTrouble::TooOld,
            ];
            return Err(self.world.dice.pick(&all).cloned().unwrap_or(LinkTrouble::Offline));
        }
        Ok(())
    }

    /// The answer, and whether the device is out (410).
    async fn serve(&self, request: &[u8]) -> Result<(Vec<u8>, bool), LinkTrouble> {
        let request: Request = from_cbor(request).ok_or(LinkTrouble::Server(400))?;
        let desk = self.world.desk();
        let device = desk.device(self.device);
        if let Some(device) = device.filter(|device| device.validity == Validity::Revoked) {
            let frames = desk.set_aside(&device, request.push, self.world.clock.get()).await;
            return Ok((bytes_of(&frames.map_err(|_| LinkTrouble::Server(500))?), true));
        }
        let mut frames = vec![];
        let answer = desk.stream(self.person, request, self.world.clock.get(), &mut frames).await;
        answer.map_err(|trouble| match trouble {
            Trouble::NoSuchPerson => LinkTrouble::SessionEnded,
            Trouble::Conflict | Trouble::Module | Trouble::Log(_) => LinkTrouble::Server(500),
        })?;
        Ok((bytes_of(&frames), false))
    }

    /// How many frames of this answer arrive; `None` for all of them.
    fn cut(&self, frames: usize) -> Option<usize> {
        if let Some(at) = self.air.cut_next.take() {
            return Some(at);
        }
        self.chance(self.air.faults.get().cut_answer).then(|| self.world.dice.below(frames + 1))
    }
}

impl Link for Wire {
    async fn sync(&self, request: &Request, each: &mut dyn FnMut(Frame)) -> Result<(), LinkTrouble> {
        pause().await;
        let up = to_cbor(request);
        self.world.note("up", &up);
        self.world.note_pushes(self.phone, &request.push);
        if self.air.online.get() && self.chance(self.air.faults.get().late) {
            self.world.late.borrow_mut().push((self.person, up.clone()));
        }
        self.reach()?;
        if self.chance(self.air.faults.get().twice) {
            self.serve(&up).await?;
            pause().await;
        }
        let (down, is_out) = self.serve(&up).await?;
        let (count, sent, received) = self.world.traffic.get();
        self.world.traffic.set((count + 1, sent + up.len() as u64, received + down.len() as u64));
        pause().await;
        if self.air.lose_next.take() || self.chance(self.air.faults.get().drop_answer) {
            return Err(LinkTrouble::Offline);
        }
        let mut reader = FrameReader::default();
        reader.feed(&down);
        let mut frames = vec![];
        while let Some(frame) = reader.next_frame().map_err(|_| LinkTrouble::Portal)? {
            frames.push(frame);
        }
        let cut = self.cut(frames.len());
        for frame in frames.into_iter().take(cut.unwrap_or(usize::MAX)) {
            self.world.note("down", &to_cbor(&frame));
            each(frame);
        }
        pause().await;
        match cut {
            Some(_) => Err(LinkTrouble::Offline),
            None if is_out => Err(LinkTrouble::Revoked),
            None => Ok(()),
        }
    }

    async fn cards(&self, scopes: &[Scope]) -> Result<Vec<Card>, LinkTrouble> {
        pause().await;
        self.reach()?;
        let cards = self.world.desk().cards_of(&scopes.iter().cloned().collect(), self.world.clock.get());
        Ok(cards.into_iter().filter(|card| self.world.vouches(card)).collect())
    }

    async fn blob_head(&self, hash: Hash) -> Result<BlobHead, LinkTrouble> {
        pause().await;
        self.reach()?;
        let blobs = self.world.blobs.borrow();
        let here = blobs.get(&hash);
        let received = here.map_or(0, |bytes| bytes.len() as u64);
        Ok(BlobHead { received, whole: here.is_some_and(|bytes| Hash::of(bytes) == hash) })
    }
    async fn blob_put(&self, piece: BlobPiece<'_>) -> Result<BlobHead, LinkTrouble> {
        pause().await;
        self.reach()?;
        {
            let mut blobs = self.world.blobs.borrow_mut();
            let blob = blobs.entry(piece.hash).or_default();
            if blob.len() as u64 == piece.at {
                blob.extend_from_slice(piece.bytes);
            }
        }
        if self.chance(self.air.faults.get().drop_answer) {
            return Err(LinkTrouble::Offline);
        }
        self.blob_head(piece.hash).await
    }
    async fn blob_get(&self, hash: Hash) -> Result<Option<Vec<u8>>, LinkTrouble> {
        pause().await;
        self.reach()?;
        Ok(self.world.blobs.borrow().get(&hash).filter(|bytes| Hash::of(bytes) == hash).cloned())
    }
}

fn bytes_of(frames: &[Frame]) -> Vec<u8> {
    let mut bytes = vec![];
    frames.iter().for_each(|frame| write_frame(&mut bytes, frame));
    bytes
}

/// Clock, dice and key of one device, and the version of the app on it.
#[derive(Clone)]
pub struct Device {
    pub(crate) world: Rc<World>,
    pub(crate) skew_ms: Rc<Cell<i64>>,
    pub(crate) kinds: Rc<Cell<Kinds>>,
    pub(crate) person: DocId,
    pub(crate) key: SoftKey,
}

impl SoftSealer for Device {
    fn wrap_pair(&self) -> Option<Pair> {
        Some(self.key.wrap_pair())
    }
    fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(&self.world.dice.bytes16());
        seed[16..].copy_from_slice(&self.world.dice.bytes16());
        // Below the order of the group.
        seed[0] &= 0x7f;
        seed
    }
    fn holds(&self, card: &Card) -> bool {
        self.world.vouches(card)
    }
}

impl Host for Device {
    fn now_ms(&self) -> i64 {
        self.world.clock.get() + self.skew_ms.get()
    }
    fn random16(&self) -> [u8; 16] {
        self.world.dice.bytes16()
    }
    fn kinds(&self) -> &'static [&'static dyn AnyKind] {
        (self.kinds.get())()
    }
    fn rules(&self) -> String {
        rules_of(self.kinds.get())
    }
    fn device(&self) -> Option<DocId> {
        Some(self.key.device(self.person))
    }
    async fn sign(&self, bytes: &[u8]) -> Option<Signature> {
        pause().await;
        Some(self.key.sign(self.person, bytes))
    }
}
