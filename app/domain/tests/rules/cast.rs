//! The people of these tests, at 红柳滩 (LB04) and in the company. A letter stands for each in tables.

use domain::*;

/// Somebody with posts.
pub fn person(no: &str, name: &str, unit: &str, posts: &[(Role, &str)]) -> Who {
    let posts = posts.iter().map(|(role, at)| Post::new(*role, OrgCode::new(*at))).collect();
    Who {
        person: domain::modules::org::person_id(no),
        no: no.into(),
        name: name.into(),
        unit: OrgCode::new(unit),
        member: true,
        posts,
        aliases: vec![],
    }
}

/// Their document, as far as guards look at it.
pub fn person_doc(who: &Who) -> Raw {
    let kind = "org.person".into();
    let meta = Meta { id: who.person, kind, owner: who.person, unit: who.unit.clone(), born_ms: 0 };
    let values =
        Values::from([("no".into(), who.no.clone().into()), ("name".into(), who.name.clone().into())]);
    Raw { meta, values, entries: vec![] }
}

/// The letter and the person.
pub type Cast = Vec<(char, Who)>;

/// Everybody.
pub fn cast() -> Cast {
    vec![
        ('A', person("0400001", "阿古拉", "LB04.2.1", &[(Role::BranchOfficer, "LB04.2")])),
        ('B', person("0400002", "包银花", "LB04.2.2", &[(Role::BranchOfficer, "LB04.2")])),
        ('C', person("0400003", "巴特尔", "LB04.2.1", &[(Role::BranchChair, "LB04.2")])),
        ('U', person("0400004", "吴海", "LB04.1.1", &[(Role::UnitChair, "LB04")])),
        ('P', person("0400005", "彭丽", "LB04.1.1", &[(Role::Publicity, "LB04")])),
        ('R', person("0400006", "任强", "LB04.1.1", &[(Role::Rights, "LB04")])),
        ('H', person("0400007", "韩工", "LB04.1.2", &[])),
        ('M', person("0400008", "孟和", "LB04.2.1", &[])),
        ('K', person("0800001", "康敏", "LB08.1.1", &[(Role::Publicity, "LB")])),
        ('T', person("0800002", "赵卫东", "LB08.1.1", &[(Role::CompanyChair, "LB")])),
        ('Q', person("0800003", "齐悦", "LB08.1.1", &[(Role::Rights, "LB")])),
        ('Z', person("0800004", "张管", "LB08.1.1", &[(Role::Admin, "LB")])),
        ('X', person("0300001", "许远", "LB03.1.1", &ELSEWHERE)),
    ]
}

const ELSEWHERE: [(Role, &str); 5] = [
    (Role::BranchOfficer, "LB03.1"),
    (Role::BranchChair, "LB03.1"),
    (Role::UnitChair, "LB03"),
    (Role::Publicity, "LB03"),
    (Role::Rights, "LB03"),
];

/// The person of this letter.
pub fn who(letter: char) -> Who {
    cast().into_iter().find(|(own, _)| *own == letter).expect("in the cast").1
}

/// For each state the steps that somebody may do, with the letters of who may. One line a state:
/// `review1: approve C · return C`. Steps nobody may do are left out.
pub fn verdicts<K: Kind>(at: impl Fn(K::Status) -> Doc<K>, cast: &Cast) -> String {
    let mut lines = String::new();
    for status in K::Status::ALL {
        let doc = at(*status);
        assert_eq!(doc.status, *status, "the table is about this state");
        let letters = |step: K::Step| -> String {
            cast.iter().filter(|(_, who)| doc.may(step, who).is_ok()).map(|(letter, _)| *letter).collect()
        };
        let steps = K::Step::ALL.iter().map(|step| (step.code(), letters(*step)));
        let cells: Vec<String> =
            steps.filter(|(_, who)| !who.is_empty()).map(|(s, who)| format!("{s} {who}")).collect();
        lines.push_str(&format!("{}: {}\n", status.code(), cells.join(" · ")));
    }
    lines
}

/// A document whose receipted acts all lead to `status`.
pub fn placed<K: Kind>(meta: Meta, body: &K::Body, acts: &[(Who, K::Act)], status: K::Status) -> Doc<K> {
    let entries = acts.iter().enumerate().map(|(i, (by, act))| Entry {
        id: ActId::derive(&[&[i as u8]]),
        doc: meta.id,
        by: by.person,
        device: "d1".into(),
        at_ms: 0,
        about: vec![],
        act: to_cbor(act).into(),
        signature: None,
        receipt: Some(Receipt {
            n: i as u64 + 1,
            at_ms: crate::bench::START + i as i64,
            to: status.code().into(),
            stamped: None,
            by_name: by.name.clone(),
            signed: None,
        }),
    });
    Doc::of(&Raw { entries: entries.collect(), values: body.write(), meta })
}

/// Compares tables and shows both when they differ.
#[track_caller]
pub fn same(got: &str, want: &str) {
    let plain = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_string()).filter(|line| !line.is_empty()).collect()
    };
    assert!(plain(got) == plain(want), "the rulebook says:\n{got}\nthe table says:\n{want}");
}
