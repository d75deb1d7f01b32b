import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Failure } from "../../shared/failure.ts";
import { parseForReading, type Reading } from "../mime/parse-for-reading.ts";
import { extractPart } from "../mime/part-bytes.ts";
import { bodyOf, draftOf, quoteFor } from "../mime/quote.ts";
import { DraftFiles } from "./draft-files.ts";
import type { KeptPart, Quoted, QuoteJob } from "./draft-jobs.ts";
import { textToParagraphs } from "./starting-text.ts";

/**
 * The original as it will stand under the answer, kept verbatim in a file: it never passes through the editor, and stays when the
 * original goes.
 *
 * @throws Failure `not-here-yet` when the original's file is missing or damaged
 */
export async function quoteOriginal({ kind, path, hash, without, readAs, vote, profileDir }: QuoteJob): Promise<Quoted> {
  let raw: Buffer;
  try {
    raw = await readFile(path);
  } catch (error) {
    throw new Failure("not-here-yet", { cause: error });
  }
  if (createHash("sha256").update(raw).digest("hex") !== hash) throw new Failure("not-here-yet");
  const read = parseForReading(raw, { chosen: readAs ?? "", likely: [], history: vote ?? "" });
  const reading = { ...read, parts: read.parts.filter(({ part }) => !without.includes(part)) };
  const files = new DraftFiles(profileDir);
  const { own, quote } = wordsFor(kind, reading);
  const quoteHash = quote === null ? null : (await files.keep(Buffer.from(quote, "utf8"))).hash;
  const { header } = reading;
  const before = header.references.length > 0 ? header.references : header.inReplyTo === null ? [] : [header.inReplyTo];
  return {
    own,
    quoteHash,
    delivered: reading.delivered,
    references: before,
    parts: await keepParts(raw, reading, own + (quote ?? ""), kind !== "reply" && kind !== "reply-all", files),
  };
}

function wordsFor(kind: QuoteJob["kind"], reading: Reading): { own: string; quote: string | null } {
  switch (kind) {
    case "continue":
      if (reading.html === null) return { own: textToParagraphs(reading.text.trimEnd()), quote: null };
      return draftOf(reading.html, (cid) => reading.cids.has(cid));
    case "again":
      return { own: "", quote: bodyOf(reading) };
    case "forward":
      return { own: "", quote: quoteFor(reading, "forward") };
    case "reply":
    case "reply-all":
      return { own: "", quote: quoteFor(reading, "reply") };
  }
}

async function keepParts(raw: Buffer, reading: Reading, words: string, all: boolean, files: DraftFiles): Promise<KeptPart[]> {
  const shown = new Map<string, string>();
  for (const [contentId, number] of reading.cids) {
    if (words.includes(`cid:${contentId}`) || words.includes(`cid:${encodeURIComponent(contentId)}`)) shown.set(number, contentId);
  }
  const kept: KeptPart[] = [];
  for (const part of reading.parts) {
    const contentId = shown.get(part.part) ?? null;
    if (contentId === null && !all) continue;
    const { bytes } = extractPart(raw, part.part);
    kept.push({ name: part.name, type: part.type, contentId, ...(await files.keep(bytes)) });
  }
  return kept;
}
