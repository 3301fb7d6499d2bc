// What a person does with the page, and what must be seen for it.

import assert from "node:assert/strict";
import { join } from "node:path";
import * as browsing from "./browser.mjs";
import { DESKTOP, PHONE, assertNoWiderThanTheScreen, browser, close, text } from "./browser.mjs";

const { ENDPOINT, TESTDATA } = process.env;
const good = (name) => join(TESTDATA, "good", name);
const bad = (name) => join(TESTDATA, "bad", name);

try {
  await cropsWhatIsDrawn();
  await countsInDisplayedPixels();
  await sendsTheWholePicture();
  await worksByKeyboard();
  await worksByTouch();
  await saysWhyNot();
  await sendsWhatItCannotShow();
  await deletesThePhoto();
} finally {
  await browser.close();
}

async function cropsWhatIsDrawn() {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ ...DESKTOP, colorScheme });
    await pick(page, good("photo_landscape_800x600.jpg"));
    assert.deepEqual(await box(page), { x: 100, y: 0, w: 600 });

    await drag(page, "[data-corner=se]", -200, -200);
    const smaller = await box(page);
    assert.ok(smaller.w < 500 && smaller.x === 100 && smaller.y === 0, JSON.stringify(smaller));
    await drag(page, "#box", 90, 40);
    const moved = await box(page);
    assert.ok(moved.x > 150 && moved.y > 20 && moved.x !== moved.y, JSON.stringify(moved));
    assert.equal(moved.w, smaller.w);
    // Neither beyond the picture's edge, nor through the other corner.
    await drag(page, "#box", 5000, -5000);
    assert.deepEqual(await box(page), { x: 800 - moved.w, y: 0, w: moved.w });
    await drag(page, "[data-corner=nw]", 5000, 5000);
    assert.deepEqual(await box(page), { x: 784, y: moved.w - 16, w: 16 });

    await type(page, { w: 320, x: 210, y: 90 });
    await shot(page, `crop-${colorScheme}`);
    await send(page);
    assert.match(await text(page, "#status"), /Your photo is set/);
    assert.match(await text(page, "#steps"), /cut to the crop box 210,90,320/);
    await assertShows(page, { x: 210, y: 90, w: 320 });
    assert.equal(await page.locator("#round img").count(), 4);
    assert.equal(await page.locator("#square img").count(), 4);
    await shot(page, `result-${colorScheme}`);
    await close(page);
  }
}

// Of all eight orientations, this one turns the picture by a quarter.
async function countsInDisplayedPixels() {
  const page = await open(DESKTOP);
  await pick(page, good("orientation_6_360x270.jpg"));
  assert.match(await text(page, "#size"), /360 × 270/);
  await type(page, { w: 150, x: 190, y: 60 });
  await send(page);
  await assertShows(page, { x: 190, y: 60, w: 150 });
  await close(page);
}

async function sendsTheWholePicture() {
  const page = await open(DESKTOP);
  await pick(page, good("portrait_900x1200.jpg"));
  await page.uncheck("#crop");
  assert.ok(!(await page.isVisible("#box")));
  await shot(page, "whole");
  await send(page);
  assert.match(await text(page, "#steps"), /768x1024 on a square of 1024/);
  await shot(page, "whole-result");
  await close(page);
}

async function worksByKeyboard() {
  const page = await open(DESKTOP);
  await pick(page, good("photo_landscape_800x600.jpg"));
  await page.focus("#box");
  for (const key of ["-", "-", "ArrowRight", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowLeft"]) {
    await page.keyboard.press(key);
  }
  assert.deepEqual(await box(page), { x: 107, y: 9, w: 584 });
  // From the box on, in the order of what is seen.
  const stops = [];
  for (let stop = 0; stop < 6; stop += 1) {
    await page.keyboard.press("Tab");
    stops.push(await page.evaluate(() => document.activeElement.id));
  }
  assert.deepEqual(stops, ["crop", "x", "y", "w", "set", "delete"]);
  await page.focus("#set");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#result:not([hidden])");
  await assertShows(page, { x: 107, y: 9, w: 584 });
  await close(page);
}

async function worksByTouch() {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ ...PHONE, colorScheme });
    await pick(page, good("portrait_900x1200.jpg"));
    await touchDrag(page, "[data-corner=se]", -90, -90);
    await touchDrag(page, "#box", 30, 60);
    const drawn = await box(page);
    assert.ok(drawn.w < 800 && drawn.x > 20 && drawn.y > 160, JSON.stringify(drawn));
    await shot(page, `phone-${colorScheme}`);
    await send(page);
    await assertShows(page, drawn);
    await assertNoWiderThanTheScreen(page);
    await shot(page, `phone-result-${colorScheme}`);
    await close(page);
  }
}

