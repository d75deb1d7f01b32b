import { describe, expect, test } from "vitest";
import { trustedWords } from "../../main/plan/trusted-servers.ts";
import { mayChange, type ServerWord, vouchedByServer, vouchedHere } from "../../main/plan/vouching.ts";
import { parseResults } from "../../main/signed/results.ts";

const words = (...texts: string[]): ServerWord[] => texts.flatMap((text) => parseResults(text) ?? []);
const gmail = { provider: "gmail", incomingHost: "imap.gmail.com", seen: [] };
const GOOD = "mx.google.com; dkim=pass header.d=bank.example; dmarc=pass header.from=bank.example";
const FORGED = "mx.google.com; dmarc=pass (p=REJECT) header.from=bank.example; dkim=pass header.d=bank.example";
const BAD = "mx.google.com; spf=softfail smtp.mailfrom=x@evil.test; dmarc=fail (p=REJECT sp=REJECT) header.from=bank.example";

describe("whose word counts", () => {
  test("a field that was sent along is below the server's own and is not believed", () => {
    expect(vouchedByServer("bank.example", trustedWords(gmail, words(BAD, FORGED)))).toMatchObject({ kind: "unvouched", found: "nothing" });
  });

  test("another server's field on top makes all below it nobody's", () => {
    expect(trustedWords(gmail, words("mx.evil.test; dmarc=pass", FORGED))).toEqual([]);
  });

  test("a name that only ends like the provider's is another's", () => {
    expect(trustedWords(gmail, words(FORGED.replace("mx.google.com", "mx.notgoogle.com")))).toEqual([]);
  });

  test("an account's own server is believed once it was seen to write above every message", () => {
    const own = { provider: null, incomingHost: "imap.home.example" };
    const said = words(GOOD.replace("mx.google.com", "mx1.home.example"));
    const always = Array.from({ length: 10 }, () => "mx1.home.example");
    expect(trustedWords({ ...own, seen: always.slice(1) }, said)).toEqual([]);
    expect(trustedWords({ ...own, seen: always }, said)).toHaveLength(1);
    expect(trustedWords({ ...own, seen: [...always, "", ""] }, said)).toEqual([]);
  });

  test("a provider that writes a field for each method is read as far as its fields go together", () => {
    const icloud = { provider: "icloud", incomingHost: "imap.mail.me.com", seen: [] };
    const said = words(
      "dmarc.icloud.com; dmarc=fail (p=reject) header.from=bank.example",
      "dkim-verifier.icloud.com; dkim=none",
      "x.evil.test; none",
      "dkim.icloud.com; dkim=pass header.d=bank.example",
    );
    expect(trustedWords(icloud, said)).toHaveLength(2);
  });
});

describe("what a server says", () => {
  test.each<[string, string, object | null]>([
    ["a good signature", GOOD, { kind: "signed", domain: "bank.example", server: "mx.google.com" }],
    ["a good path", "m.example; spf=pass; dmarc=pass header.from=bank.example", { kind: "path", domain: "bank.example" }],
    ["another's signature", "m.example; dkim=pass header.d=evil.test", null],
    ["something of another sender", "m.example; dmarc=pass header.from=evil.test", null],
    ["nobody vouches, and nobody asked for it", "m.example; dmarc=fail (p=NONE) header.from=bank.example", null],
    ["nobody vouches, by the property", "m.example; dmarc=fail policy.dmarc=quarantine header.from=bank.example", { kind: "unvouched" }],
    [
      "a signature that does not fit",
      "m.example; dkim=fail header.i=@bank.example; dmarc=fail (p=reject) header.from=bank.example",
      { kind: "unvouched", found: "altered" },
    ],
    ["a good chain", "m.example; arc=pass; dmarc=fail (p=REJECT) header.from=bank.example", { kind: "forwarded", through: "" }],
    ["trouble", "m.example; dmarc=temperror header.from=bank.example", null],
    ["nothing", "m.example; none", null],
  ])("%s", (_what, text, expected) => {
    const found = vouchedByServer("bank.example", words(text));
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject(expected);
  });
});

test("an answer that did not come may come next time, one that came stands", () => {
  const findings = { from: "a.example", policy: "none", signed: null, doubt: false, altered: false, path: "unknown", chain: null } as const;
  expect(mayChange(findings, vouchedHere(findings))).toBe(false);
  expect(mayChange({ ...findings, policy: "unknown" }, vouchedHere(findings))).toBe(true);
  expect(mayChange({ ...findings, doubt: true }, { kind: "signed", domain: "a.example", server: "" })).toBe(false);
});
