"use strict";
// What is known of each picture stands behind this script, and is shown once all of it is there.
document.addEventListener("DOMContentLoaded", start);

// ---- Words

// Of one, of all, and a sign.
const VERDICTS = {
  made: ["Photo made", "Photos made", "M3 8.5l3.5 3.5L13 4.5"],
  copied: ["Copy of another", "Copies", "M6 6h7v7H6zM3 10V3h7"],
  before: ["Made earlier", "Made earlier", "M3.5 8a4.5 4.5 0 1 0 1.5-3.4M3.5 3v2.5H6"],
  refused: ["Refused", "Refused", "M4 4l8 8M12 4l-8 8"],
};

const AGAIN = "Ask the person for it again.";
const SAVE = "Open it in any picture program and save it as a new JPEG, or ask for another picture.";
const SMALLER = "Ask for a smaller copy: 2,000 pixels from edge to edge are plenty.";
const STILL = "Ask for a shorter one, or for a still picture.";
// What happened, what to do, and what was measured, if anything was.
const REASONS = {
  unknown_format: ["This isn't a JPEG, PNG or GIF picture.", "Ask for a JPEG or PNG. Photos of iPhones may be HEIC files, whatever they are called."],
  malformed: ["The file is damaged inside.", `${AGAIN} If it comes the same, have it saved as a new JPEG.`],
  truncated: ["The file is cut off: part of the picture is missing.", `${AGAIN} It may not have been sent to its end.`],
  unsupported: ["The file is of a rare kind that can't be read.", SAVE],
  too_small: ["The picture is too small.", "Ask for a larger one, or run again without --no-upscale.", "pixels"],
  animated: ["The picture moves, and only still ones are allowed.", "Ask for a still picture, or run again with --animation still.", "frames"],
  file_bytes: ["The file is too big.", SMALLER, "bytes"],
  output_bytes: ["Its photo would be too big, whatever is tried.", "Ask for a simpler or a still picture, or run again with a higher --max-bytes.", "bytes"],
  edge: ["The picture is too wide or too tall.", SMALLER, "pixels"],
  pixels: ["The picture is too large.", SMALLER, "pixels"],
  animation_pixels: ["The animation is too large, all its frames together.", STILL, "pixels"],
  work: ["The animation is far more work than an honest one of its size.", `Be careful with this file. ${STILL}`, "units"],
  metadata: ["A color profile in the file is too big.", SAVE, "bytes"],
  memory: ["The picture would take too much memory.", SMALLER, "bytes"],
  scans: ["The file is built in a way that no camera does.", `Be careful with this file. ${SAVE}`, "scans"],
  scan_blocks: ["The file is far more work than an honest one.", `Be careful with this file. ${SAVE}`, "blocks"],
  frames: ["The animation has too many frames.", "Ask for a shorter one, or run again with --animation thin.", "frames"],
  crop_outside: ["The square to cut out reaches beyond the picture.", "Choose another square (--crop), or none."],
  crop_empty: ["The square to cut out is empty.", "Choose another square (--crop), or none."],
  internal: ["The program failed. That is our fault, not the picture's.", "Please report it, with the file if you may pass it on."],
  cancelled: ["It was stopped before it was done.", "Run again, with more time (--timeout) if time was what ran out."],
  cannot_read: ["The file could not be read.", "See whether it is still there and may be opened, and run again."],
  cannot_write: ["The photo could not be saved.", "See whether its folder may be written to and has room, and run again."],
};
const UNKNOWN = ["The picture was refused.", "What exactly was wrong is said below."];

