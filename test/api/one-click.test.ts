import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { tellOnce } from "../../main/api/one-click.ts";
import { publicOnly } from "../../main/api/remote-picture.ts";
import type { Via } from "../../main/plan/proxy.ts";
import { type Certificates, makeCertificates } from "../servers/certificates.ts";
import { type ProxyOptions, TestProxy } from "../servers/proxies.ts";

const NAME = "lists.example.test";
let folder: string;
let certificates: Certificates;
let server: Server;
let port: number;
let answer: RequestListener;
let heard: { line: string; headers: IncomingMessage["headers"]; body: string }[];
let sending: number;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-one-click-"));
  certificates = makeCertificates(folder, { altNames: `DNS:${NAME}` });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  [heard, sending] = [[], 0];
  answer = (_request, response) => response.writeHead(202).end();
  server = createServer({ cert: readFileSync(certificates.cert), key: readFileSync(certificates.key) }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      heard.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The lists' own name leads to the test's server; every other is looked up as in the product. */
const lookup: LookupFunction = (name, options, callback) => {
  if (name !== NAME)
    publicOnly(((_n: string, _o: object, done: (e: null, all: object[]) => void) =>
      done(null, [{ address: "127.0.0.1", family: 4 }])) as never)(name, options, callback);
  else if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};
const tell = (url: string, ca: string | null = readFileSync(certificates.ca, "utf8")) =>
  tellOnce(url, () => void sending++, undefined, ca === null ? { lookup } : { lookup, ca });
const at = (path = "/out?id=1"): string => `https://${NAME}:${port}${path}`;

test("one POST with the one field, and nothing that tells who asks", async () => {
  expect(await tell(at())).toEqual({ kind: "answered", status: 202, words: "Accepted", retryAfterMs: null });
  expect(heard.map(({ line, body }) => [line, body])).toEqual([["POST /out?id=1", "List-Unsubscribe=One-Click"]]);
  expect(Object.keys(heard[0]?.headers ?? {}).sort()).toEqual([
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
  ]);
  expect(String(heard[0]?.headers["user-agent"])).not.toMatch(/satchel|node/iu);
  expect(sending).toBe(1);
});

test("the server's words are kept: what it says in plain text, else the name of its status", async () => {
  answer = (_request, response) => response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("没有这个列表\r\n");
  expect(await tell(at())).toMatchObject({ status: 404, words: "没有这个列表" });
  answer = (_request, response) => response.writeHead(503, { "content-type": "text/html", "retry-after": "120" }).end("<h1>later</h1>");
  expect(await tell(at())).toMatchObject({ status: 503, words: "Service Unavailable", retryAfterMs: 120_000 });
  answer = (_request, response) => response.writeHead(400, { "content-type": "text/plain" }).end("x".repeat(1_000_000));
  expect(await tell(at())).toMatchObject({ status: 400, words: "x".repeat(300) });
});

test("a redirection is told and not followed", async () => {
  answer = (_request, response) => response.writeHead(307, { location: at("/elsewhere") }).end();
  expect(await tell(at())).toMatchObject({ kind: "answered", status: 307 });
  expect(heard).toHaveLength(1);
});

test("a line that dies after the request is no answer; what never stood was never told", async () => {
  answer = (request) => void request.socket.destroy();
  expect(await tell(at())).toEqual({ kind: "cut" });
  expect(sending).toBe(1);
  expect(await tell(at(), null)).toMatchObject({ kind: "not-reached" });
  expect(await tell(`https://${NAME}:1/`)).toMatchObject({ kind: "not-reached" });
  expect([sending, heard.length]).toEqual([1, 1]);
});

test("what cannot be written down first is not sent", async () => {
  const full = tellOnce(
    at(),
    () => {
      throw new Error("the disk is full");
    },
    undefined,
    { lookup, ca: readFileSync(certificates.ca, "utf8") },
  );
  expect(await full).toEqual({ kind: "not-reached", words: "the disk is full" });
  expect(heard).toEqual([]);
});

test("this computer and this network are told nothing, by number or by name, nor is anybody without https", async () => {
  const inside = ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "10.0.0.1", "169.254.169.254", "other.example.test"];
  for (const host of inside) expect(await tell(`https://${host}:${port}/`)).toEqual({ kind: "forbidden" });
  for (const url of [`http://${NAME}:${port}/`, `https://user1:pw@${NAME}:${port}/`, "javascript:1", "file:///etc/passwd", ""])
    expect(await tell(url)).toEqual({ kind: "forbidden" });
  expect([sending, heard]).toEqual([0, []]);
});

/** One on which only the lists' own name leads anywhere. */
async function through(more: Partial<ProxyOptions> = {}): Promise<{ proxy: TestProxy; via: Via }> {
  const usual = getCACertificates("default");
  setDefaultCACertificates([...usual, readFileSync(certificates.ca, "utf8")]);
  const proxy = await TestProxy.start({ kind: "http", map: { [`${NAME}:443`]: port }, ...more });
  onTestFinished(async () => {
    setDefaultCACertificates(usual);
    await proxy.stop();
  });
  return { proxy, via: () => Promise.resolve([{ kind: "http", host: "127.0.0.1", port: proxy.port, user: null, password: null }]) };
}

test("an account's proxy is the way of its lists too, and what it does not let through was never told", async () => {
  const { proxy, via } = await through();
  const tellThrough = (url: string) => tellOnce(url, () => void sending++, via);
  expect(await tellThrough(`https://${NAME}/out?id=1`)).toMatchObject({ kind: "answered", status: 202 });
  expect(heard.map(({ line, body, headers }) => [line, body, headers.host])).toEqual([
    ["POST /out?id=1", "List-Unsubscribe=One-Click", NAME],
  ]);
  expect([proxy.asked, sending]).toEqual([[`${NAME}:443`], 1]);
  // A name of one network would be looked up in the proxy's.
  expect(await tellThrough("https://printer.local/")).toEqual({ kind: "forbidden" });
  expect(await tellThrough("https://10.0.0.1/")).toEqual({ kind: "forbidden" });
  expect(await tellThrough("https://stranger.example/")).toMatchObject({ kind: "not-reached" });
  await proxy.stop();
  expect(await tellThrough(`https://${NAME}/out?id=1`)).toMatchObject({ kind: "not-reached" });
  expect([heard.length, sending]).toEqual([1, 1]);
});
