// Small files of all kinds, made here, for a comparison that needs no corpus.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { GAMMA_2, SRGB_CURVE, grayProfile, rgbProfile } from "./browser-profile.mjs";

// Writes the files into a folder. Some are made of JPEGs of `testdata/good`.
export function makeSample(folder, good) {
  const write = (name, bytes) => writeFileSync(join(folder, name), bytes);
  for (const [name, bytes] of [...coloredPngs(), ...otherPngs(), ...jpegs(good)]) write(name, bytes);
  for (let seed = 1; seed <= 8; seed += 1) {
    write(`random_${seed}.gif`, randomGif(generator(seed)));
    write(`random_${seed}_animated.png`, randomApng(generator(seed)));
  }
}

const u8 = (...values) => Buffer.from(values);
const u16 = (...values) => Buffer.concat(values.map((value) => u8(value >> 8, value & 255)));
const u32 = (...values) => Buffer.concat(values.map((value) => u16(value >>> 16, value & 0xffff)));
const le16 = (...values) => Buffer.concat(values.map((value) => u8(value & 255, value >> 8)));

// Whole numbers below a bound, the same for a seed (mulberry32).
function generator(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function chunk(type, ...parts) {
  const named = Buffer.concat([Buffer.from(type), ...parts]);
  return Buffer.concat([u32(named.length - 4), named, u32(crc32(named))]);
}

function badChunk(type, ...parts) {
  const bytes = chunk(type, ...parts);
  bytes[bytes.length - 1] ^= 1;
  return bytes;
}

const SIGNATURE = u8(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const WIDTH = 64;
const HEIGHT = 48;

// A PNG of 8 bit RGB, in which all levels of each channel are found, with chunks before and
// behind its pixels.
function rgbPng(before = [], after = []) {
  const rows = [];
  for (let y = 0; y < HEIGHT; y += 1) {
    rows.push(u8(0));
    for (let x = 0; x < WIDTH; x += 1) {
      const level = (x * 4 + y) % 256;
      rows.push([u8(level, level, level), u8(level, 0, 255 - level), u8(0, level, level >> 1), u8(255, 255 - level, level)][y % 4]);
    }
  }
  const header = chunk("IHDR", u32(WIDTH, HEIGHT), u8(8, 2, 0, 0, 0));
  const pixels = chunk("IDAT", deflateSync(Buffer.concat(rows)));
  return Buffer.concat([SIGNATURE, header, ...before, pixels, ...after, chunk("IEND")]);
}

const SRGB = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];
const P3 = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000];
const gama = (gamma) => chunk("gAMA", u32(gamma));
const chrm = (values) => chunk("cHRM", u32(...values));
const cicp = (...values) => chunk("cICP", u8(...values));
const iccp = (profile) => chunk("iCCP", Buffer.from("x\0\0"), deflateSync(profile));

function* coloredPngs() {
  for (const gamma of [42000, 45000, 45455, 50000, 100000]) {
    yield [`gama_${gamma}.png`, rgbPng([gama(gamma)])];
    yield [`gama_${gamma}_chrm_srgb.png`, rgbPng([gama(gamma), chrm(SRGB)])];
    yield [`gama_${gamma}_chrm_p3.png`, rgbPng([gama(gamma), chrm(P3)])];
  }
  yield ["chrm_p3.png", rgbPng([chrm(P3)])];
  for (const [primaries, transfer] of [[1, 13], [12, 13], [9, 13], [1, 1], [9, 16], [12, 16], [9, 18], [1, 8], [1, 4], [1, 2]]) {
    yield [`cicp_${primaries}_${transfer}.png`, rgbPng([cicp(primaries, transfer, 0, 1)])];
  }
  const p3 = rgbProfile("p3", SRGB_CURVE);
  for (const [name, curve] of Object.entries({ srgb: SRGB_CURVE, ...curves() })) {
    yield [`iccp_adobe_${name}.png`, rgbPng([iccp(rgbProfile("adobe", curve))])];
  }
  yield ["srgb_gama.png", rgbPng([chunk("sRGB", u8(0)), gama(100000)])];
  yield ["iccp_p3_gama.png", rgbPng([gama(100000), iccp(p3)])];
  yield ["iccp_p3_srgb.png", rgbPng([iccp(p3), chunk("sRGB", u8(0))])];
  yield ["cicp_iccp.png", rgbPng([cicp(12, 13, 0, 1), iccp(rgbProfile("adobe", GAMMA_2))])];
  yield ["iccp_broken_gama.png", rgbPng([chunk("iCCP", Buffer.from("x\0\0nonsense")), gama(100000)])];
  yield ["srgb_bad_crc_gama.png", rgbPng([badChunk("sRGB", u8(0)), gama(100000)])];
  yield ["gama_twice.png", rgbPng([gama(100000), gama(60000)])];
  yield ["gama_after_idat.png", rgbPng([], [gama(100000)])];
  yield ["iccp_after_idat.png", rgbPng([], [iccp(p3)])];
  const turned = Buffer.concat([Buffer.from("II*\0"), Buffer.from("08000000010012010300010000000600000000000000", "hex")]);
  yield ["exif_6.png", rgbPng([chunk("eXIf", turned)])];
  yield ["exif_6_after_idat.png", rgbPng([], [chunk("eXIf", turned)])];
  yield ["exif_6_bad_crc.png", rgbPng([badChunk("eXIf", turned)])];
}

