import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, type Look, PATIENCE_MS, Program } from "../support/browser.ts";
import { atRest } from "../support/browser-deeds.ts";
import { OPEN_FRAME } from "../support/open-frame.ts";

// Colours are the theme's and names the language's: two looks show all of both.
const LOOKS: readonly Look[] = [
  { language: "en", theme: "light" },
  { language: "zh-CN", theme: "dark" },
];

describe.skipIf(!HAS_BROWSER)("the demo mailbox in the window", { timeout: 240_000 }, () => {
  let program: Program;
  beforeAll(async () => {
    program = await Program.start();
  }, 120_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
  });

  test("opens by its button on the first screen, and all of it comes in", async () => {
    const { page, line } = program;
    await expectNoFindings(program, "first run");
    await page.getByRole("button", { name: "Open the demo" }).click();
    await page.getByRole("navigation", { name: "Folders" }).waitFor();
    await page.getByRole("grid", { name: /inbox/iu }).waitFor();
    await line.until(
      "health.status",
      {},
      ({ accounts, index }) =>
        accounts[0]?.state === "up-to-date" && accounts[0].done === accounts[0].total && accounts[0].total > 390 && index.toIndex === 0,
      120_000,
    );
    await page.getByRole("button", { name: /All of it readable offline/u }).waitFor();
  });

  test("shows its list and a conversation, in both languages and themes", async () => {
    const { page } = program;
    await page
      .getByRole("row", { name: /3 messages|4 messages|5 messages/u })
      .first()
      .click();
    await atRest(page);
    // The pointer leaves the row, and with it go its tools.
    await page.mouse.move(0, 0);
    await program.picture("main-light");
    await expectNoFindings(program, "conversation");
    await program.look({ language: "zh-CN", theme: "dark" });
    await page.frameLocator(OPEN_FRAME).last().getByText("… 更早的内容").first().waitFor();
    await program.picture("main-dark-zh");
    await program.look({ language: "en", theme: "light" });
  });

  test("shows its invitation as a card that can be answered, in both languages and themes", async () => {
    const { page } = program;
    await page
      .getByRole("row", { name: /特展开幕邀请函/u })
      .first()
      .click();
    const card = page.getByRole("region", { name: "「泥与火」特展开幕" });
    await card.getByText("青岚美术馆 二号厅").waitFor();
    await card.getByRole("button", { name: "Accept", exact: true }).waitFor();
    await program.picture("invitation-demo");
    await program.look({ language: "zh-CN", theme: "dark" });
    await card.getByRole("button", { name: "接受", exact: true }).waitFor();
    await program.picture("invitation-demo-dark-zh");
    await program.look({ language: "en", theme: "light" });
  });

  test("finds 发票, two characters inside longer sentences, and opens a hit", async () => {
    const { page } = program;
    await page.getByRole("button", { name: "Search all mail" }).click();
    await page.getByRole("searchbox", { name: "Search all mail" }).fill("发票");
    await page
      .getByRole("status")
      .getByText(/\d+ hits? in \d+ ms/u)
      .waitFor();
    const hit = page.getByRole("grid", { name: "Hits" }).getByRole("row").first();
    await hit.click();
    const opened = page.getByRole("feed", { name: "Conversation" });
    await opened.getByRole("article").last().waitFor();
    await program.picture("search");
    await expectNoFindings(program, "search");
    await page.getByRole("button", { name: "Close the search" }).click();
    await page.getByRole("grid", { name: /inbox/iu }).waitFor();
  });

  test("is written in with the composer", async () => {
    const { page } = program;
    await page
      .getByRole("navigation", { name: "Folders" })
      .getByRole("button", { name: /New message/u })
      .click();
    await page.getByRole("textbox", { name: "Subject" }).fill("The kiln on Thursday");
    await page.getByRole("textbox", { name: "Message" }).click();
    await page.keyboard.type("Shall we fire the large pieces first? 周四见。");
    await page.getByText(/Draft saved/u).waitFor();
    await program.picture("composer");
    await expectNoFindings(program, "composer");
    await page.getByRole("button", { name: "Discard draft" }).click();
  });

  test("goes on with a draft that another program began", async () => {
    const { page } = program;
    const folders = page.getByRole("navigation", { name: "Folders" });
    await folders.getByRole("button", { name: "Drafts", exact: true }).click();
    await page.getByRole("region", { name: "Begun in other programs" }).getByRole("button").click();
    await page
      .getByRole("row", { name: /十二月展会/u })
      .first()
      .click();
    const go = page.getByRole("feed", { name: "Conversation" }).getByRole("button", { name: "Continue writing" });
    await go.waitFor();
    await atRest(page);
    await expectNoFindings(program, "draft of another program");
    await program.picture("draft-elsewhere");
    await go.click();
    expect(await page.getByRole("textbox", { name: "Subject" }).inputValue()).toBe("回复：十二月展会物流安排及报价确认");
    await page.getByRole("textbox", { name: "Message" }).getByText("晓雯：尺寸都对").waitFor();
    await program.picture("draft-continued");
    await page.getByRole("button", { name: "Close and keep the draft" }).click();
    await folders.getByRole("button", { name: "Drafts", exact: false }).first().click();
    await page.getByRole("button", { name: /^陈晓雯/u }).waitFor();
    await program.picture("drafts");
    await program.look({ language: "zh-CN", theme: "dark" });
    await program.picture("drafts-dark-zh");
    await program.look({ language: "en", theme: "light" });
    await page.getByRole("button", { name: /^Discard /u }).click();
  });

  test.each([
    ["Outbox", "Outbox"],
    ["Drafts", "Drafts"],
    ["Settings", "Accounts"],
  ])("the page of %s passes as well", async (name, heading) => {
    const { page } = program;
    await page.getByRole("button", { name, exact: true }).first().click();
    await page.getByRole("main").getByRole("heading", { level: 1, name: heading }).waitFor();
    await expectNoFindings(program, name);
  });

  test("in a narrow window it is one pane with a way back", async () => {
    const { page } = program;
    await program.restart("SIGTERM");
    await program.page.setViewportSize({ width: 420, height: 860 });
    const letter = program.page.getByRole("article").getByText(/New thermocouple in/u);
    await expect
      .poll(
        async () => {
          await program.page.getByRole("row", { name: /Kiln 3 is back up/u }).click();
          await program.page.getByRole("button", { name: "Back" }).waitFor();
          await atRest(program.page);
          if (await letter.isVisible()) return true;
          // A letter that came just then has moved the rows under the pointer.
          await program.page.getByRole("button", { name: "Back" }).click();
          return false;
        },
        { timeout: PATIENCE_MS },
      )
      .toBe(true);
    await program.picture("narrow");
    await expectNoFindings(program, "narrow reader");
    await program.page.getByRole("button", { name: "Back" }).click();
    await program.page.getByRole("row").first().waitFor();
    await expectNoFindings(program, "narrow list");
    await program.page.getByRole("button", { name: "Show the sidebar" }).click();
    await program.page.getByRole("navigation", { name: "Folders" }).waitFor();
    await expectNoFindings(program, "drawer");
    expect(page.isClosed()).toBe(true);
  });

  test("asked nothing of any other address, and complained of nothing", () => {
    expect({ strangers: program.strangers, complaints: program.complaints }).toEqual({ strangers: [], complaints: [] });
  });
});

/** No violation that axe-core knows of, in both languages and both themes; ends in English and light. */
async function expectNoFindings(program: Program, state: string): Promise<void> {
  const found: string[] = [];
  // A tooltip under a resting pointer is not of the page's own.
  await program.page.mouse.move(1, 1);
  await program.page.getByRole("tooltip").waitFor({ state: "detached" });
  for (const look of [...LOOKS.slice(1), LOOKS[0] ?? {}]) {
    await program.look(look);
    for (const finding of await axeFindings(program.page)) found.push(`${state}, ${look.language}, ${look.theme}: ${finding}`);
  }
  expect(found).toEqual([]);
}
