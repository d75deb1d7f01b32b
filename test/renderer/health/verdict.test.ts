import { expect, test } from "vitest";
import { verdictOf } from "../../../renderer/ui/health/verdict.ts";
import type { AccountHealth, HealthStatus } from "../../../shared/contract/health.ts";
import type { AccountId } from "../../../shared/ids.ts";

function status(states: AccountHealth["state"][], more: Partial<HealthStatus> = {}): HealthStatus {
  return {
    workOffline: false,
    accounts: states.map((state, at) => ({
      accountId: (at + 1) as AccountId,
      state,
      phase: "idle",
      done: 0,
      total: 0,
      bytesToGo: 0,
      onDemand: 0,
      kept: { bytes: 0, limitBytes: null, by: null, full: false },
      pending: 0,
      since: 0,
      syncedAt: 0,
      nextTryAt: null,
      pause: null,
      eta: null,
      failure: null,
    })),
    outbox: { waiting: 0, sending: 0, needsUser: 0, oldestAt: null, servers: [] },
    index: { indexed: 0, toIndex: 0 },
    kept: { bytes: 0, limitBytes: null },
    bytesPerSecond: 0,
    storage: null,
    ...more,
  };
}

const alert = { kind: "disk-low", accountId: null, since: null, muted: null } as const;

test("the page says the worst that is true, and what is muted is not said", () => {
  const said = (...args: Parameters<typeof verdictOf>): string => verdictOf(...args).said;
  const none = { alerts: [] };
  expect(said(status(["up-to-date", "paused"]), none)).toBe("all");
  expect(said(status(["up-to-date", "working"]), none)).toBe("working");
  expect(said(status(["working", "offline"]), none)).toBe("waiting");
  expect(said(status(["offline"], { workOffline: true }), none)).toBe("offline");
  expect(said(status(["offline", "stopped"], { workOffline: true }), none)).toBe("needsYou");
  const outbox = { waiting: 1, sending: 0, needsUser: 2, oldestAt: 0, servers: [] };
  expect(verdictOf(status(["up-to-date"], { outbox }), none)).toEqual({ tone: "warn", said: "outbox", count: 2 });
  expect(said(status(["stopped"], { outbox }), none)).toBe("needsYou");
  expect(said(status([]), none)).toBe("nothing");
  expect(verdictOf(status(["stopped"]), { alerts: [alert, { ...alert, muted: { until: null } }] })).toEqual({
    tone: "warn",
    said: "alerts",
    count: 1,
  });
  expect(said(status(["up-to-date"]), { alerts: [{ ...alert, muted: { until: null } }] })).toBe("all");
  expect(said(status(["up-to-date"], { storage: { kind: "storage", code: "disk-full", params: {} } }), { alerts: [alert] })).toBe(
    "storage",
  );
});