// Tone curves as ICC profiles write them.
function curves() {
  const fixed = (...values) => u32(...values.map((value) => Math.round(value * 65536)));
  const parametric = (type, ...values) => Buffer.concat([Buffer.from("para"), u32(0), u16(type, 0), fixed(...values)]);
  const table = [...Array(64).keys()].map((index) => Math.round(65535 * (index / 63) ** 1.9));
  return {
    gamma: GAMMA_2,
    table: Buffer.concat([Buffer.from("curv"), u32(0, table.length), u16(...table)]),
    parametric_0: parametric(0, 1.8),
    parametric_1: parametric(1, 2, 1.1, -0.1),
    parametric_2: parametric(2, 2, 1.08, -0.1, 0.0396),
    parametric_4: parametric(4, 2.4, 0.85, 0.05, 0.0769, 0.04, 0.1, 0.01),
  };
}

// Every color type and depth, with transparency and interlaced: random samples.
function* otherPngs() {
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
  for (const [color, depths] of Object.entries({ 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] })) {
    for (const depth of depths) {
      const random = generator(100 * color + depth);
      const extra = [];
      if (color === "3") {
        extra.push(chunk("PLTE", u8(...Array.from({ length: 3 << depth }, () => random(256)))));
        extra.push(chunk("tRNS", u8(...Array.from({ length: 1 << (depth - 1) }, () => random(256)))));
      } else if (color === "0" || color === "2") {
        // Few levels, so that some pixels are the transparent one.
        extra.push(chunk("tRNS", u16(...Array(channels[color]).fill(depth === 16 ? 0x0101 : 1))));
      }
      const length = 1 + Math.ceil((17 * channels[color] * depth) / 8);
      const few = depth >= 8 && extra.length > 0 && color !== "3";
      const rows = Array.from({ length: 13 }, () => u8(0, ...Array.from({ length: length - 1 }, () => random(few ? 3 : 256))));
      const header = chunk("IHDR", u32(17, 13), u8(depth, Number(color), 0, 0, 0));
      const pixels = chunk("IDAT", deflateSync(Buffer.concat(rows)));
      yield [`color_${color}_depth_${depth}.png`, Buffer.concat([SIGNATURE, header, ...extra, pixels, chunk("IEND")])];
    }
  }
}

// JPEGs with other segments before theirs.
function* jpegs(good) {
  const segment = (marker, ...parts) => {
    const body = Buffer.concat(parts);
    return Buffer.concat([u8(0xff, marker), u16(body.length + 2), body]);
  };
  const read = (name) => readFileSync(join(good, name));
  const insert = (bytes, ...segments) => Buffer.concat([bytes.subarray(0, 2), ...segments, bytes.subarray(2)]);
  const icc = (profile) => segment(0xe2, Buffer.from("ICC_PROFILE\0\x01\x01"), profile);
  const exif = (...orientations) => segment(0xe1, Buffer.from("Exif\0\0MM\0*"), u32(8), u16(orientations.length),
    ...orientations.flatMap((orientation) => [u16(0x0112, 3), u32(1), u16(orientation, 0)]), u32(0));
  const full = read("sampled_444_240x180.jpg");
  yield ["icc_p3_444.jpg", insert(full, icc(rgbProfile("p3", SRGB_CURVE)))];
  yield ["icc_adobe_420.jpg", insert(read("progressive_240x180.jpg"), icc(rgbProfile("adobe", GAMMA_2)))];
  yield ["icc_gray.jpg", insert(read("gray_240x180.jpg"), icc(grayProfile(curves().parametric_0)))];
  yield ["icc_gray_of_rgb.jpg", insert(full, icc(grayProfile(curves().parametric_0)))];
  yield ["orientation_twice_6_1.jpg", insert(full, exif(6, 1))];
  yield ["orientation_0.jpg", insert(full, exif(0))];
  const cmyk = read("cmyk_160x120.jpg");
  const at = cmyk.indexOf("Adobe") - 4;
  yield ["cmyk_without_adobe.jpg", Buffer.concat([cmyk.subarray(0, at), cmyk.subarray(at + 2 + cmyk.readUInt16BE(at + 2))])];
}

