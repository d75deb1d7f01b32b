import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { addAccount, HostProcess } from "../support/host-process.ts";
import { canMount, smallDisk } from "../support/small-disk.ts";

describe.skipIf(!HAS_BROWSER)("a profile in trouble", { timeout: 120_000 }, () => {
  let profile = "";
  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), "satchel-journey-"));
  });
  afterEach(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  afterAll(closeBrowser);

  test("a second start leads to the window of the first, and starts no engine of its own", async () => {
    const program = await Program.start({ profile });
    try {
      const first = await program.line.request("health.hello", {});
      const second = await HostProcess.start({ profile });
      const line = await second.connect();
      expect((await line.request("health.hello", {})).engineRun).toBe(first.engineRun);
      line.close();
      await second.stop();
    } finally {
      await program.stop();
    }
  });

  test("a store that is no database is put aside whole, the window says so, and begins anew", async () => {
    const bytes = "not a database ".repeat(1000);
    writeFileSync(join(profile, "satchel.db"), bytes);
    mkdirSync(join(profile, "outbox"));
    writeFileSync(join(profile, "outbox", "unsent.eml"), "Subject: unsent");
    const program = await Program.start({ profile });
    try {
      await program.page
        .getByText(/it is kept in the profile’s folder set-aside-1/u)
        .first()
        .waitFor();
      await program.page.getByRole("textbox", { name: "Mail address" }).waitFor();
      expect(readFileSync(join(profile, "set-aside-1", "satchel.db"), "utf8")).toBe(bytes);
      expect(readFileSync(join(profile, "set-aside-1", "outbox", "unsent.eml"), "utf8")).toBe("Subject: unsent");
    } finally {
      await program.stop();
    }
  });

  test("a store that is lost: accounts, drafts and what was to be sent come from its spare copy, and are not sent unasked", async () => {
    const before = await HostProcess.start({ profile });
    const line = await before.connect();
    const accountId = await addAccount(line, { address: "user1@example.test", password: "secret-user1", imap: 1, smtp: 1 });
    for (const subject of ["A draft", "On its way"]) {
      const draft = await line.request("compose.start", { kind: "new", accountId });
      const to = [{ name: "", address: "b@example.test" }];
      const { revision } = await line.request("compose.save", {
        draftId: draft.id,
        revision: draft.revision,
        content: { ...draft.content, to, subject, html: "<p>Words</p>" },
      });
      if (subject === "On its way") await line.request("compose.send", { draftId: draft.id, revision });
    }
    line.close();
    await before.stop();
    writeFileSync(join(profile, "satchel.db"), "not a database ".repeat(1000));
    const program = await Program.start({ profile });
    try {
      const { page } = program;
      await page
        .getByText(/your drafts \(1\) and unsent messages \(1\)/u)
        .first()
        .waitFor();
      await page
        .getByRole("button", { name: /^Outbox/u })
        .first()
        .click();
      await page.getByText("On its way").first().waitFor();
      await program.picture("store-renewed");
      await program.look({ language: "zh-CN", theme: "dark" });
      await program.picture("store-renewed-dark-zh");
      const { items } = await program.line.request("outbox.list", {});
      expect(items.map(({ subject, state }) => ({ subject, state }))).toEqual([{ subject: "On its way", state: "unknown" }]);
      expect((await program.line.request("compose.drafts", {})).drafts.map(({ subject }) => subject)).toEqual(["A draft"]);
    } finally {
      await program.stop();
    }
  });

  test.skipIf(!canMount())("a disk that takes nothing: the window comes up and says so, and all is there when it takes again", async () => {
    const disk = smallDisk(64);
    if (disk === null) throw new Error("mounted a moment ago");
    const settled = await Program.start({ profile: disk.folder });
    await settled.line.request("settings.write", { density: "compact" });
    await settled.host.stop("SIGTERM");
    await settled.stop();
    disk.writable(false);
    const program = await Program.start({ profile: disk.folder });
    try {
      await program.page.getByText("The profile cannot be written. Check its rights.").first().waitFor();
      expect(readdirSync(disk.folder)).toContain("satchel.db");
      await program.host.stop("SIGTERM");
      disk.writable(true);
      await program.restart();
      await program.page.getByRole("textbox", { name: "Mail address" }).waitFor();
      expect((await program.line.request("settings.read", {})).density).toBe("compact");
    } finally {
      await program.stop();
      disk.remove();
    }
  });
});
