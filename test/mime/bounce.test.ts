import { describe, expect, test } from "vitest";
import { parseBounce } from "../../main/mime/bounce.ts";
import { readReportFields } from "../../main/mime/bounce-fields.ts";
import { failureReason } from "../../main/mime/bounce-reason.ts";
import { LETTERS, letterBytes, NO_BOUNCES } from "./support/bounce-letters.ts";

describe("letters of mail systems that write no report", () => {
  test.each(LETTERS.map((letter) => [letter.system, letter] as const))("%s", (_system, letter) => {
    const report = parseBounce(letterBytes(letter));
    const read = report?.recipients.map(({ address, reason, action }, at) =>
      letter.says[at]?.[2] === undefined ? [address, reason] : [address, reason, action],
    );
    expect(read).toEqual(letter.says);
  });

  test.each(NO_BOUNCES.map((letter) => [letter.system, letter] as const))("%s is no bounce", (_system, letter) => {
    expect(parseBounce(letterBytes(letter))).toBeNull();
  });

  test("the original is known by the Message-ID in the returned header below the letter, with subject and date", () => {
    const qmail = LETTERS.find(({ system }) => system.startsWith("qmail"));
    expect(qmail && parseBounce(letterBytes(qmail))?.original).toMatchObject({
      messageIds: ["first@sender.example"],
      subject: "Lunch",
      to: ["someone@there.example"],
      sentAt: Date.UTC(2026, 2, 2, 10),
    });
  });
});

function report(
  fields: string,
  returned = "Message-ID: <first@sender.example>\r\nSubject: Lunch\r\n",
  text = "Could not be delivered.",
): Buffer {
  return Buffer.from(
    `From: mailer-daemon@mx.sender.example\r\nTo: me@sender.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <report@mx.sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n${fields.replaceAll("\n", "\r\n")}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n${returned}\r\n--b--\r\n`,
  );
}

describe("reports by RFC 3464", () => {
  test("each recipient has an action, a reason, the server's words and whose words they are", () => {
    const read = parseBounce(
      report(
        "Reporting-MTA: dns; mx.sender.example\nOriginal-Envelope-Id: envelope-7\n\nOriginal-Recipient: rfc822;ann@there.example\nFinal-Recipient: rfc822; a.n@inside.example\nAction: failed\nStatus: 5.2.2\nRemote-MTA: dns; mx.inside.example\nDiagnostic-Code: smtp; 552 5.2.2 Over\n  quota\n\nFinal-Recipient: rfc822; bob@there.example\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Fri, 6 Mar 2026 10:00:00 +0000\n\nFinal-Recipient: rfc822; cai@there.example\nAction: relayed\nStatus: 2.0.0\n",
      ),
    );
    expect(read).toMatchObject({
      reportingHost: "mx.sender.example",
      original: { messageIds: ["first@sender.example"], envelopeId: "envelope-7", subject: "Lunch" },
      recipients: [
        {
          address: "ann@there.example",
          finalAddress: "a.n@inside.example",
          action: "failed",
          reason: "mailbox-full",
          status: "5.2.2",
          words: "552 5.2.2 Over quota",
          host: "mx.inside.example",
        },
        { address: "bob@there.example", action: "delayed", reason: "unreachable", retryUntil: Date.UTC(2026, 2, 6, 10) },
        { address: "cai@there.example", action: "relayed", reason: null },
      ],
    });
  });

  test("groups without empty lines between them, and empty lines inside a group, are still one recipient each", () => {
    const fields = readReportFields(
      "Reporting-MTA: dns; mx\nFinal-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; b@x.example\nAction: delayed\n\n\nStatus: 4.2.0\n",
      false,
    );
    expect(fields.recipients.map(({ finalRecipient, action, status }) => [finalRecipient, action, status])).toEqual([
      ["a@x.example", "failed", "5.1.1"],
      ["b@x.example", "delayed", ""],
    ]);
  });

  test("a diagnostic whose further lines are not folded is whole", () => {
    const { recipients } = readReportFields(
      "Diagnostic-Code: smtp; 550-Please sign in.\n550 You may not relay.\nStatus: 5.0.0\nAction: failed\nFinal-Recipient: rfc822; a@x.example\n",
      false,
    );
    expect(recipients).toMatchObject([
      { finalRecipient: "a@x.example", diagnostic: "550-Please sign in. 550 You may not relay.", status: "5.0.0" },
    ]);
  });

  test("an address of other than ASCII letters is read as it is written (RFC 6533)", () => {
    const { recipients } = readReportFields("Final-Recipient: utf-8; \\x{7528}\\x{6237}@\\x{4F8B}.example\nAction: failed\n", false);
    expect(recipients[0]?.finalRecipient).toBe("用户@例.example");
  });

  test("where the fields keep the server's words to themselves, the letter's are taken", () => {
    const read = parseBounce(
      report(
        "Final-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.0.0\n",
        "",
        "<ann@there.example>: 550 Mailbox is frozen.\r\n",
      ),
    );
    expect(read?.recipients[0]).toMatchObject({ words: "550 Mailbox is frozen.", reason: "mailbox-closed" });
  });

  test("the id that a host replaced is among those that the original may have", () => {
    const read = parseBounce(
      report(
        "Final-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1\n",
        "Message-ID: <rewritten@host.example>\r\nX-Microsoft-Original-Message-ID: <first@sender.example>\r\n",
      ),
    );
    expect(read?.original.messageIds).toEqual(["first@sender.example", "rewritten@host.example"]);
  });
});

