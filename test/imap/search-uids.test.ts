import { expect, onTestFinished, test } from "vitest";
import { listUids } from "../../main/imap/search-uids.ts";
import { openFolder } from "../../main/imap/select-folder.ts";
import { startImapServer } from "../servers/imap/server.ts";
import { sessionTo } from "../support/imap-session.ts";

const ME = "user1@example.test";

test.each([
  ["* SEARCH 3 1 2 2", [1, 2, 3]],
  ['* ESEARCH (TAG "{tag}") UID ALL 7,1:3,2', [1, 2, 3, 7]],
])("%s: UIDs are each told once and ascending, whatever the server makes of that", async (answer, uids) => {
  const server = await startImapServer({ users: [{ address: ME, password: "secret-user1" }] });
  const session = await sessionTo({ port: server.port });
  onTestFinished(async () => {
    session.destroy();
    await server.stop();
  });
  await openFolder(session, "INBOX", "read");
  server.hooks = { onCommand: ({ name }) => (name === "UID SEARCH" ? { raw: `${answer}\r\n{tag} OK done\r\n` } : undefined) };
  expect(await listUids(session)).toEqual(uids);
});