// A few words for a chip, and a sentence with the data for the details.
const STEPS = {
  oriented: ["turned upright", (s) => `Turned upright, as the camera noted (EXIF orientation ${s.orientation})`],
  cropped: ["cropped", (s) => `Cut to the square of ${pixels(s.width)} that begins at ${s.x}, ${s.y}`],
  scaled: ["resized", (s) => `Resized from ${times(s.from)} to ${times(s.to)}`],
  letterboxed: ["bars added", (s) => `Centred on a square of ${pixels(s.side)}, with bars beside its ${times(s.picture)}`],
  colors_converted: ["colors converted", (s) => `Colors converted to sRGB from ${s.from}`],
  flattened: ["transparency filled", (s) => `What was transparent is filled with ${hex(s.color)}`],
  stilled: ["first frame only", (s) => `The first of ${count(s.frames, "frame")} was taken`],
  thinned: ["frames left out", (s) => `Frames left out evenly: ${number(s.to)} of ${number(s.from)} stay`],
  delays_raised: ["slowed down", (s) => `${count(s.frames, "frame")} shown too shortly now last 0.1 s, as in browsers`],
  metadata_removed: ["private data removed", (s) => `${bytes(s.bytes)} of private data removed (such as place, camera, comments)`],
  scans_missing: ["scans missing", (s) => `The file ends before the picture is sharp (${count(s.coefficients, "coefficient")} incomplete)`],
  damage_accepted: ["damage accepted", (s) => `Pixels were missing or broken${s.offset === null ? "" : ` at byte ${number(s.offset)}`}; the rest was used`],
  passed_through: ["pixels kept as they are", () => "The compressed pixels were kept as they are: nothing of the picture is lost"],
  indices_kept: ["colors kept exactly", () => "Frames were moved or cut, and keep their colors exactly"],
  bars_approximated: ["bars in another color", (s) => `The bars are ${hex(s.used)} instead of ${hex(s.wanted)}, since the picture uses all 256 colors`],
  color_replaced: ["one color replaced", (s) => `A color of the picture, ${hex(s.color)}, became ${hex(s.by)}, since no other was left`],
  converted: ["other format", (s) => `Written as ${s.to.toUpperCase()} instead of ${s.from.toUpperCase()}`],
  effort_raised: ["packed harder", (s) => `Compressed with more effort (${s.to} instead of ${s.from})`],
  quality_lowered: ["lower quality", (s) => `Quality lowered from ${s.from} to ${s.to}`],
  colors_reduced: ["fewer colors", (s) => `Drawn in ${number(s.to)} colors at most`],
  changes_ignored: ["small changes ignored", (s) => `Changes between frames of up to ${s.tolerance} in 256 levels are ignored`],
  side_reduced: ["made smaller", (s) => `Made smaller, from ${pixels(s.from)} a side to ${s.to}`],
};
// Those that somebody should look at.
const DOUBTFUL = ["damage_accepted", "scans_missing"];

const stepName = (name) => STEPS[name]?.[0] ?? name.replaceAll("_", " ");
const reasonOf = (reason) => REASONS[reason] ?? UNKNOWN;

// ---- Numbers

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const number = (value) => whole.format(value);
const count = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
const pixels = (value) => count(value, "pixel");
const times = ({ width, height }) => `${width}×${height}`;
const hex = (color) => `#${color.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
function bytes(value) {
  if (value < 1000) return count(value, "byte");
  const power = Math.min(4, Math.floor(Math.log10(value) / 3));
  return `${three.format(value / 1000 ** power)} ${["", "kB", "MB", "GB", "TB"][power]}`;
}
function duration(seconds) {
  if (seconds < 0.001) return "under 1 ms";
  if (seconds < 1) return `${three.format(seconds * 1000)} ms`;
  if (seconds < 60) return `${three.format(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = `${Math.floor(seconds % 60)} s`;
  if (minutes < 60) return `${minutes} min ${rest}`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// ---- Elements

const ui = {};
for (const element of document.querySelectorAll("[id]")) ui[element.id] = element;

// Children that are text are foreign: never markup, and what can't be seen is spelled out.
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return fill(element, ...children);
}

function fill(element, ...children) {
  element.replaceChildren(...children.flatMap((child) => (child instanceof Node ? child : spelled(String(child)))));
  return element;
}

// Controls, marks that turn the direction of text, and other characters without a shape. The
// joiners of emoji and of Persian stay.
const SHAPELESS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Cn}\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function spelled(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(SHAPELESS)) {
    nodes.push(text.slice(from, match.index));
    const escape = document.createElement("span");
    escape.className = "escape";
    escape.textContent = SHORT[match[0]] ?? `\\u{${match[0].codePointAt(0).toString(16)}}`;
    nodes.push(escape);
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "").map((node) => (node instanceof Node ? node : document.createTextNode(node)));
}

