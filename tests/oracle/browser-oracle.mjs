// Compares our pixels with those that a browser shows, file by file: see `browser`.

import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { facts } from "./browser-facts.mjs";
import { makeSample } from "./browser-sample.mjs";
import { judge } from "./browser-verdict.mjs";

const { PIXELS, GOOD, HEADSHOT_CORPUS } = process.env;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    jobs: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    browser: { type: "string", default: "chromium" },
    sample: { type: "boolean", default: false },
    least: { type: "string", default: "1" },
    verbose: { type: "boolean", default: false },
  },
});

// A larger picture than browsers decode, and than this comparison has memory for.
const MOST_PIXELS = 100e6;
// A file that takes longer hangs.
const TIMEOUT = 120_000;

const scratch = mkdtempSync(join(tmpdir(), "oracle-"));
const files = list().filter(({ name }) => name.includes(options.only));
const server = await serve();
const { port } = server.address();
const { start } = await import(`./browser-${options.browser}.mjs`);
const browser = await start();
const results = [];
const queue = [...files.keys()];
await Promise.all(Array.from({ length: Number(options.jobs) }, work));
await browser.close();
server.close();
rmSync(scratch, { recursive: true });
results.sort((a, b) => a.index - b.index);
process.exitCode = tell();

// The files to compare, each with its name: those named, the sample, or the corpus's valid ones
// and the cases.
function list() {
  if (options.sample) {
    makeSample(scratch, GOOD);
    return [...folder(GOOD, "good"), ...folder(scratch, "made")];
  }
  if (positionals.length > 0) {
    return positionals.flatMap((path) => (statSync(path).isDirectory() ? folder(path, path) : [{ path, name: path }]));
  }
  const table = readFileSync(join(HEADSHOT_CORPUS, "MANIFEST.tsv"), "utf8").trimEnd().split("\n").map((line) => line.split("\t"));
  const column = Object.fromEntries(table[0].map((name, index) => [name, index]));
  const corpus = table.slice(1)
    .filter((row) => row[column.verdict] === "valid")
    .filter((row) => row[column.width] * row[column.height] <= MOST_PIXELS)
    .map((row) => row[column.path])
    .map((name) => ({ path: join(HEADSHOT_CORPUS, name), name }));
  const cases = join(HEADSHOT_CORPUS, "../cases");
  return existsSync(cases) ? [...corpus, ...folder(cases, "cases")] : corpus;
}

function folder(path, prefix) {
  const pictures = readdirSync(path).sort().filter((name) => /\.(jpe?g|png|apng|gif)$/i.test(name));
  return pictures.map((name) => ({ path: join(path, name), name: `${prefix}/${name}` }));
}

// Serves the page, the files, and our pixels of them.
function serve() {
  const page = readFileSync(new URL("./browser-page.mjs", import.meta.url));
  const types = { jpeg: "image/jpeg", png: "image/png", gif: "image/gif" };
  const server = createServer((request, response) => {
    const [, what, index] = request.url.split("/");
    const file = files[index];
    if (what === "file" && file) {
      response.setHeader("content-type", types[factsOf(file).format]);
      createReadStream(file.path).pipe(response);
    } else if (what === "pixels" && file) {
      pipePixels(file.path, response);
    } else if (what === "page.mjs") {
      response.setHeader("content-type", "text/javascript");
      response.end(page);
    } else {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><link rel=icon href=data:,>");
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function factsOf(file) {
  file.facts ??= facts(readFileSync(file.path));
  return file.facts;
}

// Sends what the program prints, or with status 422 why it refuses the file.
function pipePixels(path, response) {
  const program = spawn(PIXELS, [path]);
  let words = "";
  program.stderr.on("data", (data) => (words += data));
  program.stdout.once("data", (data) => {
    response.write(data);
    program.stdout.pipe(response);
  });
  program.on("close", () => {
    if (!response.headersSent) {
      response.statusCode = 422;
      response.end(words.trim());
    }
  });
  response.on("close", () => program.kill());
}

// Compares the files one by one in a page, and opens a new page if it crashes.
async function work() {
  let page = null;
  for (let index; (index = queue.shift()) !== undefined; ) {
    page ??= await browser.open(`http://127.0.0.1:${port}/`);
    const file = files[index];
    let report;
    try {
      report = await within(TIMEOUT, page.compare(index, factsOf(file).animated));
    } catch (error) {
      report = { refusedByUs: null, refusedByBrowser: String(error.message).split("\n")[0], broke: true };
      page.close().catch(() => {});
      page = null;
    }
    const result = { index, name: file.name, facts: factsOf(file), ...judge(options.browser, file.name, factsOf(file), report), report };
    results.push(result);
    if (options.verbose || result.verdict === "different") console.log(line(result));
  }
  await page?.close();
}

function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function line({ name, verdict, why, report }) {
  const { max, mean, luma, worst } = report;
  const numbers = max === undefined ? "" : ` max ${max} mean ${mean.toFixed(3)} luma ${luma.toFixed(3)}`;
  const where = worst ? ` frame ${worst.frame} (${worst.x},${worst.y}) ours ${worst.ours} theirs ${worst.theirs}` : "";
  return `${verdict}: ${name}: ${why}${numbers}${where}`;
}

// Prints the totals; returns the exit status.
function tell() {
  if (options.json) writeFileSync(options.json, results.map((result) => JSON.stringify(result)).join("\n"));
  const count = (verdict) => results.filter((result) => result.verdict === verdict).length;
  const reasons = new Map();
  for (const { verdict, why } of results) {
    const key = `${verdict}: ${why}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  console.log([...reasons].sort().map(([reason, count]) => `${String(count).padStart(6)}  ${reason}`).join("\n"));
  const verdicts = ["equal", "rounding", "explained", "different"];
  console.log(`${results.length} files compared: ${verdicts.map((verdict) => `${count(verdict)} ${verdict}`).join(", ")}`);
  const tooFew = results.length < Number(options.least);
  if (tooFew) console.log(`fewer than ${options.least} files`);
  return count("different") > 0 || tooFew ? 1 : 0;
}
