// What a file's own headers say, as far as the verdicts need it.

// Returns the format, whether it may be animated, and the format's own facts.
export function facts(bytes) {
  if (bytes.readUInt16BE(0) === 0xffd8) return { format: "jpeg", animated: false, ...jpeg(bytes) };
  if (bytes.toString("latin1", 1, 4) === "PNG") return png(bytes);
  return { format: "gif", animated: true };
}

function jpeg(bytes) {
  const found = { segments: [], process: null, components: 0, subsampled: false, profile: false, adobe: null };
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) {
      at += 1;
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === 0xff || marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const length = bytes.readUInt16BE(at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker) && body.length >= 6) {
      found.process = marker - 0xc0;
      found.components = body[5];
      const sampling = [...Array(body[5]).keys()].map((index) => body[7 + 3 * index]);
      found.sampling = sampling.map((factors) => factors?.toString(16)).join(",");
      found.subsampled = sampling.some((factors) => factors !== sampling[0]);
    }
    if (marker === 0xe2 && body.toString("latin1", 0, 11) === "ICC_PROFILE") found.profile = true;
    if (marker === 0xee && body.toString("latin1", 0, 5) === "Adobe") found.adobe = body[11];
    at += 2 + length;
  }
  return found;
}

function png(bytes) {
  const found = { format: "png", animated: false, chunks: [] };
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") Object.assign(found, { depth: body[8], color: body[9], interlaced: body[12] === 1 });
    if (type === "IDAT" || type === "IEND") break;
    if (type === "acTL") found.animated = true;
    if (type === "cICP") found.cicp = [...body];
    found.chunks.push(type);
    at += 12 + length;
  }
  return found;
}
