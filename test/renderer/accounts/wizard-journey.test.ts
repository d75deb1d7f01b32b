import { afterAll, afterEach, describe, expect, it } from "vitest";
import { Failure } from "../../../shared/failure.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { blockedPort, passedTest, proxyRefuses, runningTest, twoThingsNeeded, unknownHost } from "../../support/fake-engine/test-runs.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function firstRun(engine = new WritingEngine(Date.now(), false), look: Look = {}): Promise<OpenWindow> {
  open = await openWindow(engine, look);
  await open.page.getByLabel(look.language === "zh-CN" ? "邮箱地址" : "Mail address").waitFor();
  return open;
}

describe.skipIf(!HAS_CHROMIUM)("the first run", () => {
  it("speaks the other language at one press", async () => {
    const { page, engine } = await firstRun();
    await page.getByRole("button", { name: "简体中文" }).click();
    await page.getByRole("heading", { name: "邮件全在身边。" }).waitFor();
    expect(engine.settings.language).toBe("zh-CN");
  });

  it("opens the demo mailbox only where there is one", async () => {
    const { page, engine } = await firstRun();
    await page.getByRole("button", { name: "Open the demo" }).click();
    await page.getByRole("button", { name: "New message" }).waitFor();
    expect(engine.askedFor("accounts.openDemo")).toHaveLength(1);
    await open?.close();
    const without = new WritingEngine(Date.now(), false);
    without.canDemo = false;
    const next = await firstRun(without);
    expect(await next.page.getByRole("button", { name: "Open the demo" }).count()).toBe(0);
  });
});

