// Firefox, by WebDriver BiDi: Playwright can't drive Debian's.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFERENCES = {
  "dom.media.webcodecs.image-decoder.enabled": true,
  "dom.media.webcodecs.enabled": true,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.disabledForTesting": true,
  "browser.shell.checkDefaultBrowser": false,
};

export async function start() {
  const profile = mkdtempSync(join(tmpdir(), "firefox-"));
  const preferences = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});`);
  writeFileSync(join(profile, "user.js"), preferences.join("\n"));
  const program = spawn(process.env.FIREFOX ?? "firefox-esr",
    ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0", "about:blank"]);
  process.once("exit", () => program.kill());
  const ended = new Promise((resolve) => program.once("close", resolve));
  const send = await connect(await address(program));
  await send("session.new", { capabilities: {} });
  return {
    open: (address) => open(send, address),
    async close() {
      await send("browser.close", {}).catch(() => {});
      await ended;
      rmSync(profile, { recursive: true });
    },
  };
}

// Where it listens, as it says on standard error.
function address(program) {
  return new Promise((resolve, reject) => {
    let words = "";
    program.stderr.on("data", (data) => {
      words += data;
      const found = words.match(/WebDriver BiDi listening on (ws:\S+)/);
      if (found) resolve(found[1]);
    });
    program.once("close", () => reject(new Error(`Firefox ended: ${words}`)));
    program.once("error", reject);
  });
}

// Returns a function that sends a command and waits for its result.
async function connect(address) {
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("no connection to Firefox"));
  });
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, type, result, error, message } = JSON.parse(data);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (type === "success") resolve?.(result);
    if (type === "error") reject?.(new Error(`${error}: ${message}`));
  };
  socket.onclose = () => waiting.forEach(({ reject }) => reject(new Error("Firefox closed the connection")));
  let last = 0;
  return (method, params) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    socket.send(JSON.stringify({ id: last, method, params }));
  });
}

async function open(send, address) {
  const { context } = await send("browsingContext.create", { type: "tab" });
  await send("browsingContext.navigate", { context, url: address, wait: "complete" });
  return {
    async compare(index, animated) {
      const expression = `import("/page.mjs").then((page) => page.compare(${index}, ${animated})).then(JSON.stringify)`;
      const { result, exceptionDetails } = await send("script.evaluate", { expression, target: { context }, awaitPromise: true });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return JSON.parse(result.value);
    },
    close: () => send("browsingContext.close", { context }),
  };
}
