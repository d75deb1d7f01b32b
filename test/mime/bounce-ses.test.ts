import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBounce } from "../../main/mime/bounce.ts";
import { letterBytes } from "./support/bounce-letters.ts";

const MAIL = {
  timestamp: "2026-03-02T10:00:00.000Z",
  source: "me@sender.example",
  sourceArn: "arn:aws:ses:eu-west-1:123456789012:identity/sender.example",
  messageId: "0102019aa7b3c4d5-6f1e2d3c-0000-4444-8888-abcdefabcdef-000000",
  destination: ["Ann <ann@there.example>", "bob@there.example"],
  headers: [{ name: "Message-ID", value: "<first@sender.example>" }],
  commonHeaders: { from: ["me@sender.example"], messageId: "<first@sender.example>", subject: "Lunch\r\nBcc: x@y.example" },
};
const FOOTER =
  "\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\nhttps://sns.eu-west-1.amazonaws.com/unsubscribe.html?SubscriptionArn=arn:aws:sns:eu-west-1:123456789012:bounces\n";

const letter = (text: string) =>
  letterBytes({ system: "Amazon SES", from: "AWS Notifications <no-reply@sns.amazonaws.com>", subject: "AWS Notification Message", text });
const direct = (told: object) => parseBounce(letter(`${JSON.stringify(told)}${FOOTER}`));
const wrapped = (told: object) =>
  parseBounce(letter(`${JSON.stringify({ Type: "Notification", MessageId: "1", Message: JSON.stringify(told) }, null, 2)}${FOOTER}`));

const bounce = (more: object, bounceType = "Permanent", bounceSubType = "General") => ({
  notificationType: "Bounce",
  mail: MAIL,
  bounce: {
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: "ann@there.example", ...more }],
    timestamp: "2026-03-02T10:00:05.000Z",
    reportingMTA: "dsn; a8-70.smtp-out.amazonses.com",
  },
});
const unknownUser = { action: "failed", status: "5.1.1", diagnosticCode: "smtp; 550 5.1.1 user unknown" };

describe("a notification of Amazon SES in a mail", () => {
  test.each([
    ["as it is", direct],
    ["in the envelope of its notification service", wrapped],
  ])("is a report of delivery, %s", (_, read) => {
    expect(read(bounce(unknownUser))).toEqual({
      kind: "delivery",
      recipients: [
        {
          address: "ann@there.example",
          finalAddress: "",
          action: "failed",
          reason: "address-unknown",
          status: "5.1.1",
          words: "550 5.1.1 user unknown",
          host: "",
          retryUntil: null,
        },
      ],
      original: {
        messageIds: ["first@sender.example", `${MAIL.messageId}@eu-west-1.amazonses.com`],
        envelopeId: "",
        subject: "Lunch Bcc: x@y.example",
        to: ["ann@there.example", "bob@there.example"],
        sentAt: Date.UTC(2026, 2, 2, 10),
      },
      reportingHost: "a8-70.smtp-out.amazonses.com",
      distrusted: false,
    });
  });

  test.each([
    ["OnAccountSuppressionList", { diagnosticCode: "Amazon SES did not send the message to this address" }, "suppressed"],
    ["Suppressed", unknownUser, "suppressed"],
    ["NoEmail", {}, "address-unknown"],
    ["MessageTooLarge", {}, "too-large"],
    ["General", { status: "5.2.2" }, "mailbox-full"],
    ["ContentRejected", { diagnosticCode: "smtp; 554 5.7.1 rejected as spam" }, "spam"],
  ])("a bounce of the sub-type %s has its reason", (subType, said, reason) => {
    expect(direct(bounce(said, "Permanent", subType))?.recipients[0]).toMatchObject({ action: "failed", reason });
  });

  test("delivered, delayed until when, and rejected", () => {
    const delivery = {
      notificationType: "Delivery",
      mail: MAIL,
      delivery: { recipients: ["ann@there.example"], smtpResponse: "250 2.6.0 taken" },
    };
    expect(direct(delivery)?.recipients).toMatchObject([
      { address: "ann@there.example", action: "delivered", reason: null, words: "250 2.6.0 taken" },
    ]);
    const delay = {
      eventType: "DeliveryDelay",
      mail: MAIL,
      deliveryDelay: {
        delayType: "MailboxFull",
        expirationTime: "2026-03-03T10:00:00.000Z",
        delayedRecipients: [{ emailAddress: "bob@there.example", status: "4.0.0", diagnosticCode: "" }],
      },
    };
    expect(direct(delay)?.recipients).toMatchObject([
      { address: "bob@there.example", action: "delayed", reason: "mailbox-full", retryUntil: Date.UTC(2026, 2, 3, 10) },
    ]);
    const reject = { eventType: "Reject", mail: MAIL, reject: { reason: "Bad content" } };
    expect(direct(reject)?.recipients).toMatchObject([
      { address: "ann@there.example", action: "failed", reason: "virus" },
      { address: "bob@there.example", action: "failed", reason: "virus" },
    ]);
  });

  test.each<[string, object]>([
    [
      "a complaint",
      { notificationType: "Complaint", mail: MAIL, complaint: { complainedRecipients: [{ emailAddress: "ann@there.example" }] } },
    ],
    ["an answer of somebody who is away", bounce({}, "Transient")],
    ["that it was opened", { eventType: "Open", mail: MAIL, open: { ipAddress: "192.0.2.1" } }],
    ["a bounce of nobody", { notificationType: "Bounce", mail: MAIL, bounce: { bounceType: "Permanent", bouncedRecipients: [] } }],
  ])("%s is none", (_, told) => {
    expect(direct(told)).toBeNull();
  });

  test("whatever stands where something else should, nothing throws, and nobody is named who is no address", () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom("ann@there.example", "Bounce", { emailAddress: "ann@there.example" }));
    const told = fc.record(
      {
        notificationType: fc.constantFrom("Bounce", "Delivery", "Reject"),
        eventType: fc.constantFrom("DeliveryDelay", 7),
        bounce: fc.oneof(value, fc.record({ bouncedRecipients: fc.array(value), bounceType: value, bounceSubType: value })),
        delivery: fc.oneof(value, fc.record({ recipients: fc.array(value), smtpResponse: value })),
        deliveryDelay: fc.oneof(value, fc.record({ delayedRecipients: fc.array(value), expirationTime: value })),
        mail: fc.oneof(
          value,
          fc.record({ destination: fc.array(value), headers: fc.array(value), commonHeaders: value, timestamp: value }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(told, fc.nat(80), (one, cut) => {
        const text = JSON.stringify(one);
        for (const read of [direct(one), wrapped(one), parseBounce(letter(text.slice(0, Math.max(1, text.length - cut))))])
          for (const { address } of read?.recipients ?? []) expect(address).toContain("@");
      }),
      { numRuns: 300 },
    );
  });
});
