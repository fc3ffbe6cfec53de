//! Pictures and files over HTTP.

use crate::http_kit::{Browser, DAYONG, LIXIN, QIQIGE, Reply, World, world};
use axum::body::Body;
use axum::http::{Method, header};
use domain::modules::appeal::{MatterAct, MatterBody};
use domain::{Body as _, DocId, Hash, Meta, OrgCode};
use sync::BLOB_CHUNK;

/// A picture of about three and a half pieces. Noise does not compress.
fn picture() -> Vec<u8> {
    let mut seed = 7u32;
    let noise = |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(seed >> 24) as u8, (seed >> 16) as u8, (seed >> 8) as u8])
    };
    let image = image::RgbImage::from_fn(560, 530, noise);
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

fn address(bytes: &[u8]) -> String {
    format!("/blobs/{}", Hash::of(bytes))
}

async fn put(browser: &Browser<'_>, path: &str, whole: &[u8], first: usize, len: usize) -> Reply {
    let last = (first + len).min(whole.len());
    let range = format!("bytes {first}-{}/{}", last - 1, whole.len());
    put_raw(browser, path, &range, &whole[first..last]).await
}
async fn put_raw(browser: &Browser<'_>, path: &str, range: &str, bytes: &[u8]) -> Reply {
    let mut request = browser.request(Method::PUT, path, bytes.to_vec());
    request.headers_mut().insert(header::CONTENT_RANGE, range.parse().unwrap());
    browser.world.send(request).await
}
async fn put_all(browser: &Browser<'_>, whole: &[u8]) -> Reply {
    let (path, mut first) = (address(whole), 0);
    loop {
        let reply = put(browser, &path, whole, first, BLOB_CHUNK).await;
        first += BLOB_CHUNK;
        if first >= whole.len() || !reply.status.is_success() {
            return reply;
        }
    }
}

#[tokio::test]
async fn an_upload_goes_on_at_every_border_where_it_was_cut() {
    let picture = picture();
    let pieces = picture.len().div_ceil(BLOB_CHUNK);
    assert_eq!(pieces, 4);
    for cut in 0..=pieces {
        let world = world().await;
        let before = world.signed_in(DAYONG).await;
        let path = address(&picture);
        for piece in 0..cut {
            let reply = put(&before, &path, &picture, piece * BLOB_CHUNK, BLOB_CHUNK).await;
            let whole = piece + 1 == pieces;
            assert_eq!(reply.status.as_u16(), if whole { 201 } else { 202 });
        }
        // Here the line broke. The phone asks where to go on, from a new session.
        let after = world.signed_in(DAYONG).await;
        let standing = after.head(&path).await;
        assert_eq!(standing.received() as usize, (cut * BLOB_CHUNK).min(picture.len()));
        assert_eq!(standing.status.as_u16(), if cut == pieces { 200 } else { 404 });
        let mut first = standing.received() as usize;
        while first < picture.len() {
            first = put(&after, &path, &picture, first, BLOB_CHUNK).await.received() as usize;
        }
        let back = after.get(&path).await;
        assert_eq!((back.status.as_u16(), back.body.as_ref()), (200, picture.as_slice()), "cut after {cut}");
    }
}

#[tokio::test]
async fn a_piece_sent_twice_is_harmless_and_one_that_does_not_follow_says_where_to_go_on() {
    let (world, picture) = (world().await, picture());
    let (phone, path) = (world.signed_in(DAYONG).await, address(&picture));
    put(&phone, &path, &picture, 0, BLOB_CHUNK).await;
    let twice = put(&phone, &path, &picture, 0, BLOB_CHUNK).await;
    assert_eq!((twice.status.as_u16(), twice.received()), (202, BLOB_CHUNK as u64));
    let ahead = put(&phone, &path, &picture, 2 * BLOB_CHUNK, BLOB_CHUNK).await;
    ahead.says(409, "E-BLOB-5");
    assert_eq!(ahead.received(), BLOB_CHUNK as u64);
    let overlap = put(&phone, &path, &picture, 1000, BLOB_CHUNK).await;
    assert_eq!(overlap.received(), (BLOB_CHUNK + 1000) as u64, "only what is new is taken");
    let mut first = overlap.received() as usize;
    while first < picture.len() {
        first = put(&phone, &path, &picture, first, BLOB_CHUNK).await.received() as usize;
    }
    assert_eq!(phone.get(&path).await.body, picture);
    assert_eq!(put_all(&phone, &picture).await.status.as_u16(), 201, "again, when all is there");
}

