/** What an address in a message asks for. */
export type AddressKind =
  | { readonly kind: "remote"; readonly url: string; readonly host: string }
  | { readonly kind: "cid"; readonly cid: string }
  | { readonly kind: "data"; readonly url: string }
  | { readonly kind: "link"; readonly url: string }
  | { readonly kind: "anchor"; readonly url: string }
  | { readonly kind: "none" };

const NONE: AddressKind = { kind: "none" };

/** Pictures only, and none that is a document of its own. */
const DATA_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif|x-icon|vnd\.microsoft\.icon)[;,]/iu;

/** Reads an address the way a browser would: blanks and line breaks inside do not hide a host. */
export function readAddress(raw: string): AddressKind {
  // URL Standard §4.4: leading and trailing C0 and blanks are stripped, tabs and line breaks removed anywhere.
  const text = raw.replace(/^[\p{Cc} ]+|[\p{Cc} ]+$/gu, "").replace(/[\t\n\r]/gu, "");
  if (text === "") return NONE;
  if (text.startsWith("#")) return { kind: "anchor", url: text };
  if (/^cid:/iu.test(text)) return { kind: "cid", cid: decodeCid(text.slice(4)) };
  if (DATA_IMAGE.test(text)) return { kind: "data", url: text };
  if (/^(?:mailto|tel|sms|xmpp|callto):/iu.test(text)) return { kind: "link", url: text };
  const absolute = /^[\\/]{2}/u.test(text) ? `https:${text}` : text;
  if (!/^(?:https?|ftps?):/iu.test(absolute)) return NONE;
  const url = URL.parse(absolute);
  if (url === null || url.hostname === "") return NONE;
  return url.protocol.startsWith("http") ? { kind: "remote", url: url.href, host: url.host } : { kind: "link", url: url.href };
}

function decodeCid(text: string): string {
  try {
    return decodeURIComponent(text).replace(/^<|>$/gu, "");
  } catch {
    // A malformed %XX: RFC 2392 wants it encoded, some write the Content-ID as it is.
    return text;
  }
}
