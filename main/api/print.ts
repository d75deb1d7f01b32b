import type { Address } from "../../shared/address.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { PRINT_CSP, type PrintedMessage, printPage } from "../mime/print-page.ts";
import { textToHtml } from "../mime/text-html.ts";
import { messageHead } from "../store/views.ts";
import type { AssetAnswer } from "./assets.ts";
import { safeFileName } from "./attachment-files.ts";
import type { Parts } from "./parts.ts";
import { readToPrint, windowLanguage } from "./reading.ts";
import type { Handlers } from "./serve.ts";

type Asked = InputOf<"preview.print">;

export function printHandlers(parts: Parts): Pick<Handlers, "preview.print" | "preview.savePdf"> {
  return {
    "preview.print": (asked) => ({ url: pageUrl(parts, asked) }),
    "preview.savePdf": async (asked) => {
      const { savePdf } = parts.host;
      if (savePdf === null) throw new Failure("not-supported");
      const [first] = asked.placementIds;
      const subject = first === undefined ? "" : messageHead(parts.store, first).subject;
      return { saved: await savePdf(pageUrl(parts, asked), safeFileName(`${subject || asked.words.noSubject}.pdf`)) };
    },
  };
}

/** The page is made when it is read, and again when it is read again. */
function pageUrl(parts: Parts, asked: Asked): string {
  return `${parts.assets.grant(`print:${JSON.stringify(asked)}`, () => printed(parts, asked))}page.html`;
}

async function printed(parts: Parts, { placementIds, words }: Asked): Promise<AssetAnswer> {
  const lang = windowLanguage(parts);
  const times = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "short" });
  const messages: PrintedMessage[] = [];
  // One after the other: each is in memory whole.
  for (const id of placementIds) messages.push(await printedMessage(parts, id, words, times));
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": PRINT_CSP,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-dns-prefetch-control": "off",
    },
    body: Buffer.from(printPage(messages, lang)),
  };
}

async function printedMessage(parts: Parts, id: PlacementId, words: Asked["words"], times: Intl.DateTimeFormat): Promise<PrintedMessage> {
  const head = messageHead(parts.store, id);
  const { from, to, cc, sentAt, receivedAt } = head;
  const subject = head.subject || words.noSubject;
  const heads: [string, string][] = [
    [words.from, people(from)],
    [words.to, people(to)],
    [words.cc, people(cc)],
    [words.sent, times.format(sentAt ?? receivedAt)],
  ];
  const shown = (more: readonly [string, string][] = []) => [...heads, ...more].filter(([, value]) => value !== "");
  try {
    const { html, text, lang, parts: files } = await readToPrint(parts, id);
    const names = files.filter(({ inline }) => !inline).map(({ name }) => name || words.unnamed);
    return { subject, heads: shown([[words.attachments, names.join(" · ")]]), html: html ?? textToHtml(text), lang };
  } catch (error) {
    // The others are printed all the same, and this one says why it is empty.
    if (asFailure(error).code !== "not-here-yet") throw error;
    return { subject, heads: shown(), html: textToHtml(words.notHere), lang: "" };
  }
}

function people(list: readonly Address[]): string {
  return list.map(({ name, address }) => (name === "" || name === address ? address : `${name} <${address}>`)).join(", ");
}
