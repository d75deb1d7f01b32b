import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { openStore, storeFile } from "../../main/store/open.ts";
import { statement } from "../../main/store/statement.ts";

const MB = 1024 * 1024;
const note = statement<{ key: string; value: string }>(
  "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
);

// A log that never begins anew is brought into the file by SQLite, inside a commit, once it is 256 MB long.
test("with commit upon commit the log of the store begins anew before it is long", async () => {
  const profileDir = mkdtempSync(join(tmpdir(), "satchel-log-"));
  const store = openStore({ profileDir });
  onTestFinished(() => {
    store.close();
    rmSync(profileDir, { recursive: true, force: true });
  });
  let longest = 0;
  for (let written = 0; written < 240; written += 1) {
    // Another letter each time: what stands there already is not written again.
    const value = JSON.stringify(String.fromCharCode(97 + (written % 26)).repeat(MB));
    store.db.write((tx) => tx.run(note, { key: `k${written % 20}`, value }));
    longest = Math.max(longest, statSync(`${storeFile(profileDir)}-wal`).size);
    await (store.roomInLog() ?? turn());
  }
  expect(longest).toBeLessThan(200 * MB);
});
