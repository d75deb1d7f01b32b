import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startMailServers } from "../../servers/real.ts";
import { loadMailbox } from "./load.ts";
import { BENCH_DIR, firstSync } from "./measured-host.ts";
import { tell } from "./report.ts";

/** The mailbox synced once and kept: the store of an account whose server is gone is as good for searching. */
export async function syncedProfile(count: number): Promise<string> {
  const profile = join(BENCH_DIR, `profile-${count}`);
  if (existsSync(join(profile, "complete"))) return profile;
  const servers = await startMailServers();
  try {
    await loadMailbox(servers, count);
    tell("Syncing the mailbox …");
    rmSync(profile, { recursive: true, force: true });
    await firstSync(servers, `${profile}.next`, count);
    writeFileSync(join(`${profile}.next`, "complete"), "");
    renameSync(`${profile}.next`, profile);
  } finally {
    await servers.stop();
  }
  return profile;
}
