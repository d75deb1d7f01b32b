import fc from "fast-check";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { describe, expect, test } from "vitest";
import { vouchedHere } from "../../main/plan/vouching.ts";
import type { TxtAnswer } from "../../main/signed/answers.ts";
import { examine } from "../../main/signed/examine.ts";
import { arc, dkim, SELECTOR, signer, zone } from "./support/signer.ts";

// The library mailauth checks signatures. Here stands what is kept from it or not believed of it, each beside what it says when asked alone.

const FROM = "harbour.example";
const ARRIVED = Date.UTC(2026, 10, 20);
const RUNS = Number(process.env["RUNS"] ?? 60);
const harbour = signer(FROM);
const evil = signer("evil.test");
const REJECT = { [`_dmarc.${FROM}`]: ["v=DMARC1; p=reject"] };
const KEY = `${SELECTOR}._domainkey.${FROM}`;
const LETTER = `Return-Path: <x@evil.test>\r\nFrom: User One <user1@${FROM}>\r\nTo: b@home.example\r\nSubject: Boxes\r\nDate: Thu\r\n\r\nThree of them.\r\n`;

async function asked(message: string, dns: (name: string) => TxtAnswer) {
  const answers: Record<string, TxtAnswer> = {};
  for (let round = 0; round < 6; round++) {
    const examined = await examine(Buffer.from(message, "latin1"), ARRIVED, answers);
    if (examined.kind === "found") return { kind: vouchedHere(examined.findings).kind, names: Object.keys(answers) };
    for (const name of examined.names) answers[name] = dns(name);
  }
  throw new Error("it asks for ever");
}
const kind = async (message: string, dns: (name: string) => TxtAnswer) => (await asked(message, dns)).kind;

/** What the library says of a message's first signature. */
async function alone(message: string, dns: (name: string) => TxtAnswer, strict = false): Promise<string | undefined> {
  const resolver = (name: string) => {
    const answer = dns(name);
    if (answer === "trouble" || answer.length === 0) return Promise.reject(Object.assign(new Error(name), { code: "ENOTFOUND" }));
    return Promise.resolve(answer.map((text) => [text]));
  };
  const { results } = await dkimVerify(Buffer.from(message, "latin1"), { resolver, strict, curTime: new Date(ARRIVED) });
  return results[0]?.status.result;
}

describe("where the library is helped", () => {
  test("a key that is not the first record of its name is found", async () => {
    const dns = zone([], { ...REJECT, [KEY]: ["v=spf1 -all", harbour.record] });
    expect(await alone(dkim(LETTER, harbour), dns)).not.toBe("pass");
    expect(await kind(dkim(LETTER, harbour), dns)).toBe("signed");
  });

  test("a selector with an underscore is one; its strict reading says no to it", async () => {
    const dns = zone([], { ...REJECT, [`mail_1._domainkey.${FROM}`]: [harbour.record] });
    const message = dkim(LETTER, harbour, { selector: "mail_1" });
    expect(await alone(message, dns, true)).not.toBe("pass");
    expect(await kind(message, dns)).toBe("signed");
  });
});

describe("where the library is not believed", () => {
  test("a signature for the addresses of somebody else stands for nobody", async () => {
    const dns = zone([harbour], REJECT);
    const message = dkim(LETTER, harbour, { tags: " i=@elsewhere.example;" });
    expect(await alone(message, dns)).toBe("pass");
    expect(await kind(message, dns)).toBe("unvouched");
  });

  test("a letter of somebody's own above a signed one is not what was signed, however much of a header follows it", async () => {
    const dns = zone([harbour], REJECT);
    const message = `From: user1@${FROM}\r\nSubject: Pay me\r\nDear all, send the money.\r\nTo this account.\r\n${dkim(LETTER, harbour)}`;
    expect(await alone(message, dns)).toBe("pass");
    expect(await kind(message, dns)).not.toBe("signed");
  });

  test("whether a subdomain exists is not asked, so a policy for those that do not is not known", async () => {
    const letter = LETTER.replace(`@${FROM}`, `@nowhere.${FROM}`);
    const policy = (text: string) => kind(letter, zone([], { [`_dmarc.${FROM}`]: [text] }));
    expect(await policy("v=DMARC1; p=reject; sp=none; np=reject")).toBe("unknown");
    expect(await policy("v=DMARC1; p=reject; sp=reject; np=none")).toBe("unknown");
    expect(await policy("v=DMARC1; p=reject; np=reject")).toBe("unvouched");
  });
});

