import i18next from "i18next";
import { CheckCheck, CircleAlert, Pause, Play, Send, WifiOff } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { BulkSummary } from "../../../shared/contract/bulk.ts";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { useAccounts } from "../../state/accounts.ts";
import { isOffline, useHealth } from "../../state/health.ts";
import { followOutbox, pauseSending, readOutbox, useOutbox } from "../../state/outbox.ts";
import { groupOutbox, type OutboxGroups } from "../../state/outbox-groups.ts";
import { goTo, useRoute } from "../../state/route.ts";
import { Banner } from "../parts/banner.tsx";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { useNow } from "../parts/now.ts";
import { PageHead } from "../parts/page-head.tsx";
import { SkeletonBar, useLate } from "../parts/skeleton.tsx";
import { BulkCards } from "./bulk-cards.tsx";
import { type KeptBy, OutboxCard } from "./outbox-card.tsx";
import { ServerBanners } from "./server-banners.tsx";
import "./outbox.css";

/** Everything between Send and Sent: what needs the user first, then what goes out, then what went today. */
export function OutboxPage(): ReactNode {
  const { t } = useTranslation("outbox");
  useEffect(followOutbox, []);
  const { items, bulks, paused, loaded, failure } = useOutbox();
  const only = useRoute(({ route }) => route.page === "outbox" && route.only === "needsYou");
  const title = t(only ? "needsYouPlace" : "title");
  return (
    <main className="page outbox" aria-label={title}>
      <PageHead title={title}>
        <span className="grow" />
        {only && <Button onPress={() => goTo({ page: "outbox" })}>{t("whole")}</Button>}
        <Button onPress={() => pauseSending(!paused)}>
          <Icon of={paused ? Play : Pause} />
          {t(paused ? "resume" : "pause")}
        </Button>
      </PageHead>
      {failure !== null && !loaded ? (
        <EmptyState icon={CircleAlert} title={t("failed")} action={<Button onPress={readOutbox}>{t("tryAgain")}</Button>}>
          {failureText(failure)}
        </EmptyState>
      ) : (
        <div className="page-scroll">
          <Standing paused={paused} items={items} />
          {loaded ? <Groups items={items} bulks={bulks} paused={paused} only={only} /> : <Waiting />}
        </div>
      )}
    </main>
  );
}

/** Why nothing goes out at the moment, if that is so. */
function Standing({ paused, items }: { paused: boolean; items: readonly OutboxItem[] }): ReactNode {
  const { t } = useTranslation("outbox");
  const offline = useOffline();
  const now = useNow(1000);
  if (paused) {
    return (
      <Banner tone="warn" slim icon={Pause} head={t("pausedBanner")}>
        {t("pausedMore")}
      </Banner>
    );
  }
  if (!offline) {
    const waiting = items.filter(({ state }) => state === "queued" || state === "sending" || state === "finishing");
    return <ServerBanners now={now} waiting={countOf(waiting.map(({ accountId }) => accountId))} />;
  }
  return (
    <Banner tone="quiet" slim icon={WifiOff} head={t("offlineBanner")}>
      {t("offlineMore")}
    </Banner>
  );
}

function countOf<T>(all: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

function useOffline(): boolean {
  return useHealth(({ status }) => isOffline(status));
}

type Shown = { items: readonly OutboxItem[]; bulks: readonly BulkSummary[]; paused: boolean; only: boolean };

/** @param only what waits for the user, and nothing else */
function Groups({ items, bulks, paused, only }: Shown): ReactNode {
  const { t } = useTranslation("outbox");
  const now = useNow(1000);
  const offline = useOffline();
  const accounts = useAccounts((state) => state.accounts);
  const servers = useHealth(({ status }) => status?.outbox.servers) ?? [];
  /** What keeps it here until the user has done something. */
  const keptBy = ({ accountId }: OutboxItem): KeptBy => {
    if (paused) return "paused";
    if (accounts.some((account) => account.id === accountId && account.paused)) return "account";
    const own = servers.filter((server) => server.accountId === accountId);
    return own.length > 0 && own.every(({ stopped }) => stopped !== null) ? "stopped" : null;
  };
  const groups = groupOutbox(items, now);
  if (!only && items.length === 0 && bulks.length === 0) {
    return (
      <EmptyState icon={Send} title={t("empty")}>
        {t("emptyMore")}
      </EmptyState>
    );
  }
  const asking = bulks.filter(({ failure, counts }) => failure !== null || counts.unknown > 0);
  if (only && groups.needsYou.length === 0 && asking.length === 0) {
    return (
      <EmptyState icon={CheckCheck} title={t("needsYouNone")}>
        {t("needsYouNoneMore")}
      </EmptyState>
    );
  }
  const part = (name: keyof OutboxGroups): ReactNode => {
    const group = groups[name];
    if (group.length === 0) return null;
    const waiting = group.filter((item) => item.state === "queued");
    const title = name === "later" ? i18next.t("sending:later.group", { count: group.length }) : t(name, { count: group.length });
    return (
      <section aria-label={title}>
        <h2 className="section-title">{title}</h2>
        {group.map((item) => (
          <OutboxCard key={item.id} item={item} now={now} offline={offline} turn={waiting.indexOf(item)} keptBy={keptBy(item)} />
        ))}
      </section>
    );
  };
  return (
    <>
      {part("needsYou")}
      <BulkCards bulks={only ? asking : bulks} />
      {!only && (
        <>
          {part("goingOut")}
          {part("later")}
          {part("sentToday")}
          {part("ended")}
        </>
      )}
    </>
  );
}

function Waiting(): ReactNode {
  const { t } = useTranslation("outbox");
  const late = useLate(true);
  return (
    <div role="status" aria-label={t("loading")}>
      {late &&
        [280, 340, 220].map((width) => (
          <div key={width} className="outbox-card waiting">
            <SkeletonBar width={width} height={12} />
            <SkeletonBar width={width * 0.6} />
          </div>
        ))}
    </div>
  );
}
