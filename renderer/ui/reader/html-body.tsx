import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageBody, MessageHead } from "../../../shared/contract/mail.ts";
import { pressKey } from "../../state/commands.ts";
import { useSettings } from "../../state/settings.ts";
import { useFollowLink } from "./follow-link.tsx";
import { fitWidth, hasOwnColours, hasWords, hideQuoted, nameQuoted, styleFrame } from "./frame-style.ts";
import { linkTarget } from "./links.ts";
import { backLogos } from "./logo-backing.ts";
import { EarlierText } from "./plain-body.tsx";

type Props = {
  body: Pick<MessageBody, "lang"> & { head: Pick<MessageHead, "subject"> };
  url: string;
  original: boolean;
  onTarget(url: string | null): void;
};

/**
 * A message's HTML in its frame.
 *
 * The frame runs no script whatever the mail says; `allow-same-origin` lets this window measure it, colour it and take over its
 * links. Scripts and same origin together would let mail out of its box, so the one is never given with the other.
 */
export function HtmlBody({ body, url, original, onTarget }: Props): ReactNode {
  const { t } = useTranslation("mail");
  const frame = useRef<HTMLIFrameElement>(null);
  const [heightPx, setHeightPx] = useState(80);
  const [loaded, setLoaded] = useState(0);
  const [paper, setPaper] = useState(false);
  const [quoted, setQuoted] = useState(false);
  const [wordy, setWordy] = useState(false);
  const [open, setOpen] = useState(false);
  const settings = useSettings((state) => state.settings);
  const zoom = settings.messageZoom / 100;
  const zoomed = useRef(zoom);
  zoomed.current = zoom;
  const { follow, question } = useFollowLink();
  const following = useRef({ follow, onTarget });
  following.current = { follow, onTarget };

  // Before it is measured, so that it is laid out once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme, density and text size change what is read from the page's style
  useEffect(() => {
    const page = frame.current?.contentDocument;
    if (!page?.body) return;
    styleFrame(page, { paper: hasOwnColours(page) || original, showQuoted: open });
    nameQuoted(page, t("earlier"));
    fitWidth(page, zoom);
  }, [loaded, original, open, settings, t]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: loaded says that there is another document to watch
  useEffect(() => {
    const shown = frame.current;
    const page = shown?.contentDocument;
    if (!shown || !page?.body) return;
    setPaper(hasOwnColours(page));
    setQuoted(hideQuoted(page));
    const measure = (): void => {
      const height = Math.ceil(page.documentElement.getBoundingClientRect().height);
      setHeightPx(height);
      if (height === 0) setWordy(hasWords(page));
    };
    const sizes = new ResizeObserver(measure);
    sizes.observe(page.documentElement);
    measure();
    const fit = (): void => fitWidth(page, zoomed.current);
    const widths = new ResizeObserver(fit);
    widths.observe(shown);
    // A picture that was asked for may be wider than all else.
    page.addEventListener("load", fit, true);
    const stopLooking = backLogos(page);
    const stop = watchLinks(page, following);
    return () => {
      sizes.disconnect();
      widths.disconnect();
      page.removeEventListener("load", fit, true);
      stopLooking();
      stop();
    };
  }, [loaded]);

  return (
    <>
      <div
        className={(paper || original) && document.documentElement.dataset["theme"] === "dark" ? "html-body paper" : "html-body"}
        lang={body.lang || undefined}
      >
        <iframe
          ref={frame}
          key={url}
          src={url}
          title={t("bodyOf", { subject: body.head.subject })}
          sandbox="allow-same-origin"
          referrerPolicy="no-referrer"
          style={{ height: heightPx }}
          onLoad={() => setLoaded((times) => times + 1)}
        />
      </div>
      {heightPx === 0 && wordy && <p className="body faint">{t("allHidden")}</p>}
      {quoted && <EarlierText open={open} onToggle={() => setOpen(!open)} />}
      {question}
    </>
  );
}

type Following = { current: { follow(href: string, words: string): void; onTarget(url: string | null): void } };

/** Takes over the links and keys of the frame's page. */
function watchLinks(page: Document, to: Following): () => void {
  const linkOf = (event: Event): HTMLAnchorElement | HTMLAreaElement | null => {
    const target = event.target as Element | null;
    return target?.closest?.<HTMLAnchorElement | HTMLAreaElement>("a[href], area[href]") ?? null;
  };
  const click = (event: Event): void => {
    const link = linkOf(event);
    if (link === null) return;
    event.preventDefault();
    to.current.follow(link.href, link.textContent ?? "");
  };
  const point = (event: Event): void => {
    const link = linkOf(event);
    to.current.onTarget(link === null ? null : (linkTarget(link.href)?.href ?? null));
  };
  const leave = (): void => to.current.onTarget(null);
  const key = (event: Event): void => void pressKey(event as KeyboardEvent);
  const listeners = {
    click,
    auxclick: click,
    submit: (event: Event) => event.preventDefault(),
    mouseover: point,
    focusin: point,
    mouseleave: leave,
    focusout: leave,
    keydown: key,
  };
  for (const [name, listener] of Object.entries(listeners)) page.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) page.removeEventListener(name, listener);
    leave();
  };
}
