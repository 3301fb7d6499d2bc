// What a difference between our pixels and a browser's means.

// Levels by which rounding alone may differ: conversions to sRGB, and colors times alpha.
const ROUNDING = 2;

// Files that differ for a reason of their own, which no rule below finds.
const NAMED = {
  both: {
    "jpeg/valid/pillow__app13.jpg": "4x4 pixels: libjpeg repeats chroma of at most 2 columns, we interpolate it",
    "jpeg/valid/zune__weird_sampling_2.jpeg": "profile of XYB: Little CMS shows what we show",
    "jpeg/valid/jpeg-decoder__progressive-missing-dc.jpg": "a scan without its DC: browsers show nothing, Pillow what we show",
    "jpeg/valid/ljt-seed__id_002025_src_001062_op_int16_pos_164_val_be_+1000.jpg": "cut short: we refuse it",
  },
  chromium: {
    "gif/valid/pillow__issue_2811.gif": "LZW codes of 12 bits from the start: Chromium shows nothing, Pillow and Firefox what we show",
    "png/valid/pillow__1_trns.png": "tRNS beyond the depth: its low bits count by the standard, Firefox and Pillow; Chromium ignores it",
  },
  firefox: {
    "animated/apngkit__023.png": "gAMA 45: Firefox ignores it, Chromium applies it as we do",
    "animated/wuffs__empty-palette.gif": "no color table: the standard leaves it open, we follow Chromium",
    "animated/apngkit__059.png": "a frame lacks half of its pixels: Firefox shows it, Chromium and we don't",
    "gif/valid/wuffs__small-frame-interlaced.gif": "pixels beyond the canvas: Chromium and Pillow show what we show",
    "jpeg/valid/12monkeys__f-18.jpg": "lossless JPEG: Firefox shows it, Chromium and we don't",
    "jpeg/valid/12monkeys__cmm-exception-adobe-rgb.jpg": "a profile that Firefox ignores: Chromium and Little CMS convert it",
    "png/valid/libjxl__u76c0g_bliznaca_709_g1.png": "a linear profile: Firefox's tables are coarse near black, Chromium shows what we show",
    "png/valid/mdx__c-m1-1fc0c0de88608a9445d6f98a544b5abc.png": "Firefox refuses it, Chromium shows what we show",
    "cases/jpeg_orientation_twice_6_1.jpg": "two orientations: Firefox takes the last, Chromium, Pillow and libvips the first",
    "made/orientation_twice_6_1.jpg": "two orientations: Firefox takes the last, Chromium, Pillow and libvips the first",
  },
};

const SRGB_CHROMATICITIES = "31270,32900,64000,33000,30000,60000,15000,6000";
const isHdr = ({ cicp }) => [16, 18].includes(cicp?.[1]);
const isCmykWithProfile = ({ components, profile }) => components === 4 && profile;

// Rules: to which files and differences they apply, and why those differ.
const KINDS = {
  both: [
    [({ gamma, chromaticities }, { max }) =>
      gamma === 45455 && String(chromaticities) === SRGB_CHROMATICITIES && max <= 11,
      "gAMA and cHRM with sRGB's numbers: browsers show a power of 2.2, and we sRGB as the PNG standard means it"],
    [({ scansMissing }, { signed }) => scansMissing && none(signed, 2), "scans are missing: libjpeg smooths blocks"],
    // Where interpolated chroma leads out of the gamut, colors are cut off, and luma changes.
    [({ subsampled, lumaSubsampled, components }, { luma, lumaOver3, signed }) =>
      subsampled && !lumaSubsampled && components === 3 && luma < 0.5 && lumaOver3 < 0.01 && none(signed, 0.5),
      "chroma is interpolated otherwise"],
    [({ subsampled, lumaSubsampled, components }, { mean, signed }) =>
      subsampled && (lumaSubsampled || components === 4) && mean < 3 && none(signed, 1),
      "luma or inks are subsampled, and interpolated otherwise"],
  ],
  chromium: [
    // Firefox, Pillow, libvips and FFmpeg leave such samples as they are.
    [({ cicp }, { max }) => [1, 6, 11, 14, 15].includes(cicp?.[1]) && max <= 40,
      "transfer of video cameras: Chromium shows a power of 2.4, we follow Firefox"],
    [(file, { inside }) => isHdr(file) && inside <= ROUNDING,
      "HDR: colors outside of sRGB's gamut keep their hue, where Chromium cuts channels off"],
    // Little CMS is the reference: see `color.py`.
    [(file, { mean }) => isCmykWithProfile(file) && mean < 15, "CMYK with a profile: Chromium mixes black into the other inks first"],
    [({ format, palette }) => format === "gif" && !palette, "no color table: the standard leaves it open, we follow Pillow"],
  ],
  firefox: [
    [({ gamma, chromaticities }, { max }) => gamma !== undefined && !chromaticities && max <= 20,
      "gAMA alone: Firefox converts to a power of 2.2, we follow Chromium to sRGB"],
    [({ chunks }) => chunks?.includes("sRGB") && chunks.includes("gAMA"), "sRGB and gAMA: Firefox takes gAMA, we sRGB as Chromium and the standard"],
    [isHdr, "HDR: Firefox has no tone mapping, we follow Chromium"],
    [isCmykWithProfile, "CMYK with a profile: Firefox ignores it, Chromium converts as we do"],
    [({ format, palette }) => format === "gif" && !palette, "no color table: the standard leaves it open, we follow Pillow"],
  ],
};

function none(differences, above) {
  return differences.every((difference) => Math.abs(difference) < above);
}

// Returns the verdict of a report: equal, rounding, explained or different, and why.
export function judge(browser, name, facts, report) {
  const { refusedByUs, refusedByBrowser, shape, delay, frames, compared, max } = report;
  const named = NAMED.both[name] ?? NAMED[browser][name];
  const explained = (why) => ({ verdict: "explained", why });
  const different = (why) => (named ? explained(named) : { verdict: "different", why });

  if (refusedByUs && refusedByBrowser) return explained("both refuse it");
  if (refusedByUs) {
    if (/^too_(large|many_frames) /.test(refusedByUs)) return explained("we refuse it for our limits");
    if (refusedByUs.includes("arithmetic coding")) return explained("we refuse arithmetic coding");
    if (report.shownBy === "img") return explained("damaged: we refuse it, the browser shows a part of it");
    return different(`we refuse it: ${refusedByUs}`);
  }
  if (shape) {
    // The canvas of a GIF whose first frame exceeds it.
    if (browser === "firefox" && facts.format === "gif" && shape.includes("x")) {
      return explained("a frame beyond the canvas: Chromium enlarges it as we do, Firefox doesn't");
    }
    return different(shape);
  }
  if (refusedByBrowser && compared === 0) return different(`the browser refuses it: ${refusedByBrowser}`);
  if (delay && frames > 1) return different(`frame ${delay.frame}: ${delay.ours} us, the browser has ${delay.theirs}`);
  if (max > ROUNDING) {
    const kind = [...KINDS.both, ...KINDS[browser]].find(([applies]) => applies(facts, report));
    return kind && !named ? explained(kind[1]) : different("pixels");
  }
  if (refusedByBrowser) return explained("the browser stops at a damaged frame; those before agree");
  return max === 0 ? { verdict: "equal", why: "every pixel" } : { verdict: "rounding", why: `up to ${max} levels` };
}
