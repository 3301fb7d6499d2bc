// Runs in the page: decodes a file as the browser shows it, and compares every pixel of every
// frame with ours.
//
// A canvas stores colors multiplied by alpha, so both sides are compared that way: a color
// counts as much as it is seen.

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { colorSpace: "srgb", willReadFrequently: true });

// How long browsers show a frame whose file says so many microseconds.
function played(microseconds) {
  return microseconds <= 10_000 ? 100_000 : microseconds;
}

// Compares a file with our pixels of it. Returns a report of numbers and short texts.
export async function compare(index, animated) {
  const blob = await (await fetch(`/file/${index}`)).blob();
  const response = await fetch(`/pixels/${index}`);
  const ours = response.ok ? new Frames(response.body) : null;
  const report = { refusedByUs: ours ? null : await response.text(), refusedByBrowser: null, frames: 0 };
  let totals = new Totals();
  try {
    for await (const { pixels, width, height, microseconds } of animated ? decodeAnimation(blob, report) : decodeStill(blob, report)) {
      report.frames += 1;
      report.size ??= `${width}x${height}`;
      if (!ours) break;
      const frame = await ours.next();
      if (!frame) {
        report.shape = `we have ${report.frames - 1} frames`;
        break;
      }
      if (frame.width !== width || frame.height !== height) {
        report.shape = `${frame.width}x${frame.height}, the browser shows ${width}x${height}`;
        break;
      }
      if (microseconds !== undefined && Math.abs(frame.microseconds - played(microseconds)) >= 1000) {
        report.delay ??= { frame: report.frames - 1, ours: frame.microseconds, theirs: microseconds };
      }
      totals.add(frame.pixels, pixels, width);
      if (totals.max > 1 && totals.translucent && !animated && !report.shownBy) {
        // Colors are multiplied by alpha before they are converted to sRGB, unless told not to.
        totals = new Totals();
        totals.add(frame.pixels, await decodeStraight(blob), width);
      }
    }
    if (ours && !report.shape && (await ours.next())) report.shape = `the browser shows ${report.frames} frames`;
  } catch (error) {
    // Firefox counts a frame more than there are where the default image is none of them.
    if (totals.frames === 0 || (await ours?.next())) report.refusedByBrowser = `${error.name}: ${error.message}`;
  }
  ours?.cancel();
  return { ...report, ...totals.finish() };
}

// `createImageBitmap` and `ImageDecoder` refuse some damaged files of which an `<img>` shows what
// there is.
async function* decodeStill(blob, report) {
  let image;
  try {
    image = await createImageBitmap(blob);
  } catch {
    report.shownBy = "img";
    image = await element(blob);
  }
  yield read(image, image.naturalWidth ?? image.width, image.naturalHeight ?? image.height);
}

async function* decodeAnimation(blob, report) {
  const decoder = new ImageDecoder({ data: await blob.arrayBuffer(), type: blob.type, preferAnimation: true });
  let frames, first;
  try {
    await decoder.tracks.ready;
    await decoder.completed;
    frames = decoder.tracks.selectedTrack.frameCount;
    first = await decoder.decode({ frameIndex: 0 });
  } catch (error) {
    if (!["EncodingError", "RangeError"].includes(error.name)) throw error;
    // The first frame, as an element that isn't on the page shows no other one.
    report.shownBy = "img";
    const image = await element(blob);
    yield read(image, image.naturalWidth, image.naturalHeight);
    return;
  }
  for (let frameIndex = 0; frameIndex < frames; frameIndex += 1) {
    const { image } = frameIndex === 0 ? first : await decoder.decode({ frameIndex });
    yield { ...read(image, image.displayWidth, image.displayHeight), microseconds: image.duration ?? 0 };
    image.close();
  }
  decoder.close();
}

async function decodeStraight(blob) {
  const image = await createImageBitmap(blob, { premultiplyAlpha: "none" });
  return read(image, image.width, image.height).pixels;
}

async function element(blob) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  return image;
}

function read(image, width, height) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  } else {
    context.clearRect(0, 0, width, height);
  }
  context.drawImage(image, 0, 0);
  return { pixels: context.getImageData(0, 0, width, height).data, width, height };
}

// Frames out of a stream: each a line of text and its pixels, as `examples/pixels.rs` prints them.
class Frames {
  #reader;
  #chunk = new Uint8Array();

  constructor(stream) {
    this.#reader = stream.getReader();
  }

