import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openReader } from "../../../main/store/database.ts";
import { statement } from "../../../main/store/statement.ts";
import { startMailServers } from "../../servers/real.ts";
import { loadMailbox } from "./load.ts";
import { BENCH_DIR, firstSync, startHost } from "./measured-host.ts";
import { tell } from "./report.ts";

const LOOK_EVERY_MS = 500;
const countSegments = statement<Record<never, never>, { count: number }>("SELECT count(DISTINCT segid) AS count FROM mail_idx", "search");

/** The mailbox synced once and kept, its index at rest: the store of an account whose server is gone is as good for searching. */
export async function syncedProfile(count: number): Promise<string> {
  const profile = join(BENCH_DIR, `profile-${count}`);
  if (existsSync(join(profile, "complete"))) return profile;
  const servers = await startMailServers();
  try {
    await loadMailbox(servers, count);
    tell("Syncing the mailbox …");
    rmSync(profile, { recursive: true, force: true });
    await firstSync(servers, `${profile}.next`, count);
    await untilMerged(`${profile}.next`);
    writeFileSync(join(`${profile}.next`, "complete"), "");
    renameSync(`${profile}.next`, profile);
  } finally {
    await servers.stop();
  }
  return profile;
}

/** Segments are merged when nothing else has been asked of the index for some seconds. */
async function untilMerged(profile: string): Promise<void> {
  const { host, line } = await startHost(profile, false);
  const index = openReader(join(profile, "search.db"));
  try {
    while ((index.get(countSegments, {})?.count ?? 0) > 1) await wait(LOOK_EVERY_MS);
  } finally {
    index.close();
    line.close();
    await host.stop();
  }
}