// A path whose parts can't get at each other's places, whatever direction they are written in.
function named(path) {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1;
  const parts = path.match(/[^/\\]+|[/\\]/g) ?? [""];
  const name = make("span", "name");
  name.dir = "ltr";
  let at = 0;
  for (const part of parts) {
    const piece = make(part === "/" || part === "\\" ? "span" : "bdi", at < end ? "folder" : "", part);
    name.append(piece);
    at += part.length;
  }
  return name;
}

function sign(path, className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `sign ${className}`);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
const ARROW = "M2 8h12M9.5 3.5L14 8l-4.5 4.5";
const TICK = VERDICTS.made[2];
const CROSS = VERDICTS.refused[2];
const PICTURE = "M2 3h12v10H2zM2 11l4-4 4 4 2-2 2 2";

// ---- Rows

let rows = [];
let view = [];
const chosen = { verdict: new Set(), reason: new Set(), step: new Set() };
const GROUPS = Object.keys(chosen);

// A row is a line, and the last one may be cut off where the run was killed: it is left out.
function read(element) {
  const read = [];
  for (const line of (element?.textContent ?? "").split("\n")) {
    if (!line.startsWith("{")) continue;
    try {
      read.push(JSON.parse(line.endsWith(",") ? line.slice(0, -1) : line));
    } catch {
      break;
    }
  }
  return read;
}

function start() {
  rows = read(document.getElementById("rows")).map((row, index) => ({
    row,
    index,
    find: plain(row.path),
    verdict: verdict(row),
    reason: row.ok ? null : row.reason,
    steps: new Set((row.steps ?? []).map((step) => step.step)),
  }));
  const [run] = read(document.getElementById("run"));
  showTotals(run);
  makeChoices();
  restore();
}

// Some systems write an ü as a u and its dots.
const plain = (text) => text.normalize("NFC").toLowerCase();

function verdict(row) {
  if (!row.ok) return "refused";
  if (row.finished_before) return "before";
  return row.same_as ? "copied" : "made";
}

const sum = (of) => rows.reduce((total, row) => total + (of(row) ?? 0), 0);

function showTotals(run) {
  const tally = (verdict) => sum((row) => row.verdict === verdict);
  const total = (of, title, value, icon) => {
    const box = make("div", "", make("dt", "", ...(icon ? [sign(icon, of)] : []), title), make("dd", "", value));
    box.dataset.total = of;
    return box;
  };
  const kinds = Object.keys(VERDICTS).filter((kind) => tally(kind) > 0 || kind === "made" || kind === "refused");
  fill(ui.verdicts, total("pictures", "Pictures", number(rows.length)),
    ...kinds.map((kind) => total(kind, VERDICTS[kind][1], number(tally(kind)), VERDICTS[kind][2])));
  fill(ui.bar, ...kinds.filter(tally).map((kind) => {
    const part = make("i", kind);
    part.style.flexGrow = tally(kind);
    return part;
  }));
  // What an earlier run made took this one no time.
  const written = tally("made") + tally("copied");
  const lesser = [
    total("in", "Size of the pictures", bytes(sum(({ row }) => row.file_bytes))),
    total("out", "Size of the photos", bytes(sum(({ row }) => (row.ok ? row.bytes : 0)))),
  ];
  if (run) {
    lesser.push(total("time", "Time", duration(run.seconds)));
    if (written > 0 && run.seconds > 0) lesser.push(total("pace", "Photos a second", three.format(written / run.seconds)));
    const began = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(new Date(run.began));
    fill(ui["run-facts"], `headshot ${run.version} · ${began} · ${count(run.jobs, "picture")} at a time`);
    fill(ui.command.querySelector("code"), run.command);
    ui.command.hidden = false;
  }
  fill(ui.totals, ...lesser);
  ui.early.hidden = Boolean(run) && !run.stopped;
  fill(ui.early, run
    ? "The run was stopped early: pictures that it didn't get to are missing here."
    : "The report breaks off: the run was ended from outside, and what it did last is missing here.");
}

// ---- Choosing

const choices = { verdict: new Map(), reason: new Map(), step: new Map() };

