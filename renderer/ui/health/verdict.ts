import type { HealthStatus } from "../../../shared/contract/health.ts";
import type { Vitals } from "../../../shared/contract/vitals.ts";

export type Verdict = {
  tone: "good" | "off" | "warn" | "bad";
  said: "all" | "working" | "offline" | "waiting" | "needsYou" | "outbox" | "alerts" | "storage" | "nothing";
  count: number;
};

/** The one sentence at the head of the page: the worst that is true. What the user has muted does not count. */
export function verdictOf(status: HealthStatus, { alerts }: Pick<Vitals, "alerts">): Verdict {
  const told = alerts.filter(({ muted }) => muted === null).length;
  const is = (state: HealthStatus["accounts"][number]["state"]): boolean => status.accounts.some((one) => one.state === state);
  if (status.storage !== null) return { tone: "bad", said: "storage", count: 0 };
  if (told > 0) return { tone: "warn", said: "alerts", count: told };
  if (is("stopped")) return { tone: "warn", said: "needsYou", count: 0 };
  if (status.outbox.needsUser > 0) return { tone: "warn", said: "outbox", count: status.outbox.needsUser };
  if (status.accounts.length === 0) return { tone: "off", said: "nothing", count: 0 };
  if (status.workOffline) return { tone: "off", said: "offline", count: 0 };
  if (is("offline")) return { tone: "off", said: "waiting", count: 0 };
  return { tone: "good", said: is("working") ? "working" : "all", count: 0 };
}
