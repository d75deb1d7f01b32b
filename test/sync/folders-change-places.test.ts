import { expect, onTestFinished, test } from "vitest";
import { placeFolder } from "../../main/store/folder-acts.ts";
import { folderOperations } from "../../main/store/folder-operations.ts";
import { readFolders } from "../../main/store/folders.ts";
import { ALL_CAPABILITIES, startImapServer } from "../servers/imap/server.ts";
import { imapProxy } from "../support/imap-proxy.ts";
import { parseHere } from "../support/parse-here.ts";
import { QUICK, testAccount } from "../support/running-account.ts";

const ME = "user1@example.test";

// Empty, and numbered anew with every name as some servers do: nothing but what was written down before the command can tell which is which.
test.each([1, 2, 3, 4])("folders that change places in a ring are the same ones when the answer to RENAME %i is lost", async (lostAt) => {
  const capabilities = ALL_CAPABILITIES.filter((name) => name !== "OBJECTID");
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }], capabilities });
  for (const name of ["A", "B", "C", "A/inner"]) server.folder(ME, name).create();
  const proxy = await imapProxy(server.port);
  const account = testAccount(proxy.port, { startPool: parseHere });
  onTestFinished(async () => {
    await account.close();
    await proxy.close();
    await server.stop();
  });
  account.start(QUICK);
  await account.complete();
  await account.running.stop();
  const ids = new Map(["A", "B", "C", "A/inner"].map((path) => [path, account.named(path).id]));
  const to = (path: string, name: string): void => void placeFolder(account.store, account.named(path).id, name, null);
  to("A", "T");
  to("C", "A");
  to("B", "C");
  to("A", "B");
  let renames = 0;
  let unheard: string | undefined;
  proxy.fate = (command) => {
    // Before anybody looks again.
    if (unheard !== undefined && command.startsWith("LIST")) {
      server.folder(ME, unheard).resetUidValidity();
      unheard = undefined;
    }
    const [, path] = /^RENAME "?[^" ]+"? "?([^" ]+)"?/u.exec(command) ?? [];
    if (path === undefined) return "pass";
    renames += 1;
    if (renames !== lostAt) return "pass";
    unheard = path;
    return "lose-answer";
  };
  account.start(QUICK);
  await account.until("all told", ({ pending }) => pending === 0 && folderOperations(account.store.db, account.id).length === 0);
  await account.complete();
  const now = new Map(readFolders(account.store, account.id).map(({ path, id }) => [path, id]));
  expect([now.get("B"), now.get("C"), now.get("A"), now.get("B/inner")]).toEqual(["A", "B", "C", "A/inner"].map((path) => ids.get(path)));
  expect([...now.keys()].filter((path) => /-\d/u.test(path))).toEqual([]);
  expect(renames).toBe(4);
});
