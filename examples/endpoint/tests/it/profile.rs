//! Photos that are set, shown and deleted.

use image::{AnimationDecoder as _, ImageFormat, codecs::gif::GifDecoder};
use serde_json::Value;
use std::io::Cursor;

use crate::client::{DELETE, PROFILE, Parts, Reply, SET, get, post, set};
use crate::picture::{assert_color, cells, color, encode, testdata, turned_jpeg};
use crate::server::Server;

const EDGES: [u32; 7] = [24, 32, 48, 72, 192, 512, 1024];

/// Gets a file of a profile.
#[track_caller]
fn fetch(server: &Server, profile: &Value, name: &str) -> Reply {
    let url = profile[name].as_str().expect(name);
    let path = url
        .strip_prefix(&format!("http://{}", server.address))
        .expect(url);
    let reply = get(path).send(server);
    assert_eq!(reply.status, 200, "{url}");
    reply
}

fn profile(server: &Server, token: &str) -> Value {
    post(PROFILE).token(token).send(server).profile()
}

#[test]
fn sizes_are_what_they_are_called() {
    let server = Server::start();
    let profile = set("xoxp-1", &testdata("good/portrait_900x1200.jpg"))
        .send(&server)
        .profile();
    for edge in EDGES {
        let reply = fetch(&server, &profile, &format!("image_{edge}"));
        let image = image::load_from_memory_with_format(&reply.body, ImageFormat::Jpeg).unwrap();
        assert_eq!((image.width(), image.height()), (edge, edge));
        assert_eq!(reply.header("content-type"), Some("image/jpeg"));
    }
    let original = fetch(&server, &profile, "image_original");
    let image = image::load_from_memory(&original.body).unwrap().into_rgb8();
    assert_eq!(image.dimensions(), (1024, 1024));
    // Letterboxed: 768 of 1024 pixels, with bars of 128.
    assert!(image.get_pixel(60, 512).0.iter().all(|&level| level < 8));
    assert!(image.get_pixel(200, 100).0.iter().any(|&level| level > 60));
}

#[test]
fn crop_box_is_cut_out() {
    let server = Server::start();
    let picture = encode(&cells(800, 600), ImageFormat::Png);
    for (column, row) in [(5, 1), (1, 5), (7, 0), (0, 4)] {
        let crop = [column * 100, row * 100, 100];
        let parts = Parts::default().crop(crop).image("image/png", &picture);
        let profile = post(SET)
            .token("xoxp-1")
            .parts(&parts)
            .send(&server)
            .profile();
        for name in ["image_original", "image_1024", "image_24"] {
            let reply = fetch(&server, &profile, name);
            assert_eq!(reply.header("content-type"), Some("image/png"));
            assert_color(&reply.body, color(column, row));
        }
    }
}

#[test]
fn crop_box_is_in_displayed_pixels() {
    let server = Server::start();
    let picture = turned_jpeg(&cells(800, 600));
    for (column, row) in [(5, 1), (7, 5), (0, 0)] {
        let crop = [column * 100 + 10, row * 100 + 10, 80];
        let parts = Parts::default().image("image/jpeg", &picture).crop(crop);
        let profile = post(SET)
            .token("xoxp-1")
            .parts(&parts)
            .send(&server)
            .profile();
        for name in ["image_original", "image_72"] {
            assert_color(&fetch(&server, &profile, name).body, color(column, row));
        }
    }
}

#[test]
fn animation_stays_one_and_its_squares_are_stills() {
    let server = Server::start();
    let profile = set("xoxp-1", &testdata("good/anim_f12_320x240_loop0.gif"))
        .send(&server)
        .profile();
    let original = fetch(&server, &profile, "image_original");
    assert_eq!(original.header("content-type"), Some("image/gif"));
    let frames = GifDecoder::new(Cursor::new(original.body))
        .unwrap()
        .into_frames();
    assert_eq!(frames.map(Result::unwrap).count(), 12);
    let square = fetch(&server, &profile, "image_192");
    assert_eq!(square.header("content-type"), Some("image/png"));
}

