//! Puts a record of any kind into any state, by receipts, as if its past had been; and has for each step an
//! act whose content is right, so that a refusal is about who and when.

use super::people::{self, id};
use crate::kit::phone::NOW;
use domain::modules::appeal::{AnswerAct, Grade, MatterAct, answer_id};
use domain::modules::news::{ArticleAct, DraftAct, article_id};
use domain::modules::org::{DeviceAct, PersonAct, PrivateAct, Proof, UnitAct, private_id, unit_id};
use domain::{
    ActId, AnyKind, DAY_MS, DocId, Entry, Hash, Meta, OrgCode, Raw, Receipt, Role, Values, crdt, date_text,
    modules, scopes_of, to_cbor,
};
use server::desk::{Desk, Signing};
use server::gate::{self, Shape, StoredDoc};
use server::log::{Batch, DocState, Item, Log, Memory, Sender};
use std::cell::Cell;

/// A record on the stage.
pub struct Placed {
    pub id: DocId,
    /// The record from which it came.
    source: DocId,
    pub raw: Raw,
    pub snapshot: Vec<u8>,
}

/// A desk with the people of the tables.
pub struct Stage {
    pub desk: Desk<Memory>,
    next: Cell<u64>,
}

impl Stage {
    pub async fn new() -> Self {
        // What this table says holds whatever signs; signatures have tests of their own (http_devices).
        let desk = Desk::open(Memory::new("authz")).await.unwrap().with_signing(Signing::Optional);
        people::found(&desk).await;
        let stage = Self { desk, next: Cell::new(0) };
        for code in ["LB", "LB04", "LB05"] {
            stage.put(unit_id(code), "org.unit", id("org"), code, vec![], "live").await;
        }
        stage.name_an_alias().await;
        stage
    }

    /// The owner of the tables begins one confidential matter, so that the desk knows the alias.
    async fn name_an_alias(&self) {
        let (kind, doc) = (modules::kind("appeal.matter").unwrap(), DocId::from_random(self.fresh()));
        let meta = Meta {
            id: doc,
            kind: kind.name().into(),
            owner: alias(),
            unit: OrgCode::new("LB04"),
            born_ms: NOW,
        };
        let body = crdt::birth(self.fresh(), &meta, kind.fields(), &kind.sample()).unwrap();
        let change = body.get_changes(&[]).remove(0).raw_bytes().to_vec();
        let fate = self.push(id("owner"), doc, sync::Item::Change(change.into())).await;
        assert!(matches!(fate, sync::Fate::Accepted(_)), "{fate:?}");
    }

    /// One push of a signed-in person who has nothing and wants nothing, as any program can send it.
    pub async fn push(&self, person: DocId, doc: DocId, item: sync::Item) -> sync::Fate {
        let frames = self.ask(person, vec![sync::Push { seq: 1, doc, item }], vec![]).await;
        let ack = |frame: &sync::Frame| match frame {
            sync::Frame::Ack { fate, .. } => Some(fate.clone()),
            _ => None,
        };
        frames.iter().find_map(ack).unwrap()
    }

    /// One request.
    pub async fn ask(&self, person: DocId, push: Vec<sync::Push>, want: Vec<DocId>) -> Vec<sync::Frame> {
        let last = self.desk.log().last().await.unwrap();
        let cursors = self.desk.held(person, NOW).into_iter().map(|scope| (scope, last)).collect();
        let (device, epoch) = ("hostile".into(), self.desk.epoch().into());
        let (seen, keys, proto) = (None, vec![], sync::PROTO);
        let request = sync::Request { proto, device, epoch, cursors, push, want, seen, keys };
        self.desk.answer(person, request, NOW).await.unwrap()
    }

    /// A name that was never used.
    pub fn fresh(&self) -> [u8; 16] {
        self.next.set(self.next.get() + 1);
        DocId::derive(&[b"authz", &self.next.get().to_le_bytes()]).0
    }

