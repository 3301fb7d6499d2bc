//! Files of few bytes that ask for much. `examples/bombs.rs` measures what they cost.

use headshot::{Damage, Error, Options, prepare, probe};

use crate::check;
use crate::picture::bombs;

#[test]
fn every_bomb_becomes_what_it_should() {
    let bombs = bombs::all();
    assert!(bombs.len() > 30, "{} bombs", bombs.len());
    for bomb in bombs {
        let found = prepare(&bomb.bytes, &Options::default());
        let found = found.as_ref().map_or_else(Error::reason, |_| "photo");
        assert_eq!(found, bomb.verdict, "{}", bomb.name);
        // Whoever accepts damage has no other limits.
        let accepting = Options::default().with_damage(Damage::Accept);
        let accepted = prepare(&bomb.bytes, &accepting);
        let accepted = accepted.as_ref().map_or_else(Error::reason, |_| "photo");
        assert!(
            accepted == found || ["malformed", "truncated"].contains(&found),
            "{}: {accepted} where damage is accepted",
            bomb.name
        );
        check::any_header(&bomb.bytes);
    }
}

#[test]
fn the_first_profile_of_a_png_counts() {
    let profile = |bytes| [b"icc\0\0", &bombs::zeros(bytes)[..]].concat();
    let png = crate::picture::png::photo(&crate::picture::noise::photo(8, 8, 1));
    let [small, large] = [1 << 10, 1 << 20].map(profile);
    let insert = crate::picture::png::insert;
    // What is inserted last stands first.
    let png = insert(&insert(&png, *b"iCCP", &large), *b"iCCP", &small);
    let profile = probe(&png).unwrap().color.profile.unwrap();
    assert!(profile.bytes < 4 << 10, "{} bytes", profile.bytes);
}
