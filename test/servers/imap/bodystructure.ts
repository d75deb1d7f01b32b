import { envelope } from "./envelope.ts";
import { nstring, string } from "./formats.ts";
import { fieldValue, parseStructured } from "./header-fields.ts";
import type { Part } from "./mime-tree.ts";

/** BODYSTRUCTURE, or BODY without the extension data (RFC 3501 §7.4.2). */
export function bodyStructure(raw: Buffer, part: Part, extended: boolean): string {
  return part.type === "multipart" && part.children.length > 0 ? multipart(raw, part, extended) : single(raw, part, extended);
}

function multipart(raw: Buffer, part: Part, extended: boolean): string {
  const children = part.children.map((child) => bodyStructure(raw, child, extended)).join("");
  const extension = extended ? ` ${parameters(part.parameters)} ${tail(part)}` : "";
  return `(${children} ${string(part.subtype)}${extension})`;
}

function single(raw: Buffer, part: Part, extended: boolean): string {
  const field = (name: string): string => nstring(fieldValue(part.fields, name));
  const encoding = fieldValue(part.fields, "content-transfer-encoding");
  // A multipart too deep to be looked into goes out as text.
  const broken = part.type === "multipart";
  const text = part.type === "text" || broken;
  const own = broken ? [] : part.parameters;
  // RFC 2045 §5.2: text that names no charset is us-ascii.
  const written = text && !own.some(([name]) => name === "charset") ? [...own, ["charset", "us-ascii"] as const] : own;
  const items = [
    string(broken ? "text" : part.type),
    string(broken ? "plain" : part.subtype),
    parameters(written),
    field("content-id"),
    field("content-description"),
    string(encoding === null ? "7bit" : parseStructured(encoding).value),
    String(part.body[1] - part.body[0]),
  ];
  if (part.message !== null) items.push(envelope(part.message.fields), bodyStructure(raw, part.message, extended), lines(raw, part));
  else if (text) items.push(lines(raw, part));
  if (extended) items.push(field("content-md5"), tail(part));
  return `(${items.join(" ")})`;
}

/** Disposition, language and location: the same for both kinds. */
function tail(part: Part): string {
  const disposition = fieldValue(part.fields, "content-disposition");
  const parsed = disposition === null ? null : parseStructured(disposition);
  const language = fieldValue(part.fields, "content-language");
  return [
    parsed === null || parsed.value === "" ? "NIL" : `(${string(parsed.value)} ${parameters(parsed.parameters)})`,
    language === null
      ? "NIL"
      : `(${language
          .split(",")
          .map((one) => string(one.trim()))
          .join(" ")})`,
    nstring(fieldValue(part.fields, "content-location")),
  ].join(" ");
}

function parameters(list: readonly (readonly [string, string])[]): string {
  return list.length === 0 ? "NIL" : `(${list.map(([name, value]) => `${string(name)} ${string(value)}`).join(" ")})`;
}

function lines(raw: Buffer, part: Part): string {
  let count = 0;
  for (let at = raw.indexOf(0x0a, part.body[0]); at >= 0 && at < part.body[1]; at = raw.indexOf(0x0a, at + 1)) count += 1;
  return String(count);
}
