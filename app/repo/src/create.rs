//! Beginning a document, by a person or by an act that brings it into being.

use crate::doc_rec::{DocRec, Intent, RowRec, SealRec};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::work::Work;
use crate::{Host, Link, Repo, body, split, words};
use domain::bridge::Answer;
use domain::{AnyKind, DocId, FieldKind, Meta, OrgCode, Raw, Refusal, Values, Who, field_of};
use store::Store;
use sync::Item;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Begins a document. With `alias`, under a fresh name that only the server can resolve.
    pub(crate) async fn create(
        &self,
        kind: &str,
        unit: OrgCode,
        values: Values,
        alias: bool,
    ) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let mut txn = Txn::default();
        let (doc, seq) = self.create_in(&mut txn, kind, unit, values, alias).await?;
        self.keep(txn).await?;
        Ok(Answer::Kept { doc, seq: Some(seq) })
    }

    /// The same inside a transaction. For whoever holds the turn.
    pub(crate) async fn create_in(
        &self,
        txn: &mut Txn,
        kind: &str,
        unit: OrgCode,
        values: Values,
        alias: bool,
    ) -> Result<(DocId, u64), Stop> {
        let kind = self.kind(kind).ok_or(Refusal::Unknown)?;
        if alias && !kind.alias() {
            return Err(
                Refusal::rule("这类材料不能隐名提交", "This kind of record cannot be confidential").into()
            );
        }
        let mut who = self.who();
        let owner = if alias { self.new_alias(txn, &mut who) } else { who.person };
        let id = DocId::from_random(self.host.random16());
        let meta = Meta { id, kind: kind.name().into(), owner, unit, born_ms: self.host.now_ms() };
        let raw = Raw { meta, values, entries: vec![] };
        kind.may_found(&raw, &who)?;
        let seal = if kind.seals(alias) { Some(self.new_seal().await?) } else { None };
        let (group, work) = self.bear(txn, None, kind, raw, false, seal)?;
        let temporary = self.temporary_number(txn);
        let mut row = self.row(txn, id).ok_or(Refusal::Unknown)?;
        row.temporary = Some(temporary);
        self.shown(txn, id, row, work);
        Ok((id, group))
    }

    fn new_alias(&self, txn: &mut Txn, who: &mut Who) -> DocId {
        let alias = DocId::from_random(self.host.random16());
        self.meta(txn).aliases.push(alias);
        who.aliases.push(alias);
        alias
    }

    /// `L-3F2A-12`: device, and what number of document begun on it.
    fn temporary_number(&self, txn: &mut Txn) -> String {
        let meta = self.meta(txn);
        meta.made += 1;
        format!("L-{}-{}", meta.device[..4].to_uppercase(), meta.made)
    }

    /// Puts the first changes of a document into the outbox. Long texts follow the birth as edits; the
    /// server takes what comes right behind a birth as part of it.
    pub(crate) fn bear(
        &self,
        txn: &mut Txn,
        group: Option<u64>,
        kind: &'static dyn AnyKind,
        raw: Raw,
        made: bool,
        seal: Option<SealRec>,
    ) -> Result<(u64, Work), Stop> {
        let id = raw.meta.id;
        let is_text =
            |key: &str| field_of(kind.fields(), key).is_some_and(|field| field.kind == FieldKind::Text);
        let (values, rest) = split::birth(is_text, raw.values);
        let (actor, sealed) = (self.actor(txn, id, 0), seal.as_ref().and_then(SealRec::stand));
        let is_sealed = sealed.is_some();
        let message = self.secret_message(is_sealed);
        let (doc, first) = body::birth(actor, &raw.meta, kind.fields(), &values, message)?;
        let intent = Intent::Born { meta: raw.meta, values };
        let what = words::of_birth(kind);
        let group = self.enqueue(txn, group, id, Item::Change(first.into()), what.clone(), intent, made);
        let rec = DocRec { kind: kind.name().into(), seal, ..DocRec::default() };
        let mut work = Work { kind: Some(kind), rec: rec.clone(), doc, waiting: vec![] };
        for part in split::edits(rest) {
            let message = self.secret_message(is_sealed);
            if let Some(raw) = body::write(&mut work.doc, actor, kind.fields(), &part, message)? {
                self.enqueue(
                    txn,
                    Some(group),
                    id,
                    Item::Change(raw.into()),
                    what.clone(),
                    Intent::Edits(part),
                    made,
                );
            }
        }
        let line = kind.row(&work.raw(id)?);
        txn.docs.insert(id, Some(rec));
        txn.rows.insert(id, Some(RowRec { whole: true, sealed, ..RowRec::new(line) }));
        Ok((group, work))
    }
}
