import MimeNode from "nodemailer/lib/mime-node";
import type { Address } from "../../shared/address.ts";
import { cleanLine } from "./clean.ts";

export type ReceiptInput = {
  readonly from: Address;
  /** Who asked for it. */
  readonly to: string;
  /** Of the message that was read. */
  readonly subject: string;
  /** Message-IDs are without angle brackets; null when the message has none. */
  readonly originalId: string | null;
  readonly messageId: string;
  /** ms UTC. */
  readonly date: number;
  /** Of the message that was read: its sender reads the same language. */
  readonly lang: string;
};

const WORDS = {
  en: {
    subject: (subject: string) => `Read: ${subject}`,
    text: (subject: string, reader: string) =>
      `Your message “${subject}” was shown to ${reader}.\n\nThis does not say that it was read to its end or understood.\n`,
  },
  zh: {
    subject: (subject: string) => `已读：${subject}`,
    text: (subject: string, reader: string) => `您的邮件「${subject}」已向 ${reader} 显示。\n\n这不代表对方已读完或理解其内容。\n`,
  },
};

/**
 * A receipt for a message that the user has read and agreed to tell of (RFC 8098 §3): words for people, a part for programs, and nothing
 * of the message itself.
 */
export async function composeReceipt({ from, to, subject, originalId, messageId, date, lang }: ReceiptInput): Promise<Buffer> {
  const words = lang.startsWith("zh") ? WORDS.zh : WORDS.en;
  const named = cleanLine(subject);
  const root = new MimeNode("multipart/report; report-type=disposition-notification");
  root.setHeader({
    From: { name: cleanLine(from.name), address: cleanLine(from.address) },
    To: cleanLine(to),
    Subject: words.subject(named),
    Date: new Date(date).toUTCString().replace("GMT", "+0000"),
    "Message-ID": `<${messageId}>`,
    "MIME-Version": "1.0",
    // RFC 3834 §5: no program shall answer it.
    "Auto-Submitted": "auto-replied",
    "User-Agent": "Satchel",
    ...(originalId === null ? {} : { "In-Reply-To": `<${originalId}>`, References: `<${originalId}>` }),
  });
  root
    .createChild("text/plain; charset=utf-8")
    .setHeader("Content-Transfer-Encoding", "base64")
    .setContent(words.text(named, from.address));
  const fields = [
    "Reporting-UA: Satchel",
    `Final-Recipient: rfc822;${cleanLine(from.address)}`,
    ...(originalId === null ? [] : [`Original-Message-ID: <${originalId}>`]),
    "Disposition: manual-action/MDN-sent-manually; displayed",
    "",
  ];
  root.createChild("message/disposition-notification").setHeader("Content-Transfer-Encoding", "7bit").setContent(fields.join("\r\n"));
  return await root.build();
}
