import { KeyRound, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { failureText } from "../../i18n/failure-text.ts";
import { langOf } from "../../i18n/lang-of.ts";
import { sentences } from "../../i18n/sentences.ts";
import { useAccounts } from "../../state/accounts.ts";
import { useHealth } from "../../state/health.ts";
import { goTo } from "../../state/route.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { ServerWords } from "../parts/failure-note.tsx";
import { MendButtons } from "../parts/mend-buttons.tsx";

/** An account that has stopped needs the user; so does storage. */
export function Stopped(): ReactNode {
  const { t } = useTranslation("mail");
  const status = useHealth((state) => state.status);
  const accounts = useAccounts((state) => state.accounts);
  const stopped = status?.accounts.find((one) => one.state === "stopped");
  const account = accounts.find((one) => one.id === stopped?.accountId);
  if (status?.storage) {
    return (
      <div className="list-notes">
        <Banner tone="bad" icon={TriangleAlert} head={t("storage.head")}>
          {failureText(status.storage)}
        </Banner>
      </div>
    );
  }
  if (stopped === undefined || account === undefined) return null;
  return (
    <div className="list-notes">
      <Banner
        tone="warn"
        icon={KeyRound}
        head={
          <>
            <span lang={langOf(account.name)}>{account.name}</span> {t("stopped.head")}
          </>
        }
        actions={
          <>
            {stopped.failure === null ? (
              <Button size="small" onPress={() => goTo({ page: "account", accountId: account.id })}>
                {t("stopped.look")}
              </Button>
            ) : (
              <MendButtons failure={stopped.failure} accountId={account.id} size="small" />
            )}
            <Button size="small" look="plain" onPress={() => goTo({ page: "settings", section: "accounts" })}>
              {t("common:details")}
            </Button>
          </>
        }
      >
        {sentences(stopped.failure !== null && failureText(stopped.failure), t("stopped.safe"))}
        {stopped.failure !== null && <ServerWords failure={stopped.failure} />}
      </Banner>
    </div>
  );
}
