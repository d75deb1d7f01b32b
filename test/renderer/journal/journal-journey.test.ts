import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { OperationId } from "../../../shared/ids.ts";
import { axeFindings } from "../../support/axe.ts";
import { JournalEngine } from "../../support/fake-engine/journal.ts";
import { ARCHIVE } from "../../support/fake-engine/mailbox.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: (OpenWindow & { engine: unknown }) | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function journal(engine = new JournalEngine(Date.now()), look: Look = {}) {
  open = await openWindow(engine, look);
  const { page } = open;
  await page.getByRole("grid").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("j");
  await page.getByRole("main", { name: /^(?:Journal|操作日志)$/ }).waitFor();
  return { page, engine };
}

describe.skipIf(!HAS_CHROMIUM)("the journal", () => {
  it("says of each entry what was done, to which message, and how it stands", async () => {
    const { page, engine } = await journal();
    const list = page.getByRole("listbox", { name: /What was done/ });
    await expect.poll(() => list.getByRole("option").count()).toBe(7);
    const [, parked] = engine.entries;
    await list.getByRole("option", { name: /^Starred: .*Waits for the server/ }).waitFor();
    await list.getByRole("option", { name: `Moved to Archive: ${parked?.subject}, Needs you`, exact: false }).waitFor();
    await list.getByRole("option", { name: /^Deleted for good: .*Refused/ }).waitFor();
  });

  it("shows why one needs the user, in the server’s words, and tries it again", async () => {
    const { page, engine } = await journal();
    await page.getByRole("radio", { name: /Needs you/ }).click();
    await expect.poll(() => page.getByRole("option").count()).toBe(2);
    await page.getByRole("option", { name: /Refused/ }).click();
    const detail = page.getByRole("complementary", { name: "About this entry" });
    expect(await detail.getByRole("note", { name: "The server’s words" }).textContent()).toContain("NOPERM");
    await detail.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => page.getByRole("option").count()).toBe(1);
    expect(engine.asked.find(({ method }) => method === "journal.retry")?.input).toEqual({ ids: [engine.entries[2]?.id] });
  });

  it("is walked with the keys; what waits is cancelled, what is done undone", async () => {
    const { page, engine } = await journal();
    await page.getByRole("option").first().waitFor();
    await page.getByRole("listbox").focus();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option", { name: /Starred/, selected: true }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("option", { name: /Starred.*Taken back/ }).waitFor();
    await page.getByRole("listbox").focus();
    await page.keyboard.press("End");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => engine.asked.filter(({ method }) => method === "journal.takeBack").length).toBe(2);
    // Enter goes to the message.
    await page.getByRole("listbox").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: engine.entries[0]?.subject ?? "" }).waitFor();
  });

  it("keeps only the rows in sight, and reads on at the end", async () => {
    const { page } = await journal(new JournalEngine(Date.now(), 396));
    await page.getByRole("option").first().waitFor();
    expect(await page.getByRole("option").count()).toBeLessThan(60);
    await page.getByRole("listbox").focus();
    const lastSeen = async (): Promise<string | null> => {
      await page.keyboard.press("End");
      return page.getByRole("option").last().getAttribute("aria-posinset");
    };
    await expect.poll(lastSeen, { timeout: 10_000 }).toBe("400");
  });

  it("says so when nothing was done yet, and when it cannot be read", async () => {
    const engine = new JournalEngine(Date.now(), 0);
    engine.entries = [];
    const { page } = await journal(engine);
    await page.getByText("Nothing has been done yet").waitFor();
    await page.getByRole("radio", { name: "Needs you" }).click();
    await page.getByText("Nothing needs you").waitFor();
  });

  it("is opened from the status line too", async () => {
    const { page } = await journal();
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.getByRole("button", { name: /readable offline/ }).click();
    await page.getByRole("button", { name: "Open the journal" }).click();
    await page.getByRole("main", { name: "Journal" }).waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  });

  it("says what was done to folders, why it stays done, and goes to the folder", async () => {
    const engine = new JournalEngine(Date.now(), 1);
    const [one] = engine.entries;
    if (one === undefined) throw new Error("no entry");
    const folder = {
      placementId: null,
      conversationId: null,
      from: [],
      folderId: null,
      endedAt: Date.now(),
      reason: null,
      serverWords: null,
      limitBytes: null,
    };
    engine.entries = [
      {
        ...one,
        ...folder,
        id: 903 as OperationId,
        subject: "Letters",
        shownFolderId: ARCHIVE,
        change: { kind: "place-folder", name: "Post", parentId: null, renamed: true, moved: false },
        state: "refused",
        reason: "folder-taken",
        canRetry: true,
        canTakeBack: false,
      },
      {
        ...one,
        ...folder,
        id: 902 as OperationId,
        subject: "Drawings",
        shownFolderId: null,
        change: { kind: "delete-folder" },
        state: "done",
        canTakeBack: false,
        undoBar: "gone",
      },
      ...engine.entries,
    ];
    const { page } = await journal(engine);
    await page.getByRole("option", { name: /^Folder renamed to Post: Letters, Refused/ }).click();
    const detail = page.getByRole("complementary", { name: "About this entry" });
    await detail.getByText("Another folder has that name on the server").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("listbox").focus();
    await page.keyboard.press("ArrowDown");
    await detail.getByText("deleted for good, so it cannot be brought back").waitFor();
    expect(await detail.getByRole("button").count()).toBe(0);
    await page.keyboard.press("ArrowUp");
    await detail.getByRole("button", { name: "Try again" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Archive" }).waitFor();
  });

  const looks: readonly Look[] = [{ theme: "light" }, { language: "zh-CN", theme: "dark", width: 560, height: 800 }];
  it.each(looks)("has nothing that axe finds wrong, %o", async (look) => {
    const { page } = await journal(new JournalEngine(Date.now(), 30), look);
    await page.getByRole("option").nth(1).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("option").nth(2).click();
    await page.getByRole("complementary").getByRole("note").waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
