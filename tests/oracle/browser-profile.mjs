// ICC profiles of a few hundred bytes: primaries and one tone curve for all channels.

const u32 = (value) => Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
const fixed = (...values) => Buffer.concat(values.map((value) => u32(Math.round(value * 65536))));
const xyz = (values) => Buffer.concat([Buffer.from("XYZ "), u32(0), fixed(...values)]);

const D50 = [0.9642, 1, 0.8249];
// Red, green and blue, adapted to D50.
const PRIMARIES = {
  p3: [[0.51512, 0.2412, -0.00105], [0.29198, 0.69225, 0.04189], [0.1571, 0.06657, 0.78407]],
  adobe: [[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457]],
};

export const SRGB_CURVE = Buffer.concat([Buffer.from("para"), u32(0), u32(0x30000),
  fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)]);
export const GAMMA_2 = Buffer.concat([Buffer.from("curv"), u32(0), u32(1), Buffer.from([2, 0x33])]);

export function rgbProfile(primaries, curve) {
  const [red, green, blue] = PRIMARIES[primaries].map(xyz);
  return profile("RGB ", { wtpt: xyz(D50), rXYZ: red, gXYZ: green, bXYZ: blue, rTRC: curve, gTRC: curve, bTRC: curve });
}

export function grayProfile(curve) {
  return profile("GRAY", { wtpt: xyz(D50), kTRC: curve });
}

function profile(space, tags) {
  const entries = Object.entries(tags);
  const directory = [u32(entries.length)];
  const data = [];
  let at = 132 + 12 * entries.length;
  for (const [name, value] of entries) {
    const padded = Buffer.concat([value, Buffer.alloc(-value.length & 3)]);
    directory.push(Buffer.from(name), u32(at), u32(value.length));
    data.push(padded);
    at += padded.length;
  }
  const header = Buffer.alloc(128);
  u32(at).copy(header, 0);
  u32(0x04300000).copy(header, 8);
  header.write("mntr", 12);
  header.write(space, 16);
  header.write("XYZ ", 20);
  header.write("acsp", 36);
  fixed(...D50).copy(header, 68);
  return Buffer.concat([header, ...directory, ...data]);
}
