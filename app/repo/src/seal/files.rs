//! Files of sealed documents: each is closed with a key of its own before it gets its name, and the key lies in the
//! document, under the name. So whoever opens the document opens its files, the recovery key included, and the
//! server keeps ciphertext.

use crate::keep::Txn;
use crate::stop::Stop;
use crate::work::Work;
use crate::{Host, Link, Repo};
use domain::bridge::Answer;
use domain::{DocId, Edit, Hash, Refusal, Values, file_key, file_keys, said_text};
use serde_bytes::ByteArray;
use store::Store;
use sync::{FILE_NONCE, close_file, file_cipher, file_front, is_sealed_file, pad, unpad};

/// A file as it is kept and goes up.
pub(crate) struct Kept {
    pub bytes: Vec<u8>,
    pub mime: String,
    /// What opens it; `None` for one that lies open.
    pub key: Option<ByteArray<32>>,
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// The file as the document that will name it wants it.
    pub(crate) async fn closed_file(
        &self,
        doc: Option<DocId>,
        bytes: Vec<u8>,
        mime: String,
    ) -> Result<Kept, Stop> {
        // Not knowing the document must not mean keeping its picture open.
        if doc.is_some_and(|id| self.row(&Txn::default(), id).is_none()) {
            return Err(Refusal::Unknown.into());
        }
        let sealed = match doc {
            Some(id) => self.sealed_rec(id).await?,
            None => None,
        };
        if sealed.is_none() {
            return Ok(Kept { bytes, mime, key: None });
        }
        let key = self.random32();
        let cipher = self.host.encrypt(&key, &FILE_NONCE, file_front(), &pad(&bytes)).await;
        let bytes = close_file(&cipher.ok_or_else(super::no_cipher)?);
        // Not even what kind of file it is.
        Ok(Kept { bytes, mime: "application/octet-stream".into(), key: Some(key) })
    }

    /// The bytes for the screen.
    pub(crate) async fn opened_file(&self, hash: Hash, bytes: Vec<u8>) -> Result<Answer, Stop> {
        if !is_sealed_file(&bytes) {
            return Ok(Answer::Bytes(bytes.into()));
        }
        let key = {
            let mem = self.mem.borrow();
            let own = mem.blobs.get(&hash).and_then(|rec| rec.key).map(ByteArray::into_array);
            own.or_else(|| mem.file_keys.iter().find(|(file, _)| *file == hash).map(|(_, key)| *key))
        };
        let (Some(key), Some(cipher)) = (key, file_cipher(&bytes)) else { return Err(shut().into()) };
        let plain = self.host.decrypt(&key, &FILE_NONCE, file_front(), cipher).await;
        let file = plain.as_deref().and_then(unpad).ok_or_else(shut)?;
        Ok(Answer::Bytes(file.to_vec().into()))
    }

    /// On a sealed document: the keys of the files that these edits name go in beside the names, and out with them.
    pub(crate) fn with_file_keys(
        &self,
        edits: Vec<Edit>,
        work: &Work,
        values: &Values,
    ) -> Result<Vec<Edit>, Refusal> {
        if work.rec.seal.is_none() {
            return Ok(edits);
        }
        let mut all = Vec::with_capacity(edits.len());
        for edit in edits {
            let beside = self.beside(&edit, values)?;
            all.push(edit);
            all.extend(beside);
        }
        Ok(all)
    }

    fn beside(&self, edit: &Edit, values: &Values) -> Result<Option<Edit>, Refusal> {
        let Some(file) = edit.key().split_once('/').and_then(|(_, item)| Hash::parse(item)) else {
            return Ok(None);
        };
        let at = file_key(file);
        if at == edit.key() {
            return Ok(None);
        }
        if matches!(edit, Edit::Clear { .. }) {
            return Ok(values.contains_key(&at).then_some(Edit::Clear { key: at }));
        }
        let known = self.mem.borrow().blobs.get(&file).map(|rec| rec.key);
        match known {
            Some(Some(key)) => Ok(Some(Edit::Set { key: at, value: said_text(&key[..]).into() })),
            Some(None) if !values.contains_key(edit.key()) => Err(lies_open()),
            _ => Ok(None),
        }
    }

    /// A document was opened: its files open too.
    pub(crate) fn learn_file_keys(&self, work: &Work, values: &Values) {
        if work.rec.seal.is_some() {
            let known = &mut self.mem.borrow_mut().file_keys;
            // As it is now: whoever wrote a wrong key may have written the right one since.
            let keys = file_keys(values);
            known.retain(|(file, _)| keys.iter().all(|(other, _)| other != file));
            known.extend(keys);
        }
    }
}

fn shut() -> Refusal {
    Refusal::rule(
        "这张图片已加密，请从它所在的材料里打开",
        "This picture is sealed; open it from the record it belongs to",
    )
}

fn lies_open() -> Refusal {
    Refusal::rule(
        "这张图片没有加密，不能放进加密材料。请在这份材料里重新添加",
        "This picture is not sealed and cannot go into a sealed record. Please add it again in this record",
    )
}
