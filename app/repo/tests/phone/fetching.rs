//! Claim: what is only a row is fetched when somebody opens it, stays readable offline after that, and says
//! plainly when it is not here.

use crate::bench::*;
use domain::bridge::{Ask, Query};
use domain::*;
use repo::LinkTrouble;
use std::collections::BTreeSet;
use sync::{BodyFrame, DocFrame, Frame};

struct Unit {
    doc: automerge::Automerge,
    id: DocId,
}

fn unit(name: &str) -> Unit {
    let id = modules::org::unit_id("LB02");
    let meta =
        Meta { id, kind: "org.unit".into(), owner: DocId([1; 16]), unit: OrgCode::new("LB02"), born_ms: 5 };
    let fields = modules::kind("org.unit").unwrap().fields();
    Unit {
        doc: crdt::birth([4; 16], &meta, fields, &Values::from([("name".into(), name.into())])).unwrap(),
        id,
    }
}

fn frame(unit: &Unit, body: BodyFrame) -> DocFrame {
    let (meta, values) = crdt::read(&unit.doc, unit.id).unwrap();
    let row = modules::kind("org.unit").unwrap().row(&Raw { meta, values, entries: vec![] });
    let scopes = BTreeSet::from([Scope("public".into())]);
    DocFrame { id: unit.id, kind: "org.unit".into(), scopes, body, acts: vec![], row }
}

fn units(bench: &Bench) -> usize {
    bench.list(Query { kinds: vec!["org.unit".into()], limit: 9, ..Query::default() }).1
}

#[test]
fn a_row_is_listed_before_anybody_opens_it_and_fetched_when_opened() {
    let mut bench = Bench::new();
    let mine = unit("青石岭煤矿工会");
    bench.brings(vec![frame(&mine, BodyFrame::None)]);
    bench.sync().unwrap();
    assert_eq!(units(&bench), 1);
    bench.next(|_| (vec![], Err(LinkTrouble::Offline)));
    assert_eq!(failed(bench.ask(Ask::Open(mine.id))), "E-NOT-HERE");
    let whole = frame(&mine, BodyFrame::Snapshot(mine.doc.save().into()));
    bench.next(move |request| {
        assert_eq!((request.want.len(), request.push.len()), (1, 0));
        (std::iter::once(Frame::Doc(Box::new(whole))).chain(plain_end()).collect(), Ok(()))
    });
    assert_eq!(bench.open(mine.id).row.title, "青石岭煤矿工会");
    let asked = bench.wire.requests.borrow().len();
    bench.restart();
    assert_eq!(bench.open(mine.id).row.title, "青石岭煤矿工会");
    assert_eq!(bench.wire.requests.borrow().len(), asked, "read from the phone");
}

#[test]
fn what_is_here_but_older_is_shown_at_once_and_asked_for_in_the_next_round() {
    let bench = Bench::new();
    let old = unit("旧名");
    bench.brings(vec![frame(&old, BodyFrame::Snapshot(old.doc.save().into()))]);
    bench.sync().unwrap();
    let new = unit("新名");
    bench.brings(vec![frame(&new, BodyFrame::None)]);
    bench.sync().unwrap();
    let asked = bench.wire.requests.borrow().len();
    assert_eq!(bench.open(old.id).values["name"], "旧名".into());
    assert_eq!(bench.wire.requests.borrow().len(), asked, "opening did not wait");
    assert!(bench.phone.has_errand());
    bench.sync().unwrap();
    assert_eq!(bench.last_request().want, [old.id]);
    assert!(!bench.phone.has_errand());
}

#[test]
fn what_is_not_for_me_is_said_to_be_unknown() {
    let bench = Bench::new();
    let stranger = DocId([8; 16]);
    bench.next(move |_| (std::iter::once(Frame::Gone(stranger)).chain(plain_end()).collect(), Ok(())));
    assert_eq!(refused(bench.ask(Ask::Open(stranger))), Refusal::Unknown);
    assert!(!bench.phone.has_errand());
}
