import { Archive, CircleX, FolderInput, Info, type LucideIcon, Send, ShieldAlert, Star, Trash2, X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { failureText } from "../../i18n/failure-text.ts";
import { useComposers } from "../../state/composers.ts";
import { useRoute } from "../../state/route.ts";
import { useShell } from "../../state/shell.ts";
import { closeToast, type Toast, useToasts } from "../../state/toasts.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { MendButtons } from "../parts/mend-buttons.tsx";
import { type Box, placeToast } from "./toast-room.ts";

const ICONS: Record<Toast["icon"], LucideIcon> = {
  archive: Archive,
  delete: Trash2,
  junk: ShieldAlert,
  move: FolderInput,
  flag: Star,
  sent: Send,
  info: Info,
  failure: CircleX,
};

/** The one toast, over the foot of the list or page. */
export function ToastPlace(): ReactNode {
  const toast = useToasts((state) => state.current);
  const card = useRef<HTMLDivElement>(null);
  const place = useToastPlace(toast, card);
  return (
    <div className="toast-place" style={place} aria-live="polite" ref={card}>
      {toast !== null && <ToastCard key={toast.id} toast={toast} />}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }): ReactNode {
  const { t } = useTranslation();
  const [paused, setPaused] = useState(false);
  const left = useRef(toast.lastsMs ?? 0);
  useEffect(() => {
    if (toast.lastsMs === null || paused) return;
    const started = performance.now();
    const timer = setTimeout(() => closeToast(toast.id), left.current);
    return () => {
      clearTimeout(timer);
      left.current -= performance.now() - started;
    };
  }, [toast, paused]);
  const { action } = toast;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only the countdown pauses while it is read
    <div
      className="toast"
      onMouseEnter={() => setPaused(true)}
      onMouseLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
    >
      <Icon of={ICONS[toast.icon]} size={18} />
      <div className="toast-words">
        <div>{t(toast.key, toast.params)}</div>
        {toast.failure !== null && <div className="toast-more">{failureText(toast.failure)}</div>}
        {toast.failure?.serverWords !== undefined && (
          <div className="toast-more">{t("failure:serverSays", { words: toast.failure.serverWords })}</div>
        )}
        {toast.failure !== null && action === null && <MendButtons failure={toast.failure} accountId={toast.accountId} size="small" />}
      </div>
      {toast.lastsMs !== null && action !== null && <Ring lastsMs={toast.lastsMs} />}
      {action !== null && (
        <Button
          onPress={() => {
            closeToast(toast.id);
            action.run();
          }}
        >
          {t(action.key)}
        </Button>
      )}
      {(toast.lastsMs === null || action === null) && (
        <IconButton icon={X} iconSize={16} label={t("close")} className="small" onPress={() => closeToast(toast.id)} />
      )}
    </div>
  );
}

function Ring({ lastsMs }: { lastsMs: number }): ReactNode {
  return (
    <svg className="ring" viewBox="0 0 18 18" aria-hidden="true">
      <circle className="rest" cx="9" cy="9" r="6" />
      <circle className="left" cx="9" cy="9" r="6" style={{ animationDuration: `${lastsMs}ms` }} />
    </svg>
  );
}

/** Where the toast stands now, looked at again when what lies under it is another. */
function useToastPlace(toast: Toast | null, card: RefObject<HTMLDivElement | null>): { left: number; width: number; bottom: number } {
  const [place, setPlace] = useState({ left: 8, width: 368, bottom: 8 });
  // The next page has its list elsewhere, or none.
  const route = useRoute((state) => state.route);
  const shell = useShell();
  const composers = useComposers((state) => state.composers.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again on another page, and beside another pane or composer
  useEffect(() => {
    if (toast === null) return;
    let frame = 0;
    const look = (): void => {
      const panes = ["[data-pane='list']", "main", ".shell-page"].map((pane) => document.querySelector(pane)?.getBoundingClientRect());
      const at = panes.findIndex((rect) => rect !== undefined && rect.width > 0);
      const over = panes[at];
      // A page that is still being loaded keeps all of them hidden.
      if (over === undefined) {
        if (panes.some((rect) => rect !== undefined)) again();
        return;
      }
      setPlace(
        placeToast({
          over,
          isList: at === 0,
          feet: boxesOf("[data-foot]"),
          buttons: boxesOf(".shell-page :is(button, a, input, select, textarea, [role='slider'])"),
          words: boxesOf(".shell-page :is(.set-label, .set-hint, p, li, h2)"),
          heightPx: card.current?.offsetHeight ?? 44,
          window: { widthPx: innerWidth, heightPx: innerHeight },
        }),
      );
    };
    const again = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    look();
    // A frame later than the resize: a narrow window has other panes, which are drawn first.
    addEventListener("resize", again);
    // A drawer or a composer that was still moving.
    addEventListener("animationend", again);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("resize", again);
      removeEventListener("animationend", again);
    };
  }, [toast, route, shell, composers]);
  return place;
}

function boxesOf(selector: string): Box[] {
  return [...document.querySelectorAll(selector)]
    .map((one) => one.getBoundingClientRect())
    .filter(({ width, height }) => width > 0 && height > 0);
}
