import { expect, onTestFinished, test, vi } from "vitest";
import { startImapServer } from "../servers/imap/server.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { wholeEngine } from "../support/whole-engine.ts";

const ME = "user1@example.test";
const PATIENCE = { timeout: 30_000 };

test("moved, answered and moved again without a line: the server gets it all, each once", { timeout: 60_000 }, async () => {
  const users = [{ address: ME, password: "secret-user1" }];
  const imap = await startImapServer({ users });
  const smtp = await startSmtpServer({ users });
  onTestFinished(async () => {
    await smtp.stop();
    await imap.stop();
  });
  for (const id of ["stays", "travels"]) imap.folder(ME, "INBOX").deliver(sampleMail(id));
  const line = await wholeEngine({ address: ME, password: "secret-user1", imap: imap.port, smtp: smtp.port });
  await vi.waitFor(async () => {
    const { accounts } = await line.ask("health.status", {});
    expect(accounts[0]).toMatchObject({ state: "up-to-date", done: 2, total: 2 });
  }, PATIENCE);
  await line.ask("settings.write", { undoSendSeconds: 0 });
  const { folders } = await line.ask("folders.list", {});
  const idOf = (role: string) => {
    const found = folders.find((folder) => folder.role === role);
    if (found === undefined) throw new Error(`no folder for ${role}`);
    return found.id;
  };
  const rows = async (role: string) => {
    const view = `folder:${idOf(role)}` as const;
    const page = await line.ask("mail.page", { view, grouped: false, filter: "all", from: { kind: "top" }, limit: 10 });
    return page.rows.map(({ subject, placementId }) => ({ subject, placementId }));
  };
  const move = async (placementId: Awaited<ReturnType<typeof rows>>[number]["placementId"], role: string) =>
    await line.ask("mail.act", { targets: { kind: "placements", ids: [placementId] }, change: { kind: "move", folderId: idOf(role) } });
  const oneIn = async (role: string) => {
    const found = (await rows(role)).find(({ subject }) => subject === "About travels");
    if (found === undefined) throw new Error(`not in ${role}`);
    return found.placementId;
  };

  await line.ask("health.workOffline", { on: true });
  await move(await oneIn("inbox"), "archive");
  const draft = await line.ask("compose.start", { kind: "reply", placementId: await oneIn("archive") });
  await line.ask("compose.send", { draftId: draft.id, revision: draft.revision });
  await move(await oneIn("archive"), "junk");
  expect(imap.folder(ME, "INBOX").messages()).toHaveLength(2);
  expect(smtp.messages).toHaveLength(0);

  await line.ask("health.workOffline", { on: false });
  await vi.waitFor(async () => {
    const { accounts, outbox } = await line.ask("health.status", {});
    expect({ pending: accounts[0]?.pending, waiting: outbox.waiting + outbox.sending }).toEqual({ pending: 0, waiting: 0 });
    expect(imap.folder(ME, "Sent").messages()).toHaveLength(1);
  }, PATIENCE);
  expect(smtp.messages).toHaveLength(1);
  expect(smtp.messages[0]?.raw.toString()).toContain("In-Reply-To: <travels@example.test>");
  const lying = (name: string) =>
    imap
      .folder(ME, name)
      .messages()
      .map(({ raw, flags }) => [/Message-ID: <(\w+)@/iu.exec(raw.toString())?.[1], ...flags.filter((flag) => flag === "\\Answered")]);
  expect({ inbox: lying("INBOX"), archive: lying("Archive"), junk: lying("Junk") }).toEqual({
    inbox: [["stays"]],
    archive: [],
    junk: [["travels", "\\Answered"]],
  });
});