    /// A new record of this kind in this state, begun by `owner`.
    pub async fn place(&self, kind: &dyn AnyKind, owner: DocId, state: &str) -> Placed {
        let fresh = DocId::from_random(self.fresh());
        let there = self.desk.log().load(owner).await.unwrap().is_some();
        match kind.name() {
            "org.unit" => {
                let code = format!("LB04.2{}", self.next.get());
                let close = (id("org"), to_cbor(&UnitAct::Close { reason: "1号".into(), on: String::new() }));
                let past = if state == "live" { vec![] } else { vec![close] };
                self.put(unit_id(&code), kind.name(), owner, &code, past, state).await
            }
            // Somebody of the tables is his own subject; everybody else's is new.
            "org.person" if there => self.put(owner, kind.name(), owner, "", vec![], state).await,
            "org.person" => {
                let post = (id("org"), to_cbor(&PersonAct::appoint(Role::Rights, OrgCode::new("LB04.2"))));
                self.put(fresh, kind.name(), fresh, "LB04.2.1", vec![post], state).await
            }
            "org.private" => {
                let confirm = (owner, to_cbor(&PrivateAct::Confirm));
                let past = if state == "recorded" { vec![] } else { vec![confirm] };
                self.put(private_id(fresh), kind.name(), owner, "LB04.2.1", past, state).await
            }
            "news.draft" => {
                self.put(fresh, kind.name(), owner, "LB04.2", draft_past(owner, state), state).await
            }
            "news.article" => {
                self.put(fresh, "news.draft", id("owner"), "LB04.2", approved_by(owner), "published").await;
                let publish = (owner, to_cbor(&ArticleAct::Publish { draft: fresh }));
                let acts = if state == "placing" { vec![] } else { vec![publish] };
                let placed = self.put(article_id(fresh), kind.name(), owner, "LB04.2", acts, state).await;
                Placed { source: fresh, ..placed }
            }
            "appeal.matter" => {
                self.put(fresh, kind.name(), owner, "LB04", matter_past(owner, state), state).await
            }
            "appeal.answer" => {
                let mut past = matter_past(id("owner"), "opened");
                past.push((owner, open_answer()));
                self.put(fresh, "appeal.matter", id("owner"), "LB04", past, "opened").await;
                let publish = (owner, to_cbor(&AnswerAct::Publish { matter: fresh }));
                let acts = if state == "placing" { vec![] } else { vec![publish] };
                let placed = self.put(answer_id(fresh), kind.name(), owner, "LB04", acts, state).await;
                Placed { source: fresh, ..placed }
            }
            "org.device" => {
                let revoke = (owner, to_cbor(&DeviceAct::Revoke { reason: "丢失".into() }));
                let vouch = (id("org"), to_cbor(&DeviceAct::Vouch { reason: "当面".into() }));
                let past = match state {
                    "requested" => vec![],
                    "enrolled" => vec![vouch],
                    _ => vec![revoke],
                };
                self.put(fresh, kind.name(), owner, "LB04.2", past, state).await
            }
            other => panic!("the stage does not know {other}: add its past and its acts here"),
        }
    }

    async fn put(
        &self,
        doc: DocId,
        kind: &str,
        owner: DocId,
        unit: &str,
        past: Vec<(DocId, Vec<u8>)>,
        state: &str,
    ) -> Placed {
        let known = modules::kind(kind).unwrap();
        // Somebody of the tables is there already.
        if self.desk.log().load(doc).await.unwrap().is_none() {
            self.append(doc, known, owner, unit, past, state).await;
        }
        let stored = self.desk.log().load(doc).await.unwrap().unwrap();
        let raw = Raw { meta: stored.meta, values: stored.values, entries: stored.acts };
        assert_eq!(known.row(&raw).status.code, state, "{kind} stands in the state that the cell is about");
        Placed { id: doc, source: doc, raw, snapshot: stored.snapshot }
    }

