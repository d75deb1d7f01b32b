import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { OutputOf } from "../../../shared/contract/table.ts";
import type { RealServers } from "../../servers/real.ts";
import { addAccount, type HostLine, HostProcess } from "../../support/host-process.ts";

export const PROJECT = new URL("../../../", import.meta.url).pathname;
/** On the project's own disk: what lies in memory would compare nothing. */
export const BENCH_DIR = join(PROJECT, ".cache/bench");
/** What is built, as a person runs it. */
export const BUNDLE = join(PROJECT, "out/main/loopback.js");
const LOOK_EVERY_MS = 100;

export type FirstSync = { readonly tookMs: number; readonly firstPageMs: number; readonly memoryMb: number };

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
    const started = performance.now();
    await addAccount(line, { ...user, imap: servers.ports.imap, smtp: servers.ports.smtp });
    const firstPageMs = (await untilFirstPage(line)) - started;
    await untilComplete(line, count);
    return { tookMs: performance.now() - started, firstPageMs, memoryMb: host.peakMemoryMb() };
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

export async function untilComplete(line: HostLine, count: number): Promise<OutputOf<"health.status">> {
  for (;;) {
    const status = await line.request("health.status", {});
    const [account] = status.accounts;
    const whole = account?.state === "up-to-date" && account.total >= count && account.done === account.total;
    if (whole && status.index.indexed >= count && status.index.toIndex === 0) return status;
    await wait(LOOK_EVERY_MS);
  }
}
