import type { Notice } from "../../shared/contract/health.ts";
import type { HealthAlert } from "../../shared/contract/vitals.ts";
import type { AccountId } from "../../shared/ids.ts";
import { type Alert, type AlertFacts, alertKey, isMuted, mutesAt, planAlerts, planTelling, type Told } from "../plan/alerts.ts";
import { readMutes, writeMutes } from "../store/health.ts";
import type { Store } from "../store/open.ts";

export type AlertingNeeds = {
  readonly store: Store;
  readonly notice: (code: Notice["code"], params: Notice["params"]) => void;
  readonly nameOf: (account: AccountId) => string;
};

const MINUTE = 60_000;

/** Says once what lasts too long, whatever else is true at the time, and not what the user has muted. */
export class Alerting {
  readonly #needs: AlertingNeeds;
  #told: Told = new Map();
  #open: readonly Alert[] = [];

  constructor(needs: AlertingNeeds) {
    this.#needs = needs;
  }

  /** @returns whether something began or ended */
  look(facts: AlertFacts): boolean {
    const before = this.#open.map(alertKey).join();
    this.#open = planAlerts(facts);
    const { tell, told } = planTelling(this.#open, this.#told, readMutes(this.#needs.store), facts.now);
    this.#told = told;
    this.#tell(tell, facts);
    return this.#open.map(alertKey).join() !== before;
  }

  open(now: number): HealthAlert[] {
    const mutes = readMutes(this.#needs.store);
    return this.#open.map((alert) => ({
      ...alert,
      // Ids of the plan are plain numbers.
      accountId: alert.accountId as AccountId | null,
      muted: isMuted(mutes, alertKey(alert), now) ? { until: mutes[alertKey(alert)] ?? null } : null,
    }));
  }

  /** @param forMs null = for good; 0 = no longer */
  mute(alert: Pick<Alert, "kind" | "accountId">, forMs: number | null, now: number): void {
    const { [alertKey(alert)]: _, ...others } = mutesAt(readMutes(this.#needs.store), now);
    writeMutes(this.#needs.store, forMs === 0 ? others : { ...others, [alertKey(alert)]: forMs === null ? null : now + forMs });
  }

  #tell(alerts: readonly Alert[], { now, freeBytes }: AlertFacts): void {
    const { notice, nameOf } = this.#needs;
    const [first] = alerts;
    if (first === undefined) return;
    const minutes = first.since === null ? 0 : Math.floor((now - first.since) / MINUTE);
    if (alerts.length > 1) notice("health-several", { count: alerts.length });
    else if (first.kind === "disk-low") notice("health-disk-low", { bytes: freeBytes ?? 0 });
    else if (first.kind === "outbox-old") notice("health-outbox-old", { minutes });
    else if (first.kind === "slow-sync") notice("health-slow-sync", { name: nameOf(first.accountId as AccountId), minutes });
    else notice("health-no-sync", { name: nameOf(first.accountId as AccountId), minutes });
  }
}
