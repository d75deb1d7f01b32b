import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { BrokenBer, element, elementsIn, integer, numberOf, readHead } from "../../main/contacts/ber.ts";
import { Directory } from "../../main/contacts/directory.ts";
import { type Asking, askDirectory } from "../../main/contacts/ldap.ts";
import { bindRequest, parseMessage, searchRequest, startTlsRequest } from "../../main/contacts/ldap-messages.ts";
import { TlsSessions } from "../../main/line/tls-sessions.ts";
import { silentLog } from "../../main/log.ts";
import type { DirectorySettings } from "../../shared/contract/directory.ts";
import { asFailure, type Failure } from "../../shared/failure.ts";
import { type Certificates, makeCertificates } from "../servers/certificates.ts";
import { entry, type LdapOptions, LdapServer, type LdapVerdict, result } from "../servers/ldap.ts";
import { TestProxy } from "../servers/proxies.ts";

const BASE = "ou=people,dc=harbour,dc=example";
const PEOPLE = [
  { displayName: "王伟", cn: "Wang Wei", mail: "wang.wei@harbour.example" },
  { displayName: "Mira Okafor", cn: "Okafor Mira", mail: ["mira@harbour.example", "mo@harbour.example"] },
  { cn: "Mirabel (Reception)", mail: "desk@harbour.example" },
  { displayName: "Mirek Nobody", cn: "Mirek" },
];
const USER = { dn: "cn=reader,dc=harbour,dc=example", password: "secret-reader-1" };

let folder: string;
let good: Certificates;
let otherName: Certificates;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-directory-"));
  good = makeCertificates(join(folder, "good"));
  otherName = makeCertificates(join(folder, "other"), { altNames: "DNS:other.example.test" });
});
afterAll(() => rmSync(folder, { recursive: true }));
const pem = (path: string): string => readFileSync(path, "utf8");

let server: LdapServer;
afterEach(() => server?.stop());
async function serving(more: Partial<LdapOptions> = {}): Promise<void> {
  server = await LdapServer.start({ people: PEOPLE, tls: good, implicit: true, base: BASE, ...more });
}

const settings = (more: Partial<DirectorySettings> = {}): DirectorySettings => ({
  host: "127.0.0.1",
  port: server.port,
  security: "tls",
  base: BASE,
  bindDn: null,
  ...more,
});
const asking = (more: Partial<Asking> = {}): Asking => ({
  settings: settings(),
  password: null,
  deadlineMs: 5000,
  ca: pem(good.ca),
  sessions: new TlsSessions(),
  ...more,
});
async function failureOf(doing: Promise<unknown>): Promise<Failure> {
  return await doing.then(
    () => {
      throw new Error("it went through");
    },
    (error: unknown) => asFailure(error),
  );
}

test("people are found by a part of their name, in any script, and by the beginning of their address", async () => {
  await serving();
  expect(await askDirectory(asking(), "王伟", 20)).toEqual([{ name: "王伟", address: "wang.wei@harbour.example" }]);
  expect(await askDirectory(asking(), "mira", 20)).toEqual([
    { name: "Mira Okafor", address: "mira@harbour.example" },
    { name: "Mirabel (Reception)", address: "desk@harbour.example" },
  ]);
  expect(await askDirectory(asking(), "okafor mira", 20)).toHaveLength(1);
  expect(await askDirectory(asking(), "wang.w", 20)).toHaveLength(1);
});

test("what is typed is looked for as it is: nothing of it becomes a filter", async () => {
  await serving();
  expect(await askDirectory(asking(), "(reception)", 20)).toHaveLength(1);
  for (const text of ["*", "*)(cn=*", "mi*ra", "\\2a", "a\0b"]) expect(await askDirectory(asking(), text, 20)).toEqual([]);
  expect(server.searches).toContainEqual(["*)(cn=*"]);
});

test("requests are byte for byte as RFC 4511 writes them", () => {
  expect(bindRequest(1, "", "").toString("hex")).toBe("300c020101600702010304008000");
  expect(startTlsRequest(1).toString("hex")).toBe(`301d02010177188016${Buffer.from("1.3.6.1.4.1.1466.20037").toString("hex")}`);
  const search = searchRequest(2, "dc=x", ["ab"], 20, 3).toString("latin1");
  expect(search).toContain("\x04\x04dc=x\x0a\x01\x02\x0a\x01\x00\x02\x01\x14\x02\x01\x03\x01\x01\x00");
  expect(search).toContain("\x87\x04mail");
  expect(search).toContain("\xa4\x13\x04\x0bdisplayName\x30\x04\x81\x02ab");
  expect(search).toContain("\xa4\x0c\x04\x04mail\x30\x04\x80\x02ab");
});