describe("the reason", () => {
  test.each([
    ["550 5.1.1 <a@x.example>: Recipient address rejected: Greylisted, try again", "5.1.1", "server-trouble"],
    ["550 5.1.8 Sender address rejected: Domain not found", "5.1.8", "sender-refused"],
    ["450 4.1.2 <a@no.example>: Recipient address rejected: Domain not found", "4.1.2", "domain-unknown"],
    ["552 5.3.4 Message size exceeds fixed maximum message size", "5.3.4", "too-large"],
    ["552 5.2.2 The recipient's mailbox has exceeded its quota", "5.2.2", "mailbox-full"],
    ["550-5.7.26 Unauthenticated email from x.example is not accepted due to domain's DMARC policy", "5.7.26", "sender-unproven"],
    ["550 5.4.5 Daily user sending limit exceeded", "5.4.5", "too-many"],
    ["554 5.4.14 Hop count exceeded - possible mail loop", "5.4.14", "loop"],
    ["550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", "5.7.133", "filtered"],
    ["530 5.7.0 Must issue a STARTTLS command first", "5.7.0", "encryption"],
    ["556 5.1.10 Domain does not accept mail (nullMX)", "5.1.10", "no-mail"],
    ["554 5.6.0 Message contains bare LF", "5.6.0", "format"],
    ["550 邮箱空间不足", "", "mailbox-full"],
    ["550 用户不存在", "", "address-unknown"],
    ["554 发信频率过高", "", "too-many"],
    ["550 mail to spam@x.example: user unknown", "5.1.1", "address-unknown"],
    ["550", "", "unknown"],
  ] as const)("of %s (%s) is %s", (words, status, reason) => {
    expect(failureReason({ status, words, around: [] })).toBe(reason);
  });
});

test("a letter made to be slow is read quickly", () => {
  const began = performance.now();
  for (const filler of ["deliver to ", "because 4 ", "a@b.", "<<< 55", "\n ", "From: a\n", "user ".repeat(20), "warning delay "]) {
    const text = filler.repeat(Math.ceil(60_000 / filler.length));
    parseBounce(letterBytes({ system: "", from: "mailer-daemon@mx.sender.example", subject: "failure notice", text }));
  }
  // Not a measure of speed: catastrophic backtracking would take minutes.
  expect(performance.now() - began).toBeLessThan(10_000);
});
