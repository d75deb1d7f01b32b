import type { AccountHealth } from "../../shared/contract/health.ts";
import type { InsideMessage, MessageBody, MessageHead, PartInfo } from "../../shared/contract/mail.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { LARGEST_LITERAL } from "../imap/session.ts";
import { isCalendar, isContact } from "../mime/calendar-parts.ts";
import type { CharsetHints } from "../mime/charset-hints.ts";
import { FRAME_CSP, LIGHT_THEME, wrapDocument } from "../mime/frame.ts";
import { INSIDE } from "../mime/packed.ts";
import { isAskedFor } from "../store/asked-for.ts";
import { readBlob } from "../store/blobs.ts";
import { readBodyTrouble } from "../store/body-troubles.ts";
import { charsetVote } from "../store/charset-history.ts";
import { askForDownload } from "../store/downloads.ts";
import { noteBytesLost } from "../store/ingest-bodies.ts";
import { showsOriginal } from "../store/original-colours.ts";
import { noteOutlineLost, type Outline, readOutline } from "../store/outlines.ts";
import { readPlacement } from "../store/placements.ts";
import { readAsOf } from "../store/read-as.ts";
import { senderCheck } from "../store/sender-checks.ts";
import { readSettings } from "../store/settings.ts";
import { knownParts, messageHead } from "../store/views.ts";
import type { LookResult, ReadOptions, ReadResult } from "../sync/parse-jobs.ts";
import type { AssetAnswer } from "./assets.ts";
import { safeFileName } from "./attachment-files.ts";
import type { Parts } from "./parts.ts";
import { fetchPicture } from "./remote-picture.ts";
import { tricksOf } from "./tricks.ts";

/** Characters of a subject that name a file: some systems take 255 bytes, and three of them make one Chinese character. */
const LONGEST_NAME = 60;
const SOURCE_SHOWN = 1_000_000;
const UNKNOWN = { kind: "unknown" } as const;

/** The hash of a message whose bytes are here. @throws Failure `message-gone`, `not-here-yet` */
function hashOf({ store }: Parts, placementId: PlacementId): string {
  const placement = readPlacement(store.db, placementId);
  if (placement === undefined) throw new Failure("message-gone");
  if (placement.here === 0 || placement.rawHash === null) throw new Failure("not-here-yet");
  return placement.rawHash;
}

/**
 * Reads what there is of a message with the pool: all of it, or else its outline. An outline whose file turns out missing is no longer believed.
 *
 * @param part what is read of it, or null for its words. @throws Failure `not-here-yet` where that is on the server only
 */
export async function whileReadable<T>(
  parts: Parts,
  placementId: PlacementId,
  part: string | null,
  read: (place: { hash: string } | { outline: string }) => Promise<T>,
): Promise<T> {
  const outline = outlineOf(parts, placementId);
  if (outline === null || (part !== null && outline.left.has(outerPart(part)))) return await whileHere(parts, placementId, read);
  try {
    return await read({ outline: outline.hash });
  } catch (error) {
    const placement = readPlacement(parts.store.db, placementId);
    if (placement !== undefined && asFailure(error).code === "not-here-yet") noteOutlineLost(parts.store, placement.messageId);
    throw error;
  }
}

/** Does what needs more of a message than its outline has: where that is not here, all of it is fetched first, and the failure says so. */
export async function wantingAll<T>(parts: Parts, placementId: PlacementId, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (asFailure(error).code === "not-here-yet") {
      askForDownload(parts.store, [placementId]);
      parts.accounts.downloadsAsked();
    }
    throw error;
  }
}

/** The part of the message itself in which one lies. */
function outerPart(part: string): string {
  return part.split(INSIDE)[0] ?? part;
}

/** Null where the whole message is here, or nothing of it. */
function outlineOf({ store }: Parts, placementId: PlacementId): Outline | null {
  const placement = readPlacement(store.db, placementId);
  return placement === undefined || placement.outlined === 0 ? null : readOutline(store.db, placement.messageId);
}

