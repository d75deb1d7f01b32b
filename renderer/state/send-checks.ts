import { domainOf } from "../../shared/address.ts";
import type { DraftContent } from "../../shared/contract/compose.ts";
import { domainNear, doubtAbout } from "./recipients.ts";

/** What stands between Send and sending. `stops`: cannot go like this; the others are asked once. */
export type SendCheck =
  | { readonly kind: "no-recipients"; readonly stops: true }
  | { readonly kind: "bad-address"; readonly stops: true; readonly address: string }
  | { readonly kind: "uploading"; readonly stops: true }
  | { readonly kind: "no-mail"; readonly stops: false; readonly domain: string; readonly suggestion: string | null }
  | { readonly kind: "no-attachment"; readonly stops: false; readonly word: string }
  | { readonly kind: "no-subject"; readonly stops: false };

type Facts = {
  readonly content: DraftContent;
  readonly attachments: number;
  readonly uploading: boolean;
  readonly withoutMail?: ReadonlySet<string>;
};

export function checkBeforeSend({ content, attachments, uploading, withoutMail }: Facts): SendCheck[] {
  const everyone = [...content.to, ...content.cc, ...content.bcc];
  if (everyone.length === 0) return [{ kind: "no-recipients", stops: true }];
  const bad = everyone.find(({ address }) => doubtAbout(address)?.kind === "no-address");
  if (bad) return [{ kind: "bad-address", stops: true, address: bad.address }];
  if (uploading) return [{ kind: "uploading", stops: true }];
  const word = attachments === 0 ? attachmentWord(`${content.subject}\n${plainText(content.html)}`) : null;
  const asked: SendCheck[] = [];
  const dead = everyone.map(({ address }) => domainOf(address)).find((domain) => withoutMail?.has(domain) === true);
  if (dead !== undefined) asked.push({ kind: "no-mail", stops: false, domain: dead, suggestion: domainNear(dead, 2) });
  if (word !== null) asked.push({ kind: "no-attachment", stops: false, word });
  if (content.subject.trim() === "") asked.push({ kind: "no-subject", stops: false });
  return asked;
}

/** The word that promises an attachment, as the user wrote it, or null. */
export function attachmentWord(text: string): string | null {
  const chinese = /附件|附上|随信附/u.exec(text);
  if (chinese && !/(?:没有|无|不带)\s*附件/u.test(text)) return chinese[0];
  const english = /\b(?:attached|attachments?|attaching|i attach|enclosed)\b/iu.exec(text);
  if (english && !/\b(?:no|without|not|open(?:ed|ing)? (?:the|an|your))\s+(?:any\s+)?attachments?\b/iu.test(text)) return english[0];
  return null;
}

/** The words of the editor's HTML. Only for looking through them: nothing made from it is ever shown as HTML. */
export function plainText(html: string): string {
  return html
    .replace(/<blockquote[\s\S]*?<\/blockquote>/giu, " ")
    .replace(/<(?:br|\/p|\/li|\/div|\/h\d)[^>]*>/giu, "\n")
    .replace(/<[^>]*>/gu, "")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
