//! A kind without its types, for the server, the repo and lists, which know no module by name.

use crate::*;
use std::collections::BTreeSet;
use std::marker::PhantomData;

/// What one judged act leads to.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Code of the status from here on.
    pub to: String,
    /// Narrower readers of the act, if it has them.
    pub narrow: Option<BTreeSet<Reader>>,
    /// The number it earns.
    pub series: Option<Series>,
}

/// One step as a button shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StepView {
    /// The step.
    pub step: Label,
    /// `None`: allowed. Otherwise why not.
    pub refusal: Option<Refusal>,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Moment {
    /// The act.
    pub id: ActId,
    /// What was done.
    pub step: Label,
    /// Person or alias.
    pub by: DocId,
    /// Name as the server knows it; empty while it waits or for an alias.
    pub by_name: String,
    /// Opinion or reason.
    pub words: String,
    /// Device time, a claim.
    pub at_ms: i64,
    /// Official time.
    pub official_ms: Option<i64>,
    /// Number given.
    pub stamped: Option<String>,
    /// How it was signed.
    #[serde(default)]
    pub signed: Signed,
}

/// A kind whose types are forgotten. Every method opens `raw` anew; none keeps anything.
pub trait AnyKind: Sync {
    /// Name on disk and wire.
    fn name(&self) -> &'static str;
    /// Chinese and English name.
    fn labels(&self) -> (&'static str, &'static str);
    /// How it comes to phones.
    fn carry(&self) -> Carry;
    /// May be begun under an alias.
    fn alias(&self) -> bool;
    /// Is such a document sealed, begun under an alias or under a name?
    fn seals(&self, alias: bool) -> bool;
    /// The act without its words; `None` for an act of a newer version.
    fn hush(&self, act: &[u8]) -> Option<Vec<u8>>;
    /// Has acts that fewer people may read than the document.
    fn narrows(&self) -> bool;
    /// The server notes who is handed it. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn watched(&self) -> bool;
    /// Acts on it are listed in the audit. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn audited(&self) -> bool;
    /// The body's table.
    fn fields(&self) -> &'static [Field];
    /// May `who` begin it?
    fn may_found(&self, raw: &Raw, who: &Who) -> Result<(), Refusal>;
    /// May `who` write its body?
    fn may_edit(&self, raw: &Raw, who: &Who) -> Result<(), Refusal>;
    /// Other documents needed to judge this act.
    fn needs(&self, raw: &Raw, act: &[u8]) -> Vec<DocId>;
    /// May `who` do this act? `at_ms` is official time on the server.
    fn judge(&self, raw: &Raw, act: &[u8], who: &Who, facts: &Facts) -> Result<Judged, Refusal>;
    /// Code of the step that an act is; `None` for an act of a newer version.
    fn step(&self, act: &[u8]) -> Option<&'static str>;
    /// Documents that the act brings into being.
    fn offspring(&self, raw: &Raw, act: &[u8]) -> Vec<Offspring>;
    /// Fields that nobody writes after birth.
    fn fixed(&self) -> &'static [&'static str];
    /// The unit it belongs to now.
    fn seat(&self, raw: &Raw) -> OrgCode;
    /// Who may read it.
    fn readers(&self, raw: &Raw) -> BTreeSet<Reader>;
    /// Its body values as read through the upgrades.
    fn values(&self, raw: &Raw) -> Values;
    /// Its line in lists.
    fn row(&self, raw: &Raw) -> Row;
    /// The person it describes.
    fn who(&self, raw: &Raw) -> Option<Who>;
    /// The device it describes.
    fn device(&self, raw: &Raw) -> Option<Device>;
    /// Adds to statistics. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn figures(&self, raw: &Raw, out: &mut Figures);
    /// Status with waiting acts counted in.
    fn status(&self, raw: &Raw) -> Label;
    /// Each step with why not.
    fn steps(&self, raw: &Raw, who: &Who) -> Vec<StepView>;
    /// The acts in words.
    fn timeline(&self, raw: &Raw) -> Vec<Moment>;
    /// Words of a step by its code. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn step_words(&self, code: &str) -> Option<(&'static str, &'static str)>;
    /// What a code in a field says to people. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn said(&self, field: &str, code: &str) -> Option<(String, String)>;
    /// Values of the sample body. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn sample(&self) -> Values;
    /// The workflow as a Mermaid picture with Chinese words. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn picture(&self) -> String;
    /// Separation of duties in words, Chinese and English. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn apart(&self) -> Vec<(String, String)>;
    /// Codes of all states. Not in what phones carry.
    #[cfg(not(target_arch = "wasm32"))]
    fn states(&self) -> Vec<&'static str>;
}