/** Reads with the pool; a file that turns out missing or damaged counts as not here from then on, and is fetched again. */
export async function whileHere<T>(parts: Parts, placementId: PlacementId, read: (place: { hash: string }) => Promise<T>): Promise<T> {
  const hash = hashOf(parts, placementId);
  try {
    return await read({ hash });
  } catch (error) {
    const placement = readPlacement(parts.store.db, placementId);
    if (placement !== undefined && asFailure(error).code === "not-here-yet") {
      noteBytesLost(parts.store, placement.messageId);
      askForDownload(parts.store, [placementId]);
      parts.accounts.downloadsAsked();
    }
    throw error;
  }
}

/** What a reading depends on, apart from the bytes. `inside` is the part that is the message to be read in its place. */
type Reading = { readonly options: ReadOptions; readonly key: string };

function readingOf(parts: Parts, placementId: PlacementId, inside: string | null): Reading {
  // The frame of a message inside lies two steps below the address of the outer one.
  const up = inside === null ? "" : "../../";
  const options = {
    partPrefix: `${up}part/${inside === null ? "" : inside + INSIDE}`,
    remotePrefix: parts.pictures.allowed(placementId) ? `${up}remote/` : null,
    quoteLabel: quoteLabel(parts),
    hints: hintsFor(parts, placementId),
    inside,
  };
  return { options, key: JSON.stringify([placementId, outlineOf(parts, placementId)?.hash ?? hashOf(parts, placementId), options]) };
}

/** Read for the window or for its frame; who comes second does not wait. */
async function readWhole(parts: Parts, placementId: PlacementId, inside: string | null = null): Promise<ReadResult> {
  const { options, key } = readingOf(parts, placementId, inside);
  const known = parts.readings.find(key);
  if (known !== undefined) return known;
  const read = await whileReadable(parts, placementId, inside, (place) => parts.pool.read(place, options));
  parts.readings.keep(key, read);
  return read;
}

/** A message of this size is shown before its files are read. */
const LARGE = 8 * 1024 * 1024;

/**
 * What the eye is given first. Of a large message that is what its first bytes show, with its files as they were listed when it came; the whole
 * is read behind it and told by `mail.updated`, so that nobody is shown a part for longer.
 */
async function readForTheEye(parts: Parts, placementId: PlacementId, { messageId, sizeBytes }: MessageHead): Promise<ReadResult> {
  const { key, options } = readingOf(parts, placementId, null);
  // Once: whoever asks again waits for the whole.
  if (
    sizeBytes < LARGE ||
    outlineOf(parts, placementId) !== null ||
    parts.readings.find(key) !== undefined ||
    parts.readings.find(frontOf(key)) !== undefined
  )
    return await readWhole(parts, placementId);
  const { read } = await whileHere(parts, placementId, ({ hash }) => parts.pool.front(hash, options));
  if (read === null) return await readWhole(parts, placementId);
  const listed = knownParts(parts.store, placementId);
  const front = { ...read, parts: listed.length > 0 ? listed.map((one) => ({ ...one, inline: false })) : read.parts };
  parts.readings.keep(frontOf(key), front);
  const tell = () => parts.store.changes.messagesUpdated([messageId]);
  // What is wrong with the whole is said to whoever reads next.
  void readWhole(parts, placementId).then(tell, tell);
  return front;
}

function frontOf(key: string): string {
  return `front of ${key}`;
}

/** The page of the frame. Where the whole says more than its first bytes did, it is another page, so that the frame is loaded again. */
function pageOf(parts: Parts, placementId: PlacementId): ReadResult | undefined {
  const { key } = readingOf(parts, placementId, null);
  return parts.readings.find(key) ?? parts.readings.find(frontOf(key));
}

function saysMore(parts: Parts, placementId: PlacementId, read: ReadResult): boolean {
  const front = parts.readings.find(frontOf(readingOf(parts, placementId, null).key));
  return front !== undefined && front.html !== read.html;
}