test("over StartTLS nothing but the wish for it is said in the clear", async () => {
  await serving({ implicit: false, user: USER });
  const found = await askDirectory(
    asking({ settings: settings({ security: "starttls", bindDn: USER.dn }), password: USER.password }),
    "王伟",
    20,
  );
  expect(found).toHaveLength(1);
  expect(server.requests.filter(({ secure }) => !secure)).toEqual([{ kind: "starttls", secure: false }]);
  expect(server.passwords).toEqual([USER.password]);
});

test("a directory that refuses StartTLS, or answers behind its consent, hears no password", async () => {
  await serving({ implicit: false, user: USER });
  const bound = asking({ settings: settings({ security: "starttls", bindDn: USER.dn }), password: USER.password });
  server.onRequest = () => ({ result: 52, words: "no TLS here" });
  expect(await failureOf(askDirectory(bound, "王伟", 20))).toMatchObject({ code: "starttls-missing", serverWords: "no TLS here" });
  // A consent with a yes to the sign-in already behind it.
  server.onRequest = () => ({ raw: Buffer.concat([result(1, 0x78, 0, ""), result(1, 0x61, 0, ""), result(2, 0x65, 0, "")]) });
  expect((await failureOf(askDirectory(bound, "王伟", 20))).kind).not.toBe("bug");
  expect(server.passwords).toEqual([]);
});

test.each(["tls", "starttls"] as const)("a certificate that is not good is not trusted (%s)", async (security) => {
  for (const [tls, ca, code] of [
    [otherName, otherName.ca, "certificate-wrong-name"],
    [good, null, "certificate-unknown-issuer"],
  ] as const) {
    await serving({ tls, implicit: security === "tls", user: USER });
    const where = { settings: settings({ security, bindDn: USER.dn }), password: USER.password, ca: ca === null ? undefined : pem(ca) };
    expect((await failureOf(askDirectory(asking(where), "mira", 20))).code).toBe(code);
    expect(server.passwords).toEqual([]);
    await server.stop();
  }
});

test("a wrong password, none, a base that is not there, and a sign-in that is missing are told apart", async () => {
  await serving({ user: USER });
  const bound = settings({ bindDn: USER.dn });
  expect(await failureOf(askDirectory(asking({ settings: bound, password: "secret-wrong" }), "mira", 20))).toMatchObject({
    code: "wrong-password",
  });
  expect((await failureOf(askDirectory(asking({ settings: bound, password: "" }), "mira", 20))).code).toBe("no-credential");
  expect(server.passwords).toEqual(["secret-wrong"]);
  expect((await failureOf(askDirectory(asking(), "mira", 20))).code).toBe("directory-sign-in");
  const elsewhere = { settings: settings({ bindDn: USER.dn, base: "dc=nowhere" }), password: USER.password };
  expect(await failureOf(askDirectory(asking(elsewhere), "mira", 20))).toMatchObject({
    code: "directory-base",
    params: { base: "dc=nowhere" },
  });
});

test("a server's own limit cuts the answer short and spoils nothing", async () => {
  const people = Array.from({ length: 50 }, (_, at) => ({ cn: `Mira ${at}`, mail: `m${at}@harbour.example` }));
  await serving({ people, mostEntries: 5 });
  expect(await askDirectory(asking(), "mira", 20)).toHaveLength(5);
  await server.stop();
  await serving({ people });
  expect(await askDirectory(asking(), "mira", 20)).toHaveLength(20);
});

test.each(["bind", "search"] as const)("a directory that says nothing to a %s is left at the deadline", async (kind) => {
  await serving({ user: USER });
  server.onRequest = (now) => (now === kind ? "hang" : undefined);
  const bound = { settings: settings({ bindDn: USER.dn }), password: USER.password, deadlineMs: 300 };
  expect((await failureOf(askDirectory(asking(bound), "mira", 20))).code).toBe("timed-out");
});

