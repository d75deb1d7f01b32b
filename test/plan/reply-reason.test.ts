import { describe, expect, test } from "vitest";
import { isFinal, reasonInWords, reasonOf } from "../../main/plan/reply-reason.ts";
import { parseReply } from "../../main/smtp/reply.ts";

function read(line: string, command: string): { reason: string; final: boolean } {
  const reply = parseReply(line);
  if (reply === null) throw new Error(line);
  return { reason: reasonOf(reply, command), final: isFinal(reply, command) };
}

describe("what a reply says of a recipient", () => {
  test.each([
    ["550 5.1.1 The email account that you tried to reach does not exist.", "no-such-address", true],
    ["550 No such user here", "no-such-address", true],
    ["550 5.1.1 <x@example.test>: Recipient address rejected: User unknown in local recipient table", "no-such-address", true],
    ["550 Mailbox not found", "no-such-address", true],
    ["550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", "no-such-domain", true],
    ["553 5.1.3 malformed address", "no-such-address", true],
    ["550 5.2.1 The email account that you tried to reach is disabled.", "no-such-address", true],
    ["450 4.2.1 The user you are trying to contact is receiving mail too quickly.", "recipient-busy", false],
    ["450 4.2.1 mailbox busy", "recipient-busy", false],
    ["452 4.2.2 The email account that you tried to reach is over quota.", "mailbox-full", false],
    ["552 5.2.2 mailbox full", "mailbox-full", true],
    ["550 User mailbox exceeds allowed storage: quota exceeded", "mailbox-full", true],
    ["452 4.5.3 Your message has too many recipients.", "too-many-recipients", false],
    ["452 too many recipients", "too-many-recipients", false],
    ["552 Too many recipients", "too-many-recipients", false],
    ["451 4.7.1 Greylisting in action, please come back later", "greylisted", false],
    ["550 5.7.1 relaying denied", "policy", true],
    ["451 4.3.0 try again", "busy", false],
    ["554 5.0.0 no", "other", true],
  ])("%s: %s", (line, reason, final) => {
    expect(read(line, "RCPT TO")).toEqual({ reason, final });
    expect(reasonInWords(parseReply(line)?.words ?? "")).toBe(reason);
  });
});

describe("limits of the sender pass, whatever digit they begin with", () => {
  test.each([
    ["550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to the help page", "day-limit"],
    ["554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message", "day-limit"],
    ["550 sending quota exceeded", "day-limit"],
    ["550 5.7.1 Account bandwidth limit exceeded", "day-limit"],
    ["550 今日发送流量超过限制", "day-limit"],
    ["554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message", "locked-out"],
    ["550 5.1.8 Access denied, bad outbound sender", "locked-out"],
    ["454 4.7.0 Too many login attempts, please try again later", "locked-out"],
    ["451 Requested mail action not taken: too much fail authentication", "locked-out"],
    ["550 Mailbox frequency limited", "rate"],
    ["550 Domain frequency limited", "rate"],
    ["451 MI:SFQ 1 smtp1, try later", "rate"],
    ["421 4.7.28 unusual rate of mail from your account", "rate"],
    ["432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "too-many-connections"],
    ["421 HL:ICC 10.0.0.1", "too-many-connections"],
    ["421 Max message per connection reached, closing transmission channel", "connection-full"],
    ["450 MI:DMC smtp2", "connection-full"],
  ])("%s: %s", (line, reason) => {
    expect(read(line, "DATA")).toEqual({ reason, final: false });
  });
});

test.each([
  ["552 5.3.4 message size exceeds fixed limit", "MAIL FROM", "too-large", true],
  ["552 too big", "DATA", "too-large", true],
  ["552 发送的附件大小超过限制", "DATA", "too-large", true],
  ["550 5.7.1 This message violates our policy", "DATA", "policy", true],
  ["535 5.7.8 no", "AUTH", "sign-in", true],
  ["503 5.5.1 bad sequence", "DATA", "other", false],
  ["421 4.3.2 closing", "DATA", "busy", false],
])("%s to %s: %s", (line, command, reason, final) => {
  expect(read(line, command)).toEqual({ reason, final });
});

test("words that are no refusal have no reason", () => {
  expect(reasonInWords("250 2.1.5 ok")).toBeNull();
  expect(reasonInWords("")).toBeNull();
  // RFC 2034 §4: a class that does not agree with the reply is not believed.
  expect(reasonInWords("450 5.1.1 odd")).not.toBe("no-such-address");
});
