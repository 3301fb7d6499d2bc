// What a person does with a report, and what must be seen for it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as browsing from "./browser.mjs";
import { DESKTOP, PHONE, assertNoWiderThanTheScreen, browser, close, shot, text } from "./browser.mjs";

const { REPORT, SCRATCH } = process.env;
const HTML = readFileSync(REPORT, "utf8");
const inside = (tag) => HTML.match(new RegExp(`<${tag}>(.*?)</`, "s"))[1];
const [ROWS, RUN] = ["rows", "run"].map((id) => JSON.parse(inside(`script type="application/json" id="${id}"`)));
// More than fit on any screen, and far fewer than a long report has.
const MOST_DRAWN = 40;

const verdict = (row) => (!row.ok ? "refused" : row.finished_before ? "before" : row.same_as ? "copied" : "made");
const has = {
  verdict: (row, key) => verdict(row) === key,
  reason: (row, key) => !row.ok && row.reason === key,
  step: (row, key) => (row.steps ?? []).some(({ step }) => step === key),
};

const words = (value) => value.toLocaleString("en");
const plain = (text) => text.normalize("NFC").toLowerCase();
const choice = (group, key) => `.choice.${group}[data-key="${key}"]`;
const countOf = (page, group, key) => page.locator(`${choice(group, key)} .count`).textContent();
const total = (page, name) => text(page, `[data-total="${name}"] dd`);
// With no mouse, which takes its time: that it can be clicked is seen where one is.
const choose = (page, group, key) => page.locator(choice(group, key)).dispatchEvent("click");

try {
  isSealed();
  hasContrast();
  const desk = await open(DESKTOP);
  // First what all others take for granted: that it stays fluent.
  await drawsOnlyWhatIsInSight(desk);
  for (const does of [
    showsTotals, countsEachChoice, combinesChoices, searches, sorts, showsDetails, worksByKeyboard,
    isHarmedByNoName, holdsLongNames, prints, isSeenInTheDark, keepsTheViewInTheAddress,
  ]) {
    await anew(desk);
    await does(desk);
  }
  await close(desk);
  const phone = await open(PHONE);
  await fitsPhones(phone);
  await holdsLongNames(phone);
  await close(phone);
  await saysThatItNeedsJavaScript();
  await readsWhatIsLeftOfABrokenReport();
} finally {
  await browser.close();
}

function isSealed() {
  for (const tag of ["style", "script"]) {
    const sum = `${tag}-src 'sha256-${createHash("sha256").update(inside(tag)).digest("base64")}'`;
    assert.ok(HTML.includes(sum), `page.html: its policy must say ${sum}`);
  }
}

// WCAG's 4.5 to 1, in both schemes, for each colour of text on what it is shown on.
function hasContrast() {
  const pairs = Object.fromEntries([...HTML.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, ...both]) => [name, both]));
  const on = {
    ink: ["ground", "card", "raised", "accent-ground", "bad-ground"],
    soft: ["ground", "card", "raised", "accent-ground", "bad-ground"],
    accent: ["ground", "card"],
    good: ["card", "raised", "good-ground", "accent-ground"],
    bad: ["card", "raised", "bad-ground", "accent-ground"],
    calm: ["card", "raised", "calm-ground", "accent-ground"],
    warn: ["card", "warn-ground"],
  };
  for (const [ink, grounds] of Object.entries(on)) {
    for (const ground of grounds) {
      for (const scheme of [0, 1]) {
        const [dark, light] = [pairs[ink][scheme], pairs[ground][scheme]].map(luminance).sort((a, b) => a - b);
        const contrast = (light + 0.05) / (dark + 0.05);
        assert.ok(contrast >= 4.5, `${ink} on ${ground}: ${contrast}`);
      }
    }
  }
}