// A frame's place on a canvas of 40x30; of GIFs, it may lie partly outside.
function randomRect(random, mayExceed) {
  const [x, y] = [random(36), random(26)];
  const [width, height] = mayExceed ? [1 + random(40), 1 + random(30)] : [1 + random(40 - x), 1 + random(30 - y)];
  return { x, y, width, height };
}

function randomGif(random) {
  const table = u8(...Array.from({ length: 3 * 16 }, () => random(256)));
  const parts = [Buffer.from("GIF89a"), le16(40, 30), u8(0xf3, random(16), 0), table];
  for (let frame = 0; frame < 12; frame += 1) {
    const { x, y, width, height } = frame === 0 && random(2) ? { x: 0, y: 0, width: 40, height: 30 } : randomRect(random, true);
    const transparent = random(3) > 0;
    parts.push(u8(0x21, 0xf9, 4, (random(4) << 2) | Number(transparent)), le16(random(30)), u8(random(16), 0));
    const local = random(3) === 0;
    parts.push(u8(0x2c), le16(x, y, width, height), u8((local ? 0x83 : 0) | (random(4) === 0 ? 0x40 : 0)));
    if (local) parts.push(u8(...Array.from({ length: 3 * 16 }, () => random(256))));
    const patch = 1 + random(4);
    const indices = Array.from({ length: width * height }, (_, at) => ((at % width) * patch + Math.floor(at / width) + frame) % 16);
    parts.push(u8(4), subBlocks(codes(indices)));
  }
  return Buffer.concat([...parts, u8(0x3b)]);
}

// LZW codes of 5 bits for indices of 4: cleared before the table makes them longer.
function codes(indices) {
  const [clear, end] = [16, 17];
  const stream = indices.flatMap((index, at) => (at % 14 === 0 ? [clear, index] : [index]));
  stream.push(end);
  const bytes = [];
  let [bits, held] = [0, 0];
  for (const code of stream) {
    bits |= code << held;
    for (held += 5; held >= 8; held -= 8, bits >>= 8) bytes.push(bits & 255);
  }
  if (held > 0) bytes.push(bits & 255);
  return u8(...bytes);
}

function subBlocks(bytes) {
  const blocks = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.subarray(at, at + 255);
    blocks.push(u8(block.length), block);
  }
  return Buffer.concat([...blocks, u8(0)]);
}

function randomApng(random) {
  const frames = 10;
  const [color, channels] = [[6, 4], [4, 2], [2, 3], [3, 1]][random(4)];
  const depth = color !== 3 && random(2) ? 16 : 8;
  const parts = [SIGNATURE, chunk("IHDR", u32(40, 30), u8(depth, color, 0, 0, 0)), chunk("acTL", u32(frames, 0))];
  if (color === 3) {
    parts.push(chunk("PLTE", u8(...Array.from({ length: 3 * 256 }, () => random(256)))));
    parts.push(chunk("tRNS", u8(...Array.from({ length: 256 }, () => [0, 255, random(256)][random(3)]))));
  }
  let sequence = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const { x, y, width, height } = frame === 0 ? { x: 0, y: 0, width: 40, height: 30 } : randomRect(random, false);
    parts.push(chunk("fcTL", u32(sequence++, width, height, x, y), u16(random(30), random(3) ? 100 : 0), u8(random(3), random(2))));
    const rows = Array.from({ length: height }, () => {
      const samples = Array.from({ length: width * channels }, () => [0, 255, random(256)][random(3)]);
      return u8(0, ...(depth === 16 ? samples.flatMap((sample) => [sample, sample]) : samples));
    });
    const pixels = deflateSync(Buffer.concat(rows));
    parts.push(frame === 0 ? chunk("IDAT", pixels) : chunk("fdAT", u32(sequence++), pixels));
  }
  return Buffer.concat([...parts, chunk("IEND")]);
}
