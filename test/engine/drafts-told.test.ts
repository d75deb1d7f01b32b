import { expect, onTestFinished, test, vi } from "vitest";
import { startImapServer } from "../servers/imap/server.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { wholeEngine } from "../support/whole-engine.ts";

const ME = "user1@example.test";

test("a window hears that a draft has gone into the outbox, and that it is back, also when it knew its last save", async () => {
  const users = [{ address: ME, password: "secret-user1" }];
  const imap = await startImapServer({ users });
  const smtp = await startSmtpServer({ users });
  onTestFinished(async () => {
    await smtp.stop();
    await imap.stop();
  });
  const line = await wholeEngine({ address: ME, password: "secret-user1", imap: imap.port, smtp: smtp.port });
  const told = (): number => line.events.filter(({ event }) => event === "compose.changed").length;
  /** What a window does: it asks again when it is told. */
  const drafts = async (before: number): Promise<string[]> => {
    await vi.waitFor(() => expect(told()).toBeGreaterThan(before));
    return (await line.ask("compose.drafts", {})).drafts.map(({ subject }) => subject);
  };
  const draft = await line.ask("compose.start", { kind: "new", accountId: null });
  const content = { ...draft.content, to: [{ name: "", address: "user2@example.test" }], subject: "Plans", html: "<p>here</p>" };
  let before = told();
  const { revision } = await line.ask("compose.save", { draftId: draft.id, revision: draft.revision, content });
  expect(await drafts(before)).toEqual(["Plans"]);
  before = told();
  const { outboxId } = await line.ask("compose.send", { draftId: draft.id, revision });
  expect(await drafts(before)).toEqual([]);
  before = told();
  await line.ask("outbox.edit", { outboxId });
  expect(await drafts(before)).toEqual(["Plans"]);
});