function luminance(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

async function showsTotals(page) {
  const of = (kind) => ROWS.filter((row) => verdict(row) === kind).length;
  assert.equal(await total(page, "pictures"), words(ROWS.length));
  for (const kind of ["made", "refused"]) assert.equal(await total(page, kind), words(of(kind)));
  for (const kind of ["copied", "before"]) if (of(kind)) assert.equal(await total(page, kind), words(of(kind)));
  const sum = (rows, key) => rows.reduce((sum, row) => sum + (row[key] ?? 0), 0);
  assertAbout(await total(page, "in"), sum(ROWS, "file_bytes"));
  assertAbout(await total(page, "out"), sum(ROWS, "bytes"));
  const pace = (of("made") + of("copied")) / RUN.seconds;
  if (pace > 0) assert.ok(Math.abs(Number((await total(page, "pace")).replaceAll(",", "")) / pace - 1) < 0.01);
  assert.equal(await page.isVisible("#early"), RUN.stopped);
  assert.match(await text(page, "#run-facts"), new RegExp(`^headshot ${RUN.version} · .*2\\d{3}`));
  await shot(page, "desktop-light");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
  await settled(page);
  await shot(page, "middle");
}

async function countsEachChoice(page) {
  for (const group of Object.keys(has)) {
    const expected = new Set(ROWS.flatMap((row) => ({
      verdict: [verdict(row)], reason: row.ok ? [] : [row.reason], step: (row.steps ?? []).map(({ step }) => step),
    })[group]));
    const keys = await page.$$eval(`.choice.${group}`, (all) => all.map((button) => button.dataset.key));
    assert.deepEqual(new Set(keys), expected);
    for (const key of keys) {
      const rows = ROWS.filter((row) => has[group](row, key));
      assert.equal(await countOf(page, group, key), words(rows.length), key);
      await choose(page, group, key);
      assert.equal(await page.getAttribute(choice(group, key), "aria-pressed"), "true");
      await assertShows(page, rows);
      await choose(page, group, key);
    }
  }
  // Whatever the program may say has words of its own.
  const said = await page.$$eval(".choice.reason .what, .choice.step .what", (all) => all.map((what) => what.textContent));
  for (const what of said) assert.doesNotMatch(what, /^The picture was refused\.$|_/);
  assert.equal(new Set(said).size, said.length);
  await assertShows(page, ROWS);
}

async function combinesChoices(page) {
  const keys = async (group) => page.$$eval(`.choice.${group}`, (all) => all.map((button) => button.dataset.key));
  const [reasons, steps] = [await keys("reason"), await keys("step")];
  for (const chosen of [
    { verdict: ["refused"], reason: reasons.slice(0, 2) },
    { verdict: ["made", "refused"], step: steps.slice(0, 2), find: "e" },
    { verdict: ["made"], reason: reasons.slice(0, 1) },
  ]) {
    const sets = Object.entries(chosen).filter(([group]) => group !== "find");
    for (const [group, keys] of sets) for (const key of keys) if (await page.locator(choice(group, key)).count()) await choose(page, group, key);
    await page.fill("#find", chosen.find ?? "");
    const passes = (row, group) => {
      const keys = (chosen[group] ?? []).filter((key) => ROWS.some((row) => has[group](row, key)));
      if (group === "step") return keys.every((key) => has.step(row, key));
      return keys.length === 0 || keys.some((key) => has[group](row, key));
    };
    const found = ROWS.filter((row) => plain(row.path).includes(chosen.find ?? ""));
    await assertShows(page, found.filter((row) => Object.keys(has).every((group) => passes(row, group))));
    for (const group of Object.keys(has)) {
      // One more step is one more condition; one more verdict or reason is another one that will do.
      const others = Object.keys(has).filter((other) => other !== group || group === "step");
      const rows = found.filter((row) => others.every((other) => passes(row, other)));
      for (const key of await keys(group)) {
        assert.equal(await countOf(page, group, key), words(rows.filter((row) => has[group](row, key)).length), key);
      }
    }
    const active = sets.flatMap(([, keys]) => keys).length;
    assert.ok((await page.locator("#chosen button").count()) <= active && active > 0);
    await shot(page, `filtered-${Object.values(chosen).flat().length}`);
    await page.click("#clear");
    await assertShows(page, ROWS);
    assert.equal(await page.locator("#chosen button").count(), 0);
  }
  // By hand, too, and by its chip.
  await page.click(choice("verdict", verdict(ROWS[0])));
  await assertShows(page, ROWS.filter((row) => verdict(row) === verdict(ROWS[0])));
  await page.click("#chosen button");
  await assertShows(page, ROWS);
}

async function searches(page) {
  for (const words of [ROWS[0].path, "über", ROWS[0].path.toUpperCase(), ROWS.at(-1).path.slice(-9), ".*", "no such picture"]) {
    await page.fill("#find", words);
    await assertShows(page, ROWS.filter((row) => plain(row.path).includes(plain(words))));
  }
  assert.match(await text(page, "#nothing"), /No picture is like that/);
  await page.click("#nothing button");
  await assertShows(page, ROWS);
}

async function sorts(page) {
  // Where names are plain, all tables of Unicode agree.
  const rows = ROWS.filter((row) => /^[\w./-]+$/.test(row.path));
  const { compare } = new Intl.Collator("en", { numeric: true });
  const by = (key) => (a, b) => (b[key] ?? -1) - (a[key] ?? -1);
  const orders = { run: () => 0, path: (a, b) => compare(a.path, b.path), size: by("file_bytes"), time: by("seconds") };
  for (const [order, ordered] of Object.entries(orders)) {
    await page.selectOption("#sort", order);
    const expected = (order === "path" ? rows : ROWS).toSorted(ordered);
    for (const list of [expected, expected.toReversed()]) {
      if (order === "path") await assertOrdered(page, list);
      else await assertShows(page, list);
      await page.click("#reversed");
    }
  }
}

async function showsDetails(page) {
  for (const kind of new Set(ROWS.map(verdict))) {
    await anew(page);
    await choose(page, "verdict", kind);
    const rows = ROWS.filter((row) => verdict(row) === kind);
    await page.locator("#list .open").first().click();
    await shot(page, `details-${kind}`);
    const most = Math.min(60, rows.length);
    const seen = await page.evaluate(`(${leaf})(${most}, ${unspell})`);
    for (const [place, { at, name, fields, steps, said, body }] of seen.entries()) {
      const row = rows[place];
      assert.equal(at, `${words(place + 1)} of ${words(rows.length)}`);
      assert.equal(name, row.path);
      const { before, after, ...all } = row;
      assert.deepEqual(JSON.parse(fields), all);
      // Of no value that isn't there, and of no step without a sentence, but for what names may say.
      const ours = [row.path, row.output, row.same_as, row.message].reduce((text, name) => text.replaceAll(name ?? "", ""), body);
      assert.doesNotMatch(ours, /undefined|NaN|\[object|null|"step"/);
      if (row.ok) {
        assert.equal(steps, row.steps.length);
        assert.ok(body.includes(words(row.bytes)), body);
      } else {
        assert.ok(said.endsWith(`: ${row.message}`), said);
        if (row.measured !== null) assert.ok(body.includes(words(row.measured)) && body.includes(words(row.limit)), body);
      }
    }
    for (const key of ["ArrowLeft", "ArrowRight"]) await page.keyboard.press(key);
    await page.keyboard.press("Escape");
    assert.ok(!(await page.isVisible("#details")));
    await settled(page);
    // Where one has got to, and not where one began.
    assert.equal(await focused(page), most);
  }
}

// What the details show of so many pictures, one after the other.
function leaf(most, unspell) {
  const sheet = document.getElementById("sheet");
  const seen = [];
  for (let place = 0; place < most; place += 1) {
    if (place > 0) document.getElementById("next").click();
    const said = sheet.querySelector(".exact");
    seen.push({
      at: document.getElementById("place").textContent,
      name: unspell(sheet.querySelector("h2")),
      fields: unspell(sheet.querySelector("pre")),
      steps: sheet.querySelectorAll(".steps li").length,
      said: said && unspell(said),
      body: sheet.textContent.split("All fields")[0],
    });
  }
  return seen;
}

async function keepsTheViewInTheAddress(page) {
  const [kind, word] = [verdict(ROWS[0]), ROWS[0].path.slice(-5)];
  await choose(page, "verdict", kind);
  await page.fill("#find", word);
  await page.selectOption("#sort", "size");
  await page.click("#reversed");
  const shown = await text(page, "#count");
  const { hash } = new URL(page.url());

  const again = await open(DESKTOP, `${hash}&reason=no-such-reason&unknown=1`);
  assert.equal(await text(again, "#count"), shown);
  assert.equal(await again.getAttribute(choice("verdict", kind), "aria-pressed"), "true");
  const rows = ROWS.filter((row) => verdict(row) === kind && plain(row.path).includes(plain(word)));
  await assertShows(again, rows.toSorted((a, b) => (b.file_bytes ?? -1) - (a.file_bytes ?? -1)).toReversed());
  assert.equal(await again.inputValue("#find"), word);
  // As the button Back, or a bookmark, does.
  await again.evaluate(() => { location.hash = "sort=__proto__&verdict=constructor"; });
  await again.waitForFunction(() => document.getElementById("find").value === "");
  await assertShows(again, ROWS);
  await close(again);
}

async function drawsOnlyWhatIsInSight(page) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let part = 0; part <= 10; part += 1) {
    await page.evaluate((top) => scrollTo(0, top), (height * part) / 10);
    await settled(page);
    const there = await drawn(page);
    assert.ok(there.length <= MOST_DRAWN, `${there.length} rows`);
    assert.ok((await page.locator("img").count()) <= 2 * MOST_DRAWN);
    for (const { place, path } of there) assert.equal(path, ROWS[place - 1].path);
    // No gap where there should be a row.
    const bare = await page.evaluate(() => {
      const list = document.getElementById("list").getBoundingClientRect();
      const from = Math.max(list.top, document.querySelector(".tools").getBoundingClientRect().bottom) + 2;
      const bare = [];
      for (let y = from; y < Math.min(innerHeight, list.bottom) - 2; y += 10) {
        if (!document.elementFromPoint(list.left + list.width / 2, y)?.closest("li")) bare.push(y);
      }
      return bare;
    });
    assert.deepEqual(bare, []);
  }
  assert.equal((await drawn(page)).at(-1).place, ROWS.length);
  // From there, what is found is seen from its beginning.
  await choose(page, "verdict", verdict(ROWS[0]));
  await settled(page);
  assert.equal((await drawn(page))[0].place, 1);
}

