import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { vouchedHere } from "../../main/plan/vouching.ts";
import type { TxtAnswer } from "../../main/signed/answers.ts";
import { examine } from "../../main/signed/examine.ts";
import { arc, dkim, SELECTOR, signer, zone } from "./support/signer.ts";

const ARRIVED = Date.UTC(2026, 10, 26);
const bank = signer("bank.example");
const REJECT = { "_dmarc.bank.example": ["v=DMARC1; p=reject"] };
const letter = (from = "ceo@bank.example", path = "bounce@evil.test") =>
  `Return-Path: <${path}>\r\nFrom: Boss  <${from}>\r\nTo: me@home.example\r\nSubject: Pay\r\n  now\r\nDate: Thu, 26 Nov 2026 10:00:00 +0000\r\n\r\nDear  all, \r\n\r\npay.\r\n\r\n\r\n`;

async function findings(message: string | Buffer, dns: (name: string) => TxtAnswer) {
  const answers: Record<string, TxtAnswer> = {};
  for (let round = 0; round < 6; round++) {
    const examined = await examine(Buffer.from(message), ARRIVED, answers);
    if (examined.kind === "found") return examined.findings;
    for (const name of examined.names) answers[name] = dns(name);
  }
  throw new Error("it asks for ever");
}
const vouching = async (message: string | Buffer, dns: (name: string) => TxtAnswer) => vouchedHere(await findings(message, dns));
const SIGNED = { kind: "signed", domain: "bank.example", server: "" };
const UNKNOWN = { kind: "unknown" };
const unvouched = (found: string) => ({ kind: "unvouched", domain: "bank.example", found, server: "" });

describe("a signature", async () => {
  test.each(["rsa", "ed25519"] as const)("of the sender's domain is good (%s), relaxed and simple", async (kind) => {
    const by = signer("bank.example", kind);
    for (const canon of ["relaxed", "simple"] as const)
      expect(await vouching(dkim(letter(), by, { canon }), zone([by], REJECT))).toEqual(SIGNED);
  });

  test("by another program is good", async () => {
    const options = {
      domainName: "bank.example",
      keySelector: SELECTOR,
      privateKey: bank.key.export({ type: "pkcs8", format: "pem" }).toString(),
    };
    const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows", dkim: options });
    const mail = { from: "陈经理 <ceo@bank.example>", to: "me@home.example", subject: "合同 and   more", text: "你好\n\n.\n  words  \n\n" };
    const { message } = await transport.sendMail(mail);
    expect(await vouching(message as Buffer, zone([bank], REJECT))).toEqual(SIGNED);
  });

  test("of RFC 8463 is good, in both of its kinds", async () => {
    const head = "d=football.example.com; i=@football.example.com;\r\n q=dns/txt;";
    const h = "subject : date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n";
    const ed = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n ${head} s=brisbane; t=1528637909; h=from : to :\r\n ${h} b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n`;
    const rsa = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n ${head} s=test; t=1528637909; h=from : to : subject :\r\n date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n`;
    const mail =
      "From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n\r\n";
    const keys: Record<string, TxtAnswer> = {
      "brisbane._domainkey.football.example.com": ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
      "test._domainkey.football.example.com": [
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
      ],
    };
    for (const one of [ed, rsa]) {
      expect((await findings(one + mail, (name) => keys[name] ?? [])).signed).toBe("football.example.com");
      expect((await findings(one + mail.replace("hungry", "angry"), (name) => keys[name] ?? [])).signed).toBeNull();
    }
  });

  test.each<[string, string, TxtAnswer | undefined, object]>([
    ["over a changed body", dkim(letter(), bank).replace("pay.", "pay more."), undefined, unvouched("altered")],
    ["over a changed subject", dkim(letter(), bank).replace("Subject: Pay", "Subject: Do not pay"), undefined, unvouched("altered")],
    ["of another domain", dkim(letter(), signer("evil.test")), undefined, unvouched("nothing")],
    ["without a key", dkim(letter(), bank), [], unvouched("nothing")],
    ["with a key taken back", dkim(letter(), bank), ["v=DKIM1; p="], unvouched("nothing")],
    ["that had expired when it arrived", dkim(letter(), bank, { tags: " x=1700000000;" }), undefined, unvouched("nothing")],
    ["that does not cover the sender", dkim(letter(), bank, { names: "to:subject" }), undefined, unvouched("nothing")],
    ["while DNS does not answer", dkim(letter(), bank), "trouble", UNKNOWN],
    ["of a part, with words below", dkim(letter(), bank, { length: 10 }), undefined, UNKNOWN],
    ["with SHA-1", dkim(letter(), bank).replace("rsa-sha256", "rsa-sha1"), undefined, unvouched("nothing")],
    ["that is no list of tags", letter().replace("To:", "DKIM-Signature: v=1; a; b\r\nTo:"), undefined, unvouched("nothing")],
  ])("%s does not vouch", async (_what, message, key, expected) => {
    const others = key === undefined ? REJECT : { ...REJECT, [`${SELECTOR}._domainkey.bank.example`]: key };
    expect(await vouching(message, zone([bank, signer("evil.test")], others))).toEqual(expected);
  });

  test("that is good stands beside others that are not", async () => {
    const message = dkim(dkim(dkim(letter(), signer("evil.test")), bank), bank, { tags: " x=1700000000;" });
    expect(await vouching(message, zone([bank, signer("evil.test")], REJECT))).toEqual(SIGNED);
  });

  test("of the whole body by its length is good", async () => {
    const size = "Dear all,\r\n\r\npay.\r\n".length;
    expect(await vouching(dkim(letter(), bank, { length: size }), zone([bank], REJECT))).toEqual(SIGNED);
  });

  test("says nothing where two senders are named", async () => {
    expect(await vouching(`From: x@evil.test\r\n${dkim(letter(), bank)}`, zone([bank], REJECT))).toEqual(UNKNOWN);
  });
});