/** Read for the printer: its page lies elsewhere, so that what belongs to the message is named by whole addresses. */
export function readToPrint(parts: Parts, placementId: PlacementId): Promise<ReadResult> {
  const { options } = readingOf(parts, placementId, null);
  const base = grant(parts, placementId);
  const remotePrefix = options.remotePrefix === null ? null : `${base}remote/`;
  return whileReadable(parts, placementId, null, (place) =>
    parts.pool.read(place, { ...options, partPrefix: `${base}part/`, remotePrefix }),
  );
}

/** What is known of a message's charsets. */
export function hintsFor({ store, likelyCharsets }: Parts, placementId: PlacementId): CharsetHints {
  const placement = readPlacement(store.db, placementId);
  if (placement === undefined) return { chosen: "", likely: likelyCharsets() };
  const { messageId } = placement;
  return { chosen: readAsOf(store.db, messageId) ?? "", likely: likelyCharsets(), history: charsetVote(store.db, messageId) };
}

/** A message that is attached to this one. @throws Failure `part-gone`, `not-here-yet` */
export async function readInside(parts: Parts, placementId: PlacementId, part: string): Promise<InsideMessage> {
  const { header, html, text, parts: inner, remoteHosts, lang } = await readWhole(parts, placementId, part);
  const { from, to, cc, subject, sentAt } = header;
  return {
    from,
    to,
    cc,
    subject,
    sentAt,
    htmlUrl:
      html === null
        ? null
        : `${grant(parts, placementId)}inside/${encodeURIComponent(part)}/${pageName(null, parts.pictures.allowed(placementId))}`,
    text,
    parts: inner.filter(isFile).map((one) => ({ ...one, part: `${part}${INSIDE}${one.part}`, here: true })),
    hasCards: inner.some((one) => isCalendar(one) || isContact(one)),
    remoteHosts: [...remoteHosts],
    picturesAllowed: parts.pictures.allowed(placementId),
    lang,
  };
}

/** The one word that stands inside a message's frame, in the window's language. */
function quoteLabel(parts: Parts): string {
  return windowLanguage(parts).startsWith("zh") ? "更早的内容" : "Earlier text";
}

/** BCP 47. */
export function windowLanguage({ store, host }: Pick<Parts, "store" | "host">): string {
  const { language } = readSettings(store);
  return language === "system" ? host.language : language;
}

/**
 * What the reader shows. A message that is not here yet is asked for; nobody waits for it.
 * @param purpose `ahead`: nobody looks at it yet, so nothing is asked of the network for it; `judged`: what all of it says counts
 */
export async function readBody(parts: Parts, placementId: PlacementId, purpose: "shown" | "ahead" | "judged"): Promise<MessageBody> {
  const ahead = purpose === "ahead";
  const { store } = parts;
  const head = messageHead(store, placementId);
  const readAs = readAsOf(store.db, head.messageId);
  const original = showsOriginal(store.db, head.from[0]?.address ?? "");
  const empty = {
    htmlUrl: null,
    text: "",
    parts: [],
    hasCards: false,
    remoteHosts: [],
    picturesAllowed: false,
    lang: "",
    readAs,
    original,
    tricks: [],
    vouching: UNKNOWN,
    list: null,
    sentZone: null,
  };
  try {
    const read = purpose === "shown" ? await readForTheEye(parts, placementId, head) : await readWhole(parts, placementId);
    const vouching = ahead ? senderCheck(store.db, head.messageId).vouching : parts.senderChecks.opened(placementId, head.messageId);
    return {
      head,
      state: stateOf(parts, head),
      htmlUrl:
        read.html === null
          ? null
          : grant(parts, placementId) + pageName(readAs, parts.pictures.allowed(placementId), saysMore(parts, placementId, read)),
      text: read.text,
      parts: filesOf(parts, placementId, read),
      hasCards: read.parts.some((part) => isCalendar(part) || isContact(part)),
      remoteHosts: [...read.remoteHosts],
      picturesAllowed: parts.pictures.allowed(placementId),
      lang: read.lang,
      readAs,
      original,
      tricks: tricksOf(parts, head, read, vouching),
      vouching,
      // What goes to many was written by a machine, wherever that stands.
      sentZone: read.clues.bulk ? null : read.sentZone,
      list: read.list === null ? null : { asked: parts.unsubscribing.asked(head, read.list) },
    };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code !== "not-here-yet") return { head, ...empty, state: { kind: "unreadable", failure: failure.data() } };
    if (!ahead) {
      askForDownload(store, [placementId]);
      parts.accounts.downloadsAsked();
    }
    const listed = knownParts(store, placementId).map((part): PartInfo => ({ ...part, here: false }));
    return { head, ...empty, parts: listed, state: { kind: "missing", ...whyMissing(parts, head) } };
  }
}

