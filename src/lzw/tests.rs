use proptest::prelude::*;
use weezl::BitOrder;

use super::{Fault, Packer, Unpacker, Used};

/// Runs and noise, so that strings are long here and short there.
fn indices(code_size: u8) -> impl Strategy<Value = Vec<u8>> {
    let largest = u8::MAX >> (8 - code_size);
    let run = (0..=largest, 1..400_usize).prop_map(|(index, len)| vec![index; len]);
    let noise = prop::collection::vec(0..=largest, 1..6000);
    prop::collection::vec(prop_oneof![run, noise], 1..8).prop_map(|parts| parts.concat())
}

fn pack(indices: &[u8], code_size: u8) -> Vec<u8> {
    let mut codes = Vec::new();
    let pixels = indices.iter().map(|&index| [index; 2]);
    Packer::new().pack(pixels, code_size, &mut codes);
    codes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn weezl_reads_what_is_packed(
        (code_size, indices) in (2..=8_u8).prop_flat_map(|size| (Just(size), indices(size)))
    ) {
        let codes = pack(&indices, code_size);
        let mut decoder = weezl::decode::Decoder::new(BitOrder::Lsb, code_size);
        prop_assert_eq!(decoder.decode(&codes).unwrap(), indices);
    }

    #[test]
    fn of_two_indices_one_is_packed(
        (code_size, indices) in (2..=8_u8).prop_flat_map(|size| (Just(size), indices(size)))
    ) {
        // The second one is 0 for every third pixel, else the same.
        let others = indices.iter().zip(0..);
        let others = others.map(|(&index, n)| if n % 3 == 0 { 0 } else { index });
        let pixels: Vec<[u8; 2]> = indices.iter().copied().zip(others).map(Into::into).collect();
        let mut codes = Vec::new();
        Packer::new().pack(pixels.iter().copied(), code_size, &mut codes);
        let mut decoder = weezl::decode::Decoder::new(BitOrder::Lsb, code_size);
        let read = decoder.decode(&codes).unwrap();
        prop_assert_eq!(read.len(), pixels.len());
        for (index, pixel) in read.iter().zip(&pixels) {
            prop_assert!(pixel.contains(index));
        }
    }

    #[test]
    fn what_weezl_packs_is_read(
        (code_size, indices) in (2..=8_u8).prop_flat_map(|size| (Just(size), indices(size)))
    ) {
        let codes = weezl::encode::Encoder::new(BitOrder::Lsb, code_size)
            .encode(&indices)
            .unwrap();
        let mut read = vec![0; indices.len()];
        let mut unpacker = Unpacker::new();
        let found = unpacker.unpack(&codes, code_size, &mut read).unwrap();
        prop_assert_eq!(read, &indices[..]);
        prop_assert!(found.is_plain);
        prop_assert_eq!(found.used, Used::of(&indices));
        // Nothing else stands behind the last code.
        let mut cut = codes.clone();
        found.cut(&mut cut);
        prop_assert_eq!(cut, &codes[..]);
        // Not one index more is there.
        let mut more = vec![0; indices.len() + 1];
        let found = unpacker.unpack(&codes, code_size, &mut more);
        prop_assert_eq!(found.err(), Some((indices.len(), Fault::TooFew)));
    }

    /// Whatever stands in place of the end code, and whether it is there or not.
    #[test]
    fn codes_are_cut_behind_the_last_one(
        (code_size, indices) in (2..=8_u8).prop_flat_map(|size| (Just(size), indices(size))),
        tail in prop::collection::vec(any::<u8>(), 0..9),
        without_end in any::<bool>(),
    ) {
        let codes = pack(&indices, code_size);
        let mut unpacker = Unpacker::new();
        let found = unpacker.prove(&codes, code_size, indices.len()).unwrap();
        prop_assert!(found.is_plain);
        prop_assert_eq!(found.used, Used::of(&indices));
        let mut planted = codes.clone();
        if without_end {
            planted.truncate(found.bytes());
        }
        planted.extend(tail);
        let again = unpacker.prove(&planted, code_size, indices.len()).unwrap();
        prop_assert_eq!(again, found);
        again.cut(&mut planted);
        prop_assert_eq!(planted, codes);
    }

    /// Codes of any kind (but those of the smallest size, which widen elsewhere for
    /// weezl, and in browsers never): what weezl makes of them, and proof without unpacking.
    #[test]
    fn any_bytes_are_read_as_weezl_reads_them(
        code_size in 2..=11_u8,
        codes in prop::collection::vec(any::<u8>(), 0..20_000),
        wanted in 1..100_000_usize,
    ) {
        let mut ours = vec![0; wanted];
        let mut unpacker = Unpacker::new();
        let result = unpacker.unpack(&codes, code_size, &mut ours);
        prop_assert_eq!(result, unpacker.prove(&codes, code_size, wanted));
        let count = result.err().map_or(wanted, |(count, _)| count);

        let mut theirs = Vec::new();
        let mut decoder = weezl::decode::Decoder::new(BitOrder::Lsb, code_size);
        let _ = decoder.into_vec(&mut theirs).decode(&codes).status;
        prop_assert!(theirs.len() >= count);
        prop_assert_eq!(&ours[..count], &theirs[..count]);
    }
}

