// What a difference means.

// Levels by which rounding alone may differ.
const ROUNDING = 2;

export function judge(name, facts, report) {
  const { refusedByUs, refusedByBrowser, shape, max, mean } = report;
  if (refusedByUs && refusedByBrowser) return { verdict: "explained", why: "both refuse it" };
  if (refusedByUs) return { verdict: "different", why: `we refuse it: ${refusedByUs}` };
  if (refusedByBrowser) return { verdict: "different", why: `the browser refuses it: ${refusedByBrowser}` };
  if (shape) return { verdict: "different", why: shape };
  if (max === 0) return { verdict: "equal", why: "every pixel" };
  if (max <= ROUNDING) return { verdict: "rounding", why: `up to ${max} levels` };
  if (facts.format === "jpeg" && facts.subsampled && report.lumaOver3 < 0.001 && mean < 3) {
    return { verdict: "explained", why: "chroma is interpolated otherwise" };
  }
  return { verdict: "different", why: "pixels" };
}
