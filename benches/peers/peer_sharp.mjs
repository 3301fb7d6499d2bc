// sharp, as its documentation has it; it optimises Huffman tables by default.
// The loop is that of serve.py. The first argument is the folder with node_modules.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const sharp = createRequire(`${process.argv[2]}/`)("sharp");
sharp.concurrency(1);
sharp.cache(false); // else the second run would find the first one's work

function prepare(upload, job) {
  let image = sharp(upload, { animated: job.animated, limitInputPixels: false }).autoOrient();
  if (job.crop) {
    const [left, top, edge] = job.crop;
    image = image.extract({ left, top, width: edge, height: edge });
  }
  if (!job.crop || job.crop[2] !== job.side) {
    image = image.resize(job.side, job.side, { fit: "contain", background: "black" });
  }
  return save(image, job).toBuffer();
}

function save(image, job) {
  switch (job.format) {
    case "jpeg":
      return image.jpeg({ quality: job.quality, chromaSubsampling: "4:2:0" });
    case "png":
      return image.png();
    case "gif":
      return image.gif();
  }
}

async function work(upload, job) {
  const start = process.hrtime.bigint();
  const photo = await prepare(upload, job);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (job.out) {
    writeFileSync(job.out, photo);
  }
  return { ms, bytes: photo.length };
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

say({ versions: { sharp: sharp.versions.sharp, "its libvips": sharp.versions.vips } });
let path, upload;
for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  if (job.path !== path) {
    [path, upload] = [job.path, readFileSync(job.path)];
  }
  say(await work(upload, job).catch((error) => ({ error: error.message })));
}
