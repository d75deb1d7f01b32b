import { CircleAlert, Gauge, TimerReset } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { mendOf } from "../../../shared/answers/table.ts";
import type { SendingServer } from "../../../shared/contract/health.ts";
import { formatAhead } from "../../i18n/format.ts";
import { syncNow, useHealth } from "../../state/health.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { untilText } from "./words.ts";

/** Servers that take nothing at the moment, each with its reason and what happens next. Only while something waits for them. */
export function ServerBanners({ now, waiting }: { now: number; waiting: ReadonlySet<number> }): ReactNode {
  const servers = useHealth(({ status }) => status?.outbox.servers) ?? [];
  return servers
    .filter(({ accountId }) => waiting.has(accountId))
    .map((server) => <Standing key={`${server.accountId} ${server.server}`} of={server} now={now} />);
}

function Standing({ of, now }: { of: SendingServer; now: number }): ReactNode {
  const { t } = useTranslation("sending");
  const { t: outbox } = useTranslation("outbox");
  const server = of.server.replace(/:\d+$/u, "");
  if (of.wait !== null && of.wait.why !== "minute") {
    const time = formatAhead(of.wait.until, now);
    return (
      <Banner tone="warn" icon={TimerReset} head={t(of.wait.why === "day" ? "server.dayHead" : "server.pausedHead", { server, time })}>
        {t("server.other")}
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
        {next}
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
