import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { asFailure, Failure } from "../../shared/failure.ts";
import { cardsOf } from "../mime/calendar-parts.ts";
import { type CharsetHints, NO_HINTS } from "../mime/charset-hints.ts";
import { fileClues, lookInto } from "../mime/file-clues.ts";
import { lookAtFile } from "../mime/file-look.ts";
import { showsWords } from "../mime/front.ts";
import { scanHeader } from "../mime/header-fields.ts";
import { indexText } from "../mime/index-text.ts";
import { readListFields } from "../mime/list-fields.ts";
import { lackingPart, lastPart } from "../mime/outline.ts";
import { NO_WORDS, parseAndHear, unreadableSummary } from "../mime/parse-arrived.ts";
import { parseForReading, type Reading } from "../mime/parse-for-reading.ts";
import { extractPart, isMessage } from "../mime/part-bytes.ts";
import type { PartSummary } from "../mime/part-list.ts";
import { answerPulse } from "../pulse.ts";
import type { TxtAnswer } from "../signed/answers.ts";
import { covers } from "../signed/covers.ts";
import { examine, serverWords } from "../signed/examine.ts";
import { outlineDir, readBlob, readBlobFront, writeBlob } from "../store/blobs.ts";
import type { MemoryPlace } from "./message-memory.ts";
import type {
  Answer,
  ArrivalHints,
  Arrived,
  Batch,
  CalendarResult,
  FrontResult,
  Job,
  JobResult,
  ListResult,
  LookResult,
  MessagePlace,
  OutlineOf,
  PartResult,
  Quotable,
  ReadAgain,
  ReadOptions,
  ReadResult,
  SourceResult,
  ThreadData,
  VouchResult,
} from "./parse-jobs.ts";

const { blobDir, memory, current } = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Error("parse-thread runs in a worker only");

// Batches are answered in the order they came: one promise chain, no two jobs of this thread at once.
let chain = Promise.resolve();
answerPulse("parse");
port.on("message", (batch: Batch) => {
  chain = chain.then(() => answer(batch));
});

async function answer({ jobs, hints }: Batch): Promise<void> {
  const answers: Answer[] = [];
  const transfer: ArrayBuffer[] = [];
  for (const { id, job } of jobs) {
    Atomics.store(current, 0, id);
    try {
      const result = await run(job, hints);
      if ("indexText" in result) transfer.push(result.indexText.bytes.buffer);
      if (job.kind === "part" && "bytes" in result) transfer.push(result.bytes.buffer as ArrayBuffer);
      answers.push({ id, result });
    } catch (error) {
      answers.push({ id, failure: translate(error).data() });
    }
    Atomics.store(current, 0, 0);
  }
  port?.postMessage(answers, transfer);
}

function run(job: Job, hints: ArrivalHints): Promise<JobResult[Job["kind"]]> | JobResult[Job["kind"]] {
  switch (job.kind) {
    case "arrive":
      return arrive(job.bytes, job.durable, job.parse ? hints : null, job.outline);
    case "read":
      return read(job.place, job.options);
    case "front":
      return front(job.hash, job.options);
    case "quotable":
      return quotable(job.place);
    case "part":
      return part(job.place, job.part, job.hints);
    case "look":
      return look(job.place, job.part, job.hints);
    case "again":
      return again(job.place, job.hints);
    case "source":
      return source(job.place, job.limit);
    case "vouch":
      return vouch(job.place, job.arrivedAt, job.answers);
    case "list":
      return list(job.place, job.arrivedAt, job.answers);
    case "calendars":
      return calendars(job.place, job.inside, job.hints);
    case "warm":
      return warm();
  }
}

/** Loads what the first HTML message would have to wait for. */
async function warm(): Promise<Record<never, never>> {
  const { sanitizeHtml } = await import("../mime/sanitize.ts");
  sanitizeHtml("<p style='color:red'>.</p>", { quoteLabel: "", bothSchemes: true, remoteUrl: () => null, cidUrl: () => null });
  return {};
}

