import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { HealthStatus, SendingServer } from "../../../shared/contract/health.ts";
import { formatAhead, formatNumber } from "../../i18n/format.ts";
import { Facts } from "./facts.tsx";
import { agoText } from "./words.ts";

/** What is in the outbox and since when, and how each outgoing server stands. */
export function SendingCard({ outbox, now }: { outbox: HealthStatus["outbox"]; now: number }): ReactNode {
  const { t } = useTranslation("health");
  const { waiting, sending, needsUser, oldestAt, servers } = outbox;
  return (
    <div className="setcard health-card">
      <Facts
        facts={[
          { name: t("fact.queued"), value: formatNumber(waiting) },
          { name: t("fact.goingOut"), value: formatNumber(sending) },
          { name: t("fact.needsYou"), value: formatNumber(needsUser), tone: needsUser > 0 ? "warn" : undefined },
          { name: t("fact.oldest"), value: oldestAt === null ? t("none") : agoText(oldestAt, now) },
        ]}
      />
      {servers.length > 0 && <Servers servers={servers} now={now} />}
    </div>
  );
}

function Servers({ servers, now }: { servers: readonly SendingServer[]; now: number }): ReactNode {
  const { t } = useTranslation("health");
  return (
    <table className="health-speed">
      <caption className="heard-only">{t("sending")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("server")}</th>
          <th scope="col">{t("server.standing")}</th>
          <th scope="col">{t("server.minute")}</th>
          <th scope="col">{t("server.day")}</th>
        </tr>
      </thead>
      <tbody>
        {servers.map((one) => (
          <tr key={`${one.accountId} ${one.server}`}>
            <th scope="row">{one.server.replace(/:\d+$/u, "")}</th>
            <td>{standingOf(one, now, t)}</td>
            <td>{formatNumber(one.acceptedLastMinute)}</td>
            <td>{formatNumber(one.acceptedLastDay)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function standingOf(server: SendingServer, now: number, t: ReturnType<typeof useTranslation<"health">>["t"]): string {
  const { breaker, tryAt, wait, messagesAMinute, stopped } = server;
  if (stopped !== null) return t("server.stopped");
  if (wait !== null && wait.why !== "minute") return t("server.paused", { time: formatAhead(wait.until, now) });
  if (breaker === "half-open" || (breaker === "open" && tryAt === null)) return t("server.tried");
  if (breaker === "open" && tryAt !== null) return t("server.down", { time: formatAhead(tryAt, now) });
  return messagesAMinute === null ? t("server.takes") : t("server.pace", { count: messagesAMinute });
}
