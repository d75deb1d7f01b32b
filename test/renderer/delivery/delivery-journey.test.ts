import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Delivery, Outcome } from "../../../shared/contract/delivery.ts";
import type { ConversationId, FolderId, PlacementId } from "../../../shared/ids.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

const NOTHING: Delivery = { sent: null, report: null, receipt: null };

function outcome(address: string, more: Partial<Outcome> = {}): Outcome {
  return {
    address,
    name: "",
    finalAddress: "",
    state: "accepted",
    reason: null,
    at: null,
    status: "",
    words: "",
    host: "",
    retryUntil: null,
    report: null,
    ...more,
  };
}

const AT = Date.now() - 3_600_000;
const FAILED = outcome("h.brandt@kiln-works.example", {
  name: "Hannes Brandt",
  state: "failed",
  reason: "address-unknown",
  at: AT,
  status: "5.1.1",
  words: "550 5.1.1 <h.brandt@kiln-works.example>: Recipient address rejected: User unknown in virtual mailbox table",
  host: "mx.kiln-works.example",
});
const DELAYED = outcome("mira@atelier.example", {
  state: "delayed",
  reason: "unreachable",
  at: AT,
  words: "connect to mx.atelier.example: Connection timed out",
  retryUntil: AT + 4 * 86_400_000,
});
const SENT: Delivery = {
  ...NOTHING,
  sent: [
    outcome("team@harbour.example", { name: "Harbour team", state: "expanded", at: AT }),
    FAILED,
    DELAYED,
    outcome("sato@osaka.example", { name: "佐藤健", state: "read", at: AT }),
    ...["a", "b", "c", "d", "e"].map((name) => outcome(`${name}@else.example`)),
  ],
};

/** The message of this subject with something known of its delivery, open in the reader. */
async function reading(known: (id: PlacementId) => Delivery, look: Look = {}, subject = "Kiln 3"): Promise<Page> {
  open = await openWindow(undefined, look);
  const { page, engine } = open;
  for (const letter of engine.letters)
    if (letter.subject.includes(subject)) engine.deliveries.set(letter.placementId, known(letter.placementId));
  await page.getByRole("row", { name: subject }).click();
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SATCHEL_PICTURES_IN"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}

const place = (placementId: PlacementId) => ({ placementId, conversationId: 3 as ConversationId, folderId: 1 as FolderId });
const reported = (id: PlacementId): Delivery => ({
  ...NOTHING,
  report: { kind: "delivery", outcomes: [FAILED], subject: "Studio visit in December", sentAt: AT - 60_000, original: place(id) },
});

describe.skipIf(!HAS_CHROMIUM)("what became of a sent message", () => {
  it("is told for each person, those who did not get it first, with why, what to do and the server's words", async () => {
    const page = await reading(() => SENT);
    const section = page.getByRole("region", { name: "What became of it" });
    const people = section.getByRole("listitem");
    await expect.poll(() => people.count()).toBe(4);
    expect(await people.first().innerText()).toContain("There is no such mailbox.");
    expect(await people.nth(1).innerText()).toContain("Do not send it again yet.");
    await section.getByText("Handed over to 5 others; nothing else was heard.").waitFor();
    await section.getByText("Words of mx.kiln-works.example").click();
    await section.getByText("User unknown in virtual mailbox table").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "delivery-sent");
  });

  it("is corrected by sending it to that one again, in a composer", async () => {
    const page = await reading(() => SENT);
    await page.getByRole("button", { name: "Correct the address and send to that one again" }).click();
    await expect
      .poll(() => open?.engine.asked.filter(({ method }) => method === "compose.start"))
      .toMatchObject([{ input: { kind: "again", to: { name: "Hannes Brandt", address: "h.brandt@kiln-works.example" } } }]);
  });

  it("is told on the bounce, which leads to the message it is about", async () => {
    const page = await reading(reported);
    const section = page.getByRole("region", { name: "Report" });
    await section.getByText("Not delivered to Hannes Brandt").waitFor();
    await section.getByText(/About “Studio visit in December” \(/u).waitFor();
    expect(await section.getByRole("button", { name: "Open the message" }).count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "delivery-report");
  });

  it("is not believed of a report that fits no sent message, and nothing is offered there", async () => {
    const page = await reading(() => ({
      ...NOTHING,
      report: { kind: "delivery", outcomes: [FAILED], subject: "", sentAt: null, original: null },
    }));
    const section = page.getByRole("region", { name: "Report" });
    await section.getByText("No sent message of yours fits this report").waitFor();
    expect(await section.getByRole("button").count()).toBe(0);
    await picture(page, "delivery-untied");
  });
});

describe.skipIf(!HAS_CHROMIUM)("a request for a receipt", () => {
  it("is answered when the user says so, and not before", async () => {
    const page = await reading(() => ({ ...NOTHING, receipt: { to: "other@kiln.example", foreign: true } }));
    await page.getByText("asks for a receipt").waitFor();
    await page.getByText("It would go to other@kiln.example, not to the sender.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "receipt-asked");
    expect(open?.engine.asked.some(({ method }) => method === "delivery.answer")).toBe(false);
    await page.getByRole("button", { name: "Send once" }).click();
    await page.getByText("asks for a receipt").waitFor({ state: "detached" });
    expect(open?.engine.asked.filter(({ method }) => method === "delivery.answer")).toMatchObject([{ input: { answer: "send" } }]);
  });
});

describe.skipIf(!HAS_CHROMIUM)("in Chinese and in the dark", () => {
  it("all of it is said in Chinese", async () => {
    const page = await reading(() => ({ ...SENT, receipt: { to: "kiln@kiln.example", foreign: false } }), {
      language: "zh-CN",
      theme: "dark",
    });
    await page.getByText("没有这个邮箱。").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "delivery-sent-dark-zh");
  });

  it("all of it has room on one pane", async () => {
    const page = await reading(() => SENT, { language: "zh-CN", width: 420, height: 860 });
    await page.getByText("没有这个邮箱。").waitFor();
    const pane = await page.getByRole("region", { name: "投递情况" }).boundingBox();
    expect(pane === null ? 0 : pane.x + pane.width).toBeLessThanOrEqual(420);
    await picture(page, "delivery-sent-narrow-zh");
  });
});