    async fn append(
        &self,
        doc: DocId,
        kind: &'static dyn AnyKind,
        owner: DocId,
        unit: &str,
        past: Vec<(DocId, Vec<u8>)>,
        state: &str,
    ) {
        let meta = Meta { id: doc, kind: kind.name().into(), owner, unit: OrgCode::new(unit), born_ms: NOW };
        let values = values(kind);
        let body = crdt::birth(self.fresh(), &meta, kind.fields(), &values).unwrap();
        let change = body.get_changes(&[]).remove(0).raw_bytes().to_vec();
        let gate::Batch { mut verdicts, after } =
            gate::admit_all(&StoredDoc::default(), &Shape::of(kind.fields()), &[&change]);
        let (permit, after) = (verdicts.remove(0).unwrap(), after.unwrap());
        let mut items = vec![Item::Change { doc, permit }];
        let entries: Vec<Entry> = past.into_iter().map(|(by, act)| self.entry(doc, by, act, state)).collect();
        items.extend(entries.iter().cloned().map(|entry| Item::Act { entry, series: None, narrow: None }));
        let settle = move |receipts: &[Option<Receipt>]| {
            let given = receipts.iter().flatten().cloned().map(Some);
            let entries =
                entries.into_iter().zip(given).map(|(entry, receipt)| Entry { receipt, ..entry }).collect();
            let raw = Raw { meta: meta.clone(), values: values.clone(), entries };
            vec![DocState {
                row: kind.row(&raw),
                scopes: scopes_of(&kind.readers(&raw)),
                who: None,
                device: kind.device(&raw),
                meta,
                values,
                heads: after.heads,
                snapshot: after.snapshot,
            }]
        };
        let batch = Batch {
            sender: Sender { person: owner, device: "stage".into() },
            now_ms: NOW,
            seen: vec![(doc, None)],
            items,
            aliases: vec![],
            settle: Box::new(settle),
            then: Box::new(|_| ()),
        };
        self.desk.log().append(batch).await.unwrap();
    }

    fn entry(&self, doc: DocId, by: DocId, act: Vec<u8>, to: &str) -> Entry {
        let receipt =
            Receipt { n: 0, at_ms: NOW, to: to.into(), stamped: None, by_name: "台".into(), signed: None };
        Entry { receipt: Some(receipt), ..self.bare(doc, by, act) }
    }

    /// An entry as a phone, or a hostile client, sends it.
    pub fn bare(&self, doc: DocId, by: DocId, act: Vec<u8>) -> Entry {
        Entry {
            id: ActId(self.fresh()),
            doc,
            by,
            device: "stage".into(),
            at_ms: NOW,
            about: vec![],
            act: act.into(),
            signature: None,
            receipt: None,
        }
    }
}

/// The name under which the owner of the tables raised something.
pub fn alias() -> DocId {
    DocId::from_random(DocId::derive(&[b"authz alias"]).0)
}

/// The sample, with what makes every step possible.
pub fn values(kind: &dyn AnyKind) -> Values {
    let mut values = kind.sample();
    match kind.name() {
        "appeal.matter" => values.extend([("named".into(), true.into()), ("involved".into(), "".into())]),
        "news.article" => {
            values.extend([("audience".into(), "unit:LB04".into()), ("confirm".into(), true.into())])
        }
        _ => {}
    }
    values
}

fn approved_by(last: DocId) -> Vec<(DocId, Vec<u8>)> {
    vec![
        (id("owner"), to_cbor(&DraftAct::Submit)),
        (last, to_cbor(&DraftAct::Approve { opinion: String::new() })),
    ]
}

