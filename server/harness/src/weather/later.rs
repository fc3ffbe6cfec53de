//! The server's next version: drafts and articles have an upgrade more. What was filed under "news" reads as
//! "general" from then on, other people read it, and the lines of matters say more; nothing is written for it. Matters
//! have a field more.

use domain::{
    AnyKind, Carry, DocId, Facts, Field, FieldKind, Figures, Judged, Label, Moment, Offspring, OrgCode, Raw,
    Reader,
};
use domain::{Refusal, Role, Row, StepView, Value, Values, Who};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// THE LIST, with the three later kinds in the place of theirs.
pub fn kinds() -> &'static [&'static dyn AnyKind] {
    static KINDS: LazyLock<Vec<&'static dyn AnyKind>> = LazyLock::new(|| {
        let later = |kind: &&'static dyn AnyKind| -> &'static dyn AnyKind {
            match kind.name() {
                "news.draft" | "news.article" | "appeal.matter" => Box::leak(Box::new(Later(*kind))),
                _ => *kind,
            }
        };
        domain::modules::kinds().iter().map(later).collect()
    });
    &KINDS
}

/// A kind with one upgrade more.
struct Later(&'static dyn AnyKind);

fn is_old(raw: &Raw) -> bool {
    raw.values.get("column") == Some(&Value::from("news"))
}

fn upgraded(raw: &Raw) -> Raw {
    let mut raw = raw.clone();
    if is_old(&raw) {
        raw.values.insert("column".into(), "general".into());
    }
    raw
}

impl AnyKind for Later {
    fn name(&self) -> &'static str {
        self.0.name()
    }
    fn labels(&self) -> (&'static str, &'static str) {
        self.0.labels()
    }
    fn carry(&self) -> Carry {
        self.0.carry()
    }
    fn alias(&self) -> bool {
        self.0.alias()
    }
    fn seals(&self, alias: bool) -> bool {
        self.0.seals(alias)
    }
    fn hush(&self, act: &[u8]) -> Option<Vec<u8>> {
        self.0.hush(act)
    }
    fn narrows(&self) -> bool {
        self.0.narrows()
    }
    fn watched(&self) -> bool {
        self.0.watched()
    }
    fn audited(&self) -> bool {
        self.0.audited()
    }
    fn said(&self, field: &str, code: &str) -> Option<(String, String)> {
        self.0.said(field, code)
    }
    fn step_words(&self, code: &str) -> Option<(&'static str, &'static str)> {
        self.0.step_words(code)
    }
    fn fields(&self) -> &'static [Field] {
        static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
            let matter = domain::modules::kind("appeal.matter").expect("a kind");
            let wish = Field { name: "wish", kind: FieldKind::Str, max: 40, zh: "期望", en: "Wish" };
            matter.fields().iter().copied().chain([wish]).collect()
        });
        if self.name() == "appeal.matter" { &FIELDS } else { self.0.fields() }
    }
    fn may_found(&self, raw: &Raw, who: &Who) -> Result<(), Refusal> {
        self.0.may_found(&upgraded(raw), who)
    }
    fn may_edit(&self, raw: &Raw, who: &Who) -> Result<(), Refusal> {
        self.0.may_edit(&upgraded(raw), who)
    }
    fn needs(&self, raw: &Raw, act: &[u8]) -> Vec<DocId> {
        self.0.needs(&upgraded(raw), act)
    }
    fn judge(&self, raw: &Raw, act: &[u8], who: &Who, facts: &Facts) -> Result<Judged, Refusal> {
        self.0.judge(&upgraded(raw), act, who, facts)
    }
    fn step(&self, act: &[u8]) -> Option<&'static str> {
        self.0.step(act)
    }
    fn offspring(&self, raw: &Raw, act: &[u8]) -> Vec<Offspring> {
        self.0.offspring(&upgraded(raw), act)
    }
    fn fixed(&self) -> &'static [&'static str] {
        self.0.fixed()
    }
    fn seat(&self, raw: &Raw) -> OrgCode {
        self.0.seat(&upgraded(raw))
    }
    fn readers(&self, raw: &Raw) -> BTreeSet<Reader> {
        let mut readers = self.0.readers(&upgraded(raw));
        if is_old(raw) && self.name() == "news.draft" {
            readers.insert(Reader::Role(Role::UnitChair, raw.meta.unit.at_level(2)));
        } else if is_old(raw) {
            readers.remove(&Reader::Role(Role::CompanyChair, raw.meta.unit.company()));
        }
        readers
    }
    fn values(&self, raw: &Raw) -> Values {
        self.0.values(&upgraded(raw))
    }
    fn row(&self, raw: &Raw) -> Row {
        let mut row = self.0.row(&upgraded(raw));
        if self.name() == "appeal.matter" {
            row.facts.insert("version".into(), "2".into());
        }
        row
    }
    fn who(&self, raw: &Raw) -> Option<Who> {
        self.0.who(&upgraded(raw))
    }
    fn device(&self, raw: &Raw) -> Option<domain::Device> {
        self.0.device(&upgraded(raw))
    }
    fn figures(&self, raw: &Raw, out: &mut Figures) {
        self.0.figures(&upgraded(raw), out);
    }
    fn status(&self, raw: &Raw) -> Label {
        self.0.status(&upgraded(raw))
    }
    fn steps(&self, raw: &Raw, who: &Who) -> Vec<StepView> {
        self.0.steps(&upgraded(raw), who)
    }
    fn timeline(&self, raw: &Raw) -> Vec<Moment> {
        self.0.timeline(&upgraded(raw))
    }
    fn apart(&self) -> Vec<(String, String)> {
        self.0.apart()
    }
    fn states(&self) -> Vec<&'static str> {
        self.0.states()
    }
    fn sample(&self) -> Values {
        self.0.sample()
    }
    fn picture(&self) -> String {
        self.0.picture()
    }
}
