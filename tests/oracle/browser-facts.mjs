// What a file's own headers say, as far as the verdicts need it.

// Returns the format, whether it may be animated, and the format's own facts. Those of a file that
// is cut short in its headers are left out.
export function facts(bytes) {
  const [format, read] = bytes[0] === 0xff ? ["jpeg", jpeg] : bytes[0] === 0x89 ? ["png", png] : ["gif", gif];
  const unknown = { format, animated: format === "gif" };
  try {
    return { ...unknown, ...read(bytes) };
  } catch (error) {
    if (error instanceof RangeError) return unknown;
    throw error;
  }
}

// Whether there is a color table; of a file without a global one, its first image block tells.
function gif(bytes) {
  if (bytes[10] & 0x80) return { palette: true };
  let at = 13;
  while (bytes[at] === 0x21) {
    at += 2;
    while (bytes[at] > 0) at += bytes[at] + 1;
    at += 1;
  }
  return { palette: (bytes[at + 9] & 0x80) !== 0 };
}

const isFrameHeader = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpeg(bytes) {
  const found = { process: null, sampling: [], profile: false, adobe: null };
  // The lowest bit of each coefficient that some scan sent, by component.
  const sent = new Map();
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    const body = bytes.subarray(at + 4, at + 2 + bytes.readUInt16BE(at + 2));
    if (isFrameHeader(marker) && body.length >= 6 + 3 * body[5]) {
      found.process = marker - 0xc0;
      for (let index = 0; index < body[5]; index += 1) {
        sent.set(body[6 + 3 * index], new Array(64).fill(Infinity));
        found.sampling.push([body[7 + 3 * index] >> 4, body[7 + 3 * index] & 15]);
      }
    } else if (marker === 0xda) {
      const [first, last, approximation] = body.subarray(1 + 2 * body[0]);
      for (let index = 0; index < body[0]; index += 1) {
        sent.get(body[1 + 2 * index])?.fill(approximation & 15, first, last + 1);
      }
    } else if (marker === 0xe2 && body.toString("latin1", 0, 11) === "ICC_PROFILE") {
      found.profile = true;
    } else if (marker === 0xee && body.toString("latin1", 0, 5) === "Adobe") {
      found.adobe = body[11];
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  const most = [0, 1].map((axis) => Math.max(...found.sampling.map((factors) => factors[axis])));
  const isFull = (factors) => factors.every((factor, axis) => factor === most[axis]);
  return {
    ...found,
    components: found.sampling.length,
    subsampled: !found.sampling.every(isFull),
    lumaSubsampled: !isFull(found.sampling[0] ?? most),
    scansMissing: found.process === 2 && [...sent.values()].flat().some((bit) => bit > 0),
  };
}

function png(bytes) {
  const found = { animated: false, chunks: [] };
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") Object.assign(found, { depth: body[8], color: body[9], interlaced: body[12] === 1 });
    if (type === "IDAT" || type === "IEND") break;
    if (type === "acTL") found.animated = true;
    if (type === "cICP") found.cicp = [...body];
    if (type === "gAMA" && length === 4) found.gamma ??= body.readUInt32BE(0);
    if (type === "cHRM" && length === 32) found.chromaticities ??= [...Array(8).keys()].map((index) => body.readUInt32BE(4 * index));
    found.chunks.push(type);
    at += 12 + length;
  }
  return found;
}