fn draft_past(owner: DocId, state: &str) -> Vec<(DocId, Vec<u8>)> {
    let approve = |by: &str| (id(by), to_cbor(&DraftAct::Approve { opinion: String::new() }));
    let submit = (owner, to_cbor(&DraftAct::Submit));
    match state {
        "draft" => vec![],
        "review2" => vec![submit, approve("chair")],
        "review3" => vec![submit, approve("chair"), approve("mine_news")],
        "published" => vec![submit, approve("chair"), approve("mine_news"), approve("news")],
        _ => vec![submit],
    }
}

fn matter_past(owner: DocId, state: &str) -> Vec<(DocId, Vec<u8>)> {
    let (rights, handler) = (id("mine_rights"), id("handler"));
    let submit = (owner, to_cbor(&MatterAct::Submit));
    let assign = (rights, assign("handler"));
    let extend = (handler, to_cbor(&MatterAct::ProposeExtend { reason: "等配件".into(), days: 5 }));
    let answer = (handler, to_cbor(&MatterAct::Answer { text: "已办".into() }));
    match state {
        "draft" => vec![],
        "assigned" => vec![submit, assign],
        "working" => vec![submit, assign, extend],
        "answered" | "closed" | "opened" | "archived" => vec![submit, assign, answer],
        "second" => {
            let words = "不满意".to_string();
            let bad = (owner, to_cbor(&MatterAct::Rate { grade: Grade::Dissatisfied, words }));
            vec![submit, assign, answer, bad]
        }
        _ => vec![submit],
    }
}

fn assign(handler: &str) -> Vec<u8> {
    to_cbor(&MatterAct::Assign {
        unit: OrgCode::new("LB04.1"),
        handler: id(handler),
        handler_name: "韩工".into(),
        co: vec![],
    })
}

fn open_answer() -> Vec<u8> {
    let body = modules::kind("appeal.answer").unwrap().sample();
    let text = |key: &str| match &body[key] {
        domain::Value::Str(text) => text.clone(),
        _ => String::new(),
    };
    to_cbor(&MatterAct::OpenAnswer { title: text("title"), text: text("text") })
}

/// An act of this step on this record whose content is right, as `who` would send it.
pub fn act(placed: &Placed, step: &str, who: &domain::Who) -> Vec<u8> {
    let s = |text: &str| text.to_string();
    let day = || date_text(NOW - DAY_MS);
    let here = placed.raw.meta.unit.clone();
    match (placed.raw.meta.kind.as_str(), step) {
        ("org.unit", "establish") => {
            let code = OrgCode(format!("{here}.1"));
            to_cbor(&UnitAct::Establish {
                code, name: s("组"), kind: s("小组"), on: day(), reason: s("1号")
            })
        }
        ("org.unit", "found") => {
            to_cbor(&UnitAct::Found { from: OrgCode::new("LB04"), on: day(), reason: s("1号") })
        }
        ("org.unit", "rename") => {
            to_cbor(&UnitAct::Rename { name: s("新名"), on: day(), reason: s("1号") })
        }
        ("org.unit", "move") => {
            let to = OrgCode(here.0.replace("LB04", "LB05"));
            to_cbor(&UnitAct::Move { to, on: day(), reason: s("1号") })
        }
        ("org.unit", "merge") => {
            to_cbor(&UnitAct::Merge { into: OrgCode::new("LB05"), on: day(), reason: s("1号") })
        }
        ("org.unit", "close") => to_cbor(&UnitAct::Close { reason: s("1号"), on: day() }),
        ("org.person", "appoint") => to_cbor(&PersonAct::appoint(Role::Rights, OrgCode::new("LB04.2"))),
        ("org.person", "dismiss") => {
            to_cbor(&PersonAct::dismiss(Role::Rights, OrgCode::new("LB04.2"), "轮岗"))
        }
        ("org.person", "transfer") => {
            // To and fro, so that each stands.
            let kind = modules::kind("org.person").unwrap();
            let to = if kind.seat(&placed.raw).as_str() == "LB05" { "LB04" } else { "LB05" };
            to_cbor(&PersonAct::Transfer { to: OrgCode::new(to), on: day(), reason: s("调令") })
        }
        ("org.device", "enrol") => {
            to_cbor(&DeviceAct::Enrol { proof: Proof::Code, by: who.person, by_name: s("某") })
        }
        ("org.device", "vouch") => to_cbor(&DeviceAct::Vouch { reason: s("当面") }),
        ("org.device", "rename") => to_cbor(&DeviceAct::Rename { label: s("旧机") }),
        ("org.device", "revoke") => to_cbor(&DeviceAct::Revoke { reason: s("丢失") }),
        ("org.device", "adopt") => {
            to_cbor(&DeviceAct::Adopt { parcel: Hash::of(&who.person.0), reason: s("已核实") })
        }
        ("org.device", "send_back") => {
            to_cbor(&DeviceAct::SendBack { parcel: Hash::of(&who.person.0[..8]), reason: s("不是本人") })
        }
        ("org.private", "confirm") => to_cbor(&PrivateAct::Confirm),
        ("news.draft", "submit") => to_cbor(&DraftAct::Submit),
        ("news.draft", "approve") => to_cbor(&DraftAct::Approve { opinion: s("同意") }),
        ("news.draft", "return") => to_cbor(&DraftAct::Return { opinion: s("请核实") }),
        ("news.draft", "pull_back") => to_cbor(&DraftAct::PullBack { reason: s("照片") }),
        ("news.article", step) => article(placed, step, who),
        ("appeal.matter", step) => matter(step),
        ("appeal.answer", "publish") => to_cbor(&AnswerAct::Publish { matter: placed.source }),
        ("appeal.answer", "withdraw") => to_cbor(&AnswerAct::Withdraw { reason: s("更正") }),
        (kind, step) => panic!("the stage has no act for {kind} {step}: add one here"),
    }
}

