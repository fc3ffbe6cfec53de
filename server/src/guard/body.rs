//! Reading bodies with limits: bytes as they come, time between them, and bytes after inflating.

use crate::fault::Fault;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use std::io::Read;
use std::time::Duration;
use tokio::time::timeout;

/// Longest silence between two pieces of a body. A mine on satellite pauses for seconds.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest time for a whole body: a megabyte at 64 kbit/s takes two minutes.
const PATIENCE: Duration = Duration::from_secs(300);

/// The whole body, at most `limit` bytes.
///
/// # Errors
/// `large` when it is longer, and the faults of a bad line.
pub async fn whole(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    large: fn() -> Fault,
) -> Result<Bytes, Fault> {
    let told =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| told > limit as u64) {
        return Err(large());
    }
    timeout(PATIENCE, collect(body, limit, large)).await.map_err(|_| Fault::too_slow())?
}

async fn collect(mut body: Body, limit: usize, large: fn() -> Fault) -> Result<Bytes, Fault> {
    let mut bytes = Vec::new();
    while let Some(frame) = timeout(SILENCE, body.frame()).await.map_err(|_| Fault::too_slow())? {
        let frame = frame.map_err(|_| Fault::cut_off())?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(large());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.into())
}

/// The body after `Content-Encoding`, at most `limit` bytes: a bomb is dropped as soon as it shows.
///
/// # Errors
/// Too large, not what the encoding says, or an encoding we do not know.
pub fn inflated(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, Fault> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
    match encoding {
        None | Some("identity") => Ok(body),
        Some("gzip") => at_most(flate2::read::GzDecoder::new(&body[..]), limit),
        Some("br") if is_wide(&body) => Err(Fault::too_large()),
        Some("br") => at_most(brotli_decompressor::Decompressor::new(&body[..], 4096), limit),
        Some(_) => Err(Fault::encoding()),
    }
}

/// A brotli stream says in its first bits how much memory it wants: 23 or 24 bits are 8 or 16 MB, for a body that
/// may have one. Usual encoders ask for 22 at most.
fn is_wide(brotli: &[u8]) -> bool {
    brotli.first().is_some_and(|first| first & 1 == 1 && (first >> 1) & 7 > 5)
}

fn at_most(reader: impl Read, limit: usize) -> Result<Bytes, Fault> {
    let mut out = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(|_| Fault::unreadable())?;
    if out.len() > limit { Err(Fault::too_large()) } else { Ok(out.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Bytes {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap().into()
    }
    fn coded(encoding: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, encoding.parse().unwrap())])
    }

    #[test]
    fn what_was_compressed_comes_out_whole() {
        let text = "连心桥".repeat(100);
        let out = inflated(&coded("gzip"), gzip(text.as_bytes()), 10_000).unwrap();
        assert_eq!(out, text.as_bytes());
        assert_eq!(inflated(&HeaderMap::new(), "plain".into(), 10).unwrap(), "plain");
        assert_eq!(inflated(&coded("zstd"), "x".into(), 10), Err(Fault::encoding()));
        assert_eq!(inflated(&coded("gzip"), "not gzip".into(), 10), Err(Fault::unreadable()));
    }

    #[test]
    fn a_bomb_of_a_gigabyte_costs_no_more_than_the_limit() {
        let bomb = gzip(&vec![0; 8 * 1024 * 1024]);
        assert!(bomb.len() < 10_000);
        assert_eq!(inflated(&coded("gzip"), bomb, 1024 * 1024), Err(Fault::too_large()));
    }

    #[test]
    fn a_brotli_stream_does_not_choose_how_much_memory_it_gets() {
        // The first byte of streams of nothing with windows of 16, 18, 22, 23 and 24 bits.
        for (first, wide) in [(0x06, false), (0x03, false), (0x0b, false), (0x0d, true), (0x0f, true)] {
            assert_eq!(is_wide(&[first]), wide, "{first:#x}");
        }
        assert_eq!(inflated(&coded("br"), vec![0x0f_u8, 0, 0].into(), 10), Err(Fault::too_large()));
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_is_refused_by_its_word_and_by_its_bytes() {
        let lies = HeaderMap::from_iter([(header::CONTENT_LENGTH, "99".parse().unwrap())]);
        assert_eq!(whole(&lies, "x".into(), 10, Fault::too_large).await, Err(Fault::too_large()));
        let long = Body::from(vec![0; 11]);
        assert_eq!(whole(&HeaderMap::new(), long, 10, Fault::blob_large).await, Err(Fault::blob_large()));
        assert_eq!(
            whole(&HeaderMap::new(), "0123456789".into(), 10, Fault::too_large).await.unwrap(),
            "0123456789"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_falls_silent_is_not_waited_for_for_ever() {
        let silent = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(whole(&HeaderMap::new(), silent, 10, Fault::too_large).await, Err(Fault::too_slow()));
    }
}