describe("what a domain asks for", async () => {
  const sub = signer("mail.bank.example");
  test("a signature below the sender's domain stands for it, unless the domain is strict", async () => {
    const message = dkim(letter(), sub);
    expect(await vouching(message, zone([sub], REJECT))).toMatchObject({ kind: "signed", domain: "mail.bank.example" });
    expect(await vouching(message, zone([sub], { "_dmarc.bank.example": ["v=DMARC1; p=reject; adkim=s"] }))).toEqual(unvouched("nothing"));
  });

  test("a subdomain has its own part of the policy", async () => {
    const from = "x@news.bank.example";
    const policy = (text: string) => vouching(letter(from), zone([], { "_dmarc.bank.example": [text] }));
    expect((await policy("v=DMARC1; p=reject; sp=none")).kind).toBe("unknown");
    expect((await policy("v=DMARC1; p=none; sp=quarantine")).kind).toBe("unvouched");
    expect((await policy("v=DMARC1; p=quarantine; t=y")).kind).toBe("unknown");
  });

  test.each<[string, Record<string, TxtAnswer>, string]>([
    ["nothing is published", {}, "ceo@bank.example"],
    ["the domain only watches", { "_dmarc.bank.example": ["v=DMARC1; p=none"] }, "ceo@bank.example"],
    ["two policies are published", { "_dmarc.bank.example": ["v=DMARC1; p=reject", "v=DMARC1; p=reject"] }, "ceo@bank.example"],
    ["DNS does not answer", { "_dmarc.bank.example": "trouble" }, "ceo@bank.example"],
  ])("nothing is said against mail where %s", async (_what, others, from) => {
    expect(await vouching(letter(from), zone([], others))).toEqual(UNKNOWN);
  });

  test("nothing is said where SPF might vouch: it was sent under the sender's domain, or nobody knows under which", async () => {
    expect(await vouching(letter(undefined, "x@bounces.bank.example"), zone([], REJECT))).toEqual(UNKNOWN);
    expect(await vouching(letter(undefined, ""), zone([], REJECT))).toEqual(UNKNOWN);
    const strict = { "_dmarc.bank.example": ["v=DMARC1; p=reject; aspf=s"] };
    expect(await vouching(letter(undefined, "x@bounces.bank.example"), zone([], strict))).toEqual(unvouched("nothing"));
  });

  test("who has no place in it is asked nothing", async () => {
    const asked: string[] = [];
    await findings(dkim(letter(), signer("evil.test")), (name) => {
      asked.push(name);
      return [];
    });
    expect(asked.toSorted()).toEqual(["_dmarc.bank.example", "_dmarc.example"]);
  });
});

describe("a chain of servers", async () => {
  const google = signer("google.com");
  const forwarded = (by = google, found = "dmarc=pass header.from=bank.example") =>
    arc(dkim(letter(), bank).replace("Dear", "[List] Dear"), by, found);
  const both = zone([bank, google, signer("evil.test")], REJECT);

  test("that found the message good, by somebody who is known, excuses what was changed on the way", async () => {
    expect(await vouching(forwarded(), both)).toEqual({ kind: "forwarded", domain: "bank.example", through: "google.com", server: "" });
    const twice = arc(forwarded(), google, "arc=pass", 2);
    expect(await vouching(twice, both)).toMatchObject({ kind: "forwarded" });
  });

  test.each([
    ["by anybody", forwarded(signer("evil.test"))],
    ["that found nothing good", forwarded(google, "dmarc=fail header.from=bank.example")],
    ["with a word changed in what was found", forwarded(google, "dmarc=fail header.from=bank.example").replace("dmarc=fail", "dmarc=pass")],
    ["over a message that was changed later", forwarded().replace("pay.", "pay me.")],
    ["with a link missing", arc(forwarded(), google, "arc=pass", 2).replace(/^ARC-Message-Signature: i=1;/mu, "X-Gone: i=1;")],
  ])("%s excuses nothing", async (_what, message) => {
    expect(await vouching(message, both)).toEqual(unvouched("altered"));
  });

  test("whose keys DNS does not give is not known", async () => {
    const others = { ...REJECT, [`${SELECTOR}._domainkey.google.com`]: "trouble" as const };
    expect(await vouching(forwarded(), zone([bank, google], others))).toEqual(UNKNOWN);
  });
});
