import { domainToASCII } from "node:url";
import { Failure } from "../../shared/failure.ts";
import type { ByteSource } from "../line/byte-source.ts";
import { cannotHold } from "../plan/hold.ts";
import type { AttemptOutcome } from "../plan/outbox-item.ts";
import type { Capabilities } from "./reply.ts";

export type Outgoing = {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: ByteSource;
  /** Asks for reports of what becomes of it, which will bear this id (RFC 3461 ENVID); only where the server offers them. */
  readonly reportId?: string | undefined;
  /** The server is to keep it back until `at`, ms UTC; a server that cannot gets nothing. `now`: what the clock says. */
  readonly hold?: { readonly at: number; readonly now: number } | undefined;
  /** Over encrypted lines only, to the reader's server (RFC 8689); a server that does not promise that gets nothing. */
  readonly requireTls?: boolean;
};

/** What its EHLO said already: nothing of the message has to leave to find that out. */
export function cannotTake(message: Outgoing, capabilities: Capabilities, host: string): AttemptOutcome | null {
  const permanent = (failure: Failure): AttemptOutcome => ({ verdict: "permanent", failure: failure.data(), recipients: [] });
  const { sizeLimit } = capabilities;
  if (sizeLimit !== null && message.source.sizeBytes > sizeLimit)
    return permanent(new Failure("message-too-large", { params: { limitBytes: sizeLimit, sizeBytes: message.source.sizeBytes } }));
  const foreign = [message.from, ...message.to].find((address) => !canCarry(address, capabilities));
  if (foreign !== undefined) return permanent(new Failure("not-supported", { params: { what: "SMTPUTF8", address: foreign } }));
  if (message.requireTls === true && !capabilities.requireTls) return permanent(new Failure("tls-not-promised", { params: { host } }));
  const kept = message.hold === undefined ? null : cannotHold(capabilities.hold, message.hold.at, message.hold.now);
  return kept === null ? null : { verdict: "kept-here", failure: null, recipients: [], kept };
}

/** RFC 6531: letters outside ASCII before the @ need SMTPUTF8; a domain can always be written in its ASCII form. */
function canCarry(address: string, { internationalAddresses }: Capabilities): boolean {
  const local = address.slice(0, address.lastIndexOf("@"));
  return internationalAddresses || /^\p{ASCII}*$/u.test(local);
}

/** An address as MAIL and RCPT name it. */
export function onWire(address: string): string {
  // RFC 5321 §4.5.5: a report goes out without a return path.
  if (address === "") return "";
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`;
}

/** RFC 3461 §4: all three events, and only the header comes back. Null when no reports are asked for, or none are offered. */
export function reportRequest({ reportId }: Outgoing, { deliveryReports }: Capabilities) {
  if (reportId === undefined || !deliveryReports) return null;
  const notify: ("success" | "failure" | "delay")[] = ["success", "failure", "delay"];
  return { ret: "hdrs" as const, envid: reportId, notify };
}
