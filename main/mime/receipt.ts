import type { ArrivedReport, ReportedAction } from "../../shared/delivery.ts";
import { parseAddresses } from "./addresses.ts";
import { isDistrusted, isReceipt } from "./bounce-kind.ts";
import { reportedOriginal } from "./bounce-original.ts";
import { cleanLine } from "./clean.ts";
import { unfold } from "./encoded-words.ts";
import { type Field, findField, scanHeader } from "./header-fields.ts";
import { parseMessageIds } from "./message-ids.ts";
import type { MimePart } from "./mime-tree.ts";
import { decodeTransfer } from "./transfer.ts";

/** RFC 8098 §3.2.6.2, and what RFC 2298 had besides. What was denied or went wrong tells nothing of the message. */
const DISPOSITIONS: ReadonlyMap<string, ReportedAction> = new Map([
  ["displayed", "read"],
  ["deleted", "deleted"],
  ["dispatched", "processed"],
  ["processed", "processed"],
]);

/** What a receipt says (RFC 8098): by whom a message was read. @returns null when the message is none */
export function readReceipt(bytes: Buffer, root: MimePart): ArrivedReport | null {
  if (!isReceipt(root)) return null;
  const parts = [root, ...root.children];
  const part = parts.find(({ type }) => /^message\/(?:global-)?disposition-notification$/u.test(type));
  if (part === undefined) return null;
  const body = decodeTransfer(bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + 65_536)), part.encoding);
  const { fields } = scanHeader(body, 0, body.length);
  const value = (name: string) => fieldText(body, fields, name);
  // "manual-action/MDN-sent-manually; displayed/error"
  const disposition =
    value("disposition")
      .split(";")
      .at(-1)
      ?.trim()
      .toLowerCase()
      .split(/[/,\s]/u)[0] ?? "";
  const action = DISPOSITIONS.get(disposition);
  const final = addressIn(value("final-recipient"));
  const address = addressIn(value("original-recipient")) || final;
  if (action === undefined || address === "") return null;
  return {
    kind: "receipt",
    recipients: [
      {
        address,
        finalAddress: final.toLowerCase() === address.toLowerCase() ? "" : final,
        action,
        reason: null,
        status: "",
        words: "",
        host: "",
        retryUntil: null,
      },
    ],
    original: reportedOriginal(bytes, root, parts, {
      envelopeId: "",
      originalId: parseMessageIds(value("original-message-id")).map((id) => `<${id}>`)[0] ?? "",
    }),
    reportingHost: cleanLine(value("reporting-ua")).slice(0, 255),
    distrusted: isDistrusted(bytes, root),
  };
}

/** Who asked for a receipt; "" when nobody, or when a list passed the message on: its readers are none of the sender's. */
export function receiptAddress(bytes: Buffer, root: MimePart): string {
  if (findField(root.fields, "list-id") !== undefined) return "";
  return parseAddresses(fieldText(bytes, root.fields, "disposition-notification-to"))[0]?.address ?? "";
}

function fieldText(bytes: Buffer, fields: readonly Field[], name: string): string {
  const field = findField(fields, name);
  return field === undefined ? "" : unfold(bytes.subarray(field.start, Math.min(field.end, field.start + 8192)), "");
}

function addressIn(value: string): string {
  const bare = value
    .slice(value.indexOf(";") + 1)
    .trim()
    .replace(/^.*<([^<>]*)>.*$/u, "$1");
  return /^\S+@\S+$/u.test(bare) ? bare : "";
}
