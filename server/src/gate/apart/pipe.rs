//! Messages on the pipes: a length in four bytes, big-endian, then CBOR.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// No message is longer: a request is at most a megabyte, a document a quarter of one.
const MESSAGE_BYTES: usize = 8 * 1024 * 1024;

fn head(body: &[u8]) -> io::Result<[u8; 4]> {
    let length = u32::try_from(body.len()).ok().filter(|length| *length as usize <= MESSAGE_BYTES);
    length.map(u32::to_be_bytes).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))
}

fn length(head: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_be_bytes(head) as usize;
    if length <= MESSAGE_BYTES { Ok(length) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Writes one message, on the child's side.
pub(super) fn write(to: &mut impl io::Write, body: &[u8]) -> io::Result<()> {
    to.write_all(&head(body)?)?;
    to.write_all(body)?;
    to.flush()
}

/// Reads one message, on the child's side.
pub(super) fn read(from: &mut impl io::Read) -> io::Result<Vec<u8>> {
    let mut start = [0; 4];
    from.read_exact(&mut start)?;
    let mut body = vec![0; length(start)?];
    from.read_exact(&mut body)?;
    Ok(body)
}

/// Writes one message, on the server's side.
pub(super) async fn put(to: &mut (impl AsyncWrite + Unpin), body: &[u8]) -> io::Result<()> {
    to.write_all(&head(body)?).await?;
    to.write_all(body).await?;
    to.flush().await
}

/// Reads one message, on the server's side.
pub(super) async fn take(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut start = [0; 4];
    from.read_exact(&mut start).await?;
    let mut body = vec![0; length(start)?];
    from.read_exact(&mut body).await?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_a_lying_length_takes_no_memory() {
        let mut bytes = vec![];
        write(&mut bytes, b"question").unwrap();
        assert_eq!(read(&mut &bytes[..]).unwrap(), b"question");
        let cut = read(&mut &bytes[..6]).unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof);
        let lie = read(&mut &[0xff, 0xff, 0xff, 0xff, 1][..]).unwrap_err();
        assert_eq!(lie.kind(), io::ErrorKind::InvalidData);
    }
}
