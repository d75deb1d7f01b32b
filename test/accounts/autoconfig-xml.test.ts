import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_BYTES, parseAutoconfig } from "../../main/accounts/autoconfig-xml.ts";
import { settingsOfList } from "../../main/plan/listed-servers.ts";
import { corpora } from "../servers/corpora.ts";
import { configXml } from "./config-xml.ts";

const read = (xml: string) => parseAutoconfig(new TextEncoder().encode(xml));
const GOOD = configXml({ imap: "imap.example.test", smtp: "smtp.example.test" });
const hosts = (xml: string): string[] | null => {
  const servers = read(xml);
  return servers === null
    ? null
    : settingsOfList(servers, "lin@example.test").settings.flatMap(({ incoming, outgoing }) => [incoming.host, outgoing.host]);
};
const serversIn = (servers: string): string => `<clientConfig><emailProvider id="x">${servers}</emailProvider></clientConfig>`;
const imap = (more: string, type = "imap"): string => `<incomingServer type="${type}">${more}</incomingServer>`;
const SMTP =
  '<outgoingServer type="smtp"><hostname>smtp.example.test</hostname><port>465</port><socketType>SSL</socketType></outgoingServer>';
const first = (servers: string) => settingsOfList(read(serversIn(servers + SMTP)) ?? [], "lin@example.test").settings[0];

test("a file is read as its domain wrote it, placeholders filled", () => {
  expect(hosts(GOOD)).toEqual(["imap.example.test", "smtp.example.test"]);
  const filled = first(
    imap(
      "<hostname>%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%+%EMAILDOMAIN%</username>",
    ),
  );
  expect(filled?.incoming).toEqual({ host: "example.test", port: 993, security: "tls", user: "lin+example.test" });
});

test("TLS from the beginning is taken before STARTTLS, wherever it stands; the file's order else", () => {
  const found = first(
    imap("<hostname>b.example.test</hostname><port>143</port><socketType>STARTTLS</socketType>") +
      imap("<hostname>a.example.test</hostname><port>993</port><socketType>SSL</socketType>") +
      imap("<hostname>c.example.test</hostname><port>993</port><socketType>SSL</socketType>"),
  );
  expect(found?.incoming.host).toBe("a.example.test");
});

test("a server without encryption is asked for STARTTLS at its usual port, and refused at any other", () => {
  const plain = (port: number): string => imap(`<hostname>a.example.test</hostname><port>${port}</port><socketType>plain</socketType>`);
  expect(first(plain(143))?.incoming).toMatchObject({ port: 143, security: "starttls" });
  expect(first(plain(8143))).toBeUndefined();
  expect(first(plain(993))).toBeUndefined();
});

test.each([
  "localhost",
  "127.0.0.1",
  "10.0.0.1",
  "[::1]",
  "2130706433",
  "mail",
  "mail.local",
  "a b.example.test",
  "a.example.test.",
  "-a.test",
  "ä..test",
  "x/y.test",
  "%REALNAME%.test",
  `${"a".repeat(64)}.test`,
])("a host that is nobody's is refused: %s", (host) => {
  expect(first(imap(`<hostname>${host}</hostname><port>993</port><socketType>SSL</socketType>`))).toBeUndefined();
});

test("a user name with a line end in it, or a placeholder that nobody knows, makes no server", () => {
  const user = (text: string) =>
    first(imap(`<hostname>a.example.test</hostname><port>993</port><socketType>SSL</socketType><username>${text}</username>`));
  expect(user("lin&#10;A1 LOGOUT")).toBeUndefined();
  expect(user("%REALNAME%")).toBeUndefined();
  expect(user("")?.incoming.user).toBe("lin@example.test");
});

test("ways to sign in that Satchel does not have make no server; OAuth 2 alone is known as such", () => {
  const by = (ways: string) =>
    read(serversIn(imap(`<hostname>a.example.test</hostname><port>993</port><socketType>SSL</socketType>${ways}`) + SMTP)) ?? [];
  const settings = (ways: string) => settingsOfList(by(ways), "lin@example.test");
  expect(settings("<authentication>GSSAPI</authentication>").settings).toEqual([]);
  expect(settings("<authentication>OAuth2</authentication>")).toMatchObject({ browserOnly: true });
  expect(settings("<authentication>OAuth2</authentication><authentication>password-cleartext</authentication>").browserOnly).toBe(false);
});

