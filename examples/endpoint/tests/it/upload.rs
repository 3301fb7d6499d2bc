//! headshot's own client, by the network.

use std::sync::Arc;

use headshot::upload::{
    Base, Client, Error, Image, KnownBy, Pace, Remedy, Retry, Token, TokenPlace, Verify,
};
use headshot::{CropBox, Format, Options, prepare};
use image::ImageFormat;

use crate::client::{Reply, get};
use crate::picture::{assert_color, cells, color, encode, testdata, turned_jpeg};
use crate::server::Server;

const PORTRAIT: &str = "good/portrait_900x1200.jpg";

/// A client that tries once.
fn client(server: &Server, token: &str) -> Client {
    let base = Base::new(&format!("http://{}/api", server.address)).unwrap();
    Client::new(base, Token::new(token).unwrap()).with_retry(Retry::NEVER)
}

#[track_caller]
fn fetch(server: &Server, url: Option<&String>) -> Reply {
    let url = url.expect("no address");
    let path = url.strip_prefix(&format!("http://{}", server.address));
    let reply = get(path.expect(url)).send(server);
    assert_eq!(reply.status, 200, "{url}");
    reply
}

#[track_caller]
fn assert_refused(error: &Error, code: &str, remedy: Remedy) {
    assert_eq!((error.code(), error.remedy()), (code, remedy), "{error}");
}

#[test]
fn photo_arrives_as_it_was_prepared() {
    let server = Server::start();
    let options = Options::default();
    for place in [TokenPlace::Header, TokenPlace::Body] {
        let client = client(&server, "xoxp-1").with_token_place(place);
        for format in [Format::Jpeg, Format::Png, Format::Gif] {
            let options = options.with_format(Some(format));
            let photo = prepare(&testdata(PORTRAIT), &options).unwrap();
            let answer = client.set_photo(&photo).unwrap();
            assert_eq!((answer.tries, answer.known_by), (1, KnownBy::Answer));
            assert!(answer.warnings.is_empty(), "{:?}", answer.warnings);
            assert_eq!(answer.profile.images().count(), 8);
            // A photo that meets the rules passes through, to the byte but for a still GIF.
            let original = fetch(&server, answer.profile.image_original.as_ref());
            if format != Format::Gif {
                assert!(original.body == photo.bytes, "another {format}");
            }
            let square = fetch(&server, answer.profile.image_192.as_ref());
            let square = image::load_from_memory(&square.body).unwrap();
            assert_eq!((square.width(), square.height()), (192, 192));
        }
    }
}

#[test]
fn service_cuts_the_square_that_was_asked_for() {
    let server = Server::start();
    let client = client(&server, "xoxp-1");
    let upright = encode(&cells(800, 600), ImageFormat::Png);
    let turned = turned_jpeg(&cells(800, 600));
    for (column, row) in [(5, 1), (1, 5), (7, 0)] {
        // Not to the cell's edges, where a JPEG mixes it with the next one.
        let crop = CropBox {
            x: column * 100 + 16,
            y: row * 100 + 16,
            width: 68,
        };
        for (file, format) in [(&upright, Format::Png), (&turned, Format::Jpeg)] {
            let answer = client.set_photo_with_crop(file, format, crop).unwrap();
            let photo = fetch(&server, answer.profile.image_original.as_ref());
            assert_color(&photo.body, color(column, row));
        }
    }
}

#[test]
fn hash_tells_photos_apart_and_goes_with_them() {
    let server = Server::start();
    let client = client(&server, "xoxp-1");
    let set = |name| {
        let photo = prepare(&testdata(name), &Options::default()).unwrap();
        client
            .set_photo(&photo)
            .unwrap()
            .profile
            .avatar_hash
            .unwrap()
    };
    let one = set(PORTRAIT);
    let photo = encode(&cells(600, 600), ImageFormat::Png);
    let other = client.set_photo(Image::as_is(&photo, Format::Png, None).unwrap());
    assert_ne!(other.unwrap().profile.avatar_hash.unwrap(), one);
    assert_eq!(set(PORTRAIT), one);
    for _ in 0..2 {
        assert_eq!(client.delete_photo().unwrap().tries, 1);
    }
}

#[test]
fn refusals_are_the_services_words() {
    let server = Server::start_with("--token xoxp-known --max-frames 2");
    let photo = prepare(&testdata(PORTRAIT), &Options::default()).unwrap();
    let stranger = client(&server, "xoxp-stranger");
    for error in [
        stranger.set_photo(&photo).unwrap_err(),
        stranger.delete_photo().unwrap_err(),
    ] {
        assert_refused(&error, "invalid_auth", Remedy::FixToken);
    }

    let known = client(&server, "xoxp-known");
    let set = |bytes: &[u8], format| {
        let image = Image::as_is(bytes, format, None).unwrap();
        known.set_photo(image).unwrap_err()
    };
    let whole = encode(&cells(600, 600), ImageFormat::Png);
    let cut = &whole[..whole.len() / 2];
    assert_refused(&set(cut, Format::Png), "bad_image", Remedy::FixPicture);
    let animation = animation(3);
    let error = set(&animation, Format::Gif);
    assert_refused(&error, "too_many_frames", Remedy::FixPicture);
    assert!(known.set_photo(&photo).is_ok());
}

/// A GIF of so many frames.
fn animation(frames: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut file);
    for shade in 0..frames {
        let image = image::RgbaImage::from_pixel(16, 16, image::Rgba([40 * shade, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(image)).unwrap();
    }
    drop(encoder);
    file
}

#[test]
fn too_many_calls_are_refused_for_so_long() {
    let server = Server::start_with("--rate-per-minute 1");
    let call = |method: fn(&Client) -> Result<(), Error>| {
        // Not one client, which would wait by itself.
        let client = client(&server, "xoxp-1")
            .with_pace(Arc::default())
            .with_verify(Verify::Never);
        method(&client)
    };
    let delete = |client: &Client| client.delete_photo().map(drop);
    assert!(call(delete).is_ok());
    let error = call(delete).unwrap_err();
    assert_refused(&error, "ratelimited", Remedy::WaitAndRetry);
    let wait = error.retry_after().unwrap().as_secs();
    assert!((1..=60).contains(&wait), "{wait} s");
    // Each method has a count of its own.
    assert!(
        call(|client| {
            let photo = prepare(&testdata(PORTRAIT), &Options::default()).unwrap();
            client.set_photo(&photo).map(drop)
        })
        .is_ok()
    );
}

#[test]
fn an_endpoint_that_is_gone_is_unreachable() {
    let server = Server::start();
    let client = client(&server, "xoxp-1").with_pace(Arc::new(Pace::default()));
    drop(server);
    let error = client.delete_photo().unwrap_err();
    assert_refused(&error, "unreachable", Remedy::WaitAndRetry);
}
