import i18next from "i18next";
import type { PrintWords } from "../../shared/contract/preview.ts";
import type { PlacementId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { useReader } from "./reader.ts";
import { showToast, toastFailure } from "./toasts.ts";

/** Prints messages, one behind the other, with the system's own dialog. */
export function printMessages(placementIds: PlacementId[]): void {
  client.request("preview.print", { placementIds, words: printWords() }).then(({ url }) => printPage(url), toastFailure);
}

/** Prints what is unfolded of the open conversation. */
export function printOpen(): void {
  const { messages, unfolded } = useReader.getState();
  const ids = messages === null ? [...unfolded] : messages.map(({ placementId }) => placementId).filter((id) => unfolded.has(id));
  if (ids.length > 0) printMessages(ids);
  else showToast({ key: "preview:print.nothing", icon: "info" });
}

/** Only where the host writes files; a browser offers it in its print dialog. */
export function savePdf(placementIds: PlacementId[]): void {
  client.request("preview.savePdf", { placementIds, words: printWords() }).then(({ saved }) => {
    if (saved) showToast({ key: "preview:print.saved" });
  }, toastFailure);
}

function printWords(): PrintWords {
  return {
    from: i18next.t("preview:print.from"),
    to: i18next.t("preview:print.to"),
    cc: i18next.t("preview:print.cc"),
    sent: i18next.t("preview:print.sent"),
    attachments: i18next.t("preview:print.attachments"),
    noSubject: i18next.t("preview:print.noSubject"),
    unnamed: i18next.t("preview:print.unnamed"),
    notHere: i18next.t("preview:print.notHere"),
  };
}

let printing: HTMLIFrameElement | null = null;

/**
 * Prints a page from a frame that nobody sees and that runs nothing. It stays until the next one: some systems read it only while their dialog
 * is open.
 */
function printPage(url: string): void {
  printing?.remove();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin allow-modals");
  frame.referrerPolicy = "no-referrer";
  frame.ariaHidden = "true";
  frame.tabIndex = -1;
  Object.assign(frame.style, { position: "fixed", width: "0", height: "0", border: "0", visibility: "hidden", colorScheme: "light" });
  frame.addEventListener("load", () => frame.contentWindow?.print(), { once: true });
  frame.src = url;
  printing = frame;
  document.body.append(frame);
}
