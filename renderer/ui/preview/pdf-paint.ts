import { type PageViewport, type PDFDocumentProxy, type PDFPageProxy, TextLayer } from "pdfjs-dist";
import { linkTarget } from "../reader/links.ts";

/** Where a link lies on its page, in parts of the page's width and height, and where it leads. */
export type PageLink = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly to: { readonly kind: "address"; readonly url: URL } | { readonly kind: "page"; readonly number: number };
};

/** A canvas with more takes memory for nothing. */
const MOST_CANVAS_PIXELS = 16_000_000;

type Place = { readonly canvas: HTMLCanvasElement; readonly text: HTMLElement };
type Painting = { readonly done: Promise<readonly PageLink[]>; cancel(): void };

/** Height of a page by its width. */
export async function pageRatio(document: PDFDocumentProxy, number: number): Promise<number> {
  const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 });
  return height / width;
}

/** Paints a page `widthPx` wide, with its words over it to be selected. */
export function paintPage(document: PDFDocumentProxy, number: number, widthPx: number, { canvas, text }: Place): Painting {
  let cancelled = false;
  let stop = (): void => undefined;
  const paint = async (): Promise<readonly PageLink[]> => {
    const page = await document.getPage(number);
    if (cancelled) return [];
    const scale = widthPx / page.getViewport({ scale: 1 }).width;
    const viewport = page.getViewport({ scale });
    const sharp = Math.min(globalThis.devicePixelRatio, Math.sqrt(MOST_CANVAS_PIXELS / (viewport.width * viewport.height)));
    canvas.width = Math.floor(viewport.width * sharp);
    canvas.height = Math.floor(viewport.height * sharp);
    const rendering = page.render({ canvas, viewport, transform: [sharp, 0, 0, sharp, 0, 0] });
    const layer = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
    stop = () => {
      rendering.cancel();
      layer.cancel();
    };
    text.replaceChildren();
    text.style.setProperty("--total-scale-factor", String(scale));
    const [links] = await Promise.all([linksOf(document, page, viewport), rendering.promise, layer.render()]);
    return links;
  };
  return {
    done: paint().catch((error: unknown) => {
      if (cancelled) return [];
      throw error;
    }),
    cancel() {
      cancelled = true;
      stop();
      canvas.width = 0;
      text.replaceChildren();
    },
  };
}

/** Links alone: what a document would have done besides, running, starting, sending, it does not do here. */
async function linksOf(document: PDFDocumentProxy, page: PDFPageProxy, viewport: PageViewport): Promise<PageLink[]> {
  const annotations: Annotation[] = await page.getAnnotations({ intent: "display" });
  const links: PageLink[] = [];
  for (const { subtype, rect, url, dest } of annotations) {
    if (subtype !== "Link" || rect === undefined) continue;
    const [left = 0, bottom = 0, right = 0, top = 0] = rect;
    const [x1, y1] = viewport.convertToViewportPoint(left, bottom) as [number, number];
    const [x2, y2] = viewport.convertToViewportPoint(right, top) as [number, number];
    const place = {
      left: Math.min(x1, x2) / viewport.width,
      top: Math.min(y1, y2) / viewport.height,
      width: Math.abs(x2 - x1) / viewport.width,
      height: Math.abs(y2 - y1) / viewport.height,
    };
    const target = url === undefined ? null : linkTarget(url);
    const number = target === null ? await pageOf(document, dest) : null;
    if (target !== null) links.push({ ...place, to: { kind: "address", url: target } });
    else if (number !== null) links.push({ ...place, to: { kind: "page", number } });
  }
  return links;
}

/** As much of the library's own description as is used. */
type Annotation = { subtype?: string; rect?: number[]; url?: string; dest?: unknown };

async function pageOf(document: PDFDocumentProxy, dest: unknown): Promise<number | null> {
  try {
    const place: unknown = typeof dest === "string" ? await document.getDestination(dest) : dest;
    const first: unknown = Array.isArray(place) ? place[0] : null;
    if (typeof first === "number") return first + 1;
    return typeof first === "object" && first !== null ? (await document.getPageIndex(first as PageRef)) + 1 : null;
  } catch {
    // A link to a page that is not there leads nowhere.
    return null;
  }
}

type PageRef = Parameters<PDFDocumentProxy["getPageIndex"]>[0];
