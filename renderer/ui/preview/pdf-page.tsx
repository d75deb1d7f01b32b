import type { PDFDocumentProxy } from "pdfjs-dist";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { markFound } from "./found-words.ts";
import { type PageLink, pageRatio, paintPage } from "./pdf-paint.ts";

type Props = {
  document: PDFDocumentProxy;
  number: number;
  widthPx: number;
  /** Height by width until the page's own is known. */
  ratio: number;
  scroll: RefObject<HTMLElement | null>;
  /** Marked on the page. */
  words: readonly string[];
  onLink(to: PageLink["to"]): void;
};

/** One page. It is painted while it is near what is seen, so that a book takes no more memory than a letter. */
export function PdfPage({ document, number, widthPx, ratio, scroll, words, onLink }: Props): ReactNode {
  const { t } = useTranslation("preview");
  const sheet = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [own, setOwn] = useState(ratio);
  const [links, setLinks] = useState<readonly PageLink[]>([]);

  useEffect(() => {
    const element = sheet.current;
    if (element === null) return;
    const seen = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting === true), {
      root: scroll.current,
      rootMargin: "100% 0px",
    });
    seen.observe(element);
    return () => seen.disconnect();
  }, [scroll]);

  useEffect(() => {
    let gone = false;
    // A page that cannot be read keeps the height of the others.
    if (near)
      pageRatio(document, number).then(
        (found) => !gone && setOwn(found),
        () => undefined,
      );
    return () => {
      gone = true;
    };
  }, [near, document, number]);

  useEffect(() => {
    if (!near || canvas.current === null || text.current === null) return;
    let gone = false;
    let unmark = (): void => undefined;
    const layer = text.current;
    const painting = paintPage(document, number, widthPx, { canvas: canvas.current, text: layer });
    // What could be painted of a damaged page stays.
    painting.done.then(
      (found) => {
        if (gone) return;
        setLinks(found);
        unmark = markFound(layer, words);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      unmark();
      painting.cancel();
    };
  }, [near, document, number, widthPx, words]);

  return (
    <div
      ref={sheet}
      className="pdf-page"
      style={{ width: widthPx, height: Math.round(widthPx * own) }}
      role="group"
      aria-label={t("page", { at: number, count: document.numPages })}
      data-page={number}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <div ref={text} className="pdf-text" />
      {links.map((link) => (
        <button
          key={`${link.left} ${link.top}`}
          type="button"
          className="pdf-link"
          style={{ left: percent(link.left), top: percent(link.top), width: percent(link.width), height: percent(link.height) }}
          aria-label={
            link.to.kind === "page"
              ? t("pdfPageLink", { page: link.to.number })
              : t("pdfLink", { target: link.to.url.host || link.to.url.pathname })
          }
          title={link.to.kind === "address" ? link.to.url.href : undefined}
          onClick={() => onLink(link.to)}
        />
      ))}
    </div>
  );
}

function percent(part: number): string {
  return `${part * 100}%`;
}
