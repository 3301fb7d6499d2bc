// Slack's client for Node, as a client of the endpoint.

import assert from "node:assert/strict";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { WebClient } from "@slack/web-api";

const { ENDPOINT, TESTDATA } = process.env;
const file = (name) => readFileSync(join(TESTDATA, name));
const PORTRAIT = file("good/portrait_900x1200.jpg");

// The client logs the messages of a refusal: what a developer gets to see.
const logged = [];
const ignore = () => {};
const logger = {
  error: (...words) => logged.push(words.join(" ")),
  warn: ignore, info: ignore, debug: ignore,
  setLevel: ignore, getLevel: () => "error", setName: ignore,
};

// Errors are to be seen at once, and not after half an hour of new tries.
const client = (token) => new WebClient(token, {
  slackApiUrl: `${ENDPOINT}/api/`,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logger,
});

async function setsAndDeletes() {
  const { users } = client("xoxp-node");
  const hash = async () => (await users.profile.get()).profile.avatar_hash;
  const before = await hash();
  const { profile: whole } = await users.setPhoto({ image: PORTRAIT });
  assert.notEqual(whole.avatar_hash, before);
  assert.equal(await hash(), whole.avatar_hash);
  for (const size of [24, 32, 48, 72, 192, 512, 1024, "original"]) {
    const photo = await fetch(whole[`image_${size}`]);
    assert.equal(photo.headers.get("content-type"), "image/jpeg");
  }
  const { profile: cropped } = await users.setPhoto({ image: PORTRAIT, crop_x: 100, crop_y: 250, crop_w: 600 });
  const { profile: other } = await users.setPhoto({ image: PORTRAIT, crop_x: 250, crop_y: 100, crop_w: 600 });
  assert.equal(new Set([before, whole, cropped, other].map((one) => one.avatar_hash ?? one)).size, 4);
  const { profile: moving } = await users.setPhoto({ image: file("good/anim_f12_320x240_loop0.gif") });
  assert.equal((await fetch(moving.image_original)).headers.get("content-type"), "image/gif");
  assert.ok((await users.deletePhoto()).ok);
  assert.equal(await hash(), before);
}

async function tellsErrors() {
  const { users } = client("xoxp-node-errors");
  const refused = (call, error) => assert.rejects(call, (thrown) => {
    assert.deepEqual([thrown.code, thrown.data?.error], ["slack_webapi_platform_error", error]);
    return true;
  });
  await refused(users.setPhoto({ image: file("bad/unknown_format-document.pdf") }), "bad_image");
  assert.ok(logged.some((line) => line.includes("not a JPEG, PNG or GIF file")), logged.join());
  await refused(users.setPhoto({ image: file("good/anim_f100_2x2_loop0.gif") }), "too_many_frames");
  await refused(users.setPhoto({ image: Buffer.alloc(33 << 20) }), "too_large");
  await refused(users.setPhoto({ image: PORTRAIT, crop_x: 1 }), "invalid_arguments");
  await refused(users.setPhoto({ image: PORTRAIT, crop_x: 0, crop_y: 0, crop_w: 901 }), "invalid_arguments");
  // A stream is sent as text by this client: no photo, and it must not look like one.
  const stream = createReadStream(join(TESTDATA, "good/square_600x600.png"));
  await refused(users.setPhoto({ image: stream }), "invalid_arguments");
  await refused(client("xoxb-node").users.setPhoto({ image: PORTRAIT }), "not_allowed_token_type");
  await refused(client("xoxb-node").users.deletePhoto(), "not_allowed_token_type");
  await refused(client("nonsense").users.deletePhoto(), "invalid_auth");
  await refused(client(undefined).users.deletePhoto(), "not_authed");
}

async function isSlowedDown() {
  const { users } = client("xoxp-node-busy");
  for (let call = 0; call < 20; call += 1) await users.deletePhoto();
  await assert.rejects(users.deletePhoto(), (thrown) => {
    assert.equal(thrown.code, "slack_webapi_rate_limited_error");
    assert.ok(thrown.retryAfter >= 1 && thrown.retryAfter <= 60, thrown.retryAfter);
    return true;
  });
}

await setsAndDeletes();
await tellsErrors();
await isSlowedDown();
console.log("@slack/web-api: photos set, cropped, deleted and refused");