describe.skipIf(!HAS_CHROMIUM)("adding an account", () => {
  it("goes from the address to the first folders by keyboard alone", async () => {
    const { page, engine } = await firstRun();
    await page.keyboard.type("user1@example.test");
    await page.keyboard.press("Enter");
    await page.getByLabel("Password · user1@example.test").waitFor();
    await page.keyboard.type("secret-a b-c");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Both sides work" }).waitFor();
    await page.getByRole("button", { name: "Continue" }).press("Enter");
    await page.getByLabel("Your name").fill("First User");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "New message" }).waitFor();
    const [added] = engine.askedFor("accounts.add");
    expect(added).toMatchObject({
      address: "user1@example.test",
      accountName: "example.test",
      personName: "First User",
      credential: { kind: "password", password: "secret-a b-c" },
    });
  });

  it("knows a QQ password from an authorization code and does not send it", async () => {
    const { page, engine } = await firstRun(undefined, { language: "zh-CN" });
    await page.getByLabel("邮箱地址").fill("user1@qq.com");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "QQ 邮箱要用授权码登录，不是 QQ 密码" }).waitFor();
    await page.getByLabel(/授权码 ·/).fill("Password2026");
    await page.keyboard.press("Tab");
    await page.getByText(/这看起来是登录密码/).waitFor();
    expect(await page.getByRole("button", { name: "测试连接" }).isDisabled()).toBe(true);
    await page.getByLabel(/授权码 ·/).fill("secr etse same code");
    await page.getByRole("button", { name: "测试连接" }).click();
    await expect.poll(() => engine.askedFor("accounts.test")[0]?.credential).toEqual({ kind: "password", password: "secretsesamecode" });
  });

  it("says on its own page what the engine could not do", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.failures.set("health.openLink", new Failure("disk-full"));
    const { page } = await firstRun(engine);
    await page.getByLabel("Mail address").fill("user1@qq.com");
    await page.keyboard.press("Enter");
    await page.locator(".help-page").getByRole("button").click();
    await page.getByText(/^The disk is full\./u).waitFor();
  });

  it("asks for a client id where the provider lets in registered programs only, and for no password", async () => {
    const { page } = await firstRun();
    await page.getByLabel("Mail address").fill("user1@outlook.com");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Microsoft lets in only programs that are registered" }).waitFor();
    await page.getByText("http://localhost", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Use a password instead" }).count()).toBe(0);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("This is needed.").waitFor();
  });

  it("shows the test as it goes, then the cause, the server’s words and the port that works", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.testFor = () => runningTest();
    const { page } = await firstRun(engine);
    await page.getByLabel("Mail address").fill("user1@example.test");
    await page.keyboard.press("Enter");
    await page.getByLabel(/Password ·/).fill("secret-of-one");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Testing the connection" }).waitFor();
    const settings = engine.askedFor("accounts.test")[0]?.settings;
    if (settings === undefined) throw new Error("no test");
    engine.testFor = () => passedTest();
    engine.setTest([...engine.testIds()][0] ?? "", twoThingsNeeded(settings));
    await page.getByRole("heading", { name: "Almost there: 2 things need you" }).waitFor();
    await page.getByText("Google wants an app password here, since two-step sign-in is on.").waitFor();
    await page.getByText(/Application-specific password required \(u7-1188\)/).waitFor();
    await page.getByRole("button", { name: "Use 587" }).click();
    await page.getByRole("heading", { name: "Both sides work" }).waitFor();
    expect(engine.askedFor("accounts.test")[1]?.settings.outgoing).toMatchObject({ port: 587, security: "starttls" });
  });

  it("goes through its guesses until one is reached, once the user has agreed, and says who gave no answer", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.testFor = (settings) => (settings.incoming.host.startsWith("imap.") ? unknownHost(settings) : passedTest());
    const { page } = await firstRun(engine);
    await page.getByLabel("Mail address").fill("user1@nobody.test");
    await page.keyboard.press("Enter");
    await page.getByLabel(/Password ·/).fill("secret-of-one");
    await page.getByText("The network gave no answers", { exact: false }).waitFor();
    await page.getByText("imap.nobody.test is a guess", { exact: false }).waitFor();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("button", { name: "Test connection" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Where Satchel looked" }).click();
    const looked = page.getByRole("list", { name: "Where Satchel looked" });
    await looked.getByText("somebody else answered", { exact: false }).waitFor();
    expect(await looked.getByRole("listitem").count()).toBe(6);
    expect(await axeFindings(page)).toEqual([]);
    expect(engine.askedFor("accounts.test")).toEqual([]);
    await page.getByRole("checkbox", { name: /Try servers of nobody.test/u }).check();
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByRole("heading", { name: "Both sides work" }).waitFor();
    expect(engine.askedFor("accounts.test").map((test) => test.settings.incoming.host)).toEqual(["imap.nobody.test", "mail.nobody.test"]);
  });

  it("makes the vault before the first password is asked for", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.vault = { kind: "none", locked: false, place: "", warning: "none" };
    const { page } = await firstRun(engine);
    await page.getByLabel("Mail address").fill("user1@example.test");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Where should your passwords be kept?" }).waitFor();
    await page.getByLabel("Passphrase", { exact: true }).fill("secret-four words in a row");
    await page.getByLabel("Once more").fill("four words in a raw");
    await page.getByRole("button", { name: "Make the vault" }).click();
    await page.getByText("The two are not the same.").waitFor();
    expect(engine.askedFor("accounts.createVault")).toEqual([]);
    await page.getByText("Use a key file").click();
    await page.getByText("Anyone who can read your files can then read your passwords as well.").waitFor();
    await page.getByRole("button", { name: "Make the vault" }).click();
    await page.getByLabel(/Password ·/).waitFor();
    expect(engine.askedFor("accounts.createVault")).toEqual([{ passphrase: null }]);
  });

  it("takes a proxy of the account's own, keeps its password apart, and leads back to it when it refuses", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.testFor = (settings) => proxyRefuses(settings);
    const { page } = await firstRun(engine);
    await page.getByRole("button", { name: "Other, IMAP" }).click();
    await page.getByLabel("Mail address").fill("user1@example.test");
    await page.getByRole("textbox", { name: "Password" }).first().fill("secret-of-one");
    const way = page.getByRole("group", { name: "Way to the servers" });
    await way.getByRole("button", { name: /Proxy/u }).click();
    await page.getByRole("option", { name: "SOCKS5 proxy" }).click();
    await page.getByRole("button", { name: "Test connection" }).click();
    await way.getByText(/^A name such as proxy/u).waitFor();
    expect(engine.askedFor("accounts.test")).toEqual([]);
    await way.getByRole("textbox", { name: "Proxy" }).fill("proxy.example");
    await way.getByRole("textbox", { name: "User name" }).fill("lin");
    await way.getByRole("textbox", { name: "Password" }).fill("secret-proxy");
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Test connection" }).click();
    await page
      .getByText(/^The proxy .* does not let a line to/u)
      .first()
      .waitFor();
    expect(engine.askedFor("accounts.test")[0]).toMatchObject({
      settings: { proxy: { kind: "socks5", host: "proxy.example", port: 1080, user: "lin" } },
      proxyPassword: "secret-proxy",
      credential: { password: "secret-of-one" },
    });
    await page.getByRole("button", { name: "Change the proxy" }).first().click();
    await way.getByRole("button", { name: /Proxy/u }).click();
    await page.getByRole("option", { name: "None, directly" }).click();
    engine.testFor = () => passedTest();
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByRole("heading", { name: "Both sides work" }).waitFor();
    expect(engine.askedFor("accounts.test")[1]).toMatchObject({ proxyPassword: null });
    expect(engine.askedFor("accounts.test")[1]?.settings).not.toHaveProperty("proxy");
  });

  it("checks servers by hand at their fields before anything is asked", async () => {
    const { page, engine } = await firstRun();
    await page.getByRole("button", { name: "Other, IMAP" }).click();
    await page.getByLabel("Mail address").fill("user1@example.test");
    await page.getByLabel("Port").first().fill("99999");
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText("A whole number from 1 to 65535.").waitFor();
    expect(engine.askedFor("accounts.test")).toEqual([]);
    await page.getByLabel("Port").first().fill("143");
    await page.getByLabel("Password").fill("secret-of-one");
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect.poll(() => engine.askedFor("accounts.test")[0]?.settings.incoming).toMatchObject({ host: "imap.example.test", port: 143 });
  });

  it("forgets a provider's walkthrough and codes when the address by hand is another domain's", async () => {
    const { page, engine } = await firstRun();
    await page.keyboard.type("user1@qq.com");
    await page.keyboard.press("Enter");
    await page.getByLabel("Authorization code · user1@qq.com").waitFor();
    await page.getByRole("button", { name: "Enter servers by hand…" }).click();
    await page.getByLabel("Mail address").fill("user1@example.test");
    await page.getByLabel("Password").fill("secret-of-one");
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect.poll(() => engine.askedFor("accounts.test").length).toBe(1);
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByLabel("Password · user1@example.test").waitFor();
  });

  it("says why the engine would not keep the account, and loses nothing typed", async () => {
    const engine = new WritingEngine(Date.now(), false);
    engine.failures.set("accounts.add", new Failure("account-exists"));
    const { page } = await firstRun(engine);
    await page.keyboard.type("user1@example.test");
    await page.keyboard.press("Enter");
    await page.getByLabel(/Password ·/).fill("secret-of-one");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("Your name").fill("First User");
    await page.keyboard.press("Enter");
    await page.getByText("There is already an account for this address.").waitFor();
    expect(await page.getByLabel("Your name").inputValue()).toBe("First User");
  });

  it("asks for the passphrase at the start and leaves the mail readable without", async () => {
    const engine = new WritingEngine(Date.now());
    engine.vault = { kind: "passphrase", locked: true, place: "vault.json", warning: "none" };
    open = await openWindow(engine);
    const { page } = open;
    const dialog = page.getByRole("dialog", { name: "Unlock your passwords" });
    await dialog.getByLabel("Passphrase").fill("wrong");
    await page.keyboard.press("Enter");
    await dialog.getByText("This is not the passphrase.").waitFor();
    await dialog.getByRole("button", { name: "Not now" }).click();
    await page.getByRole("button", { name: "New message" }).waitFor();
  });
});