fn article(placed: &Placed, step: &str, who: &domain::Who) -> Vec<u8> {
    let act = match step {
        "publish" => ArticleAct::Publish { draft: placed.source },
        "withdraw" => ArticleAct::Withdraw { reason: "有误".into() },
        "pin" => ArticleAct::Pin { on: true },
        "extend" => ArticleAct::Extend { until: "2030-12-31".into() },
        "archive" => ArticleAct::Archive,
        "confirm" => ArticleAct::Confirm { unit: who.unit.clone() },
        "remind" => ArticleAct::Remind { to: vec![id("mate")] },
        other => panic!("the stage has no act for news.article {other}: add one here"),
    };
    to_cbor(&act)
}

fn matter(step: &str) -> Vec<u8> {
    let s = |text: &str| text.to_string();
    let act = match step {
        "submit" => MatterAct::Submit,
        "register" => MatterAct::Register { note: s("三日内告知") },
        "accept" => MatterAct::Accept { words: s("已受理") },
        "decline" => MatterAct::Decline { reason: s("已在仲裁"), where_to: s("仲裁委员会") },
        "forward" => MatterAct::Forward { to: OrgCode::new("LB"), reason: s("属地") },
        "object" => MatterAct::Object { reason: s("不属本单位") },
        "assign" => return assign("other_handler"),
        "start" => MatterAct::Start { words: s("明日") },
        "answer" => MatterAct::Answer { text: s("已办") },
        "propose_extend" => MatterAct::ProposeExtend { reason: s("等配件"), days: 5 },
        "grant_extend" => MatterAct::GrantExtend { words: s("同意") },
        "rate" => MatterAct::Rate { grade: Grade::Satisfied, words: s("好") },
        "rate_bad" => MatterAct::Rate { grade: Grade::Dissatisfied, words: s("不够") },
        "open_answer" => return open_answer(),
        "archive" => MatterAct::Archive,
        "withdraw" => MatterAct::Withdraw { reason: s("已解决") },
        other => panic!("the stage has no act for appeal.matter {other}: add one here"),
    };
    to_cbor(&act)
}
