import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { PolicySummary } from "../../../shared/contract/policy.ts";
import { Failure } from "../../../shared/failure.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

const POLICY: PolicySummary = {
  organisation: "Harbour Studio",
  locked: [],
  proxy: null,
  onlyDomains: null,
  address: "",
  personName: "",
  signIn: true,
  place: "/etc/satchel/policy.json",
  problem: null,
};

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

/** The first screen on a computer of the organisation. */
async function atWork(look: Look = {}): Promise<OpenWindow> {
  const engine = new WritingEngine(Date.now(), false);
  engine.policy = POLICY;
  engine.organisation = {
    key: "https://login.harbour.example",
    name: "Harbour Studio",
    client: "configured",
    only: false,
    redirect: "http://127.0.0.1",
  };
  open = await openWindow(engine, look);
  return open;
}

async function keep(name: string): Promise<void> {
  if (process.env["SATCHEL_PICTURES"] === "1") await open?.page.screenshot({ path: `docs/pictures/${name}.png`, animations: "disabled" });
}

describe.skipIf(!HAS_CHROMIUM)("the organisation's sign-in", () => {
  it("has an account ready without a word typed", async () => {
    const { page, engine } = await atWork();
    const begin = page.getByRole("button", { name: "Sign in with Harbour Studio" });
    await begin.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await keep("organisation-first");
    await begin.click();
    await page.getByRole("heading", { name: "Sign in at Harbour Studio" }).waitFor();
    await page.getByText(/gets a key for your mailbox/u).waitFor();
    // Without an address there is nobody whose password could be asked for.
    expect(await page.getByRole("button", { name: "Use a password instead" }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await keep("organisation-sign-in");
    const steps = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
    expect(await steps.allInnerTexts()).toEqual(["1\nSign-in", "2\nConnection test", "3\nNames"]);
    await page.keyboard.press("Enter");
    await page.getByText("Harbour Studio is open in your browser").waitFor();
    await page.getByRole("button", { name: "Open the page again" }).click();
    await expect.poll(() => engine.askedFor("signIn.openAgain")).toHaveLength(1);
    expect(engine.askedFor("signIn.begin")).toEqual([{ address: "", provider: "https://login.harbour.example" }]);
    engine.goOnSigningIn({ state: "checking", url: null });
    await page.getByText("You are back from Harbour Studio").waitFor();
    engine.goOnSigningIn({ state: "done", chosen: "lin@harbour.example", chosenName: "Lin Wei" });
    await page.getByRole("heading", { name: "Both sides work" }).waitFor();
    expect(engine.askedFor("accounts.test")[0]).toMatchObject({
      address: "lin@harbour.example",
      credential: { kind: "browser", signInId: "sign-in-1" },
    });
    await page.getByRole("button", { name: "Continue" }).click();
    expect(await page.getByLabel("Your name").inputValue()).toBe("Lin Wei");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => engine.askedFor("accounts.add")[0])
      .toMatchObject({ address: "lin@harbour.example", personName: "Lin Wei", settings: { browser: "https://login.harbour.example" } });
  });

  it.each([
    ["light", 1440],
    ["dark", 480],
  ] as const)("waits, and is given up and begun again, in Chinese too (%s, %i px)", async (theme, width) => {
    const { page, engine } = await atWork({ language: "zh-CN", theme, width });
    await page.getByRole("button", { name: "用「Harbour Studio」登录" }).click();
    await page.getByRole("button", { name: "登录 Harbour Studio" }).click();
    await page.getByText("Harbour Studio 已在浏览器里打开").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await keep(width === 480 ? "organisation-waiting-dark-zh-narrow" : "organisation-waiting-zh");
    await page.getByRole("button", { name: "取消" }).click();
    await page.getByText("已取消，什么都没有改变。").waitFor();
    engine.signIn = { ...engine.signIn, state: "waiting", opened: false, url: "https://login.harbour.example/authorize" };
    await page.getByRole("button", { name: "重新登录" }).click();
    await page.getByText("这里打不开浏览器").waitFor();
    expect(engine.askedFor("signIn.begin")).toHaveLength(2);
    await page.getByRole("button", { name: "上一步" }).click();
    await page.getByRole("button", { name: "用「Harbour Studio」登录" }).waitFor();
  });

  it("says at its own place what the engine could not do, and an address can be entered all the same", async () => {
    const { page, engine } = await atWork();
    engine.failures.set("signIn.organisation", new Failure("disk-full"));
    const begin = page.getByRole("button", { name: "Sign in with Harbour Studio" });
    await begin.click();
    await page
      .locator(".organisation")
      .getByText(/^The disk is full\./u)
      .waitFor();
    expect(await page.getByText(/The disk is full\./u).count()).toBe(1);
    await keep("organisation-failed");
    await page.getByLabel("Mail address").fill("user1@example.test");
    await page.keyboard.press("Enter");
    await page.getByLabel("Password · user1@example.test").waitFor();
  });
});
