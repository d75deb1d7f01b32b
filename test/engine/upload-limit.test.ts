import { expect, onTestFinished, test, vi } from "vitest";
import { startImapServer } from "../servers/imap/server.ts";
import { startSmtpServer } from "../servers/smtp.ts";
import { wholeEngine } from "../support/whole-engine.ts";

const ME = "user1@example.test";
const PATIENCE = { timeout: 25_000 };
/** Two minutes at the pace of the test. */
const SIZE = 4_500_000;

test("the limit of the settings holds for what is sent, and lifted lets go what is on its way", { timeout: 60_000 }, async () => {
  const users = [{ address: ME, password: "secret-user1" }];
  const imap = await startImapServer({ users });
  const smtp = await startSmtpServer({ users });
  onTestFinished(async () => {
    await smtp.stop();
    await imap.stop();
  });
  const line = await wholeEngine({ address: ME, password: "secret-user1", imap: imap.port, smtp: smtp.port });
  await line.ask("settings.write", { undoSendSeconds: 0, uploadKilobytes: 50 });
  const draft = await line.ask("compose.start", { kind: "new", accountId: null });
  const file = { draftId: draft.id, name: "plans.bin", type: "application/octet-stream", sizeBytes: SIZE, inline: false };
  const { attachmentId } = await line.ask("compose.attachBegin", file);
  for (let offset = 0; offset < SIZE; offset += 500_000)
    await line.ask("compose.attachPiece", { attachmentId, offset, base64: Buffer.alloc(500_000, offset % 251).toString("base64") });
  await line.ask("compose.attachEnd", { attachmentId });
  const content = { ...draft.content, to: [{ name: "", address: "user2@example.test" }], subject: "Plans", html: "<p>here</p>" };
  const { revision } = await line.ask("compose.save", { draftId: draft.id, revision: draft.revision, content });
  await line.ask("compose.send", { draftId: draft.id, revision });
  await vi.waitFor(async () => {
    const { items } = await line.ask("outbox.list", {});
    const sent = items[0]?.sentBytes ?? 0;
    expect(sent).toBeGreaterThan(0);
    // Quarters of a second.
    expect(sent % 12_500).toBe(0);
  }, PATIENCE);
  expect(smtp.messages).toHaveLength(0);
  await line.ask("settings.write", { uploadKilobytes: null });
  await vi.waitFor(() => {
    expect(smtp.messages).toHaveLength(1);
    expect(imap.folder(ME, "Sent").messages()).toHaveLength(1);
  }, PATIENCE);
  expect(smtp.messages[0]?.raw.length).toBeGreaterThan(SIZE);
});
