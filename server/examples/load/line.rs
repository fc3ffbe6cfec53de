//! A phone's line to the server: one kept-alive connection, HTTP/1.1 by hand, compressed answers as browsers
//! ask for them.

use crate::town::Person;
use domain::DocId;
use domain::modules::org::key_text;
use server::demo::SoftKey;
use std::io::Read;
use std::time::Duration;
use sync::{Frame, FrameReader, MIME, PROOF, push_bytes};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What came back.
pub enum Reply {
    Frames(Vec<Frame>),
    /// Come back after this time.
    Later(Duration),
}

pub struct Line {
    address: String,
    cookie: String,
    key: SoftKey,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    pub fn new(address: &str, person: &Person) -> Self {
        let (cookie, key) = (person.cookie.clone(), person.key.clone());
        Self { address: address.into(), cookie, key, stream: None }
    }

    pub fn hang_up(&mut self) {
        self.stream = None;
    }

    pub async fn sync(&mut self, request: &sync::Request) -> std::io::Result<Reply> {
        let body = domain::to_cbor(request);
        let proof = (!request.push.is_empty())
            .then(|| key_text(&self.key.sign(DocId::default(), &push_bytes(&body)).bytes));
        let answered = self.exchange(&body, proof).await;
        if answered.is_err() {
            self.stream = None;
        }
        answered
    }

    async fn exchange(&mut self, body: &[u8], proof: Option<String>) -> std::io::Result<Reply> {
        let (address, cookie) = (&self.address, &self.cookie);
        let proof = proof.map(|proof| format!("{PROOF}: {proof}\r\n")).unwrap_or_default();
        let head = format!(
            "POST /sync HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nsec-fetch-site: same-origin\r\n\
             cookie: {cookie}\r\ncontent-type: {MIME}\r\naccept: {MIME}\r\naccept-encoding: gzip, deflate, br\r\n\
             {proof}content-length: {}\r\n\r\n",
            body.len()
        );
        if self.stream.is_none() {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            self.stream = Some(BufReader::new(stream));
        }
        let Some(stream) = &mut self.stream else { unreachable!("just opened") };
        stream.write_all(&[head.as_bytes(), body].concat()).await?;
        let head = head_of(stream).await?;
        let body = body_of(stream, &head).await?;
        read(&head, &body)
    }
}

/// Status line and headers, in lower case.
async fn head_of(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<String>> {
    let mut lines = vec![];
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_lowercase();
        if line.is_empty() {
            return Ok(lines);
        }
        lines.push(line);
    }
}

fn header<'h>(head: &'h [String], name: &str) -> Option<&'h str> {
    head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

async fn body_of(stream: &mut BufReader<TcpStream>, head: &[String]) -> std::io::Result<Vec<u8>> {
    if let Some(length) = header(head, "content-length").and_then(|text| text.parse().ok()) {
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        return Ok(body);
    }
    let mut body = vec![];
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let invalid = |_| std::io::Error::from(std::io::ErrorKind::InvalidData);
        let length = usize::from_str_radix(line.trim(), 16).map_err(invalid)?;
        let start = body.len();
        body.resize(start + length + 2, 0);
        stream.read_exact(&mut body[start..]).await?;
        body.truncate(start + length);
        if length == 0 {
            return Ok(body);
        }
    }
}

fn read(head: &[String], body: &[u8]) -> std::io::Result<Reply> {
    let status = head[0].split_whitespace().nth(1).unwrap_or_default();
    if matches!(status, "429" | "503") {
        let seconds = header(head, "retry-after").and_then(|text| text.parse().ok()).unwrap_or(5);
        return Ok(Reply::Later(Duration::from_secs(seconds)));
    }
    if status != "200" {
        return Err(std::io::Error::other(format!("status {status}")));
    }
    let mut plain = vec![];
    match header(head, "content-encoding") {
        Some("br") => brotli_decompressor::Decompressor::new(body, 4096).read_to_end(&mut plain)?,
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_end(&mut plain)?,
        _ => std::io::Write::write(&mut plain, body)?,
    };
    let (mut reader, mut frames) = (FrameReader::default(), vec![]);
    reader.feed(&plain);
    let broken = |_| std::io::Error::other("not a frame");
    while let Some(frame) = reader.next_frame().map_err(broken)? {
        frames.push(frame);
    }
    Ok(Reply::Frames(frames))
}
