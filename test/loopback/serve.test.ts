import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { WindowFiles } from "../../main/host/window-files.ts";
import { silentLog } from "../../main/log.ts";
import { writeRedirectFile, writeWaitingFile } from "../../main/loopback/redirect-file.ts";
import { type Loopback, serveLoopback } from "../../main/loopback/serve.ts";
import { socketPort } from "../../main/loopback/socket-port.ts";
import { placementId } from "../../shared/ids.ts";
import { HAS_BROWSER } from "../support/browser.ts";
import { keptBrowser } from "../support/kept-browser.ts";
import { Line } from "../support/line.ts";
import { openTestEngine } from "../support/test-engine.ts";
import { testPlatform } from "../support/test-platform.ts";

let folder = "";
let loopback: Loopback;
let now = 1_000_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "satchel-loopback-"));
  mkdirSync(join(folder, "window", "assets"), { recursive: true });
  writeFileSync(join(folder, "window", "index.html"), "<!doctype html><head><title>Satchel</title></head>");
  writeFileSync(join(folder, "window", "assets", "main-1a2b.js"), "void 0;");
  writeFileSync(join(folder, "secret.txt"), "not for anybody");
  const engine = await openTestEngine({ platform: testPlatform(), log: silentLog, recentLog: () => "", restarts: 0 });
  loopback = await serveLoopback({ engine: () => engine, files: new WindowFiles(join(folder, "window")), log: silentLog, now: () => now });
});
afterEach(async () => {
  await loopback.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

/** fetch() sets Host and Origin itself; here they are ours to forge. */
function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: "127.0.0.1", port: loopback.port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

const tokenPath = (): string => {
  const url = new URL(loopback.newAddress());
  return `${url.pathname}${url.search}`;
};

async function cookie(): Promise<string> {
  const { headers } = await get(tokenPath());
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

function upgrade(headers: Record<string, string>, path = "/port"): Promise<"open" | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${loopback.port}${path}`, { headers });
    socket.once("open", () => {
      resolve("open");
      socket.close();
    });
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.once("error", () => undefined);
  });
}

const own = () => `http://127.0.0.1:${loopback.port}`;

describe("the loopback address", () => {
  test("a token opens the window once and becomes a cookie that scripts and other sites cannot use", async () => {
    const path = tokenPath();
    const first = await get(path);
    expect(first.status).toBe(200);
    expect(first.text).toContain("Satchel");
    const set = first.headers["set-cookie"]?.[0] ?? "";
    expect(set).toMatch(new RegExp(`^satchel-${loopback.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`, "u"));
    expect((await get(path)).status).toBe(403);
    // A reload has the used token in its address and the cookie beside it.
    expect((await get(path, { cookie: set.split(";")[0] ?? "" })).status).toBe(200);
  });

  test("a window that is loaded again without its cookie is led to its own address, where the browser sends it", async () => {
    const path = tokenPath();
    await get(path);
    const again = await get(path);
    expect(again.status).toBe(403);
    expect(again.headers["content-security-policy"]).toBe("default-src 'none'");
    expect(again.text).toContain('http-equiv="refresh" content="0; url=/"');
    // Whoever has no cookie is told so there, and led nowhere else.
    expect((await get("/")).text).toContain("Open Satchel again");
  });

  test.skipIf(!HAS_BROWSER)("a window that a page of the computer led to can be loaded again in a browser", async () => {
    const page = await (await keptBrowser()).newPage();
    try {
      // The browser was there before the address.
      await page.goto(writeWaitingFile(folder));
      writeRedirectFile(folder, loopback.newAddress());
      await page.waitForURL(/^http:/u);
      expect(await page.title()).toBe("Satchel");
      await page.reload();
      await page.waitForURL(`${own()}/`);
      expect(await page.locator("body").textContent()).not.toContain("used before");
      await page.reload();
      expect(await page.locator("body").textContent()).not.toContain("used before");
    } finally {
      await page.close();
    }
  });

  test("a token that nobody redeemed is worth nothing later", async () => {
    const path = tokenPath();
    now += 11 * 60_000;
    expect((await get(path)).status).toBe(403);
  });

  test("nothing but assets is served without the cookie, and the answer names no secret", async () => {
    for (const path of ["/", "/index.html", "/assets/main-1a2b.js", "/?token=", "/?token=guess"]) {
      const answer = await get(path, { cookie: `satchel-${loopback.port}=guess` });
      expect(answer.status, path).toBe(403);
      expect(answer.text).not.toContain("token=");
    }
  });

  test("another name for this computer is refused, as is another port", async () => {
    const known = await cookie();
    for (const host of ["localhost", `localhost:${loopback.port}`, "mail.example.test", "127.0.0.1", `127.0.0.1:${loopback.port + 1}`]) {
      expect((await get("/", { host, cookie: known })).status, host).toBe(403);
    }
  });

  test("a page of another origin is refused, whatever it knows", async () => {
    const known = await cookie();
    for (const origin of ["http://mail.example.test", "null", `http://localhost:${loopback.port}`, `https://127.0.0.1:${loopback.port}`]) {
      expect((await get("/", { origin, cookie: known })).status, origin).toBe(403);
      expect(await upgrade({ origin, cookie: known }), origin).toBe(403);
    }
    expect((await get("/", { origin: own(), cookie: known })).status).toBe(200);
  });

  test("the line to the engine wants origin, cookie and its own path", async () => {
    const known = await cookie();
    expect(await upgrade({ cookie: known })).toBe(403);
    expect(await upgrade({ origin: own() })).toBe(403);
    expect(await upgrade({ origin: own(), cookie: known }, "/elsewhere")).toBe(403);
    expect(await upgrade({ origin: own(), cookie: known, host: "localhost" })).toBe(403);
    expect(await upgrade({ origin: own(), cookie: known })).toBe("open");
  });

  test("the window gets a policy without inline script and without the network", async () => {
    const { headers, text } = await get(tokenPath());
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*|https?:/u);
    const nonce = /'nonce-([\w+/=]{24})'/u.exec(policy)?.[1];
    expect(text).toContain(`<meta name="csp-nonce" nonce="${nonce}">`);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });

  test("no address leads out of the window's folder", async () => {
    const known = await cookie();
    for (const path of [
      "/../secret.txt",
      "/assets/../../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/assets/..%5c..%5csecret.txt",
      "//etc/passwd",
    ]) {
      const answer = await get(path, { cookie: known });
      expect(answer.text, path).not.toContain("not for anybody");
      expect(answer.status, path).toBe(404);
    }
  });

  test("only reading is allowed", async () => {
    const known = await cookie();
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) expect((await get("/", { cookie: known }, method)).status).toBe(405);
  });

  test("files with a hash in their name stay in the browser's cache, the page does not", async () => {
    const known = await cookie();
    expect((await get("/assets/main-1a2b.js", { cookie: known })).headers["cache-control"]).toContain("immutable");
    expect((await get("/", { cookie: known })).headers["cache-control"]).toBe("no-store");
  });

  test("it listens on 127.0.0.1 only", async () => {
    const refused = await new Promise<string>((resolve) => {
      const socket = connect(loopback.port, "127.0.0.2");
      socket.once("connect", () => resolve("connected"));
      socket.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    });
    expect(refused).toBe("ECONNREFUSED");
  });
});

describe("an asset of mail", () => {
  async function assetPath(): Promise<string> {
    const known = await cookie();
    const socket = new WebSocket(`ws://127.0.0.1:${loopback.port}/port`, { headers: { cookie: known, origin: own() } });
    const line = new Line(socketPort(socket));
    await new Promise((resolve) => socket.once("open", resolve));
    const { url } = await line.ask("mail.partUrl", { placementId: placementId.parse(1), part: "1", download: false });
    line.close();
    return url;
  }

  test("is read by its key alone, as an opaque frame must, under a policy that runs nothing", async () => {
    const path = await assetPath();
    const answer = await get(path, { origin: "null" });
    expect(answer).toMatchObject({ status: 200, text: "a picture" });
    expect(answer.headers).toMatchObject({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
      "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'self'",
    });
  });

  test("is not read by a page of another origin or under another host name", async () => {
    const path = await assetPath();
    expect((await get(path, { origin: "http://mail.example.test" })).status).toBe(403);
    expect((await get(path, { host: "mail.example.test" })).status).toBe(403);
  });

  test("does not exist under a guessed key, nor under no key", async () => {
    const path = await assetPath();
    for (const wrong of [
      path.replace(/asset\/(.)/u, (_, first) => `asset/${first === "_" ? "-" : "_"}`),
      "/asset/",
      "/asset/x/picture.png",
      "/asset/%00/%ZZ",
    ]) {
      expect((await get(wrong)).status, wrong).toBe(404);
    }
  });
});

test("a message over the size limit ends that line and no other", async () => {
  const known = await cookie();
  const open = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${loopback.port}/port`, { headers: { cookie: known, origin: own() } });
    await new Promise((resolve) => socket.once("open", resolve));
    return socket;
  };
  const [big, other] = [await open(), await open()];
  const line = new Line(socketPort(other));
  const code = new Promise((resolve) => big.once("close", resolve));
  big.on("error", () => undefined);
  big.send("x".repeat(17 * 1024 * 1024));
  expect(await code).toBe(1009);
  expect(await line.ask("settings.read", {})).toBeDefined();
  line.close();
});

test("text that is no JSON ends the line", async () => {
  const known = await cookie();
  const socket = new WebSocket(`ws://127.0.0.1:${loopback.port}/port`, { headers: { cookie: known, origin: own() } });
  await new Promise((resolve) => socket.once("open", resolve));
  const code = new Promise((resolve) => socket.once("close", resolve));
  socket.send("{");
  expect(await code).toBe(1003);
});
