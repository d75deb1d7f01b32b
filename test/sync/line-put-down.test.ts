import { expect, test } from "vitest";
import { scriptedAccount } from "../support/scripted-account.ts";

test("offline and online again at once: what that broke off is no failure, and what is asked for then is done", async () => {
  const { account, server } = await scriptedAccount();
  for (let times = 0; times < 8; times += 1) {
    account.running.setOffline(true);
    account.running.setOffline(false);
    const before = server.commands.length;
    await account.running.syncNow();
    expect(server.commands.length).toBeGreaterThan(before);
  }
});