#[tokio::test]
async fn nobody_disturbs_the_upload_of_somebody_else() {
    let (world, picture) = (world().await, picture());
    let (mine, yours, path) =
        (world.signed_in(DAYONG).await, world.signed_in(LIXIN).await, address(&picture));
    put(&yours, &path, &vec![7; picture.len()], 0, BLOB_CHUNK).await;
    assert_eq!(mine.head(&path).await.received(), 0, "false bytes of another are not mine");
    assert_eq!(put_all(&mine, &picture).await.status.as_u16(), 201);
    let told = yours.head(&path).await;
    assert_eq!(
        (told.status.as_u16(), told.received() as usize),
        (404, BLOB_CHUNK),
        "nobody learns what others have"
    );
}

#[tokio::test]
async fn other_bytes_than_promised_are_refused_and_can_be_sent_again() {
    let (world, picture) = (world().await, picture());
    let (phone, path) = (world.signed_in(DAYONG).await, address(&picture));
    let mut damaged = picture.clone();
    damaged[300_000] ^= 1;
    let mut reply = put(&phone, &path, &damaged, 0, BLOB_CHUNK).await;
    for piece in 1..4 {
        reply = put(&phone, &path, &damaged, piece * BLOB_CHUNK, BLOB_CHUNK).await;
    }
    reply.says(422, "E-BLOB-6");
    assert_eq!(phone.head(&path).await.received(), 0, "nothing of it stays");
    phone.get(&path).await.says(404, "E-BLOB-2");
    assert_eq!(put_all(&phone, &picture).await.status.as_u16(), 201);
}

#[tokio::test]
async fn pictures_that_tell_where_they_were_taken_and_other_files_are_refused() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(20, 20).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let plain = jpeg.into_inner();
    let mut exif = plain.clone();
    exif.splice(2..2, *b"\xff\xe1\x00\x10Exif\0\0GPS 49.2");
    put_all(&phone, &exif).await.says(422, "E-BLOB-9");
    put_all(&phone, b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>").await.says(422, "E-BLOB-7");
    put_all(&phone, &plain[..plain.len() - 30]).await.says(422, "E-BLOB-8");
    assert_eq!(put_all(&phone, &plain).await.status.as_u16(), 201);
}

#[tokio::test]
async fn a_blob_comes_back_as_a_file_that_cannot_run() {
    let world = world().await;
    let phone = world.signed_in(DAYONG).await;
    let pdf = b"%PDF-1.7\n1 0 obj <</S/JavaScript>> endobj\n%%EOF\n";
    assert_eq!(put_all(&phone, pdf).await.status.as_u16(), 201);
    let back = phone.get(&address(pdf)).await;
    assert_eq!(back.header("content-type"), "application/pdf");
    assert!(back.header("content-disposition").starts_with("attachment; filename=\""));
    assert!(back.header("content-security-policy").contains("sandbox"));
    assert_eq!(back.header("x-content-type-options"), "nosniff");
    assert_eq!(back.header("cache-control"), "private, max-age=31536000, immutable");
    let mut request = phone.request(Method::GET, &address(pdf), Body::empty());
    request.headers_mut().insert(header::RANGE, "bytes=5-7".parse().unwrap());
    let part = world.send(request).await;
    assert_eq!((part.status.as_u16(), part.text()), (206, "1.7"));
    assert_eq!(part.header("content-range"), format!("bytes 5-7/{}", pdf.len()));
    let mut request = phone.request(Method::GET, &address(pdf), Body::empty());
    request.headers_mut().insert(header::RANGE, "bytes=999-".parse().unwrap());
    world.send(request).await.says(416, "E-BLOB-10");
}