/** Why a message, or the rest of it, is not here, and whether the line is. */
function whyMissing(parts: Parts, head: MessageHead) {
  const health = parts.accounts.health().find(({ accountId }) => accountId === head.accountId);
  const offline = health?.state !== "working" && health?.state !== "up-to-date";
  return { offline, trouble: troubleOf(parts, head) ?? leftOut(health) };
}

function stateOf(parts: Parts, head: MessageHead): MessageBody["state"] {
  if (outlineOf(parts, head.placementId) === null) return { kind: "here" };
  return { kind: "outline", ...whyMissing(parts, head), asked: isAskedFor(parts.store.db, head.placementId) };
}

/** The files of a message, with those that its outline lacks as they were listed. */
function filesOf(parts: Parts, placementId: PlacementId, read: ReadResult): PartInfo[] {
  const outline = outlineOf(parts, placementId);
  if (outline === null) return read.parts.filter(isFile).map((part) => ({ ...part, here: true }));
  const inline = new Map(read.parts.map((one) => [one.part, one.inline]));
  return (
    knownParts(parts.store, placementId)
      .map((part) => ({ ...part, here: !outline.left.has(part.part) }))
      // A picture that cannot be shown in its place yet stands among the files.
      .map((part) => ({ ...part, inline: part.here && (inline.get(part.part) ?? part.inline) }))
      .filter(isFile)
  );
}

/** Whether a message is junk or passes itself off as something else: its sender should learn nothing. */
export async function isRisky(parts: Parts, placementId: PlacementId): Promise<boolean> {
  const { head, tricks } = await readBody(parts, placementId, "judged");
  return tricks.length > 0 || head.junk;
}

/** What is shown among the files. A calendar beside the words, without a name of its own, is on its card. */
function isFile(part: ReadResult["parts"][number]): boolean {
  return !part.inline && !(part.name === "" && isCalendar(part));
}

/** Why a body does not come although it is asked for. */
function troubleOf({ store }: Parts, { messageId, sizeBytes }: MessageHead): Extract<MessageBody["state"], { kind: "missing" }>["trouble"] {
  if (sizeBytes > LARGEST_LITERAL) return { kind: "too-large", limitBytes: LARGEST_LITERAL };
  const trouble = readBodyTrouble(store.db, messageId);
  return trouble === undefined || trouble.retryAt <= store.clock() ? null : { kind: "breaks-line", retryAt: trouble.retryAt };
}

/** There was no room for it; it comes when it is opened. */
function leftOut(health: AccountHealth | undefined): ReturnType<typeof troubleOf> {
  const { full = false, limitBytes = null } = health?.kept ?? {};
  return full && limitBytes !== null ? { kind: "limit", limitBytes } : null;
}

export async function readSource(parts: Parts, placementId: PlacementId): Promise<{ text: string; truncated: boolean }> {
  return await wantingAll(parts, placementId, () => whileHere(parts, placementId, (place) => parts.pool.source(place, SOURCE_SHOWN)));
}

/** Where the message's own bytes can be had. An address apart from that of what is shown of it, which is given without a PIN. */
export async function sourceUrl(parts: Parts, placementId: PlacementId): Promise<string> {
  await wantingAll(parts, placementId, () => hashOf(parts, placementId));
  const name = `${safeFileName(messageHead(parts.store, placementId).subject).slice(0, LONGEST_NAME).trim() || "message"}.eml`;
  const read = async (): Promise<AssetAnswer | null> => {
    const bytes = await readBlob(parts.store.blobs.dir, hashOf(parts, placementId));
    return bytes === null ? null : partAnswer({ name, type: "message/rfc822", bytes }, true);
  };
  return `${parts.assets.grant(`source:${placementId}`, read)}${encodeURIComponent(name)}`;
}