describe("what the library is not given", () => {
  const dns = zone([harbour, evil], REJECT);
  const blanks = " ".repeat(17_000);
  test.each([
    ["eleven signatures", Array.from({ length: 11 }).reduce<string>((message) => dkim(message, evil), dkim(LETTER, harbour))],
    ["a signature of many blanks", dkim(LETTER, harbour).replace(" bh=", `${blanks}bh=`)],
    ["a sender of many blanks", dkim(LETTER, harbour).replace("From: ", `From: ${blanks}`)],
    ["a header of ten thousand folds", dkim(`X: 1${"\r\n 2".repeat(10_000)}\r\n${LETTER}`, harbour)],
    ["a header as large as a book", dkim(`X: ${"x".repeat(300_000)}\r\n${LETTER}`, harbour)],
  ])("%s: it is unknown, and nobody is asked", async (_what, message) => {
    expect(await asked(message, dns)).toEqual({ kind: "unknown", names: [] });
  });

  test("a key of absurd size is none", async () => {
    const record = harbour.record.replace("p=", `n=${"x".repeat(5000)}; p=`);
    expect(await alone(dkim(LETTER, harbour), zone([], { [KEY]: [record] }))).toBe("pass");
    expect(await kind(dkim(LETTER, harbour), zone([], { ...REJECT, [KEY]: [record] }))).toBe("unvouched");
  });

  test("answers to more than sixty questions, whatever it is signed by", async () => {
    const many = Array.from({ length: 10 }, (_, at) => `${["a", "b", "c", "d", "e"].map((label) => label + at).join(".")}.${FROM}`);
    const signed = many.reduce((message, domain) => dkim(message, { ...harbour, domain }), LETTER);
    const { names } = await asked(
      signed,
      zone(
        many.map((domain) => ({ ...harbour, domain })),
        REJECT,
      ),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.length).toBeLessThanOrEqual(60);
  });
});

test("a chain that somebody forged is not excused by a server that does not answer", async () => {
  const google = signer("google.com");
  const sealed = arc(arc(LETTER, evil, "dmarc=pass"), google, "arc=pass", 2);
  const forged = sealed.replace(/(ARC-Seal: i=2;.*b=)..../u, "$1AAAA");
  const silent = zone([google], { ...REJECT, [`${SELECTOR}._domainkey.evil.test`]: "trouble" });
  expect(await kind(sealed, silent)).toBe("unknown");
  expect(await kind(forged, silent)).toBe("unvouched");
});

const blank = fc.constantFrom(" ", "  ", "\t", "\r\n ", " \r\n\t");
const word = fc.stringMatching(/^[!-9;-~]{1,12}$/u);
const words = fc.array(fc.tuple(word, blank), { minLength: 1, maxLength: 6 }).map((pairs) => pairs.flat().join("").trimEnd());
const extra = fc.record({
  name: fc.constantFrom("Subject", "subject", "X-Odd", "Date", "To"),
  colon: fc.constantFrom(":", ": ", " : "),
  value: words,
});
const line = fc.stringMatching(/^[ -~\t]{0,30}$/u);
const body = fc.record({ lines: fc.array(line, { maxLength: 8 }), end: fc.constantFrom("", "\r\n", "\r\n\r\n\r\n") });
const mail = fc
  .record({ extras: fc.array(extra, { maxLength: 5 }), body })
  .map(
    ({ extras, body: { lines, end } }) =>
      `From: User One <user1@${FROM}>\r\n${extras.map(({ name, colon, value }) => `${name}${colon}${value}\r\n`).join("")}\r\n${lines.join("\r\n")}${end}`,
  );

test("what is signed by the paper is good, however it is folded", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      mail,
      fc.constantFrom("rsa" as const, "ed25519" as const),
      fc.constantFrom("simple" as const, "relaxed" as const),
      async (message, by, canon) => {
        const one = signer(FROM, by);
        expect(await kind(dkim(message, one, { canon }), zone([one], REJECT))).toBe("signed");
      },
    ),
    { numRuns: RUNS },
  );
});
