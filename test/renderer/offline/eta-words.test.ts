import { expect, test } from "vitest";
import { setLanguage, startLanguage } from "../../../renderer/i18n/setup.ts";
import { limitWords, timeWords, toGoWords } from "../../../renderer/ui/offline/words.ts";
import type { AccountHealth } from "../../../shared/contract/health.ts";
import type { AccountId } from "../../../shared/ids.ts";

await startLanguage("en");

const NOW = Date.UTC(2026, 10, 25, 12, 20);
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

function account(bytesToGo: number, eta: AccountHealth["eta"]): AccountHealth {
  return {
    accountId: 1 as AccountId,
    state: "working",
    phase: "bodies",
    done: 0,
    total: 100,
    bytesToGo,
    onDemand: 0,
    kept: { bytes: 0, limitBytes: null, by: null, full: false },
    pending: 0,
    since: 0,
    syncedAt: null,
    nextTryAt: null,
    pause: null,
    eta,
    failure: null,
  };
}

test("a time is no more exact than an estimate can be", () => {
  const said = [30, 50, 12 * 60, 38 * 60, 5 * 3600, 35 * 3600, 36 * 3600, 75 * 3600].map(timeWords);
  expect(said).toEqual([
    "less than a minute",
    "about 1 min",
    "about 12 min",
    "about 40 min",
    "about 5 h",
    "about 35 h",
    "about 2 days",
    "about 3 days",
  ]);
});

test("what is to go says how long that takes, why where the provider's day is the reason, and nothing while nobody knows", async () => {
  const soon = account(312_000_000, { finishAt: NOW + 12 * MINUTE, bytesADay: null });
  const days = account(7_000_000_000, { finishAt: NOW + 3 * DAY, bytesADay: 2_500_000_000 });
  const said = (one: AccountHealth, provider: string | null): string[] => [toGoWords(one, NOW), limitWords(one, provider, NOW)];
  expect(said(soon, "gmail")).toEqual(["312 MB to go, about 12 min", ""]);
  expect(said(days, "gmail")).toEqual(["7 GB to go", "about 3 days: Gmail gives 2.5 GB a day"]);
  expect(said(days, null)).toEqual(["7 GB to go", "about 3 days: the provider gives 2.5 GB a day"]);
  expect(said(account(312_000_000, null), "gmail")).toEqual(["312 MB to go", ""]);
  expect(said(account(0, null), "gmail")).toEqual(["", ""]);
  await setLanguage("zh-CN");
  expect(said(soon, "gmail")).toEqual(["差 312 MB，约 12 分钟", ""]);
  expect(said(days, "gmail")).toEqual(["差 7 GB", "还需约 3 天：Gmail 每天最多允许下载 2.5 GB"]);
});