/// Forgets the types of `K`.
pub struct Erased<K>(PhantomData<K>);
impl<K: Kind> Erased<K> {
    /// For THE LIST.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}
impl<K: Kind> Default for Erased<K> {
    fn default() -> Self {
        Self::new()
    }
}

fn act_of<K: Kind>(bytes: &[u8]) -> Result<K::Act, Refusal> {
    from_cbor(bytes).ok_or_else(|| Refusal::Unreadable("act".into()))
}

impl<K: Kind> AnyKind for Erased<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }
    fn labels(&self) -> (&'static str, &'static str) {
        (K::ZH, K::EN)
    }
    fn carry(&self) -> Carry {
        K::CARRY
    }
    fn alias(&self) -> bool {
        K::ALIAS
    }
    fn seals(&self, alias: bool) -> bool {
        K::CARRY == Carry::Sealed || (alias && K::SEALS_ALIAS)
    }
    fn hush(&self, act: &[u8]) -> Option<Vec<u8>> {
        act_of::<K>(act).ok().map(|act| to_cbor(&K::hush(&act)))
    }
    fn narrows(&self) -> bool {
        K::NARROWS
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn watched(&self) -> bool {
        K::WATCHED
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn said(&self, field: &str, code: &str) -> Option<(String, String)> {
        K::said(field, code)
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn audited(&self) -> bool {
        K::AUDITED
    }
    fn fields(&self) -> &'static [Field] {
        K::Body::FIELDS
    }
    fn may_found(&self, raw: &Raw, who: &Who) -> Result<(), Refusal> {
        Doc::<K>::of(raw).may_found(who)
    }
    fn may_edit(&self, raw: &Raw, who: &Who) -> Result<(), Refusal> {
        Doc::<K>::of(raw).may_edit(who)
    }
    fn needs(&self, raw: &Raw, act: &[u8]) -> Vec<DocId> {
        act_of::<K>(act).map(|act| K::needs(&Doc::of(raw), &act)).unwrap_or_default()
    }
    fn judge(&self, raw: &Raw, act: &[u8], who: &Who, facts: &Facts) -> Result<Judged, Refusal> {
        let (doc, act) = (Doc::<K>::of(raw), act_of::<K>(act)?);
        let narrow = K::narrow(&doc, &act, who);
        debug_assert!(narrow.is_none() || K::NARROWS, "{} says that it has none", K::NAME);
        let to = doc.judge(&act, who, facts)?;
        let to = if narrow.is_some() { doc.status } else { to };
        Ok(Judged { to: to.code().into(), narrow, series: K::series(&doc, &act, facts.now_ms) })
    }
    fn step(&self, act: &[u8]) -> Option<&'static str> {
        act_of::<K>(act).ok().map(|act| K::step(&act).code())
    }
    fn offspring(&self, raw: &Raw, act: &[u8]) -> Vec<Offspring> {
        act_of::<K>(act).map(|act| K::offspring(&Doc::of(raw), &act)).unwrap_or_default()
    }
    fn fixed(&self) -> &'static [&'static str] {
        K::FIXED
    }
    fn seat(&self, raw: &Raw) -> OrgCode {
        K::seat(&Doc::of(raw))
    }
    fn readers(&self, raw: &Raw) -> BTreeSet<Reader> {
        K::readers(&Doc::of(raw))
    }
    fn values(&self, raw: &Raw) -> Values {
        Doc::<K>::of(raw).body.write()
    }
    fn row(&self, raw: &Raw) -> Row {
        K::row(&Doc::of(raw))
    }
    fn who(&self, raw: &Raw) -> Option<Who> {
        K::who(&Doc::of(raw))
    }
    fn device(&self, raw: &Raw) -> Option<Device> {
        K::device(&Doc::of(raw))
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn figures(&self, raw: &Raw, out: &mut Figures) {
        K::figures(&Doc::of(raw), out);
    }
    fn status(&self, raw: &Raw) -> Label {
        Label::of(Doc::<K>::of(raw).status)
    }
    fn steps(&self, raw: &Raw, who: &Who) -> Vec<StepView> {
        let doc = Doc::<K>::of(raw);
        let view = |step: &K::Step| StepView { step: Label::of(*step), refusal: doc.may(*step, who).err() };
        K::Step::ALL.iter().map(view).collect()
    }
    fn timeline(&self, raw: &Raw) -> Vec<Moment> {
        Doc::<K>::of(raw).acts.iter().map(moment::<K>).collect()
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn step_words(&self, code: &str) -> Option<(&'static str, &'static str)> {
        K::Step::ALL.iter().find(|step| step.code() == code).map(|step| (step.zh(), step.en()))
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn sample(&self) -> Values {
        K::sample().write()
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn picture(&self) -> String {
        picture::<K>()
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn apart(&self) -> Vec<(String, String)> {
        apart_words::<K>()
    }
    #[cfg(not(target_arch = "wasm32"))]
    fn states(&self) -> Vec<&'static str> {
        K::Status::ALL.iter().map(|status| status.code()).collect()
    }
}

fn moment<K: Kind>(done: &Done<K::Act>) -> Moment {
    let receipt = done.receipt.as_ref();
    Moment {
        id: done.id,
        step: Label::of(K::step(&done.act)),
        by: done.by,
        by_name: receipt.map(|receipt| receipt.by_name.clone()).unwrap_or_default(),
        words: K::words(&done.act),
        at_ms: done.at_ms,
        official_ms: receipt.map(|receipt| receipt.at_ms),
        stamped: receipt.and_then(|receipt| receipt.stamped.clone()),
        signed: done.signed.clone(),
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn picture<K: Kind>() -> String {
    let mut out = String::from("stateDiagram-v2\n");
    for status in K::Status::ALL {
        out.push_str(&format!("    {}: {}\n", status.code(), status.zh()));
    }
    out.push_str(&format!("    [*] --> {}\n", K::Status::ALL[0].code()));
    for rule in K::RULES {
        let by: Vec<String> = rule.by.iter().map(|by| by_words(by).0).collect();
        let when = rule.when.as_ref().map(|when| format!("，{}", when.zh)).unwrap_or_default();
        for from in rule.from {
            let to = rule.to.unwrap_or(*from);
            let (step, by) = (rule.step.zh(), by.join("、"));
            out.push_str(&format!("    {} --> {}: {step}（{by}{when}）\n", from.code(), to.code()));
        }
    }
    out
}