test("whatever a server says in the place of an answer, it is a failure and never the end of the program", async () => {
  await serving();
  const raws: (LdapVerdict & object)[] = [
    // An entry whose attributes are said to be longer than they are.
    { raw: Buffer.from("300c02010164070401613064", "hex") },
    { raw: Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n") },
    { raw: Buffer.from("3080", "hex") },
    { raw: Buffer.from("3084ffffffff", "hex") },
    { raw: Buffer.from("30030201", "hex") },
    { raw: Buffer.from("3000", "hex") },
    { raw: result(7, 0x65, 0, "") },
    { raw: result(1, 0x61, 0, "") },
    { raw: element(0x30, integer(0), element(0x78, integer(52, 0x0a))) },
    { raw: Buffer.concat(Array.from({ length: 30_000 }, (_, at) => entry(1, at, { cn: "Mira", mail: "m@harbour.example" }))) },
  ];
  const codes: string[] = [];
  for (const verdict of raws) {
    server.onRequest = () => verdict;
    codes.push((await failureOf(askDirectory(asking({ deadlineMs: 1000 }), "mira", 20))).code);
  }
  expect(codes).toEqual([
    ...Array.from({ length: 8 }, () => expect.stringMatching(/^(?:bad-reply|timed-out)$/u)),
    "server-unavailable",
    "bad-reply",
  ]);
  server.onRequest = () => "close";
  expect((await failureOf(askDirectory(asking(), "mira", 20))).code).toBe("line-closed");
});

test("no bytes make the reader of BER fail by anything but its own error, or go on for ever", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const whole = Buffer.from(bytes);
      for (const read of [() => elementsIn(whole), () => parseMessage(whole)]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(BrokenBer);
        }
      }
      let at = 0;
      const read = (count: number): Promise<Buffer> => {
        const from = at;
        at += count;
        return Promise.resolve(Buffer.concat([whole.subarray(from, at), Buffer.alloc(count)]).subarray(0, count));
      };
      await readHead(read).catch((error: unknown) => expect(error).toBeInstanceOf(BrokenBer));
    }),
  );
  for (const number of [0, 1, 127, 128, 255, 256, 65_535, 2 ** 31 - 1]) expect(numberOf(elementsIn(integer(number))[0])).toBe(number);
  for (const size of [0, 127, 128, 255, 256, 70_000]) expect(elementsIn(element(4, Buffer.alloc(size)))[0]?.body.length).toBe(size);
});

test("names come without what would turn or break a line", async () => {
  await serving({ people: [{ displayName: "Mira\u202e\r\nBcc: x\0", mail: ["nonsense", "mira@harbour.example"] }] });
  expect(await askDirectory(asking(), "mira", 20)).toEqual([{ name: "Mira Bcc: x", address: "mira@harbour.example" }]);
});

test("the way there is the one that is given", async () => {
  await serving();
  const proxy = await TestProxy.start({ kind: "socks5", map: { [`127.0.0.1:${server.port}`]: server.port } });
  const via = () => Promise.resolve([{ kind: "socks5", host: "127.0.0.1", port: proxy.port, user: null, password: null } as const]);
  expect(await askDirectory(asking({ via }), "王伟", 20)).toHaveLength(1);
  expect(proxy.asked).toEqual([`127.0.0.1:${server.port}`]);
  await proxy.stop();
});

test("nobody answers at this port", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  await serving();
  await new Promise((resolve) => taken.close(resolve));
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect((await failureOf(askDirectory(asking({ settings: settings({ port }) }), "mira", 20))).code).toBe("connection-refused");
});

let now = 1_000_000;
let set: DirectorySettings | null;
let offline: boolean;
function directory(): Directory {
  now = 1_000_000;
  set = settings();
  offline = false;
  return new Directory({
    settings: () => set,
    password: () => Promise.resolve(null),
    mayAsk: () => !offline,
    via: () => undefined,
    clock: () => now,
    log: silentLog,
    ca: pem(good.ca),
  });
}

test("what was asked a moment ago is not asked again, and a single letter never", async () => {
  await serving();
  const asked = directory();
  expect((await asked.find("m")).people).toEqual([]);
  expect((await asked.find("Mira ")).people).toHaveLength(2);
  expect((await asked.find("mira")).people).toHaveLength(2);
  expect(server.connections).toBe(1);
  now += 61_000;
  await asked.find("mira");
  expect(server.connections).toBe(2);
  set = null;
  expect(await asked.find("mira")).toEqual({ people: [], failure: null });
});

test("more letters give up the question before them, whose line is closed", async () => {
  await serving();
  const asked = directory();
  const searching = new Promise<void>((resolve) => {
    server.onRequest = () => {
      resolve();
      return "hang";
    };
  });
  const first = asked.find("mi");
  await searching;
  server.onRequest = () => undefined;
  expect((await asked.find("mira")).people).toHaveLength(2);
  expect(await first).toEqual({ people: [], failure: null });
});

test("a directory that could not be asked says so, and rests instead of failing at each letter", async () => {
  await serving();
  const asked = directory();
  server.onRequest = () => "close";
  expect((await asked.find("mir")).failure?.code).toBe("line-closed");
  expect((await asked.find("mira")).failure?.code).toBe("line-closed");
  expect(server.connections).toBe(1);
  server.onRequest = () => undefined;
  now += 15_000;
  expect((await asked.find("mira")).people).toHaveLength(2);
  offline = true;
  expect((await asked.find("wang")).failure?.code).toBe("working-offline");
  await expect(asked.test(settings(), undefined)).rejects.toMatchObject({ code: "working-offline" });
});

test("the test of a directory tells whether anybody is found", async () => {
  await serving();
  const asked = directory();
  expect(await asked.test(settings(), undefined)).toBe(true);
  await server.stop();
  await serving({ people: [] });
  expect(await asked.test(settings(), undefined)).toBe(false);
});
