import type { Mend } from "../../shared/answers/answer.ts";
import type { Explainable } from "../../shared/answers/table.ts";
import type { AccountId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { failureText } from "../i18n/failure-text.ts";
import { accountOf } from "./accounts.ts";
import { useFolders } from "./folders.ts";
import { syncNow } from "./health.ts";
import { goTo } from "./route.ts";
import { useSession } from "./session.ts";
import { showToast, toastFailure } from "./toasts.ts";
import { openView } from "./view.ts";
import { checkAccount, mendAccount, toBrowser } from "./wizard.ts";

/** A page without TLS, which a network that wants a sign-in can answer in its place. Reserved for such uses (RFC 2606). */
const ANY_PAGE = "http://example.com/";

/** What can be done about a failure of an account, in the place of what a page has of its own. */
export type Deeds = Partial<Record<Mend, () => void>>;

/** The deed of a mend, or null where nothing can be done about it from here. */
export function deedOf(mend: Mend, failure: Explainable, accountId: AccountId | null, own: Deeds = {}): (() => void) | null {
  const given = own[mend];
  if (given !== undefined) return given;
  const account = accountId === null ? undefined : accountOf(accountId);
  const wizard = (begin: (of: NonNullable<typeof account>) => void): (() => void) | null =>
    account === undefined
      ? null
      : () => {
          begin(account);
          goTo({ page: "account", accountId: account.id });
        };
  switch (mend) {
    case "enter-password":
    case "enter-app-password":
    case "enter-code":
      return wizard((of) => mendAccount(of, "secret"));
    case "sign-in":
      return wizard((of) => {
        mendAccount(of, "secret");
        void toBrowser();
      });
    case "change-servers":
    case "change-proxy":
      return wizard((of) => mendAccount(of, "servers"));
    case "find-way":
    case "set-clock":
    case "look-closer":
      return wizard(checkAccount);
    case "try-again":
      return syncNow;
    case "make-room":
      return trashOf(accountId);
    case "network-sign-in":
      return () => openPage(ANY_PAGE);
    case "show-health":
      return () => goTo({ page: "health" });
    case "tell-admin":
      return () => copyForAdmin(failure);
    // The page itself is opened by the link beside it, the dialog by the button; a message is edited where it is held.
    case "open-page":
    case "unlock":
    case "edit-message":
      return null;
  }
}

/** To where this computer's clock is set; a host that cannot open that says where it is. */
export function setClock(): void {
  client.request("health.openDateSettings", {}).then(({ opened }) => {
    const platform = useSession.getState().hello?.platform ?? "linux";
    if (!opened) showToast({ key: `mends:clock.${platform}`, lastsMs: null });
  }, toastFailure);
}

/** What lies in the trash takes room on the server until it is emptied. */
function trashOf(accountId: AccountId | null): (() => void) | null {
  const trash = useFolders.getState().folders.find((folder) => folder.accountId === accountId && folder.role === "trash");
  if (trash === undefined) return null;
  return () => {
    openView(`folder:${trash.id}`);
    goTo({ page: "mail" });
  };
}

function openPage(url: string): void {
  client.request("health.openLink", { url }).catch(toastFailure);
}

function copyForAdmin(failure: Explainable): void {
  const { host, port } = failure.params;
  const lines = [
    failureText(failure),
    failure.serverWords ?? "",
    host === undefined ? "" : `${host}${port === undefined ? "" : `:${port}`}`,
    new Date().toISOString(),
  ];
  navigator.clipboard.writeText(lines.filter((line) => line !== "").join("\n")).then(
    () => showToast({ key: "mends:copied" }),
    () => showToast({ key: "mends:notCopied", icon: "failure" }),
  );
}
