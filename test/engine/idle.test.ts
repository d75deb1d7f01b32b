import { expect, onTestFinished, test, vi } from "vitest";
import type { HostSignal } from "../../main/engine/platform.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { ScriptedPop3 } from "../servers/pop3.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { wholeEngine } from "../support/whole-engine.ts";

const ME = "user1@example.test";
const MINUTE = 60_000;

type Held = { readonly work: () => void; readonly everyMs: number | null; at: number; readonly by: string };

/**
 * The clock of this thread: what waits for less than a minute comes when it is due, and is counted; what waits longer comes when the test lets that time pass.
 */
class Clock {
  /** Timers of less than a minute that are set and neither came nor were cancelled: ms, and who set them. */
  readonly #short = new Map<unknown, string>();
  readonly #held = new Set<Held>();
  #now = 0;

  constructor() {
    const real = { setTimeout, setInterval, clearTimeout, clearInterval };
    const begin = (work: () => void, ms: number, everyMs: number | null): unknown => {
      const by = `${ms} ms${(new Error("set").stack ?? "").split("\n").slice(3, 6).join("\n")}`;
      if (ms >= MINUTE) return this.#hold({ work, everyMs, at: this.#now + ms, by });
      if (everyMs !== null) {
        const timer = real.setInterval(work, ms);
        this.#short.set(timer, by);
        return timer;
      }
      const timer = real.setTimeout(() => {
        this.#short.delete(timer);
        work();
      }, ms);
      this.#short.set(timer, by);
      return timer;
    };
    vi.stubGlobal("setTimeout", (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => begin(() => work(...args), ms, null));
    vi.stubGlobal("setInterval", (work: () => void, ms = 0) => begin(work, ms, ms));
    for (const name of ["clearTimeout", "clearInterval"] as const) {
      vi.stubGlobal(name, (timer: NodeJS.Timeout & { held?: Held }) => {
        this.#short.delete(timer);
        if (timer?.held !== undefined) this.#held.delete(timer.held);
        else real[name](timer);
      });
    }
    onTestFinished(() => void vi.unstubAllGlobals());
  }

  get short(): string[] {
    return [...this.#short.values()];
  }

  /** Lets so much time pass; after each timer that comes, all that it began comes to its end. @returns who woke the thread */
  async pass(ms: number): Promise<string[]> {
    const end = this.#now + ms;
    const woke: string[] = [];
    for (;;) {
      const [next] = [...this.#held].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#now = next.at;
      if (next.everyMs === null) this.#held.delete(next);
      else next.at += next.everyMs;
      woke.push(next.by);
      next.work();
      await this.rest();
    }
    this.#now = end;
    return woke;
  }

  /** Nothing waits for less than a minute: what was set for an end of the work came, or was cancelled, and nothing sets another. */
  async rest(): Promise<void> {
    await vi.waitFor(() => expect(this.short).toEqual([]), { timeout: 80_000, interval: 50 });
  }

  #hold(held: Held): unknown {
    this.#held.add(held);
    const timer = {
      held,
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
      refresh: () => {
        held.at = this.#now + (held.everyMs ?? MINUTE);
        this.#held.add(held);
        return timer;
      },
    };
    return timer;
  }
}

test("an engine that has nothing to do wakes up less than twice a minute, asks only whether its lines live, and on battery it hardly wakes at all", {
  timeout: 240_000,
}, async () => {
  const clock = new Clock();
  const imap = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  const pop3 = await ScriptedPop3.start();
  for (const id of ["one", "two", "three"]) imap.folder(ME, "INBOX").deliver(sampleMail(id));
  pop3.deliver(sampleMail("other"));
  onTestFinished(async () => {
    await imap.stop();
    await pop3.stop();
  });
  let tell: (signal: HostSignal) => void = () => undefined;
  const watch = (listener: typeof tell) => {
    tell = listener;
    return () => undefined;
  };
  const line = await wholeEngine({ address: ME, password: "secret-user1", imap: imap.port, smtp: 9 }, undefined, undefined, { watch });
  const place = { host: "127.0.0.1", security: "plain", user: ME } as const;
  await line.ask("accounts.add", {
    address: "other@example.test",
    accountName: "other",
    personName: "",
    settings: {
      protocol: "pop3",
      incoming: { ...place, port: pop3.port },
      outgoing: { ...place, port: 9 },
      leaveOnServer: { kind: "forever" },
    },
    credential: { kind: "password", password: "secret-user1" },
  });
  await vi.waitFor(async () => {
    const { accounts } = await line.ask("health.status", {});
    expect(accounts.map(({ state, pending, done }) => [state, pending, done])).toEqual([
      ["up-to-date", 0, 3],
      ["up-to-date", 0, 1],
    ]);
  }, 30_000);
  await clock.rest();

  const asked = imap.commands.length;
  // A line that lives is no news for the window.
  const told = line.events.length;
  await clock.pass(2 * MINUTE);
  await vi.waitFor(() => expect(imap.commands.slice(asked).map(({ name }) => name)).toContain("NOOP"));
  await clock.rest();
  expect(line.events.slice(told)).toEqual([]);

  const visits = pop3.connections;
  const woke = await clock.pass(13 * MINUTE);
  // 11 looks whether the line lives, 5 at all folders, 3 visits, and what the engine looks after by itself.
  expect(woke.length, woke.join("\n\n")).toBeLessThanOrEqual(30);
  expect(imap.commands.slice(asked).filter(({ name }) => !["NOOP", "LIST", "IDLE", "DONE"].includes(name))).toEqual([]);
  expect(imap.commands.length - asked).toBeLessThanOrEqual(22);
  expect(pop3.connections - visits).toBeLessThanOrEqual(3);

  tell({ kind: "conditions", onBattery: true, metered: false });
  // What was set before still comes.
  await clock.pass(5 * MINUTE);
  const before = { asked: imap.commands.length, visits: pop3.connections };
  const onBattery = await clock.pass(15 * MINUTE);
  expect(onBattery.length, onBattery.join("\n\n")).toBeLessThanOrEqual(12);
  expect(imap.commands.slice(before.asked).filter(({ name }) => name === "LIST").length).toBe(2);
  expect(pop3.connections - before.visits).toBeLessThanOrEqual(2);

  // And it does not sleep through what the server tells.
  imap.folder(ME, "INBOX").deliver(sampleMail("four"));
  await vi.waitFor(async () => {
    const { folders } = await line.ask("folders.list", {});
    expect(folders.find(({ role }) => role === "inbox")).toMatchObject({ total: 4, here: 4 });
  }, 30_000);
  // On power again the line is looked after again at once.
  tell({ kind: "conditions", onBattery: false, metered: false });
  await clock.rest();
  const noops = imap.commands.length;
  await clock.pass(2 * MINUTE);
  await vi.waitFor(() => expect(imap.commands.slice(noops).some(({ name }) => name === "NOOP")).toBe(true));
});
