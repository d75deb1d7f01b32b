import { readFileSync, statSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { vouchedHere } from "../../main/plan/vouching.ts";
import type { TxtAnswer } from "../../main/signed/answers.ts";
import { examine, serverWords } from "../../main/signed/examine.ts";
import { corporaDir, mailFiles } from "../mime/support/corpora.ts";
import { arc, dkim, signer, zone } from "./support/signer.ts";

const ROUNDS = 6;
const dir = corporaDir();

async function outcome(message: Buffer, dns: (name: string) => TxtAnswer) {
  const answers: Record<string, TxtAnswer> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const examined = await examine(message, 0, answers);
    if (examined.kind === "found") return vouchedHere(examined.findings);
    for (const name of examined.names) answers[name] = dns(name);
  }
  throw new Error("it asks for ever");
}

const bank = signer("bank.example");
const google = signer("google.com");
const dns = zone([bank, google], { "_dmarc.bank.example": ["v=DMARC1; p=reject"] });
const LETTER =
  "Return-Path: <x@evil.test>\r\nFrom: a@bank.example\r\nTo: b@home.example\r\nSubject: Pay\r\nDate: Thu\r\n\r\nPay 100 now.\r\n";
const signed = Buffer.from(dkim(arc(LETTER, google, "dmarc=pass"), bank));

test("a signed message with a letter changed anywhere in what is signed is never vouched for by its signature", async () => {
  const from = signed.indexOf("Return-Path:");
  const places = ["a@bank", "b@home", "Pay\r", "Pay 100 now"].map((words) => signed.indexOf(words, from));
  expect((await outcome(signed, dns)).kind).toBe("signed");
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.integer({ min: 33, max: 126 }), async (at, letter) => {
      fc.pre(signed[at] !== letter);
      const changed = Buffer.from(signed);
      changed[at] = letter;
      expect((await outcome(changed, dns)).kind).not.toBe("signed");
    }),
  );
});

test("a signed message that was cut and patched anyhow never throws", async () => {
  const patch = fc.tuple(fc.nat(signed.length), fc.nat(40), fc.constantFrom("", "\r\n", "\n", ";", "=", "b=", "i=2;", "\u00e9", "\0", " "));
  await fc.assert(
    fc.asyncProperty(fc.array(patch, { maxLength: 4 }), async (patches) => {
      const message = patches.reduce(
        (bytes, [at, length, text]) => Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at + length)]),
        signed,
      );
      serverWords(message);
      for (const answer of [dns, () => "trouble" as const, () => [], () => ["v=DMARC1; p=reject; psd=y", "v=DKIM1; p=AAAA"]])
        await outcome(message, answer);
    }),
  );
});

describe.skipIf(dir === null)("public mail", () => {
  test("never throws, whatever signatures are on it", async () => {
    let signatures = 0;
    for (const file of mailFiles(dir)) {
      if (statSync(file).size > 5_000_000) continue;
      const bytes = readFileSync(file);
      // Mail without any is read by the other suites.
      if (!/^(?:dkim-signature|arc-seal|authentication-results):/imu.test(bytes.toString("latin1", 0, 65_536))) continue;
      signatures++;
      serverWords(bytes);
      await outcome(bytes, () => []);
    }
    expect(signatures).toBeGreaterThan(50);
  });
});
