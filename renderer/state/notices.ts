import i18next from "i18next";
import type { AccountSummary } from "../../shared/contract/accounts.ts";
import type { Notice } from "../../shared/contract/health.ts";
import { client } from "../client/engine.ts";
import { formatSize } from "../i18n/format.ts";
import { useAccounts } from "./accounts.ts";
import { nameOfFolder, useFolders } from "./folders.ts";
import { type Gathered, gather } from "./outbox-notices.ts";
import { goTo } from "./route.ts";
import { useSettings } from "./settings.ts";
import { mayTell, tell } from "./telling.ts";
import { showToast, type Toast, toastFailure, useToasts } from "./toasts.ts";

const HEARD = "satchel.heard-notice";
const LASTS_MS = 6_000;

/** Says each notice of the engine once, also those made while no window was open. */
export function startNotices(): void {
  let reading = false;
  let again = false;
  const read = (): void => {
    // Twenty at once are one answer, and one toast.
    again = reading;
    if (reading) return;
    reading = true;
    const afterId = Number(localStorage.getItem(HEARD) ?? 0);
    client
      .request("health.notices", { afterId })
      .then(({ notices }) => hear(notices), toastFailure)
      .finally(() => {
        reading = false;
        if (again) read();
      });
  };
  useToasts.subscribe(sayWaiting);
  client.onConnect(read);
  client.on("health.noticed", read);
}

function hear(notices: readonly Notice[]): void {
  const newest = notices.at(-1);
  if (newest === undefined) return;
  localStorage.setItem(HEARD, String(newest.id));
  waiting.push(...notices.filter(({ code }) => OF_THE_STORE.has(code)));
  const standing = outbox !== null && outbox.toast === useToasts.getState().current?.id ? outbox.told : null;
  const told = notices.reduce<Gathered | null>((before, notice) => gather(before, notice) ?? before, standing);
  if (told !== null && told !== standing) sayOfOutbox(told);
  if (!OF_THE_STORE.has(newest.code) && gather(null, newest) === null) say(newest);
  sayWaiting();
  if (notices.some(({ code }) => TOLD.has(code))) tellToast();
}

/** What the user has to act on, and may not see while the window is not in front. */
const TOLD: ReadonlySet<Notice["code"]> = new Set([
  "message-held",
  "message-unknown",
  "bulk-paused",
  "account-stopped",
  "health-no-sync",
  "health-slow-sync",
  "health-outbox-old",
  "health-disk-low",
  "health-several",
]);

/** The toast that stands, once more by the system: with "only how much" no subject or name leaves the window. */
function tellToast(): void {
  const { current } = useToasts.getState();
  if (current === null || !mayTell()) return;
  const words = useSettings.getState().settings.tellNewMail === "words";
  tell({ title: i18next.t(words ? current.key : "tell:look", current.params), body: "" }, "notice", () => current.action?.run());
}

/** The last toast about messages of the outbox: while it stands, what follows is told together with it. */
let outbox: { readonly toast: number; readonly told: Gathered } | null = null;

function sayOfOutbox(told: Gathered): void {
  const { kind, notices } = told;
  const [only, ...others] = notices;
  if (only === undefined) return;
  const toast =
    others.length === 0
      ? say(only)
      : showToast({
          key: `mail:notice.several-${kind}`,
          params: { count: notices.length },
          icon: kind === "waiting" ? "failure" : "sent",
          action: kind === "waiting" ? actionOf(only) : null,
          lastsMs: kind === "waiting" ? null : LASTS_MS,
        });
  outbox = { toast, told };
}

/** What became of the store: each stays until it is closed, and none takes the place of another. */
const OF_THE_STORE: ReadonlySet<Notice["code"]> = new Set(["store-repaired", "store-set-aside", "store-renewed", "mail-recovered"]);
const waiting: Notice[] = [];

function sayWaiting(): void {
  if (useToasts.getState().current !== null) return;
  const next = waiting.shift();
  if (next !== undefined) say(next);
}

function say(notice: Notice): number {
  const bad = notice.failure !== null;
  return showToast({
    key: `mail:notice.${notice.code}`,
    params: named(withSize(notice.params)),
    accountId: accountIn(notice.params)?.id ?? null,
    failure: notice.failure,
    icon: bad ? "failure" : notice.code === "message-sent" ? "sent" : "info",
    action: actionOf(notice),
    // What the user has to act on stays until it is closed.
    lastsMs:
      bad ||
      notice.code === "operation-parked" ||
      notice.code === "left-on-server" ||
      notice.code === "target-gone" ||
      notice.code === "original-stays" ||
      notice.code.startsWith("health-") ||
      OF_THE_STORE.has(notice.code)
        ? null
        : LASTS_MS,
  });
}

/** Bytes as they are read. */
function withSize(params: Notice["params"]): Notice["params"] {
  return typeof params["bytes"] === "number" ? { ...params, size: formatSize(params["bytes"]) } : params;
}

/** Whom the notice is about: the engine names accounts by their ids. */
function accountIn({ account }: Notice["params"]): AccountSummary | undefined {
  return useAccounts.getState().accounts.find(({ id }) => id === account);
}

function named(params: Notice["params"]): Notice["params"] {
  const account = accountIn(params);
  // The engine knows what the server calls a folder, not what the window does.
  const folder = useFolders.getState().folders.find(({ id }) => id === params["folderId"]);
  return { ...params, ...(account && { account: account.name }), ...(folder && { folder: nameOfFolder(folder) }) };
}

function actionOf({ code }: Notice): Toast["action"] {
  if (code === "message-held" || code === "message-unknown" || code === "not-filed" || code === "bulk-paused")
    return { key: "common:show", run: () => goTo({ page: "outbox", only: "needsYou" }) };
  if (code === "bulk-ended") return { key: "common:show", run: () => goTo({ page: "outbox" }) };
  if (
    code === "operation-refused" ||
    code === "copy-refused" ||
    code === "operation-parked" ||
    code === "target-gone" ||
    code === "original-stays"
  )
    return { key: "common:show", run: () => goTo({ page: "journal" }) };
  if (code.startsWith("health-")) return { key: "common:show", run: () => goTo({ page: "health" }) };
  return null;
}
