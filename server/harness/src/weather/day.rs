//! One run: the town, its weather, the days, and the reckoning.

use super::deeds::Deed;
use crate::cast::{BATEER, EVERYBODY, LINXIULAN, NASHUN, WULIJI};
use crate::{Dice, Faults, Phone, Town};
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

/// Minutes in a simulated day in which people have their phones at hand.
const DAY_MINUTES: i64 = 24 * 60;
/// No town needs more clones than this.
const CLONES: usize = 2;

/// A run under way.
pub(super) struct Run {
    pub town: Town,
    /// Text that a screen showed a while ago, by phone and document: people go on typing on that.
    pub shown: BTreeMap<(usize, DocId), String>,
    /// Marks put into texts; each may stand somewhere once.
    pub marks: Vec<(DocId, String)>,
    pub deeds: u64,
    clones: usize,
}

/// Plays `days` days with four phones.
pub fn play(seed: u64, days: i64) -> Outcome {
    let mut town = Town::new(seed, &EVERYBODY);
    for person in [BATEER, NASHUN, WULIJI, LINXIULAN] {
        town.phone(person.name);
    }
    let mut run = Run { town, shown: BTreeMap::new(), marks: vec![], deeds: 0, clones: 0 };
    for phone in run.town.phones().to_vec() {
        run.change_weather(&phone);
    }
    let mut minutes = days * DAY_MINUTES;
    while minutes > 0 {
        let gap = 1 + run.dice().below(20) as i64;
        minutes -= gap;
        run.town.wait_ms(gap * 60_000);
        run.tick();
    }
    run.reckon()
}

impl Run {
    pub fn dice(&self) -> Dice {
        // A draw of its own keeps the borrow short; the town's dice move on.
        Dice::new(self.town.world().dice.roll())
    }

    fn tick(&mut self) {
        let dice = self.dice();
        let phones = self.town.phones().to_vec();
        let Some(phone) = dice.pick(&phones) else { return };
        for _ in 0..dice.below(12) {
            phone.step();
        }
        match dice.below(100) {
            0..62 => self.deed(phone, &dice),
            62..78 => phone.begin_sync(),
            78..86 => self.change_weather(phone),
            86..90 => phone.power_cut(),
            90..93 => self.disk_trouble(phone, &dice),
            93..95 => phone.turn_clock((dice.below(2_000) as i64 - 1_000) * 3_600_000),
            95..97 => self.clone_phone(phone),
            _ => self.decree(&dice),
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
        if dice.chance(450) {
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
                trouble: bad(100),
            },
            _ => Faults { drop_request: 300, drop_answer: 400, cut_answer: 400, twice: 300, trouble: 100 },
        });
    }

    fn disk_trouble(&self, phone: &Phone, dice: &Dice) {
        let all = [Trouble::Full, Trouble::Lost, Trouble::Other("UnknownError".into())];
        phone.disk_fails_next(dice.pick(&all).cloned().unwrap_or(Trouble::Full));
    }

    fn clone_phone(&mut self, phone: &Phone) {
        if self.clones < CLONES {
            self.clones += 1;
            self.town.clone_of(phone);
        }
    }

    fn decree(&self, dice: &Dice) {
        let posts = [
            (NASHUN.name, Role::BranchChair, "LB04.3"),
            (BATEER.name, Role::Rights, "LB04"),
            (BATEER.name, Role::BranchOfficer, "LB04.3"),
            (WULIJI.name, Role::UnitChair, "LB04"),
        ];
        let Some((name, role, at)) = dice.pick(&posts).copied() else { return };
        let at = OrgCode::new(at);
        // Mostly given back, so that there is somebody to do the work.
        let act = match dice.chance(350) {
            true => PersonAct::Dismiss { role, at },
            false => PersonAct::Appoint { role, at },
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
            (count > 1).then(|| format!("{mark} stands {count} times in {doc}"))
        };
        self.marks.iter().filter_map(twice).collect()
    }
}