function makeChoices() {
  const tally = new Map();
  const add = (key) => tally.set(key, (tally.get(key) ?? 0) + 1);
  const examples = new Map();
  for (const row of rows) {
    add(`verdict ${row.verdict}`);
    if (row.reason) add(`reason ${row.reason}`);
    for (const step of row.steps) add(`step ${step}`);
    if (row.reason && !examples.has(row.reason)) examples.set(row.reason, row.row.message);
  }
  const found = (group) => [...tally.keys()].filter((key) => key.startsWith(`${group} `)).map((key) => key.slice(group.length + 1))
    .sort((a, b) => tally.get(`${group} ${b}`) - tally.get(`${group} ${a}`) || (a < b ? -1 : 1));
  const box = () => sign(TICK, "box");
  for (const kind of Object.keys(VERDICTS).filter((kind) => tally.has(`verdict ${kind}`))) {
    addChoice("verdict", kind, box(), make("span", `what ${kind}`, VERDICTS[kind][1]));
  }
  for (const reason of found("reason")) {
    const [what, advice] = reasonOf(reason);
    const such = tally.get(`reason ${reason}`) > 1 ? "such as: " : "";
    addChoice("reason", reason, box(), make("span", "what", what), make("span", "more", advice),
      make("span", "exact", such + examples.get(reason)));
  }
  for (const step of found("step")) addChoice("step", step, box(), make("span", "what", stepName(step)));
  ui.filters.hidden = rows.length === 0;
  ui.reasons.hidden = choices.reason.size === 0;
  ui.steps.hidden = choices.step.size === 0;
}

function addChoice(group, key, box, what, ...more) {
  const count = make("span", "count");
  const button = make("button", `choice ${group}`, box, what, count, ...more);
  button.type = "button";
  button.dataset.group = group;
  button.dataset.key = key;
  button.addEventListener("click", () => toggle(group, key));
  choices[group].set(key, { button, count });
  ui[`by-${group}`].append(make("li", "", button));
}

function toggle(group, key) {
  if (!chosen[group].delete(key)) chosen[group].add(key);
  change();
}

// Of verdicts and reasons a picture has one: any of those chosen. Of steps it has many: all of them.
const PASSES = {
  verdict: (row) => chosen.verdict.size === 0 || chosen.verdict.has(row.verdict),
  reason: (row) => chosen.reason.size === 0 || chosen.reason.has(row.reason),
  step: (row) => [...chosen.step].every((step) => row.steps.has(step)),
};

const ORDERS = {
  run: () => 0,
  path: (() => {
    const collator = new Intl.Collator("en", { numeric: true });
    return (a, b) => collator.compare(a.row.path, b.row.path);
  })(),
  size: (a, b) => (b.row.file_bytes ?? -1) - (a.row.file_bytes ?? -1),
  time: (a, b) => (b.row.seconds ?? -1) - (a.row.seconds ?? -1),
};

function choose() {
  const words = plain(ui.find.value);
  // How many each choice would show, or does: beside what is chosen in other groups.
  const would = { verdict: new Map(), reason: new Map(), step: new Map() };
  const add = (group, key) => would[group].set(key, (would[group].get(key) ?? 0) + 1);
  view = rows.filter((row) => {
    if (!row.find.includes(words)) return false;
    const [verdict, reason, step] = GROUPS.map((group) => PASSES[group](row));
    if (reason && step) add("verdict", row.verdict);
    if (verdict && step && row.reason) add("reason", row.reason);
    if (verdict && reason && step) for (const done of row.steps) add("step", done);
    return verdict && reason && step;
  });
  const order = ORDERS[ui.sort.value];
  view.sort((a, b) => order(a, b) || a.index - b.index);
  if (ui.reversed.ariaPressed === "true") view.reverse();
  for (const group of GROUPS) {
    for (const [key, { button, count }] of choices[group]) {
      const of = would[group].get(key) ?? 0;
      count.textContent = number(of);
      button.classList.toggle("none", of === 0);
      button.ariaPressed = String(chosen[group].has(key));
    }
  }
}

