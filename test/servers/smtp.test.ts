import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { makeCertificates } from "./certificates.ts";
import { startImapServer } from "./imap/server.ts";
import { startSmtpServer } from "./smtp.ts";

const users = [
  { address: "user1@example.test", password: "secret-of-one" },
  { address: "user2@example.test", password: "secret-of-one" },
];
const auth = { user: "user1@example.test", pass: "secret-of-one" };

test("a submitted message lands in the mailbox of its recipient", async () => {
  const imap = await startImapServer({ users });
  const smtp = await startSmtpServer({ users, imap });
  const transport = createTransport({ host: "127.0.0.1", port: smtp.port, auth });
  await transport.sendMail({ from: auth.user, to: "user2@example.test, other@example.test", subject: "hello", text: ".\n..\nend" });
  expect(smtp.messages).toMatchObject([{ from: auth.user, to: ["user2@example.test", "other@example.test"], user: auth.user }]);
  const [message] = imap.folder("user2@example.test", "INBOX").messages();
  expect(message?.raw.toString()).toContain("\r\n.\r\n..\r\nend");
  await Promise.all([smtp.stop(), imap.stop()]);
});

test("a refusal carries its code and text, of a recipient and of a message", async () => {
  const smtp = await startSmtpServer({
    users,
    onRecipient: (address) => (address.startsWith("gone") ? { code: 550, text: "5.1.1 No such mailbox" } : undefined),
    onMessage: ({ raw }) => (raw.includes("Subject: no") ? { code: 554, text: "5.7.1 Looks like spam" } : undefined),
  });
  const transport = createTransport({ host: "127.0.0.1", port: smtp.port, auth });
  await expect(transport.sendMail({ from: auth.user, to: "gone@example.test", text: "x" })).rejects.toMatchObject({ responseCode: 550 });
  await expect(transport.sendMail({ from: auth.user, to: "a@example.test", subject: "no", text: "x" })).rejects.toMatchObject({
    response: expect.stringContaining("5.7.1 Looks like spam"),
  });
  expect(smtp.messages).toHaveLength(0);
  await smtp.stop();
});

test("a wrong password is refused, STARTTLS stands up to verification", async () => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-tls-"));
  const { ca, cert, key } = makeCertificates(folder);
  const smtp = await startSmtpServer({ users, tls: { cert, key } });
  const options = { host: "localhost", port: smtp.port, requireTLS: true, tls: { ca: readFileSync(ca) } };
  await createTransport({ ...options, auth }).sendMail({ from: auth.user, to: "a@example.test", text: "x" });
  const wrong = createTransport({ ...options, auth: { user: auth.user, pass: "secret-no" } });
  await expect(wrong.verify()).rejects.toMatchObject({ responseCode: 535 });
  await smtp.stop();
  rmSync(folder, { recursive: true });
});
