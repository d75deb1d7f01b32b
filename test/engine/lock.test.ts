import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HostProcess } from "../support/host-process.ts";

let profile: string;
let host: HostProcess | undefined;
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), "satchel-lock-"));
});
afterEach(async () => {
  await host?.stop();
  host = undefined;
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

test("a locked host tells a window nothing of the mail, also after it was ended and started again", async () => {
  host = await HostProcess.start({ profile });
  const line = await host.connect();
  await line.request("lock.set", { pin: "secret-pelican-9", afterMinutes: null });
  await line.request("lock.now", {});
  await expect(line.request("folders.list", {})).rejects.toMatchObject({ code: "app-locked" });
  await expect(line.request("health.notices", { afterId: 0 })).rejects.toMatchObject({ code: "app-locked" });
  line.close();
  await host.stop();

  host = await HostProcess.start({ profile });
  const next = await host.connect();
  await expect(next.request("folders.list", {})).rejects.toMatchObject({ code: "app-locked" });
  expect(await next.request("lock.state", {})).toMatchObject({ on: true, locked: true });
  await expect(next.request("lock.unlock", { pin: "secret-pelican-8" })).rejects.toMatchObject({ code: "pin-wrong" });
  await next.request("lock.unlock", { pin: "secret-pelican-9" });
  await expect(next.request("folders.list", {})).resolves.toBeDefined();
  await expect(next.request("lock.remove", {})).rejects.toMatchObject({ code: "confirm-first" });
  next.close();
});