async function worksByKeyboard(page) {
  await page.focus("#reversed");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), 1);
  for (const [key, place] of [["ArrowDown", 2], ["ArrowUp", 1], ["ArrowUp", 1], ["End", ROWS.length], ["Home", 1], ["ArrowDown", 2]]) {
    await page.keyboard.press(key);
    assert.equal(await focused(page), Math.min(place, ROWS.length), key);
    const box = await page.locator("#list > li:focus-within").boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= DESKTOP.viewport.height, key);
  }
  await page.keyboard.press("Enter");
  assert.ok(await page.isVisible("#details"));
  await page.keyboard.press("Escape");
  assert.equal(await focused(page), Math.min(2, ROWS.length));
  // What gets the focus before the page hears of the closing keeps it.
  await page.keyboard.press("Enter");
  await page.evaluate(() => {
    document.querySelector("#details").close();
    document.querySelector("#reversed").focus();
  });
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), "reversed");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), 1);
  // One stop, however long the list is.
  await page.keyboard.press("Shift+Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "reversed");
  await page.focus(".choice");
  await page.keyboard.press("Space");
  assert.equal(await page.getAttribute(".choice", "aria-pressed"), "true");
  const nameless = await page.$$eval("button, input, select", (all) => all.filter((one) => !one.textContent.trim() && !one.ariaLabel && !one.labels?.length).length);
  assert.equal(nameless, 0);
}