  async next() {
    let line = "";
    for (;;) {
      if (this.#chunk.length === 0 && !(await this.#more())) return null;
      const end = this.#chunk.indexOf(10);
      const part = end < 0 ? this.#chunk : this.#chunk.subarray(0, end);
      line += String.fromCharCode(...part);
      this.#chunk = this.#chunk.subarray(part.length + (end < 0 ? 0 : 1));
      if (end >= 0) break;
    }
    const [width, height, microseconds] = line.split(" ").map(Number);
    const pixels = new Uint8Array(width * height * 4);
    for (let at = 0; at < pixels.length; ) {
      if (this.#chunk.length === 0 && !(await this.#more())) throw new Error("our pixels are cut short");
      const part = this.#chunk.subarray(0, pixels.length - at);
      pixels.set(part, at);
      at += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
    return { width, height, microseconds, pixels };
  }

  async #more() {
    const { done, value } = await this.#reader.read();
    if (!done) this.#chunk = value;
    return !done;
  }

  cancel() {
    this.#reader.cancel().catch(() => {});
  }
}

// Differences over all frames, in levels of 0..=255.
class Totals {
  #pixels = 0;
  // Per channel: sums of differences and of their absolute values.
  #signed = [0, 0, 0, 0];
  #absolute = [0, 0, 0, 0];
  #luma = 0;
  // Pixels by their largest difference, and by that of luma.
  #counts = new Float64Array(256);
  #lumaCounts = new Float64Array(256);
  #worst = null;
  frames = 0;
  // The largest difference; and that where the browser's channels are neither 0 nor 255.
  max = 0;
  #inside = 0;
  // Whether any pixel of ours is.
  translucent = false;

  add(ours, theirs, width) {
    let [red, green, blue, opacity] = [0, 0, 0, 0];
    const signed = [0, 0, 0, 0];
    let lumaSum = 0;
    for (let at = 0; at < ours.length; at += 4) {
      const a = ours[at + 3];
      const b = theirs[at + 3];
      let dr, dg, db;
      if (a === 255 && b === 255) {
        dr = ours[at] - theirs[at];
        dg = ours[at + 1] - theirs[at + 1];
        db = ours[at + 2] - theirs[at + 2];
      } else {
        this.translucent = true;
        dr = Math.round((ours[at] * a) / 255) - Math.round((theirs[at] * b) / 255);
        dg = Math.round((ours[at + 1] * a) / 255) - Math.round((theirs[at + 1] * b) / 255);
        db = Math.round((ours[at + 2] * a) / 255) - Math.round((theirs[at + 2] * b) / 255);
      }
      const da = a - b;
      if ((dr | dg | db | da) === 0) continue;
      signed[0] += dr;
      signed[1] += dg;
      signed[2] += db;
      signed[3] += da;
      const [ar, ag, ab, aa] = [Math.abs(dr), Math.abs(dg), Math.abs(db), Math.abs(da)];
      red += ar;
      green += ag;
      blue += ab;
      opacity += aa;
      const luma = Math.abs(0.299 * dr + 0.587 * dg + 0.114 * db);
      lumaSum += luma;
      this.#lumaCounts[Math.round(luma)] += 1;
      const most = Math.max(ar, ag, ab, aa);
      this.#counts[most] += 1;
      if (most > this.#inside && [0, 1, 2].every((channel) => theirs[at + channel] % 255 !== 0)) this.#inside = most;
      if (most > this.max) {
        this.max = most;
        const pixel = at / 4;
        this.#worst = {
          frame: this.frames, x: pixel % width, y: Math.floor(pixel / width),
          ours: [...ours.subarray(at, at + 4)], theirs: [...theirs.subarray(at, at + 4)],
        };
      }
    }
    [red, green, blue, opacity].forEach((sum, channel) => (this.#absolute[channel] += sum));
    signed.forEach((sum, channel) => (this.#signed[channel] += sum));
    this.#luma += lumaSum;
    this.#pixels += ours.length / 4;
    this.frames += 1;
  }

  finish() {
    const pixels = Math.max(this.#pixels, 1);
    const share = (counts, above) => counts.slice(above + 1).reduce((sum, count) => sum + count, 0) / pixels;
    const each = (sums) => sums.map((sum) => sum / pixels);
    return {
      pixels: this.#pixels,
      compared: this.frames,
      max: this.max,
      inside: this.#inside,
      mean: Math.max(...each(this.#absolute)),
      signed: each(this.#signed),
      over2: share(this.#counts, 2),
      luma: this.#luma / pixels,
      lumaOver3: share(this.#lumaCounts, 3),
      worst: this.#worst,
    };
  }
}
