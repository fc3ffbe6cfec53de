//! One run: the town, its weather, the days, and the reckoning.

use super::deeds::Deed;
use super::later;
use crate::cast::{BATEER, DAYONG, EVERYBODY, LINXIULAN, NASHUN, QIQIGE, SUHE, WULIJI};
use crate::{Backup, Dice, Faults, Person, Phone, Town};
use domain::bridge::{Answer, Opened};
use domain::modules::org::PersonAct;
use domain::{DocId, OrgCode, Role};
use std::collections::BTreeMap;
use store::Trouble;

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Hash of everything that happened.
    pub trace: String,
    /// Things that phones called kept.
    pub kept: usize,
    /// Requests that the server answered.
    pub requests: u64,
    /// Everything that is wrong.
    pub complaints: Vec<String>,
}

/// How large a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Phones, at most [`MOST_PHONES`].
    pub phones: usize,
    /// Days.
    pub days: i64,
    /// Longest pause between two things that happen, in minutes.
    pub pause: usize,
    /// Phones that are restored from a backup or copied, at most.
    pub clones: usize,
    /// Is the server restored from older copies?
    pub restores: bool,
    /// Does a later version of the program come, first to the server, then to one phone after the other?
    pub upgrades: bool,
}

impl Size {
    /// Four phones that are busy for five days.
    pub const SHORT: Self =
        Self { phones: 4, days: 5, pause: 20, clones: 2, restores: false, upgrades: false };
    /// Eight phones, thirty days, each taken in hand about eight times a day.
    pub const MONTH: Self =
        Self { phones: 8, days: 30, pause: 44, clones: 2, restores: false, upgrades: false };
}

/// No run has more phones to begin with.
pub const MOST_PHONES: usize = OWNERS.len();
/// Whose phones they are; one has two.
const OWNERS: [Person; 8] = [BATEER, NASHUN, WULIJI, LINXIULAN, QIQIGE, SUHE, BATEER, DAYONG];
/// Minutes in a simulated day in which people have their phones at hand.
const DAY_MINUTES: i64 = 24 * 60;
/// Restores of which the phones are not told, of a thousand.
const UNTOLD: u32 = 500;
/// After so many days a phone that is lost is waited for no longer (`repo/bring.rs`).
const PATIENCE_DAYS: i64 = 15;

/// A run under way.
pub(super) struct Run {
    pub town: Town,
    /// Text that a screen showed a while ago, by phone and document: people go on typing on that.
    pub shown: BTreeMap<(usize, DocId), String>,
    /// Marks put into texts; each may stand somewhere once.
    pub marks: Vec<(DocId, String)>,
    pub deeds: u64,
    /// Clones that may still be made.
    clones: usize,
    /// The copy that somebody made last.
    backup: Option<Backup>,
    restores: bool,
    /// Until when the far mine has no line, UTC ms.
    cut_off_ms: i64,
    /// When the server gets its next version, UTC ms.
    upgrade_ms: i64,
}

/// Plays one run.
pub fn play(seed: u64, size: Size) -> Outcome {
    let mut run = Run::begin(seed, size);
    let mut minutes = size.days * DAY_MINUTES;
    while minutes > 0 {
        let gap = 1 + run.dice().below(size.pause) as i64;
        minutes -= gap;
        run.town.wait_ms(gap * 60_000);
        run.tick();
    }
    run.reckon()
}

impl Run {
    fn begin(seed: u64, size: Size) -> Self {
        let mut town = Town::new(seed, &EVERYBODY);
        OWNERS.iter().take(size.phones).for_each(|person| drop(town.phone(person.name)));
        let now_ms = town.world().clock.get();
        let mut run = Self {
            town,
            shown: BTreeMap::new(),
            marks: vec![],
            deeds: 0,
            clones: size.clones,
            backup: None,
            restores: size.restores,
            cut_off_ms: 0,
            upgrade_ms: 0,
        };
        let day = run.dice().below(size.days as usize) as i64;
        // The last moment of all is never reached; `i64::MAX` itself means that it has come.
        run.upgrade_ms = if size.upgrades { now_ms + day * domain::DAY_MS } else { i64::MAX - 1 };
        for phone in run.town.phones().to_vec() {
            run.change_weather(&phone);
        }
        run
    }

    pub fn dice(&self) -> Dice {
        // A draw of its own keeps the borrow short; the town's dice move on.
        Dice::new(self.town.world().dice.roll())
    }

    fn tick(&mut self) {
        let dice = self.dice();
        self.happen_to_the_server(&dice);
        let phones = self.town.phones().to_vec();
        let Some(phone) = dice.pick(&phones) else { return };
        for _ in 0..dice.below(12) {
            phone.step();
        }
        if self.upgrade_ms == i64::MAX && dice.chance(20) {
            phone.update(later::kinds);
        }
        match dice.below(100) {
            0..62 => self.deed(phone, &dice),
            62..78 => phone.begin_sync(),
            78..86 => self.change_weather(phone),
            86..88 => phone.power_cut(),
            88..90 => phone.kill(),
            90..93 => self.disk_trouble(phone, &dice),
            93..95 => phone.turn_clock((dice.below(2_000) as i64 - 1_000) * 3_600_000),
            95..97 => self.clone_phone(phone),
            _ => self.decree(&dice),
        }
    }

