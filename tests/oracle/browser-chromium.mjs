// Chromium, by Playwright.

export async function start() {
  const { browser } = await import("./browser.mjs");
  return { open: (address) => open(browser, address), close: () => browser.close() };
}

async function open(browser, address) {
  const page = await browser.newPage();
  const crashed = new Promise((_, reject) => page.on("crash", () => reject(new Error("the page crashed"))));
  crashed.catch(() => {});
  await page.goto(address);
  const compare = (index, animated) => page.evaluate(
    async ([index, animated]) => (await import("/page.mjs")).compare(index, animated), [index, animated]);
  return { compare: (index, animated) => Promise.race([compare(index, animated), crashed]), close: () => page.close() };
}
