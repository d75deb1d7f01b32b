import { expect, test } from "vitest";
import type { TxtAnswer } from "../../main/signed/answers.ts";
import { covers } from "../../main/signed/covers.ts";
import { dkim, signer, zone } from "./support/signer.ts";

const ARRIVED = Date.UTC(2026, 10, 26);
const NAMES = ["list-unsubscribe", "list-unsubscribe-post"];
const ALL = `from:to:subject:${NAMES.join(":")}`;
const esp = signer("sender.example");
const LETTER =
  "From: news@shop.example\r\nTo: me@home.example\r\nSubject: Offers\r\nList-Unsubscribe: <https://shop.example/out?id=1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nBuy.\r\n";

async function covered(message: string, dns: (name: string) => TxtAnswer = zone([esp])) {
  const answers: Record<string, TxtAnswer> = {};
  for (let round = 0; round < 3; round++) {
    const found = await covers(Buffer.from(message), ARRIVED, answers, NAMES);
    if (found.kind === "found") return found;
    for (const name of found.names) answers[name] = dns(name);
  }
  throw new Error("it asks for ever");
}
const NOBODY = { kind: "found", by: null, doubt: false };

test("a good signature over both fields counts, whoever's it is", async () => {
  expect(await covered(dkim(LETTER, esp, { names: ALL }))).toEqual({ kind: "found", by: "sender.example", doubt: false });
});

test("one that leaves either of them out, or part of the text, does not, and its key is not even asked for", async () => {
  const none = (): TxtAnswer => {
    throw new Error("asked");
  };
  expect(await covered(LETTER, none)).toEqual(NOBODY);
  expect(await covered(dkim(LETTER, esp), none)).toEqual(NOBODY);
  expect(await covered(dkim(LETTER, esp, { names: "from:list-unsubscribe" }), none)).toEqual(NOBODY);
  expect(await covered(dkim(LETTER, esp, { names: ALL, length: 0 }))).toEqual(NOBODY);
});

test("an address that was changed after it was signed is not covered", async () => {
  const signed = dkim(LETTER, esp, { names: ALL });
  expect(await covered(signed.replace("out?id=1", "out?id=2"))).toEqual(NOBODY);
  expect(await covered(signed.replace("Buy.", "Sell."))).toEqual(NOBODY);
  expect(await covered(signed, zone([]))).toEqual(NOBODY);
});

test("while DNS does not answer, nobody knows", async () => {
  expect(await covered(dkim(LETTER, esp, { names: ALL }), () => "trouble")).toEqual({ kind: "found", by: null, doubt: true });
});