test("an OAuth 2 block, documentation and whatever else stands there changes nothing", () => {
  const more = "<oAuth2><issuer>evil.test</issuer><hostname>evil.test</hostname></oAuth2><webMail><loginPage url='x'/></webMail>";
  expect(hosts(GOOD.replace("</clientConfig>", `${more}</clientConfig>`))).toEqual(hosts(GOOD));
  expect(hosts(GOOD.replace("</incomingServer>", "<deep><hostname>evil.test</hostname></deep></incomingServer>"))).toEqual(hosts(GOOD));
  // Only the first provider is what the file is about.
  expect(
    hosts(GOOD.replace("</clientConfig>", `<emailProvider id="y">${SMTP.replace("smtp.", "evil.")}</emailProvider></clientConfig>`)),
  ).toEqual(hosts(GOOD));
});

const LAUGHS = `<!DOCTYPE lolz [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n} "${n === 0 ? "&a;" : `&a${n - 1};`.repeat(10)}">`).join("")}]>`;
test.each([
  ["a billion laughs", LAUGHS + GOOD.replace("imap.example.test", "&a29;").replace(/^<\?.*\?>/u, "")],
  [
    "an entity from a file",
    `<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>${GOOD.replace(/^<\?.*\?>/u, "").replace("imap.example.test", "&x;")}`,
  ],
  ["a document type alone", `<!DOCTYPE clientConfig>${GOOD.replace(/^<\?.*\?>/u, "")}`],
  ["an entity that nobody has declared", GOOD.replace("imap.example.test", "&x;")],
  ["a sign-in page", "<!doctype html><html><body>Sign in</body></html>"],
  ["another root", GOOD.replaceAll("clientConfig", "config")],
  ["no end", GOOD.slice(0, -20)],
  ["nothing", ""],
  ["deep nesting", `<clientConfig>${"<a>".repeat(5000)}${"</a>".repeat(5000)}</clientConfig>`],
  ["a thousand elements too many", `<clientConfig>${"<a/>".repeat(5000)}</clientConfig>`],
  ["a file of many megabytes", `${GOOD}${" ".repeat(MOST_BYTES)}`],
])("refused: %s", (_name, xml) => {
  expect(read(xml)).toBeNull();
});

test("a text as long as a book is no host, and servers by the hundred are cut off", () => {
  expect(hosts(GOOD.replace("imap.example.test", `${"a.".repeat(5000)}test`))).toEqual([]);
  const many = Array.from({ length: 300 }, () => imap("<hostname>a.example.test</hostname>")).join("");
  expect(read(serversIn(many))?.length).toBe(20);
});

test("bytes at random, and files changed at random, never throw and never take long", () => {
  const bytes = new TextEncoder().encode(GOOD);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 600 }),
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
      (noise, changes) => {
        parseAutoconfig(noise);
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        for (const { incoming, outgoing } of settingsOfList(parseAutoconfig(changed) ?? [], "lin@example.test").settings)
          expect([incoming.security, outgoing.security]).not.toContain("plain");
      },
    ),
    { numRuns: 2000 },
  );
});

const ISPDB = join(corpora() ?? "/nowhere", "providers/ispdb");
test.skipIf(!existsSync(ISPDB))("every file of Thunderbird's list is read, and nearly all come to settings", () => {
  const files = readdirSync(ISPDB).filter((name) => name.endsWith(".xml"));
  expect(files.length).toBeGreaterThan(100);
  const without = files.filter(
    (name) => settingsOfList(parseAutoconfig(readFileSync(join(ISPDB, name))) ?? [], "lin@example.test").settings.length === 0,
  );
  expect(without.length, without.join(" ")).toBeLessThan(files.length / 8);
});