#[test]
fn part_of_any_type_is_taken_for_what_it_is() {
    let server = Server::start();
    let picture = testdata("good/square_512x512.png");
    // Clients of the service send these.
    for media_type in ["application/octet-stream", "imageData/*", "image/jpeg"] {
        let parts = Parts::default().image(media_type, &picture);
        let profile = post(SET)
            .token("xoxp-1")
            .parts(&parts)
            .send(&server)
            .profile();
        let original = fetch(&server, &profile, "image_original");
        assert_eq!(
            original.header("content-type"),
            Some("image/png"),
            "{media_type}"
        );
    }
}

#[test]
fn same_photo_has_the_same_hash_and_another_has_not() {
    let server = Server::start();
    let picture = testdata("good/photo_landscape_800x600.jpg");
    let hash = |token: &str, crop: [u32; 3]| {
        let parts = Parts::default().image("image/jpeg", &picture).crop(crop);
        let profile = post(SET).token(token).parts(&parts).send(&server).profile();
        let hash = profile["avatar_hash"].as_str().unwrap().to_owned();
        assert!(hash.len() == 12 && hash.bytes().all(|byte| b"0123456789abcdef".contains(&byte)));
        hash
    };
    let first = hash("xoxp-1", [0, 50, 500]);
    assert_eq!(hash("xoxp-2", [0, 50, 500]), first);
    assert_ne!(hash("xoxp-1", [50, 0, 500]), first);
}

#[test]
fn profile_is_what_was_set_until_it_is_deleted() {
    let server = Server::start();
    let nobody = profile(&server, "xoxp-1");
    assert_eq!(nobody.get("image_original"), None);
    fetch(&server, &nobody, "image_512");

    let one = set("xoxp-1", &testdata("good/square_600x600.png"))
        .send(&server)
        .profile();
    let two = set("xoxp-2", &testdata("good/square_777x777.jpg"))
        .send(&server)
        .profile();
    assert_eq!(profile(&server, "xoxp-1"), one);
    assert_eq!(profile(&server, "xoxp-2"), two);
    let hashes = [&nobody, &one, &two].map(|profile| profile["avatar_hash"].clone());
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);

    // A refused one changes nothing.
    set("xoxp-1", b"no picture")
        .send(&server)
        .assert_refused("bad_image");
    assert_eq!(profile(&server, "xoxp-1"), one);

    let deletions = [
        post(DELETE).token("xoxp-1"),
        post(DELETE).token("xoxp-1").form(""),
        post(DELETE).form("token=xoxp-1"),
        post(DELETE).parts(&Parts::default().text("token", "xoxp-1")),
        get(DELETE).token("xoxp-1"),
    ];
    for deletion in deletions {
        set("xoxp-1", &testdata("good/square_600x600.png"))
            .send(&server)
            .profile();
        let answer = deletion.send(&server).json();
        assert_eq!(answer, serde_json::json!({ "ok": true }), "{deletion:?}");
        assert_eq!(profile(&server, "xoxp-1"), nobody);
    }
    assert_eq!(profile(&server, "xoxp-2"), two);
}

#[test]
fn token_may_be_a_parameter() {
    let server = Server::start();
    let picture = testdata("good/square_600x600.png");
    let parts = Parts::default()
        .image("image/png", &picture)
        .text("token", "xoxp-1");
    let set = post(SET).parts(&parts).send(&server).profile();
    assert_eq!(
        post(PROFILE).form("token=xoxp-1").send(&server).profile(),
        set
    );
    assert_eq!(get(PROFILE).token("xoxp-1").send(&server).profile(), set);
    // The header is the one that counts.
    let other = post(PROFILE)
        .token("xoxp-2")
        .form("token=xoxp-1")
        .send(&server)
        .profile();
    assert_ne!(other, set);
}

#[test]
fn steps_are_told() {
    let server = Server::start();
    let answer = set("xoxp-1", &testdata("good/orientation_6_360x270.jpg"))
        .send(&server)
        .json();
    let messages = answer["response_metadata"]["messages"].to_string();
    for step in [
        "[INFO] oriented: ",
        "[INFO] scaled: ",
        "360x270 to 512x384",
        "[INFO] letterboxed: ",
    ] {
        assert!(messages.contains(step), "{step}: {messages}");
    }
}
