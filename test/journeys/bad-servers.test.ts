import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificates } from "../servers/certificates.ts";
import { freePorts } from "../servers/free-ports.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { fillHandForm, type HandForm, makeVault, openHandForm } from "../support/browser-deeds.ts";

const USER = { address: "user1@example.test", password: "secret-user1" };

type Case = { title: string; sentence: string | RegExp; form: () => Partial<HandForm>; picture?: string };

describe.skipIf(!HAS_BROWSER)("what is wrong with a server is said in the connection test:", { timeout: 180_000 }, () => {
  let program: Program;
  let smtp: SmtpServer;
  let folder = "";
  let closedPort = 0;
  const imap: Record<"plain" | "hangs" | "expired" | "otherName", ImapServer | undefined> = {
    plain: undefined,
    hangs: undefined,
    expired: undefined,
    otherName: undefined,
  };
  const portOf = (name: keyof typeof imap): number => imap[name]?.port ?? 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "satchel-certificates-"));
    const expired = makeCertificates(join(folder, "expired"), { days: -1 });
    const otherName = makeCertificates(join(folder, "other"), { altNames: "DNS:other.example.test" });
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, readFileSync(expired.ca, "utf8") + readFileSync(otherName.ca, "utf8"));
    smtp = await startSmtpServer({ users: [USER] });
    imap.plain = await startImapServer({ users: [USER] });
    imap.hangs = await startImapServer({ users: [USER], hooks: { onConnect: () => "hang" } });
    imap.expired = await startImapServer({ users: [USER], tls: { ...expired, implicit: true } });
    imap.otherName = await startImapServer({ users: [USER], tls: { ...otherName, implicit: true } });
    [closedPort = 0] = await freePorts(1);
    program = await Program.start({ ca });
    await openHandForm(program.page);
    await fillHandForm(program.page, {
      ...USER,
      host: "127.0.0.1",
      security: "None, this computer only",
      imap: closedPort,
      smtp: smtp.port,
    });
    await program.page.getByRole("button", { name: "Test connection" }).click();
    await makeVault(program.page);
    await program.page.getByRole("button", { name: "Test connection" }).click();
    await program.page.getByRole("heading", { name: /Almost there/u }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await Promise.all([smtp?.stop(), ...Object.values(imap).map((server) => server?.stop())]);
    rmSync(folder, { recursive: true, force: true });
  });

  const TLS = { host: "localhost", security: "TLS" } as const;
  test.each<Case>([
    { title: "a port that is closed", sentence: /Nothing answers at port \d+ of this computer/u, form: () => ({ imap: closedPort }) },
    {
      title: "a wrong password",
      sentence: "The server does not accept this user name and password.",
      form: () => ({ password: "secret-wrong", imap: portOf("plain") }),
      picture: "wrong-password",
    },
    {
      title: "a name that nobody has",
      // Without any network the question cannot even be asked.
      sentence: /There is no server of the name|The name service|This computer has no network at the moment/u,
      form: () => ({ host: "mail.nowhere.invalid", security: "TLS", imap: 993 }),
    },
    {
      title: "a certificate that has run out",
      sentence: /^The certificate of localhost ran out on [\d-]+\.$/u,
      form: () => ({ ...TLS, imap: portOf("expired") }),
    },
    {
      title: "a certificate of another name",
      sentence: "The certificate of localhost is made out for other.example.test.",
      form: () => ({ ...TLS, imap: portOf("otherName") }),
    },
    {
      title: "STARTTLS cut out on the way",
      sentence: "localhost does not offer encryption on this port.",
      form: () => ({ host: "localhost", security: "STARTTLS", imap: portOf("plain") }),
    },
    {
      title: "a server that falls silent",
      sentence: "127.0.0.1 takes the connection and then says nothing.",
      form: () => ({ imap: portOf("hangs") }),
    },
  ])("$title", async ({ sentence, form, picture }) => {
    const { page } = program;
    await page.getByRole("button", { name: "Enter servers by hand…" }).click();
    await page.getByRole("heading", { name: "Servers by hand" }).waitFor();
    await fillHandForm(page, {
      ...USER,
      host: "127.0.0.1",
      security: "None, this computer only",
      imap: closedPort,
      smtp: smtp.port,
      ...form(),
    });
    await page.getByRole("button", { name: "Test connection" }).click();
    const incoming = page.getByRole("region", { name: "Incoming" });
    await page.getByRole("heading", { name: /Almost there/u }).waitFor();
    await incoming.getByRole("alert").getByText(sentence, { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Continue" }).isDisabled()).toBe(true);
    if (picture === undefined) return;
    await program.picture(picture);
    await program.look({ language: "zh-CN" });
    await page.getByRole("region", { name: "收信" }).getByText("服务器不接受这个用户名和密码。", { exact: true }).waitFor();
    await program.picture(`${picture}-zh`);
    await program.look({ theme: "dark", width: 420 });
    await program.picture(`${picture}-dark-zh-narrow`);
    await program.look({ language: "en", theme: "light", width: 1440 });
  });

  test("a clock two days behind, seen in a greeting, in both languages", async () => {
    const { page } = program;
    const telling = await FaultySmtp.start();
    const date = new Date(Date.now() + 2 * 86_400_000).toUTCString().replace("GMT", "+0000");
    telling.fault("greeting", { kind: "say", line: `220 smtp.example.test ESMTP Exim 4.98 ${date}` }, { times: 100 });
    try {
      await page.getByRole("button", { name: "Enter servers by hand…" }).click();
      const form = { host: "127.0.0.1", security: "None, this computer only", imap: portOf("plain"), smtp: telling.port } as const;
      await fillHandForm(page, { ...USER, ...form });
      await page.getByRole("button", { name: "Test connection" }).click();
      const outgoing = page.getByRole("region", { name: "Outgoing" });
      await outgoing.getByText(/^This computer’s clock is 2 days slow/u).waitFor();
      expect(await outgoing.getByRole("button", { name: "Compare the clocks" }).count()).toBe(1);
      await program.picture("doctor-clock");
      // A browser cannot open the system's settings: the window says where they are.
      await outgoing.getByRole("button", { name: "Set the clock" }).click();
      await page.getByText(/^(?:Linux|macOS|Windows): /u).waitFor();
      await program.look({ language: "zh-CN" });
      await page.getByText(/^本机时钟慢了 2天/u).waitFor();
      await page.getByText(/^(?:Linux|macOS|Windows)：/u).waitFor();
      await program.picture("doctor-clock-zh");
      await page.getByRole("button", { name: "关闭", exact: true }).click();
      await program.look({ language: "en" });
    } finally {
      await telling.stop();
    }
  });

  test("a password never went out where the line was not safe", () => {
    const said = [imap.plain, imap.expired, imap.otherName].flatMap((server) => server?.commands ?? []);
    // The two sign-ins are that of the wrong password and that beside the wrong clock, over loopback without TLS as it was asked for.
    expect(said.filter(({ name }) => name === "LOGIN" || name === "AUTHENTICATE").length).toBe(2);
  });
});