    /// What does not happen to one phone.
    fn happen_to_the_server(&mut self, dice: &Dice) {
        let now_ms = self.town.world().clock.get();
        if now_ms >= self.upgrade_ms {
            self.upgrade_ms = i64::MAX;
            self.town.install(later::kinds);
        }
        match dice.below(1_000) {
            0..30 => self.town.late_request_arrives(),
            30..35 => self.backup = Some(self.town.backup()),
            35..37 if self.restores => self.restore(dice.chance(UNTOLD)),
            37..40 => self.cut_off_ms = now_ms + dice.below(60) as i64 * 3_600_000,
            _ => {}
        }
    }

    fn restore(&mut self, untold: bool) {
        if let Some(backup) = &self.backup {
            self.town.restore(backup, !untold);
        }
    }

    fn deed(&mut self, phone: &Phone, dice: &Dice) {
        self.deeds += 1;
        let Some(deed) = Deed::any(self, phone, dice) else { return };
        if dice.chance(200) {
            phone.begin(deed.ask);
            return;
        }
        let answer = phone.ask(deed.ask);
        if let (Answer::Kept { seq: Some(_), .. }, Some(mark)) = (&answer, deed.mark) {
            self.marks.push(mark);
        }
    }

    fn change_weather(&mut self, phone: &Phone) {
        let dice = self.dice();
        let far = phone.person() != LINXIULAN.id() && phone.person() != DAYONG.id();
        let cut_off = far && self.town.world().clock.get() < self.cut_off_ms;
        if cut_off || dice.chance(450) {
            return phone.offline();
        }
        phone.online();
        let bad = |most: usize| dice.below(most) as u32;
        phone.faults(match dice.below(3) {
            0 => Faults::default(),
            1 => Faults {
                drop_request: bad(200),
                drop_answer: bad(200),
                cut_answer: bad(200),
                twice: bad(100),
                late: bad(100),
                trouble: bad(100),
            },
            _ => Faults {
                drop_request: 300,
                drop_answer: 400,
                cut_answer: 400,
                twice: 300,
                late: 200,
                trouble: 100,
            },
        });
    }

    fn disk_trouble(&self, phone: &Phone, dice: &Dice) {
        let all = [Trouble::Full, Trouble::Lost, Trouble::Other("UnknownError".into())];
        phone.disk_fails_next(dice.pick(&all).cloned().unwrap_or(Trouble::Full));
    }

    fn clone_phone(&mut self, phone: &Phone) {
        if self.clones > 0 {
            self.clones -= 1;
            self.town.clone_of(phone);
        }
    }

    fn decree(&self, dice: &Dice) {
        let posts = [
            (NASHUN.name, Role::BranchChair, "LB04.3"),
            (BATEER.name, Role::Rights, "LB04"),
            (BATEER.name, Role::BranchOfficer, "LB04.3"),
            (QIQIGE.name, Role::Rights, "LB04"),
            (DAYONG.name, Role::Publicity, "LB"),
            (WULIJI.name, Role::UnitChair, "LB04"),
        ];
        let Some((name, role, at)) = dice.pick(&posts).copied() else { return };
        let at = OrgCode::new(at);
        // Mostly given back, so that there is somebody to do the work.
        let act = match dice.chance(350) {
            true => PersonAct::dismiss(role, at, "轮换"),
            false => PersonAct::appoint(role, at),
        };
        self.town.decree(name, act);
    }

    pub fn remember(&mut self, phone: &Phone, opened: &Opened) {
        if let Some(domain::Value::Str(text)) = opened.values.get("text") {
            self.shown.insert((phone.0.at, opened.meta.id), text.clone());
        }
    }

    fn reckon(self) -> Outcome {
        self.town.run_until_quiet();
        // Another run of the server may make a phone wait for others, as a restored one does.
        if self.town.world().restored.get() || self.upgrade_ms == i64::MAX {
            self.town.wait_days(PATIENCE_DAYS);
            self.town.run_until_quiet();
        }
        let mut complaints = self.town.complaints();
        complaints.extend(self.doubled_marks());
        let (requests, ..) = self.town.world().traffic();
        let kept = self.town.world().ledger.borrow().len();
        Outcome { trace: self.town.trace(), kept, requests, complaints }
    }

    /// Words that stand somewhere twice.
    fn doubled_marks(&self) -> Vec<String> {
        use server::log::Log;
        let desk = self.town.world().desk();
        let log = desk.log();
        let text = |doc: DocId| match crate::finish(log.load(doc)).ok()??.values.get("text") {
            Some(domain::Value::Str(text)) => Some(text.clone()),
            _ => None,
        };
        let twice = |(doc, mark): &(DocId, String)| {
            let count = text(*doc)?.matches(mark.as_str()).count();
            (count > 1).then(|| format!("{} stands {count} times in {doc}", mark.escape_unicode()))
        };
        self.marks.iter().filter_map(twice).collect()
    }
}
