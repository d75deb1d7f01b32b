import { type EnvelopeAddress, parseAddresses } from "./addresses.ts";
import { nstring } from "./formats.ts";
import { fieldValue, type HeaderField } from "./header-fields.ts";

/** ENVELOPE of a header (RFC 3501 §7.4.2). */
export function envelope(fields: readonly HeaderField[]): string {
  const text = (name: string): string => nstring(fieldValue(fields, name));
  const list = (name: string): EnvelopeAddress[] => {
    const all = fields.filter((field) => field.name.toLowerCase() === name).map((field) => field.value);
    return parseAddresses(all.join(", "));
  };
  const from = list("from");
  // Empty or absent, both count as what From says.
  const orFrom = (name: string): string => {
    const own = list(name);
    return addressList(own.length > 0 ? own : from);
  };
  const parts = [
    text("date"),
    text("subject"),
    addressList(from),
    orFrom("sender"),
    orFrom("reply-to"),
    addressList(list("to")),
    addressList(list("cc")),
    addressList(list("bcc")),
    text("in-reply-to"),
    text("message-id"),
  ];
  return `(${parts.join(" ")})`;
}

function addressList(addresses: readonly EnvelopeAddress[]): string {
  if (addresses.length === 0) return "NIL";
  const one = ({ name, route, mailbox, host }: EnvelopeAddress): string => `(${[name, route, mailbox, host].map(nstring).join(" ")})`;
  return `(${addresses.map(one).join("")})`;
}