async function saysWhyNot() {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ ...DESKTOP, colorScheme });
    await pick(page, bad("frames-501.gif"));
    await page.uncheck("#crop");
    await send(page);
    assert.equal(await text(page, "#code"), "too_many_frames");
    assert.match(await text(page, "#refusal"), /animation of 501 frames exceeds the limit of 500/);
    assert.match(await text(page, "#advice"), /still picture/);
    await shot(page, `refusal-${colorScheme}`);
    // The next photo makes it go away.
    await pick(page, good("square_512x512.png"));
    await send(page);
    assert.ok(!(await page.isVisible("#refusal")));
    await page.locator("summary").click();
    await page.fill("#token", "xoxb-1");
    await send(page);
    assert.equal(await text(page, "#code"), "not_allowed_token_type");
    assert.ok(!(await page.isVisible("#result")));
    await close(page);
  }
}

async function sendsWhatItCannotShow() {
  const page = await open(DESKTOP);
  await pick(page, bad("unknown_format-document.pdf"), "#blind");
  assert.ok(!(await page.isVisible("#editor")));
  await send(page);
  assert.equal(await text(page, "#code"), "bad_image");
  assert.match(await text(page, "#reason"), /not a JPEG, PNG or GIF file/);
  await close(page);
}

async function deletesThePhoto() {
  const page = await open(DESKTOP);
  const before = await hashAfter(page, "#delete");
  await pick(page, good("square_600x600.png"));
  assert.notEqual(await hashAfter(page, "#set"), before);
  assert.equal(await hashAfter(page, "#delete"), before);
  await close(page);
}

// ---- Hands and eyes

async function open(options) {
  const mayAsk = ({ protocol, origin }) => protocol === "blob:" || origin === ENDPOINT;
  const page = await browsing.open(ENDPOINT, options, mayAsk);
  // Each has calls of its own, so that none is refused for being too many.
  open.count = (open.count ?? 0) + 1;
  await page.evaluate((token) => { document.getElementById("token").value = token; }, `xoxp-${open.count}`);
  return page;
}

async function pick(page, path, shown = "#editor") {
  const before = await page.getAttribute("#source", "src");
  await page.setInputFiles("#file", path);
  await page.waitForFunction((before) => document.getElementById("source").getAttribute("src") !== before, before);
  await page.waitForSelector(shown);
  await page.waitForFunction(() => document.getElementById("source").complete);
}

async function send(page) {
  await page.click("#set");
  await page.waitForSelector("#result:not([hidden]), #refusal:not([hidden])");
}

async function hashAfter(page, button) {
  await page.click(button);
  await page.waitForSelector("#result:not([hidden])");
  return text(page, "#links code");
}

async function type(page, numbers) {
  for (const [id, number] of Object.entries(numbers)) {
    await page.fill(`#${id}`, String(number));
    await page.press(`#${id}`, "Tab");
  }
  assert.deepEqual(await box(page), { x: numbers.x, y: numbers.y, w: numbers.w });
}

async function box(page) {
  const number = async (id) => Number(await page.inputValue(`#${id}`));
  return { x: await number("x"), y: await number("y"), w: await number("w") };
}

async function middle(page, selector) {
  const { x, y, width, height } = await page.locator(selector).boundingBox();
  return [x + width / 2, y + height / 2];
}

async function drag(page, selector, right, down) {
  const [x, y] = await middle(page, selector);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right / 2, y + down / 2);
  await page.mouse.move(x + right, y + down);
  await page.mouse.up();
}

async function touchDrag(page, selector, right, down) {
  await page.locator(selector).scrollIntoViewIfNeeded();
  const [x, y] = await middle(page, selector);
  const devtools = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", { x, y });
  await touch("touchMove", { x: x + right / 2, y: y + down / 2 });
  await touch("touchMove", { x: x + right, y: y + down });
  await touch("touchEnd");
}

function shot(page, name) {
  return browsing.shot(page, name, { fullPage: true });
}

// The photo shows that square of the source, and not one beside it.
async function assertShows(page, { x, y, w }) {
  const far = await page.evaluate(async ({ x, y, w }) => {
    const EDGE = 96;
    const load = async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return image;
    };
    const pixels = (image, x, y, w) => {
      const context = new OffscreenCanvas(EDGE, EDGE).getContext("2d", { willReadFrequently: true });
      context.imageSmoothingQuality = "high";
      context.drawImage(image, x, y, w, w, 0, 0, EDGE, EDGE);
      return context.getImageData(0, 0, EDGE, EDGE).data;
    };
    const photo = await load(document.querySelector("#links a").href);
    const shown = pixels(photo, 0, 0, photo.naturalWidth);
    const source = document.getElementById("source");
    const distance = (right, down, wider) => {
      const wanted = pixels(source, x + right, y + down, w + wider);
      return wanted.reduce((sum, value, at) => sum + Math.abs(value - shown[at]), 0) / wanted.length;
    };
    const step = Math.max(3, Math.round(w / 50));
    return {
      here: distance(0, 0, 0),
      beside: [[step, 0, 0], [-step, 0, 0], [0, step, 0], [0, -step, 0], [0, 0, step], [0, 0, -step]]
        .map((to) => distance(...to)),
    };
  }, { x, y, w });
  assert.ok(far.here < 3, JSON.stringify(far));
  assert.ok(far.here * 1.5 < Math.min(...far.beside), JSON.stringify(far));
}