#[tokio::test]
async fn limits_and_names_are_held_to() {
    let world = world().await;
    let (phone, path) = (world.signed_in(DAYONG).await, address(b"x"));
    put_raw(&phone, &path, "bytes 0-0/8388609", b"x").await.says(413, "E-BLOB-3");
    put_raw(&phone, &path, "bytes 0-1/10", b"x").await.says(400, "E-BLOB-4");
    put_raw(&phone, &path, "x", b"x").await.says(400, "E-BLOB-4");
    put_raw(&phone, &path, &format!("bytes 0-{BLOB_CHUNK}/9000000"), b"x").await.says(413, "E-BLOB-3");
    let long = vec![0; BLOB_CHUNK + 1];
    put_raw(&phone, &path, &format!("bytes 0-{BLOB_CHUNK}/4000000"), &long).await.says(400, "E-BLOB-4");
    phone.get("/blobs/not-a-hash").await.says(400, "E-BLOB-1");
    for nobody in
        [world.browser().get(&path).await, put_raw(&world.browser(), &path, "bytes 0-0/1", b"x").await]
    {
        nobody.says(401, "E-SIGN-1");
    }
    for n in 0..32u8 {
        put_raw(&phone, &address(&[n]), "bytes 0-0/9", &[n]).await;
    }
    let one_more = put_raw(&phone, &address(&[99]), "bytes 0-0/9", &[99]).await;
    one_more.says(429, "E-BLOB-11");
    assert_eq!(one_more.header("retry-after"), "60");
}

/// A matter of this person's that names the file, handed in at LB02.
async fn name_it(world: &World, no: &str, hash: Hash) {
    let phone = world.phone(no);
    let (id, owner) = (DocId::from_random(DocId::derive(&[no.as_bytes(), &hash.0]).0), phone.who.person);
    let meta = Meta { id, kind: "appeal.matter".into(), owner, unit: OrgCode::new("LB02"), born_ms: 0 };
    let pics = [(hash.to_string(), "井口".to_string())].into();
    let (kind, title, text) = ("claim".into(), "灯坏了".into(), "请修".into());
    let body = MatterBody { kind, title, text, named: true, pics, ..MatterBody::default() };
    let born = phone.begin(domain::modules::kind("appeal.matter").unwrap(), &meta, &body.write()).unwrap();
    let submit = phone.act(id, owner, vec![], world.house.now_ms(), domain::to_cbor(&MatterAct::Submit));
    let push =
        [born, submit].into_iter().zip(1..).map(|(item, seq)| sync::Push { seq, doc: id, item }).collect();
    let frames = world.signed_in(no).await.push(push).await;
    let stands =
        |frame: &&sync::Frame| matches!(frame, sync::Frame::Ack { fate: sync::Fate::Accepted(_), .. });
    assert_eq!(frames.iter().filter(stands).count(), 2, "{frames:?}");
}

#[tokio::test]
async fn a_file_goes_to_who_reads_a_record_that_names_it_and_to_nobody_else() {
    let (world, picture) = (world().await, picture());
    let path = address(&picture);
    let (owner, handler, other) =
        (world.signed_in(DAYONG).await, world.signed_in(LIXIN).await, world.signed_in(QIQIGE).await);
    assert_eq!(put_all(&owner, &picture).await.status.as_u16(), 201);
    assert_eq!(owner.get(&path).await.status.as_u16(), 200, "who sent it");
    let not_there = handler.get(&address(b"never was")).await;
    for stranger in [&handler, &other] {
        let reply = stranger.get(&path).await;
        assert_eq!(
            (reply.status, &reply.body),
            (not_there.status, &not_there.body),
            "as if it were not there"
        );
        assert_eq!(reply.headers, not_there.headers);
        assert_eq!(stranger.head(&path).await.status.as_u16(), 404);
    }
    name_it(&world, DAYONG, Hash::of(&picture)).await;
    assert_eq!(
        handler.get(&path).await.body,
        picture,
        "the rights officer reads the matter, and so the picture"
    );
    assert_eq!(handler.head(&path).await.status.as_u16(), 200);
    other.get(&path).await.says(404, "E-BLOB-2");
    // Who only knows the name gets nothing by writing it down, nor by claiming to have the rest.
    name_it(&world, QIQIGE, Hash::of(&picture)).await;
    other.get(&path).await.says(404, "E-BLOB-2");
    let claim = put(&other, &path, &vec![0; picture.len()], 0, BLOB_CHUNK).await;
    assert_eq!((claim.status.as_u16(), claim.received() as usize), (202, BLOB_CHUNK));
    other.get(&path).await.says(404, "E-BLOB-2");
}
