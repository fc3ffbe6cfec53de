//! A document as files: the body as ordinary Automerge, the acts as JSON with the words that people know.

use crate::desk::{Desk, Trouble};
use crate::log::Log;
use api::Exported;
use domain::{DocId, Entry, Row, Who, act_bytes, from_cbor};
use serde_bytes::ByteBuf;
use serde_json::{Value as Json, json};

/// The document for whoever may read it.
///
/// # Errors
/// What the log says.
pub async fn for_reader<L: Log>(desk: &Desk<L>, who: &Who, id: DocId) -> Result<Option<Exported>, Trouble> {
    let Some(document) = desk.document(who, id).await? else { return Ok(None) };
    let acts_json = acts_json(&document.row, &document.entries);
    Ok(Some(Exported { automerge: ByteBuf::from(document.snapshot), acts_json }))
}

/// Row and acts, for people and programs.
pub fn acts_json(row: &Row, entries: &[Entry]) -> String {
    let file = json!({
        "format": "lianxin.acts/1",
        "document": row.id.to_string(),
        "kind": row.kind,
        "title": row.title,
        "status": { "code": row.status.code, "zh": row.status.zh, "en": row.status.en },
        "unit": row.unit.as_str(),
        "number": row.number,
        "acts": entries.iter().map(act).collect::<Vec<_>>(),
    });
    format!("{file:#}\n")
}

fn act(entry: &Entry) -> Json {
    let receipt = entry.receipt.as_ref().map(|receipt| {
        json!({
            "n": receipt.n,
            "at_ms": receipt.at_ms,
            "to": receipt.to,
            "number": receipt.stamped,
            "by_name": receipt.by_name,
            "signed_on": receipt.signed,
        })
    });
    // Whoever has the device's public key can check this with any P-256 library.
    let signature = entry.signature.as_ref().map(|signature| {
        json!({
            "device": signature.device.to_string(),
            "over": hex(&act_bytes(entry)),
            "r_s": hex(&signature.bytes),
        })
    });
    json!({
        "id": entry.id.to_string(),
        "by": entry.by.to_string(),
        "at_ms": entry.at_ms,
        "about": entry.about.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "act": from_cbor::<Plain>(&entry.act).map(|plain| plain.0),
        "signature": signature,
        "receipt": receipt,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Any CBOR as JSON: acts of kinds that this program does not know come out too. Byte strings become hex.
struct Plain(Json);

impl<'de> serde::Deserialize<'de> for Plain {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visit).map(Plain)
    }
}

struct Visit;

impl<'de> serde::de::Visitor<'de> for Visit {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("anything")
    }
    fn visit_bool<E>(self, yes: bool) -> Result<Json, E> {
        Ok(yes.into())
    }
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Json, E> {
        let id = <[u8; 16]>::try_from(bytes).map(|id| DocId(id).to_string());
        Ok(id.unwrap_or_else(|_| hex(bytes)).into())
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_none<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_some<D: serde::Deserializer<'de>>(self, inner: D) -> Result<Json, D::Error> {
        inner.deserialize_any(self)
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(Plain(item)) = seq.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((key, Plain(value))) = map.next_entry::<String, Plain>()? {
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::modules::org::PersonAct;
    use domain::{OrgCode, Role, to_cbor};

    #[test]
    fn an_act_comes_out_in_plain_words() {
        let act = PersonAct::appoint(Role::BranchOfficer, OrgCode::new("LB04.3"));
        let Plain(json) = from_cbor(&to_cbor(&act)).unwrap();
        assert_eq!(json, json!({ "appoint": { "role": "branch_officer", "at": "LB04.3" } }));
        let Plain(id) = from_cbor(&to_cbor(&DocId([7; 16]))).unwrap();
        assert_eq!(id, DocId([7; 16]).to_string());
    }
}
