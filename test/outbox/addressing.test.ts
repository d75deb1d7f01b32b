import { describe, expect, test } from "vitest";
import { sourceOf, wholeOf } from "../../main/line/byte-source.ts";
import { envelopeOf } from "../../main/outbox/freezer.ts";
import { replyRecipients } from "../../main/outbox/reply-recipients.ts";
import { withBcc } from "../../main/outbox/sent-copy.ts";
import { forwardSubject, replySubject } from "../../main/outbox/subjects.ts";

const who = (address: string) => ({ name: "", address });
const addresses = (people: readonly { address: string }[]) => people.map(({ address }) => address);
const own = new Set(["me@example.test", "alias@example.test"]);
const original = (more: Partial<Parameters<typeof replyRecipients>[0]>) => ({
  from: [who("a@example.test")],
  to: [who("me@example.test")],
  cc: [],
  replyTo: [],
  ...more,
});

describe("whom an answer goes to", () => {
  test("Reply-To before From", () => {
    expect(addresses(replyRecipients(original({ replyTo: [who("list@example.test")] }), false, own).to)).toEqual(["list@example.test"]);
  });
  test("an answer to one's own message goes where that went", () => {
    const mine = original({ from: [who("Me@example.test")], to: [who("b@example.test")], cc: [who("c@example.test")] });
    expect(addresses(replyRecipients(mine, false, own).to)).toEqual(["b@example.test"]);
    expect(addresses(replyRecipients(mine, true, own).cc)).toEqual(["c@example.test"]);
  });
  test("nobody stands twice, and other addresses of the user not at all", () => {
    const all = original({
      to: [who("A@example.test"), who("alias@example.test"), who("b@example.test")],
      cc: [who("B@example.test"), who("c@example.test")],
    });
    const { to, cc } = replyRecipients(all, true, own);
    expect(addresses(to)).toEqual(["a@example.test", "b@example.test"]);
    expect(addresses(cc)).toEqual(["c@example.test"]);
  });
  test("a message from oneself to oneself is answered to oneself", () => {
    const self = original({ from: [who("me@example.test")], to: [who("me@example.test")] });
    expect(addresses(replyRecipients(self, false, own).to)).toEqual(["me@example.test"]);
    expect(addresses(replyRecipients(self, true, own).to)).toEqual(["me@example.test"]);
  });
});

test.each([
  ["Kiln", "Re: Kiln"],
  ["Re: Kiln", "Re: Kiln"],
  ["RE : Kiln", "RE : Kiln"],
  ["回复：电子发票", "回复：电子发票"],
  ["答复: 电子发票", "答复: 电子发票"],
  ["AW: Ofen", "AW: Ofen"],
  ["Re[2]: Kiln", "Re[2]: Kiln"],
  ["Refund", "Re: Refund"],
  ["", "Re: "],
])("the answer to %j is called %j", (subject, answer) => {
  expect(replySubject(subject)).toBe(answer);
});

test.each([
  ["Kiln", "Fwd: Kiln"],
  ["Fw: Kiln", "Fw: Kiln"],
  ["转发：Kiln", "转发：Kiln"],
  ["Re: Kiln", "Fwd: Re: Kiln"],
])("%j forwarded is called %j", (subject, forward) => {
  expect(forwardSubject(subject)).toBe(forward);
});

test("an envelope names everyone once, whatever the case", () => {
  expect(
    envelopeOf({ to: [who("a@example.test"), who("A@Example.test ")], cc: [who("b@example.test")], bcc: [who("a@example.test")] }),
  ).toEqual(["a@example.test", "b@example.test"]);
});

test("the copy in Sent names the blind copies, and is otherwise the same", async () => {
  const raw = sourceOf(Buffer.from("From: a\r\n\r\nhi"));
  expect(withBcc(raw, [])).toBe(raw);
  const copy = withBcc(raw, [who("x@example.test"), who("y@example.test")]);
  expect(Buffer.from(await wholeOf(copy)).toString()).toBe("Bcc: <x@example.test>,\r\n <y@example.test>\r\nFrom: a\r\n\r\nhi");
});
