import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { OutputOf } from "../../../shared/contract/table.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

const SUBJECT = "Invoice 2026-1187";
const PAGE = { kind: "page", host: "shop.example", url: "https://shop.example/preferences?reader=8c1f&list=weekly" } as const;
const MAIL = {
  kind: "mail",
  from: { name: "", address: "mara@harbour.example" },
  to: "leave-weekly@shop.example",
  subject: "unsubscribe",
  text: "8c1f",
} as const;
const POST = { kind: "post", host: "lists.shop.example", url: "https://lists.shop.example/out" } as const;

/** Opens the message as mail of a list that can be left in these ways. */
async function openList(offer: Partial<OutputOf<"unsubscribe.look">>, look: Look = {}) {
  open = await openWindow(undefined, look);
  const { page, engine } = open;
  const letter = engine.letters.find(({ subject }) => subject.includes(SUBJECT));
  if (letter === undefined) throw new Error("the letter is not there");
  engine.lists.set(letter.placementId, { offer: { ways: [], checked: true, risky: false, discussion: false, ...offer }, asked: null });
  await page.getByRole("row", { name: SUBJECT }).first().click();
  const asks = () => engine.asked.filter(({ method }) => method === "unsubscribe.ask").map(({ input }) => input);
  const findings = async () => (await axeFindings(page)).filter((one) => !one.startsWith("region:"));
  const keep = async (name: string) => {
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: `docs/pictures/${name}.png` });
  };
  return { page, engine, letter, asks, findings, keep };
}

describe.skipIf(!HAS_CHROMIUM)("leaving a list", () => {
  it("says before what will happen, does it by the keyboard, and says what became of it", async () => {
    const { page, asks, findings, keep, letter } = await openList({ ways: [POST, MAIL, PAGE] });
    await page.getByRole("button", { name: "Unsubscribe" }).press("Enter");
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText("Satchel tells lists.shop.example once.").waitFor();
    expect(await findings()).toEqual([]);
    await keep("unsubscribe");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(asks()).toEqual([]);
    await page.getByRole("button", { name: "Unsubscribe" }).press("Enter");
    await dialog.getByRole("button", { name: "Unsubscribe" }).press("Enter");
    await page.getByText(/You asked to stop .+ lists\.shop\.example was told\./u).waitFor();
    expect(asks()).toEqual([{ placementId: letter.placementId, way: "post" }]);
    await page.getByRole("button", { name: "Unsubscribe" }).waitFor({ state: "detached" });
    expect(await findings()).toEqual([]);
  });

  it("shows a mail word for word before it goes, and lets the user choose it", async () => {
    const { page, asks, findings } = await openList({ ways: [POST, MAIL, PAGE], checked: false, discussion: true });
    await page.getByRole("button", { name: "Unsubscribe" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText("can only be checked online").waitFor();
    await dialog.getByText("Others write on this list too.").waitFor();
    await dialog.getByRole("button", { name: "By mail instead" }).click();
    for (const words of [MAIL.from.address, MAIL.to, MAIL.subject, MAIL.text]) await dialog.getByText(words, { exact: true }).waitFor();
    expect(await findings()).toEqual([]);
    await dialog.getByRole("button", { name: "Send and unsubscribe" }).click();
    await page.getByText(/by a mail to leave-weekly@shop\.example/u).waitFor();
    expect(asks()).toMatchObject([{ way: "mail" }]);
  });

  it("only opens a page after its address was seen, warns where the message may be a trick, and is in the list's menu (dark, Chinese)", async () => {
    const look = { theme: "dark", language: "zh-CN" } as const;
    const { page, engine, asks, findings, keep } = await openList({ ways: [PAGE], risky: true }, look);
    await page.getByRole("button", { name: "退订" }).waitFor();
    await page.getByRole("row", { name: SUBJECT }).first().click({ button: "right" });
    await page.getByRole("menuitem", { name: "退订…" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText(PAGE.url).waitFor();
    await dialog.getByText("这封邮件可能是骗局").waitFor();
    expect(await findings()).toEqual([]);
    await keep("unsubscribe-risky-dark-zh");
    const opened = () => engine.asked.filter(({ method }) => method === "health.openLink").map(({ input }) => input);
    expect(opened()).toEqual([]);
    await dialog.getByRole("button", { name: "打开 shop.example" }).click();
    await expect.poll(opened).toEqual([{ url: PAGE.url }]);
    expect(asks()).toEqual([]);
  });

  it("tells a no in the server's words and offers another way, also in a narrow window", async () => {
    const { page, engine, letter, findings, keep } = await openList({ ways: [POST, PAGE] }, { width: 700, height: 900 });
    const list = engine.lists.get(letter.placementId);
    if (list === undefined) throw new Error("no list");
    const said = { way: "post", target: POST.host, askedAt: engine.now, status: 410, words: "This link has expired.", here: true } as const;
    list.asked = { ...said, state: "refused" };
    engine.emit("mail.updated", { messageIds: [letter.messageId], revision: Date.now() });
    await page.getByText("410 This link has expired.").waitFor();
    await keep("unsubscribe-refused-narrow");
    expect(await findings()).toEqual([]);
    await page.getByRole("button", { name: "Another way…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "On the web page instead" }).waitFor();
  });
});
