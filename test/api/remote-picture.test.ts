import type { lookup } from "node:dns";
import { createServer, type RequestListener, type Server } from "node:http";
import type { LookupFunction } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchPicture, isPrivateAddress, publicOnly } from "../../main/api/remote-picture.ts";
import { DIRECT } from "../../main/plan/proxy.ts";
import { TestProxy } from "../servers/proxies.ts";

const INSIDE = `
  0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
  192.168.1.1 198.18.0.1 224.0.0.1 255.255.255.255
  :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:7f00:1 64:ff9b::7f00:1 64:ff9b:1::a00:1
  2001:0:4136:e378::1 2002:7f00:1:: fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1
  localhost 127.1 8.8.8.8.8`;

test.each(["", ...INSIDE.trim().split(/\s+/u)])("no knock at %j", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "93.184.215.14",
  "100.128.0.1",
  "172.32.0.1",
  "192.167.255.255",
  "223.255.255.254",
  "2606:4700::1111",
  "2a00:1450::1",
  "240e::1",
])("pictures may come from %s", (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});

function resolver(...addresses: string[]): typeof lookup {
  const look = (_name: string, _options: object, callback: (error: null, all: object[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  return look as unknown as typeof lookup;
}

function ask(look: LookupFunction, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    look("pictures.example.test", { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
  });
}

test("a name is followed to its public addresses only", async () => {
  const mixed = publicOnly(resolver("10.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"));
  expect(await ask(mixed, false)).toBe("8.8.8.8");
  expect(await ask(mixed, true)).toEqual([
    { address: "8.8.8.8", family: 4 },
    { address: "2606:4700::1111", family: 6 },
  ]);
  await expect(ask(publicOnly(resolver("127.0.0.1", "fe80::1")), true)).rejects.toThrow("private address");
  await expect(ask(publicOnly(resolver()), false)).rejects.toThrow("private address");
});

const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

let server: Server;
let port: number;
let answer: RequestListener;
let asked: { url: string; headers: Record<string, unknown> }[];

beforeEach(async () => {
  asked = [];
  answer = (_request, response) => response.writeHead(200, { "content-type": "image/gif" }).end(PIXEL);
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The public name of the test's server is let through; every other name is as it is in the product. */
const real = publicOnly(resolver("127.0.0.1"));
const lookUp: LookupFunction = (name, options, callback) => {
  if (name !== "pictures.example.test") real(name, options, callback);
  else if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};
const at = (path: string): string => `http://pictures.example.test:${port}${path}`;
const fetchFrom = (path: string) => fetchPicture(at(path), undefined, lookUp);

test("a picture comes as it is, and its server learns nothing of who asks", async () => {
  const found = await fetchFrom("/a.gif?id=1");
  expect(found).toMatchObject({
    status: 200,
    headers: { "content-type": "image/gif", "x-content-type-options": "nosniff", "cache-control": "no-store" },
  });
  expect(Buffer.from(found?.body ?? [])).toEqual(PIXEL);
  expect(asked).toHaveLength(1);
  expect(Object.keys(asked[0]?.headers ?? {}).sort()).toEqual(["accept", "connection", "host", "user-agent"]);
  expect(String(asked[0]?.headers["user-agent"])).not.toMatch(/satchel|node/iu);
});

test("this computer is not asked, by number or by name", async () => {
  const inside = ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "localhost", "other.example.test"];
  for (const host of inside) expect(await fetchPicture(`http://${host}:${port}/`, undefined, lookUp)).toBeNull();
  expect(await fetchPicture(`http://localhost:${port}/`)).toBeNull();
  expect(asked).toEqual([]);
});

test.each([
  "ftp://pictures.example.test/a.gif",
  "file:///etc/passwd",
  "data:image/gif;base64,R0lGOD",
  "javascript:1",
  "not an address",
  "",
])("an address of another kind is none: %j", async (address) => {
  expect(await fetchPicture(address, undefined, lookUp)).toBeNull();
});

test("no name and password go out with a picture's address", async () => {
  expect(await fetchPicture(`http://user1:pw@pictures.example.test:${port}/`, undefined, lookUp)).toBeNull();
  expect(await fetchPicture(`http://:pw@pictures.example.test:${port}/`, undefined, lookUp)).toBeNull();
  expect(asked).toEqual([]);
});

test("a redirect is followed to a public place, and no further than three times", async () => {
  answer = ({ url = "" }, response) => {
    const left = Number(url.slice(1));
    if (left === 0) response.writeHead(200, { "content-type": "image/gif" }).end(PIXEL);
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  };
  expect(await fetchFrom("/3")).toMatchObject({ status: 200 });
  asked.length = 0;
  expect(await fetchFrom("/9")).toBeNull();
  expect(asked).toHaveLength(4);
});

test.each([
  "http://127.0.0.1:PORT/inside",
  "http://[::1]:PORT/inside",
  "http://other.example.test:PORT/inside",
  "file:///etc/passwd",
  "//localhost:PORT/inside",
])("a redirect into the user's own network is not followed: %s", async (location) => {
  answer = (_request, response) => response.writeHead(302, { location: location.replace("PORT", String(port)) }).end();
  expect(await fetchFrom("/outside")).toBeNull();
  expect(asked.map(({ url }) => url)).toEqual(["/outside"]);
});

test.each(["image/svg+xml", "IMAGE/SVG+XML; charset=utf-8", "image/svg", "text/html", "application/octet-stream", "image/", ""])(
  "what is no plain picture is not shown: %j",
  async (type) => {
    answer = (_request, response) => response.writeHead(200, { "content-type": type }).end("<svg onload=alert(1)>");
    expect(await fetchFrom("/a")).toBeNull();
  },
);

test("a picture that is not there, breaks off or has no end is a gap", async () => {
  answer = (_request, response) => response.writeHead(404, { "content-type": "image/gif" }).end(PIXEL);
  expect(await fetchFrom("/gone")).toBeNull();
  answer = (_request, response) => {
    response.writeHead(200, { "content-type": "image/gif", "content-length": "1000" });
    response.write(PIXEL, () => response.destroy());
  };
  expect(await fetchFrom("/cut")).toBeNull();
  const megabyte = Buffer.alloc(1024 * 1024);
  answer = (_request, response) => {
    response.writeHead(200, { "content-type": "image/gif" });
    const more = (): void => void response.write(megabyte, (error) => (error instanceof Error ? undefined : more()));
    more();
  };
  expect(await fetchFrom("/endless")).toBeNull();
});

test("an account's proxy fetches its pictures, looks their names up itself, and is not sent into its own network", async () => {
  const proxy = await TestProxy.start({ kind: "socks5", map: { [`pictures.example.test:${port}`]: port } });
  const via = () => Promise.resolve([{ kind: "socks5", host: "127.0.0.1", port: proxy.port, user: null, password: null } as const]);
  const nobody: LookupFunction = () => {
    throw new Error("looked up here");
  };
  try {
    expect(await fetchPicture(at("/a.gif"), via, nobody)).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`pictures.example.test:${port}`]);
    for (const inside of ["router", "printer.local", "wiki.corp", "127.0.0.1", "10.0.0.1", "[::1]"])
      expect(await fetchPicture(`http://${inside}/`, via, nobody), inside).toBeNull();
    expect(proxy.asked).toHaveLength(1);
    // What cannot be had is a gap in the message.
    expect(await fetchPicture("http://other.example.test/a.gif", via, nobody)).toBeNull();
  } finally {
    await proxy.stop();
  }
  expect(await fetchPicture(at("/a.gif"), () => Promise.resolve(DIRECT), lookUp)).toMatchObject({ status: 200 });
});
