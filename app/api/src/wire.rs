//! CBOR for server functions, through the same encoder as sync and the worker, so that the screens carry
//! one encoder and neither serde_json nor URL encoding (docs/decisions/dependencies.md).

use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, Http};
use serde::{Serialize, de::DeserializeOwned};

/// Arguments and results as CBOR in a POST.
pub type Cbor = Http<Post<Encoding>, Post<Encoding>>;

/// The encoding.
pub struct Encoding;

impl ContentType for Encoding {
    const CONTENT_TYPE: &'static str = crate::MIME;
}
impl FormatType for Encoding {
    const FORMAT_TYPE: Format = Format::Binary;
}
impl<T: Serialize> Encodes<T> for Encoding {
    type Error = std::convert::Infallible;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        Ok(domain::to_cbor(value).into())
    }
}
impl<T: DeserializeOwned> Decodes<T> for Encoding {
    type Error = &'static str;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        domain::from_cbor(&bytes).ok_or("not what was asked for")
    }
}
