//! What is sent, byte for byte.

use headshot::upload::{Base, Client, Error, Image, Remedy, Request, Token, TokenPlace, Verify};
use headshot::{CropBox, Format, Options, prepare};
use image::ImageFormat;

use super::server::{Act, Server};
use super::{GIF, TOKEN, photo, token};

const CROP: CropBox = CropBox {
    x: 11,
    y: 222,
    width: 3333,
};

/// A picture of which headers alone are there.
fn large_gif() -> Vec<u8> {
    let mut gif = GIF.to_vec();
    gif[6..10].copy_from_slice(&[0, 16, 0, 16]);
    gif
}

fn body_of(image: &Image<'_>, place: TokenPlace) -> Vec<u8> {
    let request = Request::set_photo(&Base::default(), place, image);
    request.with_token(&token()).body().to_vec()
}

#[test]
fn prepared_photo_is_one_part_with_its_real_type() {
    let mut seen = Vec::new();
    for (format, name, media_type) in [
        (Format::Jpeg, "photo.jpg", "image/jpeg"),
        (Format::Png, "photo.png", "image/png"),
        (Format::Gif, "photo.gif", "image/gif"),
    ] {
        let photo = prepare(GIF, &Options::default().with_format(Some(format))).unwrap();
        let head = format!(
            "--headshot-0000000000000000\r\n\
             Content-Disposition: form-data; name=\"image\"; filename=\"{name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        );
        let expected = [
            head.as_bytes(),
            &photo.bytes,
            b"\r\n--headshot-0000000000000000--\r\n",
        ];
        assert!(
            body_of(&Image::from(&photo), TokenPlace::Header) == expected.concat(),
            "{name}"
        );
        seen.push(photo.bytes);
    }
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

#[test]
fn square_comes_in_parts_of_its_own_and_each_number_in_its_place() {
    let gif = large_gif();
    let image = Image::as_is(&gif, Format::Gif, Some(CROP)).unwrap();
    let text = |name: &str, value: &str| {
        format!(
            "--headshot-0000000000000000\r\n\
             Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let crop = text("crop_x", "11") + &text("crop_y", "222") + &text("crop_w", "3333");
    let image_head = "--headshot-0000000000000000\r\n\
                      Content-Disposition: form-data; name=\"image\"; filename=\"photo.gif\"\r\n\
                      Content-Type: image/gif\r\n\r\n";
    let end = "\r\n--headshot-0000000000000000--\r\n";
    let parts = [crop.as_bytes(), image_head.as_bytes(), &gif, end.as_bytes()];
    assert_eq!(body_of(&image, TokenPlace::Header), parts.concat());

    let with_token = [text("token", TOKEN).as_bytes(), &parts.concat()].concat();
    assert_eq!(body_of(&image, TokenPlace::Body), with_token);
}

#[test]
fn boundary_is_not_in_the_file() {
    let mut gif = large_gif();
    gif.extend_from_slice(b"\r\n--headshot-0000000000000000--\r\n--headshot-0000000000000001\r\n");
    let image = Image::as_is(&gif, Format::Gif, None).unwrap();
    let request = Request::set_photo(&Base::default(), TokenPlace::Header, &image);
    let (_, content_type) = &request.headers()[1];
    assert_eq!(
        content_type,
        "multipart/form-data; boundary=headshot-0000000000000002"
    );
    let body = body_of(&image, TokenPlace::Header);
    let boundary = b"headshot-0000000000000002";
    let count = body
        .windows(boundary.len())
        .filter(|window| window == boundary)
        .count();
    assert_eq!(count, 2);
}

#[test]
fn forms_without_a_file_are_urlencoded() {
    let base = Base::new("https://slack-gov.com/api").unwrap();
    for (request, name) in [
        (Request::delete_photo as fn(&_, _) -> _, "users.deletePhoto"),
        (Request::get_profile, "users.profile.get"),
    ] {
        let in_header: Request = request(&base, TokenPlace::Header);
        assert_eq!(in_header.url(), format!("https://slack-gov.com/api/{name}"));
        assert_eq!(in_header.method().name(), name);
        assert_eq!(in_header.with_token(&token()).body(), b"");
        // Every sign that a token may have, and that a form escapes or doesn't.
        let token = Token::new("a-b.c_d~e+f/g==").unwrap();
        let sealed = request(&base, TokenPlace::Body).with_token(&token);
        assert_eq!(sealed.body(), b"token=a-b.c_d%7Ee%2Bf%2Fg%3D%3D");
        let types: Vec<_> = sealed
            .headers()
            .filter(|(name, _)| *name == "Content-Type")
            .collect();
        assert_eq!(
            types,
            [("Content-Type", "application/x-www-form-urlencoded")]
        );
    }
}

#[test]
fn token_is_in_one_place() {
    for place in [TokenPlace::Header, TokenPlace::Body] {
        let sealed = Request::delete_photo(&Base::default(), place).with_token(&token());
        let headers: Vec<_> = sealed
            .headers()
            .filter(|(name, _)| *name == "Authorization")
            .collect();
        let in_body = String::from_utf8_lossy(sealed.body()).contains("xoxp-7-Sesame");
        let expected = format!("Bearer {TOKEN}");
        match place {
            TokenPlace::Header => {
                assert_eq!(
                    (headers, in_body),
                    (vec![("Authorization", &*expected)], false)
                );
            }
            TokenPlace::Body => assert_eq!((headers, in_body), (vec![], true)),
        }
    }
}

#[test]
fn nothing_is_sent_but_what_the_request_says() {
    let server = Server::new([Act::yes(), Act::yes()]);
    let client = Client::new(server.base(), token()).with_verify(Verify::Never);
    let photo = photo();
    client.set_photo(&photo).unwrap();
    client
        .with_token_place(TokenPlace::Body)
        .delete_photo()
        .unwrap();

    let host = server.url().replace("http://", "").replace("/api/", "");
    let seen = server.seen();
    let lines = |head: &str| {
        let mut lines: Vec<String> = head
            .trim_end()
            .lines()
            .skip(1)
            .map(str::to_lowercase)
            .collect();
        lines.sort();
        lines
    };
    let agent = concat!("user-agent: headshot/", env!("CARGO_PKG_VERSION"));
    assert!(
        seen[0]
            .head
            .starts_with("POST /api/users.setPhoto HTTP/1.1\r\n")
    );
    assert!(seen[0].head.contains(&format!(": Bearer {TOKEN}\r\n")));
    let body = body_of(&Image::from(&photo), TokenPlace::Header);
    let expected = [
        "accept: application/json",
        &format!("authorization: bearer {}", TOKEN.to_lowercase()),
        &format!("content-length: {}", body.len()),
        "content-type: multipart/form-data; boundary=headshot-0000000000000000",
        &format!("host: {host}"),
        agent,
    ];
    assert_eq!(lines(&seen[0].head), expected);
    assert!(seen[0].body == body);

    let form = "token=xoxp-7-Sesame.open%7Esecret";
    assert!(
        seen[1]
            .head
            .starts_with("POST /api/users.deletePhoto HTTP/1.1\r\n")
    );
    let expected = [
        "accept: application/json",
        &format!("content-length: {}", form.len()),
        "content-type: application/x-www-form-urlencoded",
        &format!("host: {host}"),
        agent,
    ];
    assert_eq!(lines(&seen[1].head), expected);
    assert_eq!(seen[1].body, form.as_bytes());
    assert_eq!(seen.len(), 2);
}

#[test]
fn file_and_square_are_checked_before_anything_is_sent() {
    let server = Server::new([]);
    let client = Client::new(server.base(), token());
    let gif = large_gif();
    let set = |bytes: &[u8], format, x, width| {
        let crop = CropBox { x, y: 0, width };
        client.set_photo_with_crop(bytes, format, crop).unwrap_err()
    };
    let said = [
        set(b"text", Format::Gif, 0, 9),
        set(&gif, Format::Png, 0, 9),
        set(&gif, Format::Gif, 0, 0),
        set(&gif, Format::Gif, 1, 4096),
        set(&gif, Format::Gif, u32::MAX, u32::MAX),
    ]
    .map(|error| error.to_string());
    assert_eq!(
        said,
        [
            "not a JPEG, PNG or GIF file",
            "said to be a PNG file, but is a GIF file",
            "crop box 0,0,0 is empty",
            "crop box 1,0,4096 reaches outside the picture of 4096x4096",
            "crop box 4294967295,0,4294967295 reaches outside the picture of 4096x4096",
        ]
    );
    assert!(server.seen().is_empty());
    assert!(
        Image::as_is(
            &gif,
            Format::Gif,
            Some(CropBox {
                x: 0,
                y: 0,
                width: 4096
            })
        )
        .is_ok()
    );
}

#[test]
fn square_goes_by_the_picture_as_it_is_seen() {
    // Stored as 600x500, and lying on its side by EXIF.
    let mut file = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(600, 500)
        .write_to(&mut file, ImageFormat::Jpeg)
        .unwrap();
    let mut jpeg = file.into_inner();
    let exif =
        b"\xFF\xE1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    jpeg.splice(2..2, exif.iter().copied());
    let fits = |x, y| Image::as_is(&jpeg, Format::Jpeg, Some(CropBox { x, y, width: 500 })).is_ok();
    assert!(fits(0, 100) && !fits(100, 0));
}

#[test]
fn base_is_https_or_loopback() {
    for (address, expected) in [
        ("https://slack.com/api/", "https://slack.com/api/"),
        ("https://slack-gov.com/api", "https://slack-gov.com/api/"),
        ("https://example.org", "https://example.org/"),
        (
            "https://example.org:8443/a/b",
            "https://example.org:8443/a/b/",
        ),
        ("http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api/"),
        ("http://127.9.8.7/", "http://127.9.8.7/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://localhost:1/", "http://localhost:1/"),
    ] {
        assert_eq!(Base::new(address).unwrap().as_str(), expected, "{address}");
        assert_eq!(Base::new(expected).unwrap().to_string(), expected);
    }
    for address in [
        "",
        "slack.com/api/",
        "/api/",
        "ftp://slack.com/",
        "http://slack.com/api/",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "http://128.0.0.1/",
        "http://[::2]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "https://user@slack.com/",
        "https://user:pa55word@slack.com/",
        "http://127.0.0.1@example.org/",
        "https://slack.com/api?x=1",
        "https://slack.com/api/#x",
        "https://slack.com/a b/",
        "https://slack.com\r\nX: y/",
        "https://:443/",
        "https://slack.com:/",
        "https://slack.com:99999999/",
        "https:///api/",
        "javascript:alert(1)",
    ] {
        let error = Base::new(address).expect_err(address);
        assert!(matches!(error, Error::Base { .. }), "{address}");
        assert_eq!(
            (error.code(), error.remedy()),
            ("invalid_base", Remedy::FixCall)
        );
        assert!(!format!("{error} {error:?}").contains("pa55word"));
    }
}

#[test]
fn token_is_one_and_a_users() {
    for text in ["xoxp-1-a", "xoxe.xoxp-1-a", "xoxc-1", "a-b._~+/c=="] {
        assert!(Token::new(text).is_ok(), "{text}");
    }
    for text in [
        "",
        " xoxp-1",
        "xoxp-1\n",
        "xoxp 1",
        "xoxp-1\r\nX: y",
        "-x",
        "xoxp-\u{e9}",
        "a\"b",
    ] {
        let error = Token::new(text).expect_err(text);
        assert!(matches!(error, Error::Token { .. }), "{text:?}");
        assert_eq!(
            (error.code(), error.remedy()),
            ("invalid_token", Remedy::FixToken)
        );
    }
    for text in ["xoxb-1-a", "xoxe.xoxb-1-a", "xapp-1"] {
        let error = Token::new(text).expect_err(text);
        assert!(matches!(error, Error::WrongToken { .. }), "{text}");
        assert_eq!(error.code(), "not_allowed_token_type");
        assert_eq!(error.remedy(), Remedy::FixToken);
        assert!(!format!("{error:?}").contains(text));
    }
}