async function isHarmedByNoName(page) {
  // Each row that isn't plain, or the first ones.
  const odd = ROWS.map((row, index) => ({ row, index })).filter(({ row }) => !/^[\p{L}\p{N}_./ -]+$/u.test(row.path)).slice(0, 40);
  for (const { row } of odd) {
    await page.fill("#find", row.path);
    // A field holds no line break.
    if (/[\n\r]/.test(row.path)) await page.fill("#find", row.path.split(/[\n\r]/)[0]);
    await page.locator("#list .open").first().click();
    const raw = await page.evaluate(() => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) => (
        node.parentElement.closest("script") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
      let all = "";
      while (texts.nextNode()) all += texts.currentNode.data;
      return all.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u)?.[0].codePointAt(0);
    });
    assert.equal(raw, undefined);
    const tags = await page.$$eval("#list *, #sheet *", (all) => all.map((element) => element.localName));
    const allowed = "li button span bdi div ul ol img svg path h2 h3 section dl dt dd strong p details summary pre".split(" ");
    assert.deepEqual(tags.filter((tag) => !allowed.includes(tag)), []);
    await page.keyboard.press("Escape");
  }
  if (odd.length > 0) await shot(page, "hostile");
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.equal(await page.title(), "Profile photos: report");
}

async function fitsPhones(page) {
  for (const colorScheme of ["light", "dark"]) {
    await anew(page);
    await page.emulateMedia({ colorScheme });
    await assertNoWiderThanTheScreen(page);
    await shot(page, `phone-${colorScheme}`);
    await page.locator("#filters > summary").click();
    await choose(page, "verdict", verdict(ROWS[0]));
    await assertNoWiderThanTheScreen(page);
    await shot(page, `phone-filters-${colorScheme}`);
    await page.locator("#filters > summary").click();
    await page.click("#clear");
    await page.evaluate(() => document.getElementById("list").scrollIntoView());
    await settled(page);
    await assertRowsHoldTheirText(page);
    await shot(page, `phone-list-${colorScheme}`);
    await page.locator("#list .open").nth(2).click();
    await assertNoWiderThanTheScreen(page);
    await shot(page, `phone-details-${colorScheme}`);
    await page.click("#close");
  }
}

