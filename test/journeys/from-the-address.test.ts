import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configXml } from "../accounts/config-xml.ts";
import { makeCertificates } from "../servers/certificates.ts";
import { qq } from "../servers/imap/personalities/qq.ts";
import { type ImapServer, startImapServer } from "../servers/imap/server.ts";
import { TestProxy } from "../servers/proxies.ts";
import { type SmtpServer, startSmtpServer } from "../servers/smtp.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, Program } from "../support/browser.ts";
import { row } from "../support/browser-deeds.ts";
import { LETTERS, letterFor } from "../support/letters.ts";

const OWN = { address: "user1@example.test", password: "secret-user1" };
const PASSPHRASE = "secret-four words in a row";
const QQ = { address: "user1@qq.com", password: "secretsesamecode" };

describe.skipIf(!HAS_BROWSER)("an account from its address", { timeout: 180_000 }, () => {
  let folder: string;
  let web: Server;
  let proxy: TestProxy;
  const imaps: ImapServer[] = [];
  let smtp: SmtpServer;
  let start: { ca: string; env: Record<string, string> };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "satchel-address-"));
    const names = ["autoconfig.example.test", "imap.example.test", "smtp.example.test", "imap.qq.com", "smtp.qq.com"];
    const files = makeCertificates(folder, { altNames: names.map((name) => `DNS:${name}`).join(",") });
    const tls = { cert: files.cert, key: files.key, implicit: true };
    web = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (_request, response) => {
      response.writeHead(200, { "content-type": "text/xml" }).end(configXml({ imap: "imap.example.test", smtp: "smtp.example.test" }));
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const [own, qqServer] = await Promise.all([
      startImapServer({ users: [OWN], tls }),
      startImapServer({ users: [QQ], tls, personality: qq }),
    ]);
    imaps.push(own, qqServer);
    for (const [at, letter] of LETTERS.entries()) {
      own.folder(OWN.address, "INBOX").deliver(letterFor(OWN.address, letter, at));
      qqServer.folder(QQ.address, "INBOX").deliver(letterFor(QQ.address, letter, at));
    }
    smtp = await startSmtpServer({ users: [OWN, QQ], tls });
    const at = web.address();
    proxy = await TestProxy.start({
      kind: "http",
      map: {
        "autoconfig.example.test:443": typeof at === "object" && at !== null ? at.port : 0,
        "imap.example.test:993": own.port,
        "smtp.example.test:465": smtp.port,
        "imap.qq.com:993": qqServer.port,
        "smtp.qq.com:465": smtp.port,
      },
    });
    start = {
      ca: files.ca,
      env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: "", SATCHEL_POLICY: "" },
    };
  }, 120_000);
  afterAll(async () => {
    await closeBrowser();
    web?.close();
    await Promise.all([proxy?.stop(), smtp?.stop(), ...imaps.map((server) => server.stop())]);
    rmSync(folder, { recursive: true, force: true });
  });

  test("of one's own domain, which says itself where its servers are, through the proxy of the system", async () => {
    const program = await Program.start(start);
    try {
      const { page } = program;
      await page.getByRole("textbox", { name: "Mail address" }).fill(OWN.address);
      await page.keyboard.press("Enter");
      await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
      await page.getByLabel("Once more").fill(PASSPHRASE);
      await page.getByRole("button", { name: "Make the vault" }).click();
      await page.getByText("Your domain names these servers itself, at autoconfig.example.test", { exact: false }).waitFor();
      await page.getByRole("button", { name: "Where Satchel looked" }).click();
      await page.getByText("Configuration at autoconfig.example.test").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await program.picture("finding-autoconfig");
      await program.look({ language: "zh-CN", theme: "dark" });
      await program.picture("finding-autoconfig-dark-zh");
      await program.look({ language: "en", theme: "light" });

      await page.getByRole("button", { name: "Enter servers by hand…" }).click();
      const way = page.getByRole("group", { name: "Way to the servers" });
      await way.getByRole("button", { name: /Proxy/u }).click();
      await page.getByRole("option", { name: "As the system says" }).click();
      await page.getByRole("textbox", { name: "Password" }).fill(OWN.password);
      await program.picture("proxy-servers");
      await page.getByRole("button", { name: "Test connection" }).click();
      await page.getByRole("heading", { name: "Both sides work" }).waitFor();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Add account" }).click();
      await row(page, LETTERS[0][1]).waitFor();
      const places = ["autoconfig.example.test:443", "example.test:443", "imap.example.test:993", "smtp.example.test:465"];
      expect([...new Set(proxy.asked)].sort()).toEqual(places);
      expect(program.complaints).toEqual([]);
    } finally {
      await program.stop();
    }
  });

  test("of QQ 邮箱, with its code, in Chinese", async () => {
    const program = await Program.start({ ...start, language: "zh-CN" });
    try {
      const { page } = program;
      await page.getByRole("textbox", { name: "邮箱地址" }).fill(QQ.address);
      await page.keyboard.press("Enter");
      await page.getByLabel("口令", { exact: true }).fill(PASSPHRASE);
      await page.getByLabel("再输一遍").fill(PASSPHRASE);
      await page.getByRole("button", { name: "建立密码库" }).click();
      await page.getByRole("heading", { name: "QQ 邮箱要用授权码登录，不是 QQ 密码" }).waitFor();
      const code = page.getByRole("textbox", { name: /授权码 ·/u });
      await code.fill("MyPassword2026");
      await page.keyboard.press("Tab");
      await page.getByText("这看起来是登录密码", { exact: false }).waitFor();
      await program.picture("qq-code-zh");
      await program.look({ width: 700 });
      await program.picture("qq-code-narrow-zh");
      await program.look({ width: 1100, theme: "dark" });
      await program.picture("qq-code-dark-zh");
      await program.look({ width: 1440, language: "en", theme: "light" });
      await program.picture("qq-code");
      await program.look({ language: "zh-CN" });
      await code.fill("secr etse same code");
      await page.getByRole("button", { name: "手动填写服务器…" }).click();
      const way = page.getByRole("group", { name: "通往服务器的路" });
      await way.getByRole("button", { name: /代理/u }).click();
      await page.getByRole("option", { name: "按系统设置" }).click();
      await page.getByRole("button", { name: "测试连接" }).click();
      await page.getByRole("heading", { name: "收信和发信都没有问题" }).waitFor();
      await page.getByRole("button", { name: "继续" }).click();
      await page.getByRole("button", { name: "添加账户" }).click();
      await row(page, LETTERS[0][1]).waitFor();
      const { folders } = await program.line.request("folders.list", {});
      expect(folders.map(({ role }) => role)).toEqual(expect.arrayContaining(["inbox", "sent", "drafts", "trash", "junk"]));
      expect(program.complaints).toEqual([]);
    } finally {
      await program.stop();
    }
  });
});