function showChosen() {
  const label = { verdict: (key) => VERDICTS[key][1], reason: (key) => reasonOf(key)[0], step: stepName };
  const chips = GROUPS.flatMap((group) => [...chosen[group]].map((key) => {
    const chip = make("button", "active", make("span", "", label[group](key)), sign(CROSS));
    chip.type = "button";
    chip.setAttribute("aria-label", `Remove the filter: ${label[group](key)}`);
    chip.addEventListener("click", () => {
      toggle(group, key);
      (ui.chosen.querySelector("button") ?? ui.find).focus();
    });
    return chip;
  }));
  fill(ui.chosen, ...chips);
  ui.chosen.hidden = chips.length === 0;
  ui.clear.hidden = chips.length === 0 && ui.find.value === "";
  const all = view.length === rows.length;
  fill(ui.count, all ? count(rows.length, "picture") : `${number(view.length)} of ${count(rows.length, "picture")}`);
  ui.list.hidden = view.length === 0;
  ui.nothing.hidden = view.length > 0;
  fill(ui.nothing.querySelector("p"), rows.length === 0 ? "There is no picture in this report." : "No picture is like that.");
  ui.nothing.querySelector("button").hidden = rows.length === 0;
}

// After each choice: the address keeps it, and the list begins anew.
function change() {
  const state = new URLSearchParams();
  for (const group of GROUPS) if (chosen[group].size > 0) state.set(group, [...chosen[group]].join(","));
  if (ui.find.value) state.set("find", ui.find.value);
  if (ui.sort.value !== "run") state.set("sort", ui.sort.value);
  if (ui.reversed.ariaPressed === "true") state.set("reversed", "1");
  history.replaceState(null, "", `#${state}`);
  show();
}

function show() {
  choose();
  showChosen();
  // Who is further down sees the first of what was found.
  const top = ui.list.parentElement.getBoundingClientRect().top;
  if (top < 0) scrollBy(0, top);
  relist();
}

function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  for (const group of GROUPS) {
    const keys = (state.get(group) ?? "").split(",");
    chosen[group] = new Set(keys.filter((key) => choices[group].has(key)));
  }
  ui.find.value = state.get("find") ?? "";
  ui.sort.value = Object.hasOwn(ORDERS, state.get("sort")) ? state.get("sort") : "run";
  ui.reversed.ariaPressed = String(state.get("reversed") === "1");
  show();
}

function clear() {
  for (const group of GROUPS) chosen[group].clear();
  ui.find.value = "";
  change();
  ui.find.focus();
}

addEventListener("hashchange", restore);
ui.find.addEventListener("input", change);
ui.sort.addEventListener("change", change);
ui.reversed.addEventListener("click", () => {
  ui.reversed.ariaPressed = String(ui.reversed.ariaPressed !== "true");
  change();
});
ui.clear.addEventListener("click", clear);
ui.nothing.querySelector("button").addEventListener("click", clear);
// On a narrow screen, pictures come first.
ui.filters.open = !matchMedia("(max-width: 60rem)").matches;

// ---- The list: of all rows, those exist that are in sight or nearly so

const SPARE = 5;
const PRINTED = 1000;
// By their place in the view.
const drawn = new Map();
// The one that Tab leads to.
let current = 0;
let height = 1;

function measure() {
  const root = getComputedStyle(document.documentElement);
  height = parseFloat(root.getPropertyValue("--row")) * parseFloat(root.fontSize);
}

function relist() {
  measure();
  drawn.clear();
  ui.list.replaceChildren();
  ui.list.style.height = `${view.length * height}px`;
  draw(0);
}

// Tab leads to that place, or to the first in sight, unless the focus is in the list already.
function draw(place) {
  const top = ui.list.getBoundingClientRect().top;
  const first = Math.max(0, Math.floor(-top / height) - SPARE);
  const end = Math.min(view.length, Math.ceil((innerHeight - top) / height) + SPARE);
  if (place !== undefined) current = place;
  else if (!ui.list.contains(document.activeElement)) {
    current = Math.max(0, Math.min(view.length - 1, Math.ceil((toolsHeight() - top) / height)));
  }
  drawRange(first, end);
}

function drawRange(first, end) {
  const wanted = new Set();
  for (let place = first; place < end; place += 1) wanted.add(place);
  if (current < view.length) wanted.add(current);
  for (const [place, row] of drawn) {
    if (wanted.has(place)) continue;
    row.remove();
    drawn.delete(place);
  }
  // In order for screen readers; what stays isn't moved, and keeps the focus.
  let next = ui.list.firstElementChild;
  for (const place of [...wanted].sort((a, b) => a - b)) {
    let row = drawn.get(place);
    if (row) {
      next = row.nextElementSibling;
    } else {
      row = makeRow(place);
      drawn.set(place, row);
      ui.list.insertBefore(row, next);
    }
    row.querySelector("button").tabIndex = place === current ? 0 : -1;
  }
}