#[test]
fn a_full_table_is_used_on() {
    // Codes that never clear the table: every index by itself, 12 bits each once
    // 4096 codes are known.
    let (mut codes, mut pending, mut count) = (Vec::new(), 0_u64, 0);
    let (mut width, mut next) = (9, 258);
    let indices: Vec<u8> = (0..20_000)
        .map(|n: u32| u8::try_from(n * n % 251).unwrap())
        .collect();
    for (position, &index) in indices.iter().enumerate() {
        pending |= u64::from(index) << count;
        count += width;
        while count >= 8 {
            codes.push(pending.to_le_bytes()[0]);
            pending >>= 8;
            count -= 8;
        }
        if position > 0 && next < 4096 {
            next += 1;
            width += u32::from(next == 1 << width && width < 12);
        }
    }
    codes.push(pending.to_le_bytes()[0]);
    let mut read = vec![0; indices.len()];
    assert!(Unpacker::new().unpack(&codes, 8, &mut read).is_ok());
    assert_eq!(read, indices);
}

#[test]
fn strings_that_contain_themselves_are_read() {
    // One index over and over: each code stands for one more of them.
    for len in 1..300 {
        let run = vec![3; len];
        let mut read = vec![0; len];
        let codes = pack(&run, 2);
        assert!(Unpacker::new().unpack(&codes, 2, &mut read).is_ok());
        assert_eq!(read, run);
    }
}

#[test]
fn the_smallest_code_size_widens_at_once() {
    // As giflib reads and writes it: 2 bits for the code that clears the table (2)
    // and the first index (0), then 3 for the others: 1, 4 (the string 0 1), 3.
    let bits: u16 = 2 | 1 << 4 | 4 << 7 | 3 << 10;
    let mut read = [9; 4];
    let unpacked = Unpacker::new().unpack(&bits.to_le_bytes(), 1, &mut read);
    assert!(unpacked.is_ok());
    assert_eq!(read, [0, 1, 0, 1]);
}

#[test]
fn codes_that_hold_more_than_their_pixels_are_not_plain() {
    // 4 clears the table, 5 is the end; three bits each.
    let plain = |codes: &[u8], wanted| {
        let mut bits = 0_u64;
        for (code, at) in codes.iter().zip(0..) {
            bits |= u64::from(*code) << (3 * at);
        }
        let found = Unpacker::new().prove(&bits.to_le_bytes(), 2, wanted);
        found.unwrap().is_plain
    };
    assert!(plain(&[4, 1, 2, 5], 2));
    assert!(plain(&[4, 1, 4, 2, 5], 2));
    assert!(plain(&[4, 1, 2, 3, 5], 2), "what is left over is cut");
    assert!(!plain(&[1, 2, 5], 2), "no clear code at the start");
    assert!(!plain(&[4, 4, 1, 2, 5], 2), "two at the start");
    assert!(!plain(&[4, 1, 4, 4, 2, 5], 2), "two in between");
    assert!(!plain(&[4, 1, 6, 5], 2), "a string that is too long");
}
