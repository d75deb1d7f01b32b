import { CircleAlert, Gauge, Pause, TimerReset } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { mendOf } from "../../../shared/answers/table.ts";
import type { AccountSummary } from "../../../shared/contract/accounts.ts";
import type { SendingServer } from "../../../shared/contract/health.ts";
import type { AccountId } from "../../../shared/ids.ts";
import { formatAhead } from "../../i18n/format.ts";
import { sentences } from "../../i18n/sentences.ts";
import { resumeAccount, useAccounts } from "../../state/accounts.ts";
import { syncNow, useHealth } from "../../state/health.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { untilText } from "./words.ts";

/** Accounts and servers over which nothing goes at the moment, each with its reason and what happens next. Only while something waits for them. */
export function ServerBanners({ now, waiting }: { now: number; waiting: ReadonlyMap<number, number> }): ReactNode {
  const servers = useHealth(({ status }) => status?.outbox.servers) ?? [];
  const accounts = useAccounts((state) => state.accounts);
  return (
    <>
      {accounts
        .filter(({ id, paused }) => paused && waiting.has(id))
        .map((account) => (
          <PausedAccount key={account.id} account={account} waiting={waiting.get(account.id) ?? 0} />
        ))}
      {servers
        .filter(({ accountId }) => waiting.has(accountId))
        .map((server) => (
          <Standing key={`${server.accountId} ${server.server}`} of={server} now={now} waiting={waiting.get(server.accountId) ?? 0} />
        ))}
    </>
  );
}

function PausedAccount({ account, waiting }: { account: AccountSummary; waiting: number }): ReactNode {
  const { t } = useTranslation("sending");
  const resume = <Button onPress={() => resumeAccount(account.id)}>{t("account.resume")}</Button>;
  return (
    <Banner tone="warn" icon={Pause} head={t("account.paused", { account: account.name })} actions={resume}>
      {t("server.waiting", { count: waiting })}
    </Banner>
  );
}

/** The addresses of the user's other accounts that a message could go from. */
function useOtherAddresses(accountId: AccountId): string[] {
  const accounts = useAccounts((state) => state.accounts);
  return accounts.filter(({ id, paused }) => id !== accountId && !paused).map(({ address }) => address);
}

function Standing({ of, now, waiting }: { of: SendingServer; now: number; waiting: number }): ReactNode {
  const { t } = useTranslation("sending");
  const { t: outbox } = useTranslation("outbox");
  const others = useOtherAddresses(of.accountId);
  const server = of.server.replace(/:\d+$/u, "");
  const waits = t("server.waiting", { count: waiting });
  const other = others.length === 0 ? "" : t("server.other", { addresses: others.slice(0, 3).join(t("mail:comma")) });
  if (of.stopped !== null) {
    return (
      <Banner tone="warn" icon={CircleAlert} head={t("server.stoppedHead", { server })}>
        {sentences(waits, other)}
        <FailureNote failure={of.stopped} accountId={of.accountId} />
      </Banner>
    );
  }
  if (of.wait !== null && of.wait.why !== "minute") {
    const time = formatAhead(of.wait.until, now);
    return (
      <Banner tone="warn" icon={TimerReset} head={t(of.wait.why === "day" ? "server.dayHead" : "server.pausedHead", { server, time })}>
        {sentences(waits, other)}
        {of.wait.failure !== null && <FailureNote failure={of.wait.failure} accountId={of.accountId} />}
      </Banner>
    );
  }
  if (of.breaker !== "closed" && of.failure !== null) {
    const next = of.tryAt === null ? t("server.downNow") : t("server.downNext", { when: untilText(of.tryAt, now, outbox) });
    // What mends it may be the same button already.
    const asks = mendOf(of.failure)?.mend === "try-again";
    const ask = asks ? undefined : <Button onPress={syncNow}>{t("server.askNow")}</Button>;
    return (
      <Banner tone="quiet" icon={CircleAlert} head={t("server.downHead", { server })} actions={ask}>
        {sentences(waits, next)}
        <FailureNote failure={of.failure} accountId={of.accountId} />
      </Banner>
    );
  }
  if (of.wait?.why !== "minute" || of.messagesAMinute === null) return null;
  return (
    <Banner tone="quiet" slim icon={Gauge} head={t("server.paceHead", { server, count: of.messagesAMinute })}>
      {t("server.paceText")}
    </Banner>
  );
}
