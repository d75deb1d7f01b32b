import type { MessageBody, PartInfo } from "../../shared/contract/mail.ts";
import { asFailure, Failure } from "../../shared/failure.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { FRAME_CSP, LIGHT_THEME, wrapDocument } from "../mime/frame.ts";
import { readBlob } from "../store/blobs.ts";
import { askForDownload } from "../store/downloads.ts";
import { noteBytesLost } from "../store/ingest.ts";
import { readPlacement } from "../store/placements.ts";
import { readSettings } from "../store/settings.ts";
import { knownParts, messageHead } from "../store/views.ts";
import type { ReadResult } from "../sync/parse-jobs.ts";
import type { AssetAnswer } from "./assets.ts";
import { safeFileName } from "./attachment-files.ts";
import type { Parts } from "./parts.ts";
import { fetchPicture } from "./remote-picture.ts";

const SOURCE_SHOWN = 1_000_000;

/** The hash of a message whose bytes are here. @throws Failure `message-gone`, `not-here-yet` */
function hashOf({ store }: Parts, placementId: PlacementId): string {
  const placement = readPlacement(store.db, placementId);
  if (placement === undefined) throw new Failure("message-gone");
  if (placement.here === 0 || placement.rawHash === null) throw new Failure("not-here-yet");
  return placement.rawHash;
}

/** Reads with the pool; a file that turns out missing or damaged counts as not here from then on, and is fetched again. */
async function whileHere<T>(parts: Parts, placementId: PlacementId, read: (place: { hash: string }) => Promise<T>): Promise<T> {
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

function readWhole(parts: Parts, placementId: PlacementId): Promise<ReadResult> {
  const allowed = parts.pictures.allowed(placementId);
  return whileHere(parts, placementId, (place) =>
    parts.pool.read(place, { partPrefix: "part/", remotePrefix: allowed ? "remote/" : null, quoteLabel: quoteLabel(parts) }),
  );
}

/** The one word that stands inside a message's frame, in the window's language. */
function quoteLabel({ store, host }: Parts): string {
  const { language } = readSettings(store);
  return (language === "system" ? host.language : language).startsWith("zh") ? "较早的内容" : "Earlier text";
}

/** What the reader shows. A message that is not here yet is asked for; nobody waits for it. */
export async function readBody(parts: Parts, placementId: PlacementId): Promise<MessageBody> {
  const { store } = parts;
  const head = messageHead(store, placementId);
  const empty = { htmlUrl: null, text: "", parts: [], remoteHosts: [], picturesAllowed: false, lang: "" };
  try {
    const read = await readWhole(parts, placementId);
    return {
      head,
      state: { kind: "here" },
      htmlUrl: read.html === null ? null : `${grant(parts, placementId)}body.html`,
      text: read.text,
      parts: read.parts.filter(({ inline }) => !inline).map((part): PartInfo => ({ ...part, here: true })),
      remoteHosts: [...read.remoteHosts],
      picturesAllowed: parts.pictures.allowed(placementId),
      lang: read.lang,
    };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code !== "not-here-yet") return { head, ...empty, state: { kind: "unreadable", failure: failure.data() } };
    askForDownload(store, [placementId]);
    parts.accounts.downloadsAsked();
    const state = parts.accounts.health().find(({ accountId }) => accountId === head.accountId)?.state;
    const listed = knownParts(store, placementId).map((part): PartInfo => ({ ...part, here: false }));
    return { head, ...empty, parts: listed, state: { kind: "missing", offline: state !== "working" && state !== "up-to-date" } };
  }
}

export async function readSource(parts: Parts, placementId: PlacementId): Promise<{ text: string; truncated: boolean; url: string }> {
  const { text, truncated } = await whileHere(parts, placementId, (place) => parts.pool.source(place, SOURCE_SHOWN));
  return { text, truncated, url: `${grant(parts, placementId)}source/message.eml` };
}

/** One attachment with a name that is safe to write. */
export async function readPart(
  parts: Parts,
  placementId: PlacementId,
  part: string,
): Promise<{ name: string; type: string; bytes: Uint8Array }> {
  const { name, type, bytes } = await whileHere(parts, placementId, (place) => parts.pool.part(place, part));
  return { name: safeFileName(name), type, bytes };
}

export function partUrl(parts: Parts, placementId: PlacementId, part: string, download: boolean): string {
  const name = knownParts(parts.store, placementId).find((one) => one.part === part)?.name ?? "";
  return `${grant(parts, placementId)}${download ? "download" : "part"}/${encodeURIComponent(part)}/${encodeURIComponent(safeFileName(name))}`;
}

/** The base address of a message: its frame, its parts, its source, the pictures that it may show. */
function grant(parts: Parts, placementId: PlacementId): string {
  return parts.assets.grant(`message:${placementId}`, (rest) => answer(parts, placementId, rest));
}

async function answer(parts: Parts, placementId: PlacementId, rest: string): Promise<AssetAnswer | null> {
  const [kind = "", ...path] = rest.split("/");
  switch (kind) {
    case "body.html":
      return frameDocument(await readWhole(parts, placementId));
    case "part":
    case "download":
      return partAnswer(await readPart(parts, placementId, path[0] ?? ""), kind === "download");
    case "source": {
      const bytes = await readBlob(parts.store.blobs.dir, hashOf(parts, placementId));
      return bytes === null ? null : partAnswer({ name: "message.eml", type: "message/rfc822", bytes }, true);
    }
    case "remote":
      // Only what the message itself asks for, and only once its pictures were allowed.
      return parts.pictures.allowed(placementId) ? await fetchPicture(path.join("/")) : null;
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