describe.skipIf(!HAS_CHROMIUM)("pictures of the wizard", () => {
  const LOOKS: readonly Look[] = [
    { language: "en", theme: "light" },
    { language: "zh-CN", theme: "dark", width: 700 },
  ];
  const picture = async (name: string, look: Look): Promise<void> => {
    if (process.env["SATCHEL_PICTURES"] !== "1" || open === undefined) return;
    const as = look.language === "en" ? name : `${name}-dark-zh-narrow`;
    await open.page.screenshot({ path: `docs/pictures/${as}.png`, animations: "disabled" });
  };

  it.each(LOOKS)("offers what others say where places do not agree ($language)", async (look) => {
    const { page, engine } = await firstRun(undefined, look);
    const say = (en: string, zh: string): string => (look.language === "en" ? en : zh);
    await page.keyboard.type("lin@two.test");
    await page.keyboard.press("Enter");
    const choices = page.getByRole("radiogroup", { name: say("Not everybody says the same.", "各处的说法不一致。") });
    await choices.waitFor();
    expect(await choices.getByRole("radio").count()).toBe(3);
    expect(await axeFindings(page)).toEqual([]);
    await picture("finding-choice", look);
    await choices.getByText("mail.two.test · mail.two.test").click();
    await page
      .getByText(say("two.test names mail.two.test in its service records.", "two.test 的服务记录里写着 mail.two.test"), { exact: false })
      .first()
      .waitFor();
    await page.getByLabel(/lin@two\.test/u).fill("secret-1");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: say("Both sides work", "收信和发信都没有问题") }).waitFor();
    expect(engine.askedFor("accounts.test").at(-1)).toMatchObject({ settings: { incoming: { host: "mail.two.test" } } });
  });

  it("asks for the user's word where the choice rests on name servers", async () => {
    const { page } = await firstRun();
    await page.keyboard.type("lin@two.test");
    await page.keyboard.press("Enter");
    await page.getByRole("radiogroup").getByText("imap.harbour.example · smtp.harbour.example").click();
    await page.getByRole("checkbox", { name: /imap\.harbour\.example belongs to my provider/u }).waitFor();
    await page.getByRole("textbox", { name: /Password/u }).fill("secret-1");
    expect(await page.getByRole("button", { name: "Test connection" }).isDisabled()).toBe(true);
  });

  it.each(LOOKS)("says that 465 is blocked here, and takes 587 at one press ($language)", async (look) => {
    const engine = new WritingEngine(Date.now(), false);
    let runs = 0;
    engine.testFor = (settings) => (runs++ === 0 ? blockedPort(settings) : passedTest());
    const { page } = await firstRun(engine, look);
    const say = (en: string, zh: string): string => (look.language === "en" ? en : zh);
    await page.keyboard.type("lin@harbour.example");
    await page.keyboard.press("Enter");
    await page.getByLabel(/lin@harbour\.example/u).fill("secret-1");
    await page.keyboard.press("Enter");
    await page.getByText(say("Port 465 does not work here. Port 587 does.", "端口 465 在这里不通，端口 587 可以。")).first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture("blocked-port", look);
    await page.getByRole("button", { name: say("Use 587", "改用 587") }).click();
    await page.getByRole("heading", { name: say("Both sides work", "收信和发信都没有问题") }).waitFor();
    expect(engine.askedFor("accounts.test").at(-1)).toMatchObject({ settings: { outgoing: { port: 587, security: "starttls" } } });
  });
});