/** One attachment with a name that is safe to write. */
export async function readPart(
  parts: Parts,
  placementId: PlacementId,
  part: string,
): Promise<{ name: string; type: string; bytes: Uint8Array }> {
  const { name, type, bytes } = await whileReadable(parts, placementId, part, (place) =>
    parts.pool.part(place, part, hintsFor(parts, placementId)),
  );
  return { name: safeFileName(name === "" && isCalendar({ type, name }) ? "invite.ics" : name), type, bytes };
}

/** How one attachment can be looked at, under a name that is safe to write. @throws Failure `part-gone`, `not-here-yet` */
export async function lookAtPart(parts: Parts, placementId: PlacementId, part: string): Promise<LookResult> {
  const found = await whileReadable(parts, placementId, part, (place) => parts.pool.look(place, part, hintsFor(parts, placementId)));
  return { ...found, name: safeFileName(found.name) };
}

export function partUrl(parts: Parts, placementId: PlacementId, part: string, download: boolean): string {
  const name = knownParts(parts.store, placementId).find((one) => one.part === part)?.name ?? "";
  return `${grant(parts, placementId)}${download ? "download" : "part"}/${encodeURIComponent(part)}/${encodeURIComponent(safeFileName(name))}`;
}

/** Another one for another reading, so that the frame is loaded again. */
function pageName(readAs: string | null, pictures: boolean, whole = false): string {
  return ["body", readAs, pictures ? "pictures" : null, whole ? "whole" : null, "html"].filter((part) => part !== null).join(".");
}

/** The base address of a message: its frame, its parts, the pictures that it may show. */
function grant(parts: Parts, placementId: PlacementId): string {
  return parts.assets.grant(`message:${placementId}`, (rest) => answer(parts, placementId, rest));
}

async function answer(parts: Parts, placementId: PlacementId, rest: string): Promise<AssetAnswer | null> {
  const [first = "", ...path] = rest.split("/");
  const kind = first.endsWith(".html") ? "body" : first;
  switch (kind) {
    case "body":
      return frameDocument(pageOf(parts, placementId) ?? (await readWhole(parts, placementId)));
    case "inside":
      return frameDocument(await readWhole(parts, placementId, path[0] ?? ""));
    case "part":
      return partAnswer(await readPart(parts, placementId, path[0] ?? ""), false);
    case "download":
      return partAnswer(await wantingAll(parts, placementId, () => readPart(parts, placementId, path[0] ?? "")), true);
    case "remote":
      // Only what the message itself asks for, and only once its pictures were allowed.
      return parts.pictures.allowed(placementId) ? await fetchPicture(path.join("/"), parts.pictures.via(placementId)) : null;
    default:
      return null;
  }
}

export function frameDocument({ html, ownColours, lang }: Pick<ReadResult, "html" | "ownColours" | "lang">): AssetAnswer {
  const page = wrapDocument(html ?? "", { lang, ownColours, theme: LIGHT_THEME });
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": FRAME_CSP, "cache-control": "no-store", ...NEVER },
    body: Buffer.from(page),
  };
}

const NEVER = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-dns-prefetch-control": "off" };

/** Types that a browser only paints. Everything else is a download, whatever the message calls it. */
const PAINTED = /^image\/(?:png|jpe?g|gif|webp|bmp|avif)$/iu;

export function partAnswer(file: { name: string; type: string; bytes: Uint8Array }, download: boolean): AssetAnswer {
  const painted = !download && PAINTED.test(file.type);
  return {
    status: 200,
    headers: {
      "content-type": painted ? file.type : "application/octet-stream",
      // RFC 6266 §4.3: the starred form carries any character.
      "content-disposition": `${painted ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()]/gu, (c) => `%${c.charCodeAt(0).toString(16)}`)}`,
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "no-store",
      ...NEVER,
    },
    body: file.bytes,
  };
}