/** @param hints null = not to be parsed */
function arrive(raw: Uint8Array | MemoryPlace, durable: boolean, hints: ArrivalHints | null, outline: OutlineOf | null): Arrived {
  const bytes =
    raw instanceof Uint8Array ? Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength) : Buffer.from(memory, raw.at, raw.sizeBytes);
  // What nobody can read is no outline.
  if (outline !== null && hints === null) throw new Failure("part-gone", { params: { part: "" } });
  const cut = outline === null ? "" : checkOutline(bytes, outline);
  const { hash, sizeBytes } = writeBlob(outline === null ? blobDir : outlineDir(blobDir), bytes, { durable });
  const nothingHeard = { sure: null, unsure: null };
  if (hints === null)
    return { ...unreadableSummary(), indexText: indexText(NO_WORDS), hash, sizeBytes, readAs: null, heard: nothingHeard, cut };
  const first = parseAndHear(bytes, { ...NO_HINTS, likely: hints.likely });
  const readAs = hints.senders.get(first.summary.from[0]?.address.toLowerCase() ?? "") ?? null;
  if (readAs === null) return { ...first.summary, hash, sizeBytes, indexText: indexText(first.words), readAs, heard: first.heard, cut };
  const { summary, words } = parseAndHear(bytes, { chosen: readAs, likely: hints.likely });
  return { ...summary, hash, sizeBytes, indexText: indexText(words), readAs, heard: nothingHeard, cut };
}

/** @returns the part in which it ends. @throws Failure `part-gone` */
function checkOutline(bytes: Buffer, { parts }: OutlineOf): string {
  if (parts === null) return lastPart(bytes);
  const lacking = lackingPart(bytes, parts);
  if (lacking !== null) throw new Failure("part-gone", { params: { part: lacking } });
  return "";
}

/** Of a large message: a page of words stands there before any file. */
const FRONT_BYTES = 512 * 1024;

async function front(hash: string, options: ReadOptions): Promise<FrontResult> {
  const bytes = await readBlobFront(blobDir, hash, FRONT_BYTES);
  return { read: bytes !== null && showsWords(bytes, options.hints) ? await readBytes(bytes, options) : null };
}

async function read(place: MessagePlace, options: ReadOptions): Promise<ReadResult> {
  return await readBytes(await load(place), options);
}

async function readBytes(whole: Buffer, options: ReadOptions): Promise<ReadResult> {
  const { hints, inside } = options;
  const message = inside === null ? whole : innerMessage(whole, inside, hints);
  const reading = parseForReading(message, hints);
  const { header, text, lang, bulk, list, sentZone } = reading;
  const files = fileClues(message, reading.parts, hints);
  if (reading.html === null) {
    const clues = { bulk, links: [], files };
    return {
      header,
      text,
      html: null,
      parts: shownParts(reading, new Set()),
      remoteHosts: [],
      ownColours: false,
      lang,
      list,
      sentZone,
      clues,
    };
  }
  // jsdom and DOMPurify cost most of a second to load: only the thread that reads pays, once.
  const { sanitizeHtml } = await import("../mime/sanitize.ts");
  const { remotePrefix } = options;
  const shown = new Set<string>();
  const { html, remoteHosts, ownColours, strangeLinks } = sanitizeHtml(reading.html, {
    quoteLabel: options.quoteLabel,
    bothSchemes: true,
    standIns: true,
    remoteUrl: (url) => (remotePrefix === null ? null : remotePrefix === "" ? url : remotePrefix + encodeURIComponent(url)),
    cidUrl: (cid) => {
      const number = reading.cids.get(cid);
      if (number === undefined) return null;
      shown.add(number);
      return options.partPrefix + number;
    },
  });
  const clues = { bulk, links: strangeLinks, files };
  return { header, text, html, parts: shownParts(reading, shown), remoteHosts, ownColours, lang, list, sentZone, clues };
}

/** A picture that claims to be inline and is shown nowhere is an attachment, or nobody would ever see it. */
function shownParts(reading: Reading, shown: ReadonlySet<string>): PartSummary[] {
  return reading.parts.map((entry) =>
    entry.inline && entry.type.startsWith("image/") ? { ...entry, inline: shown.has(entry.part) } : entry,
  );
}

