import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { type AssetAnswer, type AssetReader, Assets } from "../../main/api/assets.ts";

const NO_RANGE = { range: null };
const text = (body: string): AssetAnswer => ({ status: 200, headers: {}, body: Buffer.from(body) });
const echo: AssetReader = (rest) => Promise.resolve(text(rest));
const said = (answer: AssetAnswer): string => `${answer.status} ${Buffer.from(answer.body).toString()}`;

test("an address carries 128 bits that cannot be guessed, other ones for every message", () => {
  const assets = new Assets(randomBytes);
  const bases = Array.from({ length: 200 }, (_, n) => assets.grant(`message:${n}`, echo));
  for (const base of bases) expect(base).toMatch(/^\/asset\/[A-Za-z0-9_-]{22}\/$/u);
  expect(new Set(bases).size).toBe(200);
  // Another engine gives other addresses to the same messages.
  expect(bases).not.toContain(new Assets(randomBytes).grant("message:1", echo));
});

test("the same message keeps its address, so that its frame is not loaded twice", async () => {
  const assets = new Assets(randomBytes);
  const base = assets.grant("message:1", echo);
  expect(assets.grant("message:1", () => Promise.resolve(text("newer")))).toBe(base);
  expect(said(await assets.read(`${base}x`, NO_RANGE))).toBe("200 newer");
});

test("what follows the key reaches the reader decoded", async () => {
  const assets = new Assets(randomBytes);
  const base = assets.grant("message:1", echo);
  expect(said(await assets.read(`${base}part/2/${encodeURIComponent("发票 1.pdf")}`, NO_RANGE))).toBe("200 part/2/发票 1.pdf");
});

test("everything that is not good has one and the same answer", async () => {
  const assets = new Assets(randomBytes);
  const base = assets.grant("message:1", echo);
  const nothing = assets.grant("message:2", () => Promise.resolve(null));
  const revoked = assets.grant("message:3", echo);
  assets.revoke("message:3");
  const guessed = `/asset/${"A".repeat(22)}/`;
  const bad = [
    guessed,
    `${guessed}x`,
    `${nothing}x`,
    `${revoked}x`,
    base.slice(0, -1),
    `${base.slice(0, -2)}/`,
    `${base}%E0%A4%A`,
    `${base}x?y`,
    `/x${base}`,
    "",
    "/",
  ];
  for (const path of bad) {
    const answer = await assets.read(path, NO_RANGE);
    expect([path, said(answer), answer.headers]).toEqual([path, "404 ", { "content-type": "text/plain; charset=utf-8" }]);
  }
});

test("a reader's trouble is its asker's", async () => {
  const assets = new Assets(randomBytes);
  const base = assets.grant("message:1", () => Promise.reject(new Error("damaged")));
  await expect(assets.read(`${base}x`, NO_RANGE)).rejects.toThrow("damaged");
});

test("the addresses unused for longest are forgotten first", async () => {
  let count = 0;
  const assets = new Assets(() => Buffer.from(String(++count).padStart(16, "0")));
  const bases = Array.from({ length: 20_000 }, (_, n) => assets.grant(`message:${n}`, echo));
  assets.grant("message:0", echo);
  assets.grant("message:new", echo);
  expect((await assets.read(`${bases[0]}x`, NO_RANGE)).status).toBe(200);
  expect((await assets.read(`${bases[1]}x`, NO_RANGE)).status).toBe(404);
  expect((await assets.read(`${bases[2]}x`, NO_RANGE)).status).toBe(200);
});
