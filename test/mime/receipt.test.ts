import { describe, expect, test } from "vitest";
import { composeReceipt } from "../../main/mime/compose-receipt.ts";
import { parseArrived } from "../../main/mime/parse-arrived.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";

const RECEIPT = {
  from: { name: "Lin Wei", address: "lin@harbour.example" },
  to: "mira@atelier.example",
  subject: "合同\r\nBcc: evil@example.test",
  originalId: "contract@atelier.example",
  messageId: "receipt@harbour.example",
  date: Date.UTC(2026, 2, 2, 10),
  lang: "zh",
};

describe("a receipt", () => {
  test("that we write is one that we read, and holds nothing of the message but its subject", async () => {
    const bytes = await composeReceipt(RECEIPT);
    const { summary } = parseArrived(bytes);
    expect(summary.report).toMatchObject({
      kind: "receipt",
      recipients: [{ address: "lin@harbour.example", action: "read" }],
      original: { messageIds: ["contract@atelier.example"] },
    });
    expect(summary).toMatchObject({
      subject: "已读：合同 Bcc: evil@example.test",
      bcc: [],
      inReplyTo: "contract@atelier.example",
      receiptTo: "",
    });
    expect(parseForReading(bytes).text).toContain("已向 lin@harbour.example 显示");
    expect(bytes.toString()).toMatch(/^Auto-Submitted: auto-replied\r$/mu);
  });

  test("of a message without an id names none", async () => {
    const text = (await composeReceipt({ ...RECEIPT, originalId: null, lang: "en", subject: "The contract" })).toString();
    expect(text).not.toMatch(/Original-Message-ID|In-Reply-To|References/u);
    expect(text).toContain("Subject: Read: The contract");
  });

  const asking = (more: string) =>
    Buffer.from(`From: Mira <mira@atelier.example>\r\nTo: lin@harbour.example\r\nSubject: x\r\n${more}\r\n\r\nText\r\n`);

  test("is wanted by whom the header names, but not when a list passed the message on", () => {
    const wish = "Disposition-Notification-To: Mira <mira@atelier.example>";
    expect(parseArrived(asking(wish)).summary.receiptTo).toBe("mira@atelier.example");
    expect(parseArrived(asking(`${wish}\r\nList-Id: <potters.example>`)).summary.receiptTo).toBe("");
    expect(parseArrived(asking("X-Nothing: 1")).summary.receiptTo).toBe("");
  });

  test.each([
    ["automatic-action/MDN-sent-automatically; displayed", "read"],
    ["manual-action/MDN-sent-manually;deleted", "deleted"],
    ["automatic-action/MDN-sent-automatically; processed/error", "processed"],
    ["manual-action/MDN-sent-manually; denied", null],
  ])("of %s says %s", (disposition, action) => {
    const bytes = Buffer.from(
      `From: a@x.example\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nText\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; a@x.example\r\nOriginal-Message-ID: <m@x.example>\r\nDisposition: ${disposition}\r\n\r\n--b--\r\n`,
    );
    expect(parseArrived(bytes).summary.report?.recipients[0]?.action ?? null).toBe(action);
  });
});
