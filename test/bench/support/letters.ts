import type { MessageEnvelope } from "../../../main/store/message-columns.ts";
import { HAN, LATIN_WORDS, randomFrom, zipf } from "./words.ts";

/** A message to be opened, and its HTML as its sender made it; `mark` is its last line. */
export type Letter = { readonly mark: string; readonly html: string; readonly raw: Buffer };

const LARGEST = 95_000;

/** Number `number`, always the same: from a few lines to nearly 100 KB, a third plain text, a third plain HTML, a third a newsletter. */
export function letterOf(number: number, envelope?: MessageEnvelope): Letter {
  const random = randomFrom(7_000_000 + number);
  const size = Math.min(LARGEST, 1500 * Math.exp(random() * 4.2));
  const mark = `The end of letter ${number}.`;
  const kind = number % 3;
  const lines = sentences(random, kind === 1 && number % 2 === 0, kind === 2 ? size / 3 : size);
  const text = [...lines, mark].join("\r\n\r\n");
  const html = kind === 0 ? `<pre>${text}</pre>` : kind === 1 ? simple(lines, mark) : newsletter(lines, mark, random);
  const body = kind === 0 ? text : html;
  const header = [
    `From: ${envelope?.from[0]?.name ?? "A"} <${envelope?.from[0]?.address ?? "a@example.test"}>`,
    "To: user1@example.test",
    `Message-ID: <${envelope?.messageIdHeader ?? "x"}>`,
    `Subject: ${envelope?.subject ?? ""}`,
    `Content-Type: text/${kind === 0 ? "plain" : "html"}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
  ];
  const encoded = Buffer.from(body).toString("base64").replace(/.{76}/gu, "$&\r\n");
  return { mark, html: `<!doctype html><meta charset="utf-8">${html}`, raw: Buffer.from(`${header.join("\r\n")}\r\n\r\n${encoded}\r\n`) };
}

function sentences(random: () => number, chinese: boolean, bytes: number): string[] {
  const lines: string[] = [];
  for (let size = 0; size < bytes; ) {
    const count = 12 + Math.floor(random() * 60);
    let line = "";
    for (let at = 0; at < count; at += 1)
      line += chinese ? (HAN[zipf(random, HAN.length)] ?? "") : `${LATIN_WORDS[zipf(random, LATIN_WORDS.length)] ?? ""} `;
    lines.push(line);
    size += Buffer.byteLength(line);
  }
  return lines;
}

function simple(lines: readonly string[], mark: string): string {
  return `<div>${lines.map((line) => `<p>${line}</p>`).join("")}<p>${mark}</p></div>`;
}

/** Tables in tables with their style on every cell, and pictures from elsewhere, as newsletters are. */
function newsletter(lines: readonly string[], mark: string, random: () => number): string {
  const font = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:21px;color:#333333";
  const cell = (line: string, at: number): string =>
    `<tr><td style="padding:12px 24px;${font}" bgcolor="#ffffff"><table width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td width="120"><img src="https://pictures.example/${at}.png" width="120" height="80" alt="" style="display:block;border:0"></td><td style="padding-left:16px;${font}"><a href="https://shop.example/${Math.floor(random() * 1e6)}" style="color:#0a58ca;text-decoration:none">${line}</a></td></tr></table></td></tr>`;
  return `<html><head><style>.wrap{width:100%;background:#f4f4f4}@media (max-width:600px){.inner{width:100%!important}}</style></head><body style="margin:0"><table class="wrap" width="100%"><tr><td align="center"><table class="inner" width="600">${lines.map(cell).join("")}<tr><td style="${font}">${mark}</td></tr></table></td></tr></table></body></html>`;
}