const toolsHeight = () => {
  const tools = document.querySelector(".tools");
  return getComputedStyle(tools).position === "sticky" ? tools.offsetHeight : 0;
};

function makeRow(place) {
  const { row, verdict, reason } = view[place];
  const name = named(row.path);
  const open = make("button", "open", name);
  open.type = "button";
  open.ariaHasPopup = "dialog";
  open.addEventListener("click", () => showDetails(place));
  const facts = [input(row), row.ok ? output(row) : null].filter(Boolean).join(" → ");
  const took = make("span", "took", row.seconds > 0 ? ` · ${duration(row.seconds)}` : "");
  const text = make("div", "text", open, make("div", "facts", facts, took));
  if (reason) text.append(make("div", "why", reasonOf(reason)[0]));
  else if (row.steps?.length) text.append(chips(row.steps));
  const item = make("li", "row", pair(row), text, badge(verdict));
  item.style.top = `${place * height}px`;
  item.ariaPosInSet = place + 1;
  item.ariaSetSize = view.length;
  return item;
}

const formatOf = (media) => media.replace("image/", "").toUpperCase();

function input(row) {
  const parts = [];
  if (row.format) parts.push(`${row.format.toUpperCase()} ${row.width}×${row.height}`);
  if (row.frames > 1) parts.push(count(row.frames, "frame"));
  if (row.file_bytes !== null) parts.push(bytes(row.file_bytes));
  return parts.join(", ");
}

function output(row) {
  const parts = [`${formatOf(row.media_type)} ${row.side}×${row.side}`];
  if (row.output_frames > 1) parts.push(count(row.output_frames, "frame"));
  return [...parts, bytes(row.bytes)].join(", ");
}

function chips(steps) {
  return make("ul", "chips", ...steps.map(({ step }) => make("li", DOUBTFUL.includes(step) ? "warn" : "", stepName(step))));
}

function badge(verdict) {
  const [word, , icon] = VERDICTS[verdict];
  return make("span", `badge fill ${verdict}`, sign(icon), make("span", "word", word));
}

// Where nothing was cut off, one square serves for both, and its bars are hidden for the upload.
function pair(row) {
  return make("div", "pair", thumb(row.before ?? row.after, "", row), sign(ARROW), thumb(row.after, "after", row));
}

function thumb(data, className, row) {
  if (!data) return missing(className, row);
  const image = make("img", `thumb ${className}`);
  image.alt = "";
  image.decoding = "async";
  if (className === "" && row.width && row.height) {
    // The shape of the upload; of a strip, at least something is seen.
    const longest = Math.max(row.width, row.height);
    image.style.width = `calc(var(--thumb) * ${Math.max(0.08, row.width / longest)})`;
    image.style.height = `calc(var(--thumb) * ${Math.max(0.08, row.height / longest)})`;
  }
  image.addEventListener("error", () => image.replaceWith(missing(className, row)));
  image.src = `data:image/jpeg;base64,${data}`;
  return image;
}

const missing = (className, row) => make("span", `missing ${className}`, sign(className && !row.ok ? CROSS : PICTURE));

let asked = false;
function drawSoon() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    draw();
  });
}
addEventListener("scroll", drawSoon, { passive: true });
addEventListener("resize", () => {
  const before = height;
  measure();
  if (height !== before) relist();
  else drawSoon();
});

// Paper has no window.
addEventListener("beforeprint", () => {
  if (view.length > PRINTED) fill(ui.count, `The first ${number(PRINTED)} of ${count(view.length, "picture")}`);
  drawRange(0, Math.min(PRINTED, view.length));
});
addEventListener("afterprint", () => {
  showChosen();
  draw();
});

// ---- By keyboard

ui.list.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor(innerHeight / height) - 2);
  const to = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: view.length - 1,
  }[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  focusRow(Math.max(0, Math.min(view.length - 1, to)));
});

ui.list.addEventListener("focusin", (event) => {
  for (const [place, row] of drawn) if (row.contains(event.target)) current = place;
  drawSoon();
});

function focusRow(place) {
  const top = ui.list.getBoundingClientRect().top + place * height;
  const above = toolsHeight() + 8;
  if (top < above) scrollBy(0, top - above);
  else if (top + height > innerHeight - 8) scrollBy(0, top + height - innerHeight + 8);
  draw(place);
  drawn.get(place).querySelector("button").focus({ preventScroll: true });
}

