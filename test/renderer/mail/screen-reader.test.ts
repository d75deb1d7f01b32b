import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { newerThanAll } from "../../support/fake-engine/mailbox.ts";
import { closeBrowser, HAS_CHROMIUM, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

type Heard = { role: string; name: string; under: string[]; properties: ReadonlyMap<string, unknown> };

/** Chromium's own accessibility tree, which is what a screen reader is given; `under` names the roles above. */
async function heard(page: Page): Promise<Heard[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const roleOf = (id: string | undefined): string => String(byId.get(id ?? "")?.role?.value ?? "");
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ nodeId, parentId, name, properties }) => {
      const under: string[] = [];
      for (let at = parentId; at !== undefined; at = byId.get(at)?.parentId) under.push(roleOf(at));
      return {
        role: roleOf(nodeId),
        name: String(name?.value ?? ""),
        under,
        properties: new Map((properties ?? []).map((one) => [one.name, one.value.value ?? one.value.relatedNodes])),
      };
    });
}

describe.skipIf(!HAS_CHROMIUM)("what a screen reader is given", () => {
  it("the list is a grid of rows and cells, with the number of all rows and the place of each", async () => {
    open = await openWindow();
    const { page } = open;
    const grid = page.getByRole("grid").first();
    await grid.getByRole("row").first().click();
    const tree = await heard(page);
    const grids = tree.filter(({ role }) => role === "grid");
    expect(grids).toHaveLength(1);
    expect(grids[0]?.name).not.toBe("");
    expect(grids[0]?.properties.get("multiselectable")).toBe(true);
    expect(grids[0]?.properties.get("activedescendant")).toHaveLength(1);
    const rows = tree.filter(({ role, under }) => role === "row" && under.includes("grid"));
    expect(rows.length).toBeGreaterThan(5);
    for (const { name, under } of rows) {
      expect(name).not.toBe("");
      expect(under.slice(0, under.indexOf("grid")).every((role) => ["rowgroup", "none", "generic", "presentation"].includes(role))).toBe(
        true,
      );
    }
    const cells = tree.filter(({ role, under }) => role === "gridcell" && under[0] === "row");
    expect(cells).toHaveLength(rows.length);
    const said = await grid.evaluate((element) => ({
      rows: element.getAttribute("aria-rowcount"),
      columns: element.getAttribute("aria-colcount"),
      places: [...element.querySelectorAll('[role="row"]')].map((row) => Number(row.getAttribute("aria-rowindex"))).sort((a, b) => a - b),
      column: [...element.querySelectorAll('[role="gridcell"]')].every((cell) => cell.getAttribute("aria-colindex") === "1"),
    }));
    expect(said).toMatchObject({ rows: "36", columns: "1", column: true });
    expect(said.places).toEqual(said.places.map((_, at) => at + 1));
  });

  it("the conversation is a feed of articles that says while it is still being read", async () => {
    open = await openWindow();
    const { page, engine } = open;
    await page
      .getByRole("row", { name: /Osaka shipment/ })
      .first()
      .click();
    const feed = page.getByRole("feed");
    await page.locator('[data-pane-focus] [role="feed"][aria-busy="false"]').waitFor();
    // What is laid out for later is told to nobody.
    await page.locator(".laid-out .card").first().waitFor({ state: "attached" });
    const tree = await heard(page);
    const [one, ...more] = tree.filter(({ role }) => role === "feed");
    expect(more).toEqual([]);
    expect(one?.name).not.toBe("");
    const articles = tree.filter(({ role, under }) => role === "article" && under.includes("feed"));
    expect(articles.length).toBeGreaterThan(1);
    for (const { name } of articles) expect(name).not.toBe("");
    const places = await feed
      .getByRole("article")
      .evaluateAll((all) => all.map((each) => [each.getAttribute("aria-posinset"), each.getAttribute("aria-setsize")]));
    expect(places).toEqual(places.map((_, at) => [String(at + 1), String(places.length)]));
    engine.holdReading = true;
    await feed.getByRole("article").first().getByRole("button").first().click();
    await page.locator('[data-pane-focus] [role="feed"][aria-busy="true"]').waitFor();
    expect((await heard(page)).find(({ role }) => role === "feed")?.properties.get("busy")).toBeTruthy();
  });

  it("new mail is told in a live region that waits its turn", async () => {
    open = await openWindow();
    const { page, engine } = open;
    await page.getByRole("row").first().waitFor();
    const [first] = engine.letters;
    if (first === undefined) throw new Error("an empty mailbox");
    const ids = { placementId: 90_001 as never, messageId: 90_001 as never, conversationId: 90_001 as never };
    engine.letters.push({
      ...first,
      ...ids,
      folderId: 10 as never,
      at: newerThanAll(engine.letters),
      seen: false,
      subject: "The kiln comes tomorrow",
    });
    engine.changed();
    await page.getByRole("status").filter({ hasText: "The kiln comes tomorrow" }).waitFor({ state: "attached" });
    const tree = await heard(page);
    const text = tree.find(
      ({ role, name, under }) => role === "StaticText" && name.includes("The kiln comes tomorrow") && under.includes("status"),
    );
    expect(text).toBeDefined();
    const live = tree.filter(({ role }) => role === "status").map(({ properties }) => properties.get("live"));
    expect(live.length).toBeGreaterThan(0);
    expect(live.every((how) => how === "polite")).toBe(true);
  });
});

describe.skipIf(!HAS_CHROMIUM)("what opens with a conversation", () => {
  it("is what the others wrote last, also when the newest is one’s own answer", async () => {
    open = await openWindow();
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    if (letter === undefined) throw new Error("the letter is not there");
    const own = { placementId: 90_002 as never, messageId: 90_002 as never, from: { name: "Lin Wei", address: "lin@harbour.example" } };
    engine.letters.push({ ...letter, ...own, at: letter.at + 60_000, seen: true, text: "Paid this morning.", html: null, parts: [] });
    letter.seen = true;
    engine.changed();
    const row = page.getByRole("row", { name: "Invoice 2026-1187" }).first();
    await row.locator(".count", { hasText: "2" }).waitFor();
    await row.click();
    await page.getByRole("feed").getByText("Paid this morning.").waitFor();
    expect(await page.locator("[data-pane-focus] .card").count()).toBe(2);
    const [theirs, mine] = await page.getByRole("article").evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
    expect([theirs, mine].every((label) => label !== null)).toBe(true);
  });
});
