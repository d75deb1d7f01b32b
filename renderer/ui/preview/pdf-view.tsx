import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatPercent } from "../../i18n/format.ts";
import { openLink } from "../../state/attachments.ts";
import { startComposer } from "../../state/composers.ts";
import { closePreview } from "../../state/preview.ts";
import { useSearch } from "../../state/search.ts";
import { Confirm } from "../parts/dialog.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { placesOf } from "./found-words.ts";
import { NoPreview } from "./no-preview.tsx";
import { type OpenPdf, openPdf } from "./pdf-document.ts";
import { PdfPage } from "./pdf-page.tsx";
import { type PageLink, pageRatio } from "./pdf-paint.ts";

const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;
const FITS = 2;
/** Wider is harder to read than to scroll. */
const WIDEST_PX = 980;
const EDGE_PX = 24;

type Opened = OpenPdf & { readonly ratio: number };

/** A document, page by page. Nothing in it is carried out; where a link leads is shown before it is followed. */
export function PdfView({ url, name }: { url: string; name: string }): ReactNode {
  const { t } = useTranslation("preview");
  const scroll = useRef<HTMLElement>(null);
  const opened = useDocument(url);
  const roomPx = useWidth(scroll, opened !== null);
  const [zoom, setZoom] = useState(FITS);
  const [at, setAt] = useState(1);
  const [asked, setAsked] = useState<URL | null>(null);
  const words = useSearch((state) => state.words);
  useFirstFound(opened, words, scroll);
  if (opened === "broken" || opened === "locked") return <NoPreview why={opened} />;
  if (opened === null) return <div className="preview-body" role="status" aria-busy="true" aria-label={t("reading")} />;
  const { document, ratio } = opened;
  const widthPx = Math.round(Math.max(120, Math.min(WIDEST_PX, roomPx - 2 * EDGE_PX)) * (STEPS[zoom] ?? 1));
  const follow = (to: PageLink["to"]): void => {
    if (to.kind === "address") setAsked(to.url);
    else scroll.current?.querySelector(`[data-page="${to.number}"]`)?.scrollIntoView({ block: "start" });
  };
  return (
    <>
      <section
        ref={scroll}
        className="preview-body pdf"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        tabIndex={0}
        aria-label={t("pages", { name })}
        onScroll={() => setAt(pageInSight(scroll.current))}
      >
        {Array.from({ length: document.numPages }, (_, index) => (
          <PdfPage
            // biome-ignore lint/suspicious/noArrayIndexKey: the pages of a document never move
            key={index}
            document={document}
            number={index + 1}
            widthPx={widthPx}
            ratio={ratio}
            scroll={scroll}
            words={words}
            onLink={follow}
          />
        ))}
      </section>
      <footer className="preview-foot">
        <span className="caption muted num">{t("page", { at, count: document.numPages })}</span>
        <span className="grow" />
        <IconButton icon={ZoomOut} label={t("zoomOut")} isDisabled={zoom === 0} onPress={() => setZoom(zoom - 1)} />
        <span className="caption muted num pdf-zoom" aria-live="polite">
          {formatPercent(STEPS[zoom] ?? 1)}
        </span>
        <IconButton icon={ZoomIn} label={t("zoomIn")} isDisabled={zoom === STEPS.length - 1} onPress={() => setZoom(zoom + 1)} />
        <IconButton icon={Maximize} label={t("zoomFit")} isDisabled={zoom === FITS} onPress={() => setZoom(FITS)} />
      </footer>
      {asked !== null && <AskLink url={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function useDocument(url: string): Opened | "broken" | "locked" | null {
  const [opened, setOpened] = useState<Opened | "broken" | "locked" | null>(null);
  useEffect(() => {
    let gone = false;
    let close = (): void => undefined;
    const open = async (): Promise<void> => {
      const pdf = await openPdf(url);
      close = pdf.close;
      if (gone) return pdf.close();
      const ratio = await pageRatio(pdf.document, 1);
      if (!gone) setOpened({ ...pdf, ratio });
    };
    open().catch((error: unknown) => {
      if (!gone) setOpened(error instanceof Error && error.name === "PasswordException" ? "locked" : "broken");
    });
    return () => {
      gone = true;
      close();
    };
  }, [url]);
  return opened;
}

/** Pages that are looked through for what was searched. */
const MOST_LOOKED = 300;

/** A document that was found by what stands in it opens where that stands. */
function useFirstFound(opened: ReturnType<typeof useDocument>, words: readonly string[], scroll: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (opened === null || typeof opened === "string" || words.length === 0) return;
    let gone = false;
    const look = async (): Promise<void> => {
      for (let number = 1; number <= Math.min(opened.document.numPages, MOST_LOOKED); number += 1) {
        const page = await opened.document.getPage(number);
        const { items } = await page.getTextContent();
        // Whoever has scrolled meanwhile reads elsewhere.
        if (gone || (scroll.current?.scrollTop ?? 1) > 0) return;
        if (placesOf(items.map((item) => ("str" in item ? item.str : "")).join(""), words).length === 0) continue;
        if (number > 1) scroll.current?.querySelector(`[data-page="${number}"]`)?.scrollIntoView({ block: "start" });
        return;
      }
    };
    // A damaged page ends it: the document stays at its beginning.
    look().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [opened, words, scroll]);
}

/** Width of what is inside the scroll bar, as it changes. */
function useWidth(of: RefObject<HTMLElement | null>, there: boolean): number {
  const [width, setWidth] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element comes with what was read
  useEffect(() => {
    const element = of.current;
    if (element === null) return;
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [of, there]);
  return width;
}

/** The page that most of the window shows. */
function pageInSight(scroll: HTMLElement | null): number {
  if (scroll === null) return 1;
  const middle = scroll.getBoundingClientRect().top + scroll.clientHeight / 2;
  const pages = [...scroll.querySelectorAll<HTMLElement>("[data-page]")];
  const below = pages.findIndex((page) => page.getBoundingClientRect().top > middle);
  return below === -1 ? pages.length : Math.max(1, below);
}

/** The whole address first: what a document writes over a link is no promise. */
function AskLink({ url, onClose }: { url: URL; onClose(): void }): ReactNode {
  const { t } = useTranslation("preview");
  const mail = url.protocol === "mailto:";
  return (
    <Confirm
      title={t(mail ? "link.mail" : "link.title")}
      text={<div className="words">{url.href}</div>}
      keep={t("link.stay")}
      deed={mail ? t("link.write") : t("link.open", { host: url.hostname })}
      dangerous={false}
      onClose={onClose}
      onDeed={() => {
        if (!mail) return openLink(url.href);
        closePreview();
        startComposer({ kind: "mailto", url: url.href });
      }}
    />
  );
}
