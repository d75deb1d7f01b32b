import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailServersAvailable } from "./install.ts";
import { PlainImap } from "./plain-imap.ts";
import { type RealServers, startMailServers } from "./real.ts";

const why = mailServersAvailable();

describe.skipIf(why !== null)(`real mail servers${why === null ? "" : ` (${why})`}`, () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers({ users: 4 });
  });
  afterAll(() => servers.stop());

  test("what is delivered lies in the mailbox byte for byte, in a folder with a Chinese name too", async () => {
    const raw = Buffer.from("Subject: hello\r\n\r\nbody\r\n");
    await servers.deliver("user4@example.test", raw, "发票 & 收据", ["\\Seen"]);
    const [message] = await servers.mailboxOf("user4@example.test", "发票 & 收据");
    expect(message?.raw).toEqual(raw);
    expect(message?.flags).toContain("\\Seen");
  });

  test("a stopped, killed or paused Dovecot comes back with its mail", async () => {
    await servers.deliver("user1@example.test", "Subject: stays\r\n\r\n");
    await servers.stopDovecot();
    await expect(PlainImap.open(servers.ports.imap)).rejects.toThrow();
    await servers.startDovecot();
    await servers.killDovecot();
    await servers.startDovecot();
    servers.pauseDovecot();
    servers.resumeDovecot();
    expect(await servers.mailboxOf("user1@example.test", "INBOX")).toHaveLength(1);
  });

  test("two pairs of servers run side by side", async () => {
    const second = await startMailServers();
    await second.deliver("user1@example.test", "Subject: other\r\n\r\n");
    expect(await second.mailboxOf("user1@example.test", "INBOX")).toHaveLength(1);
    await second.stop();
  });

  test("what is submitted to Exim over verified TLS arrives, and an unknown user comes back as a bounce", async () => {
    const ca = readFileSync(servers.ca);
    const auth = { user: "user3@example.test", pass: "secret-user3" };
    const smtp = createTransport({ host: "localhost", port: servers.ports.smtp, requireTLS: true, tls: { ca }, auth });
    await smtp.sendMail({ from: auth.user, to: "user4@example.test", subject: "through", text: "x" });
    await smtp.sendMail({ from: auth.user, to: "nobody@example.test", subject: "not through", text: "x" });
    smtp.close();
    const subjects = async (address: string): Promise<string> =>
      (await servers.mailboxOf(address, "INBOX")).map(({ raw }) => raw.toString()).join("");
    await expect.poll(() => subjects("user4@example.test"), { timeout: 45_000 }).toContain("Subject: through");
    await expect.poll(() => subjects("user3@example.test"), { timeout: 45_000 }).toContain("multipart/report");
  });

  test("a token is taken until it is revoked", async () => {
    servers.acceptToken("abc", "user2@example.test");
    const bearer = Buffer.from("user=user2@example.test\x01auth=Bearer abc\x01\x01").toString("base64");
    const first = await PlainImap.open(servers.ports.imap);
    expect((await first.send(`AUTHENTICATE XOAUTH2 ${bearer}`)).status).toBe("OK");
    first.close();
    servers.revokeToken("abc");
    const second = await PlainImap.open(servers.ports.imap);
    second.sendRaw(`a AUTHENTICATE XOAUTH2 ${bearer}`);
    expect((await second.next()).line).toMatch(/^\+ /);
    second.close();
  });
});
