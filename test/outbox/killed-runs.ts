import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite from "better-sqlite3";
import { afterEach, beforeEach } from "vitest";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type KilledOptions, type KilledRun, startKilled } from "./killed-run.ts";

export type KilledRuns = {
  readonly server: FaultySmtp;
  /** Starts the program on the test's profile; what is still running at the end of the test is killed. */
  run(options?: KilledOptions): KilledRun;
  /** The first column of what the store answers, also while the program runs. */
  inStore(question: string): unknown[];
  /** How many messages are filed on the server. */
  inSent(): number;
};

/** For each test of a file: a server with faults, and a profile on which the program is started and killed. */
export function killedRuns(capabilities?: readonly string[]): KilledRuns {
  let server: FaultySmtp | undefined;
  let profileDir = "";
  let started: KilledRun[] = [];
  const there = (): FaultySmtp => {
    if (server === undefined) throw new Error("the server is there in tests only");
    return server;
  };
  beforeEach(async () => {
    server = await FaultySmtp.start();
    if (capabilities !== undefined) server.capabilities = [...capabilities];
    profileDir = mkdtempSync(join(tmpdir(), "satchel-killed-"));
  });
  afterEach(async () => {
    for (const one of started) await one.kill();
    started = [];
    await there().stop();
    rmSync(profileDir, { recursive: true });
  });
  return {
    get server() {
      return there();
    },
    run(options = {}) {
      const one = startKilled(profileDir, there().port, options);
      started.push(one);
      return one;
    },
    inStore(question) {
      const store = new BetterSqlite(join(profileDir, "satchel.db"), { readonly: true });
      try {
        return store.prepare(question).pluck().all();
      } finally {
        store.close();
      }
    },
    inSent: () => readdirSync(join(profileDir, "sent-on-the-server")).length,
  };
}
