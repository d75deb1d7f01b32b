import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { OutputOf } from "../../../shared/contract/table.ts";
import type { RealServers } from "../../servers/real.ts";
import { addAccount, type HostLine, HostProcess } from "../../support/host-process.ts";
import { cpuForEach, type ThreadCpu, threadCpu } from "./thread-cpu.ts";

export const PROJECT = new URL("../../../", import.meta.url).pathname;
/** On the project's own disk: what lies in memory would compare nothing. */
export const BENCH_DIR = join(PROJECT, ".cache/bench");
/** What is built, as a person runs it. */
export const BUNDLE = join(PROJECT, "out/main/loopback.js");
const LOOK_EVERY_MS = 100;

export type FirstSync = {
  readonly tookMs: number;
  readonly firstPageMs: number;
  /** Until every message was in the list, and until the bytes of all were here. */
  readonly listedMs: number;
  readonly storedMs: number;
  readonly memoryMb: number;
  /** Milliseconds of the processor for each message, by thread. */
  readonly cpu: ThreadCpu;
};

/** A host of the bundle on a profile of its own. */
export async function startHost(profile: string, fresh: boolean): Promise<{ host: HostProcess; line: HostLine }> {
  if (fresh) rmSync(profile, { recursive: true, force: true });
  mkdirSync(profile, { recursive: true });
  const host = await HostProcess.start({ profile, entry: BUNDLE });
  return { host, line: await host.connect() };
}

/** Adds the account and waits until all of it is here and indexed. Looks now and then, as a window would, not at every event. */
export async function firstSync(servers: RealServers, profile: string, count: number): Promise<FirstSync> {
  const { host, line } = await startHost(profile, true);
  try {
    const [user] = servers.users;
    if (user === undefined) throw new Error("no user");
    const pid = host.child.pid ?? 0;
    const before = threadCpu(pid);
    const started = performance.now();
    const after = (at: number): number => at - started;
    await addAccount(line, { ...user, imap: servers.ports.imap, smtp: servers.ports.smtp });
    const firstPageMs = after(await untilFirstPage(line));
    const listedMs = after(await untilListed(line, count));
    const storedMs = after(await untilStored(line, count));
    await untilComplete(line, count);
    const cpu = cpuForEach(before, threadCpu(pid), count);
    return { tookMs: after(performance.now()), firstPageMs, listedMs, storedMs, memoryMb: host.peakMemoryMb(), cpu };
  } finally {
    line.close();
    await host.stop();
  }
}

async function untilFirstPage(line: HostLine): Promise<number> {
  for (;;) {
    const { rows } = await line.request("mail.page", { view: "all:inbox", grouped: true, filter: "all", from: { kind: "top" }, limit: 50 });
    if (rows.length > 0) return performance.now();
    await wait(20);
  }
}

async function untilListed(line: HostLine, count: number): Promise<number> {
  for (;;) {
    const { folders } = await line.request("folders.list", {});
    if (folders.reduce((sum, { total }) => sum + total, 0) >= count) return performance.now();
    await wait(LOOK_EVERY_MS);
  }
}

async function untilStored(line: HostLine, count: number): Promise<number> {
  for (;;) {
    const [account] = (await line.request("health.status", {})).accounts;
    if (account !== undefined && account.total >= count && account.done === account.total) return performance.now();
    await wait(LOOK_EVERY_MS);
  }
}

export async function untilComplete(line: HostLine, count: number): Promise<OutputOf<"health.status">> {
  for (;;) {
    const status = await line.request("health.status", {});
    const [account] = status.accounts;
    const whole = account?.state === "up-to-date" && account.total >= count && account.done === account.total;
    if (whole && status.index.indexed >= count && status.index.toIndex === 0) return status;
    await wait(LOOK_EVERY_MS);
  }
}
