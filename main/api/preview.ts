import type { Preview } from "../../shared/contract/preview.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import type { PlacementId } from "../../shared/ids.ts";
import type { FileLook } from "../mime/file-look.ts";
import { fileDanger } from "../plan/dangerous-files.ts";
import { attachmentsPage } from "../store/attachments.ts";
import { knownParts } from "../store/views.ts";
import type { AssetAnswer, AssetReader } from "./assets.ts";
import type { Parts } from "./parts.ts";
import { rangeAnswer } from "./ranges.ts";
import { lookAtPart, readPart, wantingAll } from "./reading.ts";
import type { Handlers } from "./serve.ts";

export function previewHandlers(parts: Parts): Pick<Handlers, "preview.look" | "preview.thumbnail" | "attachments.page"> {
  return {
    "attachments.page": (input) => attachmentsPage(parts.store, input),
    "preview.look": ({ placementId, part }) => wantingAll(parts, placementId, () => previewPart(parts, placementId, part)),
    "preview.thumbnail": async ({ placementId, part }) => ({ url: await thumbnailOf(parts, placementId, part) }),
  };
}

/** Bytes of a picture from which the window makes a mark. */
const MOST_FOR_MARK = 16 * 1024 * 1024;

async function thumbnailOf(parts: Parts, placementId: PlacementId, part: string): Promise<string | null> {
  const known = knownParts(parts.store, placementId).find((one) => one.part === part);
  if (known !== undefined && known.sizeBytes > MOST_FOR_MARK) return null;
  const { look } = await lookAtPart(parts, placementId, part);
  if (look.kind !== "image" || !look.small) return null;
  const load = async (): Promise<Uint8Array> => (await readPart(parts, placementId, part)).bytes;
  return `${parts.assets.grant(`mark:${placementId}:${part}`, shownFile("image", look.type, load))}file`;
}

async function previewPart(parts: Parts, placementId: PlacementId, part: string): Promise<OutputOf<"preview.look">> {
  const { look, ...facts } = await lookAtPart(parts, placementId, part);
  return { preview: previewOf(parts, placementId, part, look), danger: fileDanger(facts) };
}

function previewOf(parts: Parts, placementId: PlacementId, part: string, look: FileLook): Preview {
  if (look.kind === "text" || look.kind === "message" || look.kind === "none") return look;
  const type = look.kind === "pdf" ? "application/pdf" : look.type;
  const load = async () => (await readPart(parts, placementId, part)).bytes;
  const base = parts.assets.grant(`shown:${placementId}:${part}`, shownFile(look.kind, type, keptFor(KEPT_MS, load)));
  return look.kind === "pdf" ? { kind: "pdf", url: `${base}file` } : { kind: look.kind, url: `${base}page.html` };
}

/** How long the bytes of a film lie ready for the next stretch that its player asks for. */
const KEPT_MS = 60_000;

/** Asks once, and again when nobody has asked for some time. */
function keptFor<T>(keptMs: number, load: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const forget = (): void => {
    kept = null;
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(forget, keptMs).unref();
    kept ??= load().catch((error: unknown) => {
      forget();
      throw error;
    });
    return kept;
  };
}

/** One file under an address of its own: `page.html` shows it, `file` is it. */
function shownFile(kind: "image" | "audio" | "video" | "pdf", type: string, load: () => Promise<Uint8Array>): AssetReader {
  return async (rest, { range }) => {
    if (rest === "file")
      return rangeAnswer(await load(), { "content-type": type, "content-security-policy": FILE_POLICY, ...NEVER }, range);
    return rest === "page.html" && kind !== "pdf" ? shownPage(kind) : null;
  };
}

const NEVER = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-dns-prefetch-control": "off",
};
/** For the file as a page of its own, which nobody is meant to open: an SVG drawing is a document that could hold anything. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
const PAGE_STYLE = `:root{color-scheme:light dark;height:100%}
body{margin:0;height:100%;display:grid;place-items:center;background:transparent}
img,video{max-width:100%;max-height:100vh;object-fit:contain}
:root[data-size=actual] body{height:auto;min-height:100%;width:max-content;min-width:100%}
:root[data-size=actual] img{max-width:none;max-height:none}
img{background:#fff}audio{width:min(480px,90vw)}`;

/** A page that shows one file and can reach nothing else. The file is painted or played as what its bytes are. */
function shownPage(kind: "image" | "audio" | "video"): AssetAnswer {
  const element =
    kind === "image"
      ? '<img src="file" alt="">'
      : `<${kind} src="file" controls preload="metadata" controlslist="noremoteplayback"></${kind}>`;
  const policy = [
    "default-src 'none'",
    kind === "image" ? "img-src 'self'" : "media-src 'self'",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-src 'none'",
    "script-src 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-same-origin",
  ].join("; ");
  const page = `<!doctype html><html><head><meta charset="utf-8"><title></title><style>${PAGE_STYLE}</style></head><body>${element}</body></html>`;
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy, ...NEVER },
    body: Buffer.from(page),
  };
}