// Names of any length stay where they belong.
async function holdsLongNames(page) {
  const longest = ROWS.toSorted((a, b) => b.path.length - a.path.length).slice(0, 3);
  for (const row of longest) {
    await page.fill("#find", row.path.slice(0, 500));
    await assertNoWiderThanTheScreen(page);
    await assertRowsHoldTheirText(page);
    await page.locator("#list .open").first().click();
    await assertNoWiderThanTheScreen(page);
    assert.ok(await page.$eval("#details", (details) => details.scrollWidth <= details.clientWidth));
    await page.click("#close");
  }
}

async function prints(page) {
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const there = await drawn(page);
  assert.equal(there.length, Math.min(1000, ROWS.length));
  const tops = await page.$$eval("#list > li", (all) => all.map((row) => row.getBoundingClientRect().top));
  assert.ok(tops.every((top, at) => at === 0 || top > tops[at - 1]));
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.ok((await drawn(page)).length <= MOST_DRAWN);
}

async function saysThatItNeedsJavaScript() {
  const page = await browsing.open(pathToFileURL(REPORT).href, { javaScriptEnabled: false }, mayAsk);
  assert.match(await text(page, "noscript"), /JavaScript/);
  await close(page);
}

// As a run leaves it that is killed.
async function readsWhatIsLeftOfABrokenReport() {
  const half = Math.floor(ROWS.length / 2);
  const start = HTML.indexOf('id="rows"');
  let at = HTML.indexOf("\n{", start);
  for (let row = 0; row < half; row += 1) at = HTML.indexOf("\n{", at + 1);
  const broken = `${SCRATCH}/broken.html`;
  writeFileSync(broken, HTML.slice(0, at + 20));
  const page = await browsing.open(pathToFileURL(broken).href, DESKTOP, mayAsk);
  assert.equal(await total(page, "pictures"), words(half));
  assert.match(await text(page, "#early"), /breaks off/);
  await close(page);
}

async function isSeenInTheDark(page) {
  await page.emulateMedia({ colorScheme: "dark" });
  await assertRowsHoldTheirText(page);
  await shot(page, "desktop-dark");
}

// ---- Hands and eyes

function mayAsk({ protocol, href }) {
  return protocol === "data:" ? href.startsWith("data:image/") : href.split("#")[0] === pathToFileURL(REPORT).href || href.endsWith("/broken.html");
}

function open(options, hash = "") {
  return browsing.open(pathToFileURL(REPORT).href + hash, { timezoneId: "UTC", reducedMotion: "reduce", ...options }, mayAsk);
}

