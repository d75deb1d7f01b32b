import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { InputOf, RequestName } from "../../../shared/contract/table.ts";
import type { HealthAlert, SyncRound, Vitals } from "../../../shared/contract/vitals.ts";
import { axeFindings } from "../../support/axe.ts";
import { HARBOUR, INBOX } from "../../support/fake-engine/mailbox.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

const MINUTE = 60_000;

/** An engine on whose computer everything lasts too long. */
class TroubledEngine extends WritingEngine {
  alerts: HealthAlert[] = [
    { kind: "no-sync", accountId: HARBOUR, since: this.now - 42 * MINUTE, muted: null },
    { kind: "outbox-old", accountId: null, since: this.now - 20 * MINUTE, muted: null },
    { kind: "disk-low", accountId: null, since: null, muted: { until: null } },
  ];

  override answer(method: RequestName, input: unknown): Promise<unknown> {
    if (method === "health.vitals") return Promise.resolve(this.#vitals());
    if (method === "health.history") return Promise.resolve({ program: [], accounts: [] });
    if (method === "health.rounds") return Promise.resolve({ rounds: this.#rounds(input as InputOf<"health.rounds">) });
    if (method === "health.traces") return Promise.resolve({ traces: [] });
    if (method !== "health.mute") return super.answer(method, input);
    this.asked.push({ method, input });
    const { kind, forMs } = input as { kind: string; forMs: number | null };
    this.alerts = this.alerts.map((alert) =>
      alert.kind === kind ? { ...alert, muted: forMs === 0 ? null : { until: forMs === null ? null : this.now + forMs } } : alert,
    );
    return Promise.resolve({});
  }

  #vitals(): Vitals {
    return {
      at: this.now,
      startedAt: this.now - 5 * 60 * MINUTE,
      memoryBytes: 231e6,
      databaseBytes: 96e6,
      indexBytes: 61e6,
      mail: { files: 41_206, bytes: 3.4e9 },
      freeBytes: 640e6,
      requests: [1, 2, 40, 20],
      threads: [{ thread: "engine", count: 1, heapBytes: 41e6, pauses: [90, 10, 2] }],
      accounts: [
        {
          accountId: HARBOUR,
          syncedAt: this.now - 42 * MINUTE,
          waiting: 2,
          learnt: { connections: 2, loginsAMinute: null, bytesADay: null, at: this.now - 26 * 60 * MINUTE },
          today: { bytes: 4e6, connected: 1, failed: 6, lagMs: 42 * MINUTE },
        },
      ],
      alerts: this.alerts,
      lastRound: 4,
    };
  }

  #rounds({ before, notable }: InputOf<"health.rounds">): SyncRound[] {
    const inbox = { folderId: INBOX, tookMs: 310 };
    const usual = { tookMs: 1200, stages: { connect: 120, secure: 90, "sign-in": 300, list: 240, store: 20 } };
    const base = {
      accountId: HARBOUR,
      opened: true,
      failure: null,
      folderCount: 0,
      messages: 0,
      bytes: 0,
      renamed: 0,
      pause: null,
      slow: false,
      culprit: null,
    };
    const all: SyncRound[] = [
      {
        ...base,
        id: 4,
        beganAt: this.now - 3 * MINUTE,
        tookMs: 14_020,
        stages: {
          connect: 130,
          secure: 110,
          greet: 400,
          "sign-in": 12_000,
          list: 260,
          compare: 300,
          headers: 200,
          bodies: 500,
          store: 120,
        },
        outcome: "done",
        folders: [inbox],
        folderCount: 1,
        messages: 3,
        bytes: 412_000,
        usual,
        slow: true,
        culprit: "sign-in",
      },
      {
        ...base,
        id: 3,
        beganAt: this.now - 6 * MINUTE,
        tookMs: 1180,
        stages: { connect: 110, "sign-in": 830, list: 240 },
        outcome: "done",
        folders: [],
        usual,
      },
      {
        ...base,
        id: 2,
        opened: false,
        beganAt: this.now - 9 * MINUTE,
        tookMs: 20_000,
        stages: { connect: 20_000 },
        outcome: "failed",
        failure: { kind: "offline", code: "timed-out", params: { host: "imap.harbour.example", port: 993 } },
        folders: [],
        usual: null,
      },
      {
        ...base,
        id: 1,
        beganAt: this.now - 30 * MINUTE,
        tookMs: 900,
        stages: { list: 900 },
        outcome: "done",
        folders: [],
        messages: 1,
        usual: null,
      },
    ];
    return all.filter(({ id }) => (before === null ? id > 1 : id < before) && (!notable || id !== 3));
  }
}

let open: (OpenWindow & { engine: unknown }) | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function health(look: Look = {}) {
  const engine = new TroubledEngine(Date.now());
  const standing = { accountId: HARBOUR, failure: null, stopped: null, wait: null, tryAt: null, messagesAMinute: null } as const;
  const counts = { acceptedLastMinute: 0, acceptedLastDay: 12 };
  const down = {
    ...standing,
    ...counts,
    server: "smtp.harbour.example:465",
    breaker: "open",
    tryAt: new Date(engine.now).setHours(23, 59, 0, 0),
  } as const;
  const slow = {
    ...standing,
    acceptedLastMinute: 20,
    acceptedLastDay: 480,
    server: "smtp.relay.example:587",
    breaker: "closed",
    messagesAMinute: 20,
  } as const;
  const outbox = { waiting: 7, sending: 1, needsUser: 0, oldestAt: engine.now - 20 * MINUTE, servers: [down, slow] };
  engine.health = { ...engine.health, outbox };
  open = await openWindow(engine, look);
  const { page } = open;
  await page.getByRole("grid").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  return { page, engine, main: page.getByRole("main", { name: /^(?:Health|运行状况)$/u }) };
}

describe.skipIf(!HAS_CHROMIUM)("what lasts too long", () => {
  it("is said in words, counted without what is muted, and muted and told again by the keyboard", async () => {
    const { page, engine, main } = await health();
    await main.getByText("2 things need a look.").waitFor();
    await main.getByText("“Harbour Studio” has not been compared with its server for 42 min.").waitFor();
    await main.getByText("640 MB are left on the disk.").waitFor();
    await main.getByText("6 of 7").waitFor();
    const sending = main.getByRole("region", { name: "Sending" });
    expect((await sending.getByRole("term").allInnerTexts()).length).toBe(4);
    expect(await sending.getByRole("definition").allInnerTexts()).toEqual(["7", "1", "0", "20\u00a0min ago"]);
    expect(await sending.getByRole("row").allInnerTexts()).toEqual([
      expect.stringMatching(/Outgoing server/u),
      expect.stringMatching(/smtp\.harbour\.example\s+cannot be reached, next try 23:59\s+0\s+12/u),
      expect.stringMatching(/smtp\.relay\.example\s+20 a minute at most\s+20\s+480/u),
    ]);
    expect(await axeFindings(page)).toEqual([]);
    await main.getByRole("button", { name: "Mute" }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "For an hour" }).waitFor();
    await page.keyboard.press("Enter");
    await main.getByText("One thing needs a look.").waitFor();
    await main.getByText(/Muted until/u).waitFor();
    expect(engine.asked.filter(({ method }) => method === "health.mute").map(({ input }) => input)).toEqual([
      { kind: "no-sync", accountId: HARBOUR, forMs: 60 * MINUTE },
    ]);
    await main.getByRole("button", { name: "Tell me again" }).first().click();
    await main.getByText("2 things need a look.").waitFor();
    await main.getByText("Told after 30 min.", { exact: false }).waitFor();
    await main.getByRole("button", { name: /An account was not compared/u }).click();
    await page.getByRole("option", { name: "2\u00a0h", exact: true }).click();
    await main.getByText("Told after 2 h.", { exact: false }).waitFor();
    expect(engine.askedFor("settings.write")).toContainEqual({ alertNoSyncMinutes: 120 });
    await main.getByRole("button", { name: "Open the outbox" }).click();
    await page.getByRole("main", { name: "Outbox" }).waitFor();
  });

  it("is read in Chinese, in the dark, in a narrow window", async () => {
    const { page, main } = await health({ language: "zh-CN", theme: "dark", width: 700 });
    await main.getByText("有 2 件事需要看一下。").waitFor();
    await main.getByText("「Harbour Studio」已有 42 分钟没有与服务器核对。").waitFor();
    await main.getByRole("region", { name: "发送" }).getByText("连不上，23:59 再试").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    if (process.env["SATCHEL_PICTURES"] === "1")
      await page.screenshot({ path: new URL("../../../docs/pictures/health-alerts-dark-zh.png", import.meta.url).pathname });
    await main.getByText("什么时候提醒").scrollIntoViewIfNeeded();
    if (process.env["SATCHEL_PICTURES"] === "1")
      await page.screenshot({ path: new URL("../../../docs/pictures/health-when-dark-zh-narrow.png", import.meta.url).pathname });
  });

  it("shows where the time of a slow synchronisation went, in words and numbers, and earlier ones when asked", async () => {
    const { page, main } = await health();
    const part = main.getByRole("region", { name: "Synchronisations" });
    const slow = part.getByRole("button", { name: /3 messages · 1 folder · 412 KB.*14 s.*Slow/u });
    await slow.focus();
    await page.keyboard.press("Enter");
    await part.getByText("It took 14 s, usually 1.2 s. Signing in took 12 s, usually 300 ms.").waitFor();
    const stages = part.getByRole("list", { name: "Where the time went" });
    expect((await stages.getByRole("listitem").allInnerTexts()).map((text) => text.replace(/\s+/gu, " "))).toContain(
      "Signing in 12 s usually 300 ms",
    );
    expect(await axeFindings(page)).toEqual([]);
    await part.scrollIntoViewIfNeeded();
    if (process.env["SATCHEL_PICTURES"] === "1")
      await page.screenshot({ path: new URL("../../../docs/pictures/health-slow-sync.png", import.meta.url).pathname });
    await part.getByRole("button", { name: /Failed/u }).click();
    await part
      .getByText(/imap\.harbour\.example/u)
      .last()
      .waitFor();
    expect(await part.getByRole("button", { name: /Nothing new/u }).count()).toBe(0);
    await part.getByRole("switch").focus();
    await page.keyboard.press("Space");
    await part.getByRole("button", { name: /Nothing new/u }).waitFor();
    await part.getByRole("button", { name: "Earlier ones" }).click();
    await part.getByRole("button", { name: /1 message.*900 ms/u }).waitFor();
    await part.getByRole("button", { name: "Earlier ones" }).click();
    await part.getByRole("button", { name: "Earlier ones" }).waitFor({ state: "detached" });
  });

  it("shows it in Chinese, in the dark, on a narrow window", async () => {
    const { page, main } = await health({ language: "zh-CN", theme: "dark", width: 470 });
    const part = main.getByRole("region", { name: "同步" });
    await part.getByRole("button", { name: /3 封邮件.*慢/u }).click();
    await part.getByText("用了 14 秒，平时 1.2 秒。登录用了 12 秒，平时 300 毫秒。").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await part.scrollIntoViewIfNeeded();
    if (process.env["SATCHEL_PICTURES"] === "1")
      await page.screenshot({ path: new URL("../../../docs/pictures/health-slow-sync-dark-zh-narrow.png", import.meta.url).pathname });
  });

  it("comes as one notice that leads to the page", async () => {
    const engine = new TroubledEngine(Date.now());
    engine.notices = [{ id: engine.now + 1, at: engine.now, failure: null, code: "health-several", params: { count: 2 } }];
    open = await openWindow(engine);
    const { page } = open;
    await page.getByText("2 things need a look").waitFor();
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByRole("main", { name: "Health" }).waitFor();
  });
});