async function quotable(place: MessagePlace): Promise<Quotable> {
  const reading = parseForReading(await load(place));
  if (reading.html === null) return reading;
  const { sanitizeHtml } = await import("../mime/sanitize.ts");
  const { html } = sanitizeHtml(reading.html, {
    quoteLabel: "",
    foldQuotes: false,
    cidUrl: (cid) => (reading.cids.has(cid) ? `cid:${cid}` : null),
    remoteUrl: (url) => url,
  });
  return { ...reading, html };
}

/** @throws Failure `part-gone` when the part is no message */
function innerMessage(message: Buffer, number: string, hints: CharsetHints): Buffer {
  const { bytes, type, name } = extractPart(message, number, hints);
  if (!isMessage({ type, name })) throw new Failure("part-gone", { params: { part: number } });
  return bytes;
}

async function again(place: MessagePlace, hints: CharsetHints): Promise<ReadAgain> {
  const { summary, words, heard } = parseAndHear(await load(place), hints);
  return { ...summary, indexText: indexText(words), heard };
}

async function part(place: MessagePlace, number: string, hints: CharsetHints): Promise<PartResult> {
  const { bytes, type, name } = extractPart(await load(place), number, hints);
  // Decoded parts are memory of their own; a part that was not encoded is a view and must be copied to be handed over.
  const whole = bytes.byteOffset === 0 && bytes.buffer instanceof ArrayBuffer && bytes.byteLength * 2 > bytes.buffer.byteLength;
  return { bytes: whole ? new Uint8Array(bytes.buffer, 0, bytes.byteLength) : Uint8Array.from(bytes), type, name };
}

async function look(place: MessagePlace, number: string, hints: CharsetHints): Promise<LookResult> {
  const found = extractPart(await load(place), number, hints);
  return { look: lookAtFile(found, hints), name: found.name, ...lookInto(found.bytes) };
}

async function source(place: MessagePlace, limit: number): Promise<SourceResult> {
  const bytes = await load(place);
  const { decodeText } = await import("../mime/charset.ts");
  return { text: decodeText(bytes.subarray(0, limit), "").text, truncated: bytes.length > limit, sizeBytes: bytes.length };
}

async function vouch(place: MessagePlace, arrivedAt: number, answers: Readonly<Record<string, TxtAnswer>>): Promise<VouchResult> {
  const bytes = await load(place);
  return { ...serverWords(bytes), examined: await examine(bytes, arrivedAt, answers) };
}

/** RFC 8058 §4: what a one-click signature has to cover. */
const ONE_CLICK_FIELDS = ["list-unsubscribe", "list-unsubscribe-post"];

async function list(place: MessagePlace, arrivedAt: number, answers: Readonly<Record<string, TxtAnswer>>): Promise<ListResult> {
  const bytes = await load(place);
  const fields = readListFields(bytes, scanHeader(bytes, 0, bytes.length).fields);
  if (fields === null || !fields.oneClick) return { list: fields, covered: { kind: "found", by: null, doubt: false } };
  return { list: fields, covered: await covers(bytes, arrivedAt, answers, ONE_CLICK_FIELDS) };
}

async function calendars(place: MessagePlace, inside: string | null, hints: CharsetHints): Promise<CalendarResult> {
  return cardsOf(await load(place), inside, hints);
}

async function load(place: MessagePlace): Promise<Buffer> {
  if ("outline" in place) {
    const bytes = await readBlob(outlineDir(blobDir), place.outline);
    if (bytes === null) throw new Failure("not-here-yet");
    return bytes;
  }
  if ("hash" in place) {
    const bytes = await readBlob(blobDir, place.hash);
    if (bytes === null) throw new Failure("not-here-yet");
    return bytes;
  }
  return await readFile(place.path);
}

function translate(error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") return new Failure("disk-full", { cause: error });
  if (code === "EROFS" || code === "EACCES" || code === "EPERM") return new Failure("read-only", { cause: error });
  if (code === "ENOENT") return new Failure("not-here-yet", { cause: error });
  return asFailure(error);
}
