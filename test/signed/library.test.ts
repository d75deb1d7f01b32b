import fc from "fast-check";
import { authenticate } from "mailauth";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { describe, expect, test } from "vitest";
import { examine } from "../../main/signed/examine.ts";
import { arc, dkim, SELECTOR, type Signer, signer, zone } from "./support/signer.ts";

// The library mailauth was made by others from the same papers: what it signs must be good here, what is signed here must be good there, and
// what somebody changed on the way must be found out by both.

const FROM = "harbour.example";
const NOW = Date.UTC(2026, 10, 20);
const RUNS = Number(process.env["RUNS"] ?? 60);

async function signedByLibrary(message: string, by: Signer, canonicalization: string): Promise<string> {
  const key = { signingDomain: by.domain, selector: SELECTOR, privateKey: by.key.export({ type: "pkcs8", format: "pem" }).toString() };
  // Its types want the key beside the list of signatures; its code reads the list.
  const options = { ...key, canonicalization, signTime: new Date(NOW), signatureData: [{ ...key, algorithm: `${by.kind}-sha256` }] };
  const { signatures, errors } = await dkimSign(message, options);
  expect(errors).toEqual([]);
  return signatures + message;
}

function resolver(answer: ReturnType<typeof zone>) {
  return (name: string): Promise<string[][]> => {
    const found = answer(name);
    if (Array.isArray(found) && found.length > 0) return Promise.resolve(found.map((text) => [text]));
    return Promise.reject(Object.assign(new Error(name), { code: "ENOTFOUND" }));
  };
}

function ours(message: string, answer: ReturnType<typeof zone>) {
  const known: Record<string, ReturnType<typeof answer>> = {};
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const examined = examine(Buffer.from(message, "latin1"), NOW, known);
    if (examined.kind === "found") return examined.findings;
    for (const name of examined.names) known[name] = answer(name);
  }
  throw new Error("it never has enough");
}

async function theirs(message: string, answer: ReturnType<typeof zone>): Promise<boolean> {
  const { results } = await dkimVerify(Buffer.from(message, "latin1"), { resolver: resolver(answer), curTime: new Date(NOW) });
  return results.some(({ status }) => status.result === "pass");
}

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
const kind = fc.constantFrom("rsa" as const, "ed25519" as const);
const canon = fc.constantFrom("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed");

describe("signatures beside another program's", () => {
  test("what it signs is good here", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(mail, kind, canon, async (message, by, canonicalization) => {
        const one = signer(FROM, by);
        const signed = await signedByLibrary(message, one, canonicalization);
        expect(ours(signed, zone([one])).signed).toBe(FROM);
      }),
      { numRuns: RUNS },
    );
  });

  test("what is signed here is good there", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(mail, kind, fc.constantFrom("simple" as const, "relaxed" as const), async (message, by, way) => {
        const one = signer(FROM, by);
        expect(await theirs(dkim(message, one, { canon: way }), zone([one]))).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  // A line that is broken inside a header is another matter: the library mends it, and here it counts as changed.
  test("a letter changed on the way is judged alike, wherever it stands", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        mail,
        kind,
        canon,
        fc.nat(),
        fc.constantFrom("x", " ", "\t", "="),
        async (message, by, canonicalization, at, letter) => {
          const one = signer(FROM, by);
          const signed = await signedByLibrary(message, one, canonicalization);
          const place = at % signed.length;
          const changed = signed.slice(0, place) + letter + signed.slice(place + 1);
          expect({ changed, good: ours(changed, zone([one])).signed !== null }).toEqual({
            changed,
            good: await theirs(changed, zone([one])),
          });
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("a chain of seals is judged alike", async () => {
    const list = signer("list.example");
    const answer = zone([list], { [`_dmarc.${FROM}`]: ["v=DMARC1; p=reject"] });
    const message = `From: user1@${FROM}\r\nTo: b@example.test\r\nSubject: Boxes\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n\r\nThree of them.\r\n`;
    const sealed = arc(arc(message, list, `dkim=pass header.d=${FROM}; dmarc=pass header.from=${FROM}`), list, "arc=pass", 2);
    for (const [text, result] of [
      [sealed, "pass"],
      [sealed.replace("Three of them", "Four of them"), "fail"],
    ] as const) {
      const { arc: there } = await authenticate(text, {
        ip: "192.0.2.1",
        helo: "x",
        sender: "",
        mta: "mx.test",
        resolver: resolver(answer),
        disableBimi: true,
      });
      expect(there === false ? null : there.status.result).toBe(result);
      expect(ours(text, answer).chain?.result).toBe(result);
    }
  });
});
