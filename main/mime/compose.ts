import type { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Address } from "../../shared/address.ts";
import { buildAtOnce } from "./build-at-once.ts";
import { cleanFileName, cleanLine } from "./clean.ts";
import { composeHtml, composeText } from "./compose-text.ts";

export type ComposeAttachment = {
  readonly name: string;
  /** `type/subtype`; what is none becomes application/octet-stream. */
  readonly type: string;
  /** Without angle brackets; shown inside the HTML when set. */
  readonly contentId: string | null;
  /** A stream is read once, when the message comes to it. */
  readonly content: Uint8Array | Readable;
};

export type ComposeInput = {
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** Written into the header only when given: for a copy of our own, never for what is transmitted. */
  readonly bcc?: readonly Address[];
  readonly replyTo?: readonly Address[];
  readonly subject: string;
  /** What the user wrote. */
  readonly html: string;
  /** From `quoteFor`, put below it verbatim; null when nothing is quoted. */
  readonly quoteHtml: string | null;
  /** Message-IDs are without angle brackets. */
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  /** ms UTC. */
  readonly date: number;
  /** Whoever reads it is asked to tell the sender (RFC 8098 §2.1). */
  readonly askReceipt?: boolean;
  /** Value of List-Unsubscribe (RFC 2369), ASCII. */
  readonly listUnsubscribe?: string | null;
  readonly attachments: readonly ComposeAttachment[];
};

/** RFC 5322 §2.1.1 allows 998; a References of a long conversation is cut in the middle, first and last kept. */
const MOST_REFERENCES = 20;

/**
 * Builds the message that will be sent, byte for byte: HTML with an automatic text version, pictures of the text in
 * multipart/related, files in multipart/mixed, file names as RFC 2231 and RFC 2047 both, CRLF throughout.
 *
 * @throws what reading an attachment's stream throws
 */
export async function composeMessage(input: ComposeInput): Promise<Buffer> {
  const root = compile(input);
  return (input.attachments.length === 0 ? buildAtOnce(root) : null) ?? (await root.build());
}

/** As `composeMessage`, piece by piece: no more of it is in memory than is on its way through. Fails as an attachment's stream does. */
export function composeStream(input: ComposeInput): Readable {
  return compile(input).createReadStream();
}

function compile(input: ComposeInput) {
  const html = composeHtml(input.html, input.quoteHtml);
  const text = composeText(input.html, input.quoteHtml);
  const composer = new MailComposer({
    from: person(input.from),
    to: input.to.map(person),
    cc: input.cc.map(person),
    bcc: (input.bcc ?? []).map(person),
    replyTo: (input.replyTo ?? []).map(person),
    subject: cleanLine(input.subject),
    messageId: `<${input.messageId}>`,
    ...(input.inReplyTo === null ? {} : { inReplyTo: `<${input.inReplyTo}>` }),
    references: shortReferences(input.references).map((id) => `<${id}>`),
    date: new Date(input.date),
    headers: {
      "User-Agent": "Satchel",
      // The address alone: a name could hold what this header's encoding does not allow.
      ...(input.askReceipt === true ? { "Disposition-Notification-To": `<${cleanLine(input.from.address)}>` } : {}),
      ...(typeof input.listUnsubscribe === "string" ? { "List-Unsubscribe": cleanLine(input.listUnsubscribe) } : {}),
    },
    text,
    html,
    textEncoding: mostlyAscii(input.subject + text) ? "quoted-printable" : "base64",
    attachments: input.attachments.map(attachment),
    newline: "\r\n",
    disableUrlAccess: true,
    disableFileAccess: true,
  });
  const root = composer.compile();
  root.keepBcc = input.bcc !== undefined;
  return root;
}

function person({ name, address }: Address): { name: string; address: string } {
  return { name: cleanLine(name), address: cleanLine(address) };
}

function shortReferences(references: readonly string[]): readonly string[] {
  if (references.length <= MOST_REFERENCES) return references;
  return [...references.slice(0, 1), ...references.slice(1 - MOST_REFERENCES)];
}

function mostlyAscii(text: string): boolean {
  let other = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) other++;
  return other * 4 < text.length;
}

function attachment(file: ComposeAttachment) {
  const type = /^[\w.+-]+\/[\w.+-]+$/u.test(file.type) ? file.type.toLowerCase() : "application/octet-stream";
  return {
    filename: cleanFileName(file.name) || "attachment",
    contentType: type,
    content:
      file.content instanceof Uint8Array
        ? Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength)
        : file.content,
    contentDisposition: file.contentId === null ? ("attachment" as const) : ("inline" as const),
    ...(file.contentId === null ? {} : { cid: file.contentId }),
    // A message that is attached must not be encoded (RFC 2046 §5.2.1); everything else comes back byte for byte from base64.
    ...(type.startsWith("message/") ? { contentTransferEncoding: "8bit" as const } : { contentTransferEncoding: "base64" as const }),
  };
}