// As if it had just been opened.
async function anew(page) {
  await page.evaluate(() => {
    location.hash = "";
    scrollTo(0, 0);
  });
  await settled(page);
  await assertShows(page, ROWS);
  await page.evaluate(() => scrollTo(0, 0));
  await settled(page);
}

function assertAbout(shown, bytes) {
  const [, value, unit] = shown.match(/^([\d.,]+) (bytes?|kB|MB|GB|TB)$/);
  const power = ["byte", "kB", "MB", "GB", "TB"].indexOf(unit.replace("bytes", "byte"));
  assert.ok(Math.abs(Number(value.replaceAll(",", "")) * 1000 ** power - bytes) <= bytes / 100, `${shown}: ${bytes}`);
}

// Until what was scrolled to is drawn.
function settled(page) {
  return page.evaluate(drawing);
}

function drawing() {
  return new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
}

// The place of the row that has the focus.
function focused(page) {
  return page.evaluate(() => Number(document.activeElement.closest("#list > li")?.ariaPosInSet));
}

// What a text says once its escapes are taken back.
function unspell(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (!parentElement.classList.contains("escape")) text += data;
    else text += { "\\n": "\n", "\\r": "\r", "\\t": "\t" }[data] ?? String.fromCodePoint(parseInt(data.slice(3, -1), 16));
  }
  return text;
}

// The rows that exist: their places, counted from 1, and names.
function drawn(page) {
  return page.evaluate(`(${drawnRows})(${unspell})`);
}

// The same at both ends of the page, one after the other.
function drawnAtEnds(page) {
  return page.evaluate(`(${visitEnds})(${drawing}, () => (${drawnRows})(${unspell}))`);
}

async function visitEnds(drawing, look) {
  const seen = [];
  for (const top of [0, document.documentElement.scrollHeight]) {
    scrollTo(0, top);
    await drawing();
    seen.push(look());
  }
  return seen;
}

function drawnRows(unspell) {
  return [...document.querySelectorAll("#list > li")].map((row) => ({
    place: Number(row.ariaPosInSet), of: Number(row.ariaSetSize), path: unspell(row.querySelector(".name")),
  }));
}

// The list holds these rows in this order: as its number says, and as is seen at its ends.
async function assertShows(page, rows) {
  const all = words(ROWS.length);
  const noun = ROWS.length === 1 ? "picture" : "pictures";
  assert.equal(await page.locator("#count").textContent(), rows.length === ROWS.length ? `${all} ${noun}` : `${words(rows.length)} of ${all} ${noun}`);
  const [top, bottom] = await drawnAtEnds(page);
  for (const seen of [top, bottom]) {
    assert.ok(seen.length >= Math.min(rows.length, 3), `${seen.length} rows`);
    for (const { place, of, path } of seen) {
      assert.equal(of, rows.length);
      assert.equal(path, rows[place - 1].path);
    }
  }
  assert.equal(top[0]?.place ?? 0, Math.min(1, rows.length));
  assert.equal(bottom.at(-1)?.place ?? 0, rows.length);
}

// Of an order, what is seen of these rows, between which there may be others.
async function assertOrdered(page, rows) {
  const places = new Map(rows.map((row, place) => [row.path, place]));
  for (const end of await drawnAtEnds(page)) {
    const seen = end.map(({ path }) => places.get(path)).filter((place) => place !== undefined);
    assert.ok(seen.every((place, at) => at === 0 || place > seen[at - 1]), String(seen));
  }
}

async function assertRowsHoldTheirText(page) {
  const outside = await page.$$eval("#list > li", (all) => all.flatMap((row) => {
    const frame = row.getBoundingClientRect();
    return [...row.querySelectorAll(".text > *, .badge, .pair")].filter((part) => {
      const box = part.getBoundingClientRect();
      return box.top < frame.top - 0.5 || box.bottom > frame.bottom + 0.5 || box.right > frame.right + 0.5;
    }).map((part) => `${part.className}: ${part.textContent.slice(0, 80)}`);
  }));
  assert.deepEqual(outside, []);
}
