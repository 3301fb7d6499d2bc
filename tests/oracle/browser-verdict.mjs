// What a difference between our pixels and the browser's means.

// Levels by which rounding alone may differ: conversions to sRGB, and colors times alpha.
const ROUNDING = 2;

// Files that differ for a reason of their own, which no rule below finds.
const EXPLAINED = {
  "animated/apngkit__023.png": "gAMA 45 is out of bounds: we ignore it as Firefox does, Chromium shows black",
  "gif/valid/pillow__issue_2811.gif": "LZW codes of 12 bits from the start: Chromium shows nothing, Pillow what we show",
  "jpeg/valid/jpeg-decoder__progressive-missing-dc.jpg": "a scan without its DC: Chromium shows nothing, Pillow what we show",
  "jpeg/valid/ljt-seed__id_002025_src_001062_op_int16_pos_164_val_be_+1000.jpg": "cut short: we refuse it",
  "jpeg/valid/pillow__app13.jpg": "4x4 pixels: libjpeg repeats chroma of at most 2 columns, we interpolate it",
  "jpeg/valid/zune__weird_sampling_2.jpeg": "profile of XYB: lcms shows what we show",
};

const KINDS = [
  [(file) => file.name in EXPLAINED, (file) => EXPLAINED[file.name]],
  // Firefox, Pillow, libvips and FFmpeg leave such samples as they are.
  [({ cicp }, { max }) => [1, 6, 11, 14, 15].includes(cicp?.[1]) && max <= 14,
    "transfer of video cameras: Chromium shows a power of 2.4, we follow Firefox"],
  [({ format, palette }) => format === "gif" && !palette, "no color table: the standard leaves it open"],
  [({ scansMissing }, { signed }) => scansMissing && none(signed, 2), "scans are missing: libjpeg smooths blocks"],
  // Firefox ignores such profiles. lcms is the reference: see `color.py`.
  [({ components, profile }, { mean }) => components === 4 && profile && mean < 15,
    "CMYK with a profile: Chromium mixes black into the other inks first"],
  // Where interpolated chroma leads out of the gamut, colors are cut off, and luma changes.
  [({ subsampled, lumaSubsampled, components }, { luma, lumaOver3, signed }) =>
    subsampled && !lumaSubsampled && components === 3 && luma < 0.5 && lumaOver3 < 0.01 && none(signed, 0.5),
    "chroma is interpolated otherwise"],
  [({ subsampled, lumaSubsampled, components }, { mean, signed }) =>
    subsampled && (lumaSubsampled || components === 4) && mean < 3 && none(signed, 1),
    "luma or inks are subsampled, and interpolated otherwise"],
];

function none(differences, above) {
  return differences.every((difference) => Math.abs(difference) < above);
}

// Returns the verdict of a report: equal, rounding, explained or different, and why.
export function judge(name, facts, report) {
  const { refusedByUs, refusedByBrowser, shape, delay, frames, compared, max } = report;
  const file = { name, ...facts };
  const kind = KINDS.find(([applies]) => applies(file, report));
  const explained = (why) => ({ verdict: "explained", why });
  const different = (why) => (name in EXPLAINED ? explained(EXPLAINED[name]) : { verdict: "different", why });

  if (refusedByUs && refusedByBrowser) return explained("both refuse it");
  if (refusedByUs) {
    if (/^too_(large|many_frames) /.test(refusedByUs)) return explained("we refuse it for our limits");
    if (refusedByUs.includes("arithmetic coding")) return explained("we refuse arithmetic coding");
    if (report.shownBy === "img") return explained("damaged: we refuse it, the browser shows a part of it");
    return different(`we refuse it: ${refusedByUs}`);
  }
  if (shape) return different(shape);
  if (refusedByBrowser && compared === 0) return different(`the browser refuses it: ${refusedByBrowser}`);
  if (delay && frames > 1) return different(`frame ${delay.frame}: ${delay.ours} us, the browser has ${delay.theirs}`);
  if (max > ROUNDING) {
    if (!kind) return different("pixels");
    return explained(typeof kind[1] === "string" ? kind[1] : kind[1](file));
  }
  if (refusedByBrowser) return explained("the browser stops at a damaged frame; those before agree");
  return max === 0 ? { verdict: "equal", why: "every pixel" } : { verdict: "rounding", why: `up to ${max} levels` };
}