// ---- Details

let shown = 0;

function showDetails(place) {
  shown = place;
  const { row, verdict, reason } = view[place];
  fill(ui.place, `${number(place + 1)} of ${number(view.length)}`);
  ui.previous.disabled = place === 0;
  ui.next.disabled = place === view.length - 1;
  const title = make("h2", "", named(row.path));
  title.id = "details-name";
  const parts = [title, badge(verdict), pair(row)];
  if (reason) parts.push(said(row));
  parts.push(section("File", facts({
    Format: row.format?.toUpperCase(),
    Size: row.width && `${row.width}×${row.height} pixels`,
    Frames: row.frames > 1 && number(row.frames),
    Length: row.file_bytes !== null && exactly(row.file_bytes),
  })));
  if (row.ok) {
    parts.push(section("Photo", facts({
      "Written to": row.output,
      Format: `${formatOf(row.media_type)} (${row.media_type})`,
      Size: `${row.side}×${row.side} pixels`,
      Frames: row.output_frames > 1 && number(row.output_frames),
      Length: exactly(row.bytes),
    })));
    const steps = row.steps ?? [];
    parts.push(section("What was done", steps.length === 0 ? make("p", "soft", "Nothing is noted.") : make("ol", "steps", ...steps.map(sentence))));
  }
  parts.push(section("Run", facts({
    Time: row.seconds > 0 ? duration(row.seconds) : "none to speak of",
    "Same file as": row.same_as,
    "Earlier run": row.finished_before && "had made this photo already",
  })));
  const { before, after, ...all } = row;
  parts.push(make("details", "", make("summary", "", "All fields, as --json has them"), spelledLines(JSON.stringify(all, null, 2))));
  fill(ui.sheet, ...parts);
  if (!ui.details.open) ui.details.showModal();
  ui.details.scrollTop = 0;
}

const exactly = (value) => (value < 1000 ? bytes(value) : `${bytes(value)} (${number(value)} bytes)`);
const section = (title, content) => make("section", "", make("h3", "", title), content);
const sentence = (step) => {
  const text = STEPS[step.step]?.[1](step) ?? `${stepName(step.step)} ${JSON.stringify(step)}`;
  return make("li", "", make("span", "", text));
};

function facts(values) {
  const known = Object.entries(values).filter(([, value]) => value);
  return make("dl", "facts-of", ...known.flatMap(([name, value]) => [make("dt", "", name), make("dd", "", make("bdi", "", value))]));
}

function said(row) {
  const [what, advice, unit] = reasonOf(row.reason);
  const box = make("div", "said fill refused", make("strong", "", what), make("p", "", advice));
  if (row.measured !== null) {
    const amount = (value) => (unit === "bytes" ? exactly(value) : `${number(value)} ${unit ?? ""}`);
    box.append(facts({ Measured: amount(row.measured), Limit: amount(row.limit) }));
  }
  box.append(make("p", "exact", `${row.code} · ${row.reason}: ${row.message}`));
  return box;
}

function spelledLines(text) {
  const lines = text.split("\n").flatMap((line, at) => (at === 0 ? spelled(line) : [document.createTextNode("\n"), ...spelled(line)]));
  return make("pre", "", ...lines);
}

function step(by) {
  const to = shown + by;
  if (to < 0 || to >= view.length) return;
  showDetails(to);
}

fill(ui.previous, sign("M10 3L5 8l5 5"));
fill(ui.next, sign("M6 3l5 5-5 5"));
fill(ui.close, sign(CROSS));
ui.previous.addEventListener("click", () => step(-1));
ui.next.addEventListener("click", () => step(1));
ui.close.addEventListener("click", () => ui.details.close());
ui.details.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowLeft") step(-1);
  if (event.key === "ArrowRight") step(1);
});
// What is beside it was clicked.
ui.details.addEventListener("click", (event) => event.target === ui.details && ui.details.close());
ui.details.addEventListener("close", () => {
  // This comes later than the closing: what has the focus by then may keep it.
  const focused = document.activeElement;
  if (focused === document.body || ui.list.contains(focused)) focusRow(shown);
});
