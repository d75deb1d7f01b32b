import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { readCalendar } from "../../../main/mime/calendar.ts";
import { readContacts } from "../../../main/mime/contact-cards.ts";
import type { Invitation } from "../../../shared/contract/calendar.ts";
import type { OutputOf } from "../../../shared/contract/table.ts";
import type { ConversationId, FolderId, PlacementId } from "../../../shared/ids.ts";
import { calendar, type EventLines } from "../../mime/support/calendars.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";

let open: OpenWindow | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

const YOU = "lin@harbour.example";
const GUESTS = [
  `ATTENDEE;CN=林薇;PARTSTAT=NEEDS-ACTION:mailto:${YOU}`,
  "ATTENDEE;CN=Ana Sousa;PARTSTAT=ACCEPTED:mailto:ana@harbour.example",
  "ATTENDEE;CN=Ben Okoro;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE:mailto:ben@harbour.example",
  "ATTENDEE;CN=Hannes Brandt;PARTSTAT=DECLINED:mailto:h.brandt@kiln-works.example",
  "ATTENDEE;CN=Kiln room;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room@harbour.example",
];

/** As the engine tells an invitation of which nothing else is known. */
function told(lines: EventLines, more: Partial<Invitation> = {}): Invitation {
  const [one] = readCalendar(calendar({ attendees: GUESTS, place: "Harbour street 4, second floor", ...lines }));
  if (one === undefined) throw new Error("no event");
  const { event } = one;
  const count = (state: string): number => event.attendees.filter((guest) => guest.state === state).length;
  return {
    ...event,
    part: "2",
    people: { all: event.attendees.length, accepted: count("accepted"), tentative: count("tentative"), declined: count("declined") },
    standing: { kind: "current" },
    changes: [],
    you: YOU,
    noAnswer: event.method === "request" ? null : "asks-nothing",
    organiserElsewhere: false,
    original: null,
    answer: null,
    ...more,
  };
}

const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");
const TOMORROW: EventLines = {
  start: `DTSTART;TZID=Asia/Shanghai:${tomorrow}T140000`,
  end: `DTEND;TZID=Asia/Shanghai:${tomorrow}T153000`,
};

const SERIES_LINES: EventLines = { ...TOMORROW, more: ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=6"] };

/** The message of this subject with these cards, open in the reader. */
async function reading(cards: Partial<OutputOf<"calendar.read">>, look: Look = {}, subject = "Kiln 3"): Promise<Page> {
  open = await openWindow(undefined, look);
  const { page, engine } = open;
  for (const letter of engine.letters)
    if (letter.subject.includes(subject)) engine.calendars.set(letter.placementId, { invitations: [], contacts: [], cards: 0, ...cards });
  await page.getByRole("row", { name: subject }).click();
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SATCHEL_PICTURES_IN"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}

const SERIES = told({
  ...TOMORROW,
  more: ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=6", "DESCRIPTION:Bring the glaze samples.\\nhttps://meet.example/kiln"],
});

describe.skipIf(!HAS_CHROMIUM)("an invitation", () => {
  it("tells what, when, where and who, and is answered once by keyboard, with a comment", async () => {
    const page = await reading({ invitations: [SERIES] });
    const card = page.getByRole("region", { name: "Kiln opening" });
    await card.getByText("tomorrow").waitFor();
    await card.getByText("06:00–07:30 your time").waitFor();
    await card.getByText("14:00–15:30 China Standard Time").waitFor();
    await card.getByText("Every second Tuesday, 6 times").waitFor();
    await card.getByRole("button", { name: /^5 people · 2 accepted · 1 maybe · 1 declined/u }).press("Enter");
    expect(await card.getByRole("listitem").allInnerTexts()).toHaveLength(5);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "invitation");
    await card.getByRole("button", { name: "Add a comment" }).press("Enter");
    await card.getByRole("textbox", { name: "Comment to the organiser" }).fill("Ten minutes late");
    await picture(page, "invitation-comment");
    await card.getByRole("button", { name: "Accept", exact: true }).press("Enter");
    await card
      .getByRole("status")
      .getByText(/^You accepted · Today/u)
      .waitFor();
    await card.getByText("Ten minutes late").waitFor();
    expect(await card.getByRole("button", { name: "Accept", exact: true }).getAttribute("aria-pressed")).toBe("true");
    await page.getByText("Accepted: Kiln opening").waitFor();
    expect(open?.engine.asked.filter(({ method }) => method === "calendar.answer")).toMatchObject([
      { input: { index: 0, answer: "accepted", comment: "Ten minutes late" } },
    ]);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "invitation-accepted");
    await card.getByRole("button", { name: "Take back" }).click();
    const taken = () => open?.engine.asked.filter(({ method }) => method === "outbox.cancel");
    await expect.poll(taken).toMatchObject([{ input: { outboxId: 900 } }]);
  });

  it("says why it cannot be answered, that it is out of date or cancelled, and what has changed", async () => {
    const newest = { placementId: 1 as PlacementId, conversationId: 1 as ConversationId, folderId: 1 as FolderId };
    const changed = told(
      { ...TOMORROW, sequence: 2 },
      {
        changes: [
          { what: "time", start: { wall: Date.UTC(2026, 11, 1, 9), at: null, zone: "" }, end: null, allDay: false },
          { what: "place", before: "Room 1" },
        ],
        answer: { answer: "accepted", comment: "", at: Date.now() - 86_400_000, waiting: null, before: true },
        organiserElsewhere: true,
      },
    );
    const page = await reading({
      invitations: [
        changed,
        told({ title: "Old glaze talk" }, { standing: { kind: "outdated", newest }, noAnswer: "outdated" }),
        told({ title: "Cancelled talk", method: "CANCEL" }, { standing: { kind: "cancelled", newest: null } }),
        told({ title: "Passed on" }, { you: "", noAnswer: "not-invited" }),
      ],
    });
    await page.getByText("Changed since the invitation before").waitFor();
    await page.getByText("It was in Room 1.").waitFor();
    await page.getByText("That was before this change. Please answer again.").waitFor();
    await page.getByText(/An answer goes to mira@atelier.example/u).waitFor();
    const old = page.getByRole("region", { name: "Old glaze talk" });
    await old.getByText("This invitation is out of date").waitFor();
    expect(await old.getByRole("button", { name: "Accept", exact: true }).count()).toBe(0);
    await old.getByRole("button", { name: "Open the latest" }).waitFor();
    expect(await page.getByRole("region", { name: "Passed on" }).count()).toBe(0);
    await page.getByRole("button", { name: "Show 1 more event" }).click();
    await page
      .getByRole("region", { name: "Passed on" })
      .getByText(/None of your addresses/u)
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "invitation-changed");
  });

  it("shows words of the event as text, whatever they are", async () => {
    const bad = '<img src=x onerror="document.title=1"><b>Kiln</b>';
    const page = await reading({ invitations: [told({ ...TOMORROW, title: bad, place: bad, more: [`DESCRIPTION:${bad}`] })] });
    const card = page.getByRole("region", { name: /Kiln/u });
    await card.getByRole("heading", { name: bad }).waitFor();
    await card.getByRole("button", { name: "Notes" }).click();
    expect(await card.locator("img, b").count()).toBe(0);
  });

  it("tells a proposal of another time beside what was planned, and answers it by mail", async () => {
    const [planned] = readCalendar(calendar(TOMORROW));
    const counter = told(
      {
        ...TOMORROW,
        method: "COUNTER",
        start: `DTSTART;TZID=Asia/Shanghai:${tomorrow}T170000`,
        end: `DTEND;TZID=Asia/Shanghai:${tomorrow}T183000`,
        attendees: ["ATTENDEE;CN=Ana Sousa;PARTSTAT=TENTATIVE:mailto:ana@harbour.example"],
        more: ["COMMENT:The ship comes at four."],
      },
      { changes: [{ what: "time", start: planned?.event.start ?? null, end: planned?.event.end ?? null, allDay: false }] },
    );
    const page = await reading({ invitations: [counter] });
    const card = page.getByRole("region", { name: "Kiln opening" });
    await card.getByText("Ana Sousa proposes this time").waitFor();
    await card.getByText("Instead of what was planned").waitFor();
    await card.getByText(/It was .*06:00/u).waitFor();
    await card.getByText("The event stays as it is until its organiser sends an update.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "invitation-proposal");
    await card.getByRole("button", { name: "Answer Tomás Ferreira by mail" }).press("Enter");
    await expect
      .poll(() => open?.engine.asked.filter(({ method }) => method === "compose.start"))
      .toMatchObject([{ input: { kind: "reply" } }]);
  });

  it("is told inside a message that is attached: why it has no buttons, where it came by itself, or with them", async () => {
    open = await openWindow();
    const { page, engine } = open;
    const letter = engine.letters.find(({ subject }) => subject.includes("Invoice 2026-1187"));
    letter?.parts.push({ part: "9", name: "里面的信.eml", type: "message/rfc822", sizeBytes: 9000, inline: false, here: true });
    const row = engine.letters.find(({ subject }) => subject.includes("Kiln 3"));
    if (row === undefined) throw new Error("the letter is not there");
    const { placementId, conversationId } = row;
    const original = { placementId, conversationId, folderId: 1 as FolderId };
    const passedOn = told({ ...TOMORROW, title: "窑会" }, { noAnswer: "inside", original });
    const sentOn = told({ ...TOMORROW, title: "Tea" });
    engine.insideCards = { invitations: [passedOn, sentOn], contacts: [], cards: 0 };
    await page.getByRole("row", { name: "Invoice 2026-1187" }).first().click();
    await page.getByRole("button", { name: "Open 里面的信.eml" }).click();
    const card = page.getByRole("dialog", { name: "里面的信" }).getByRole("region", { name: "窑会" });
    await card.getByText("Somebody else has passed this on inside their message.", { exact: false }).waitFor();
    expect(await card.getByRole("button", { name: "Accept", exact: true }).count()).toBe(0);
    expect(engine.asked.filter(({ method }) => method === "calendar.read").at(-1)?.input).toMatchObject({ inside: "9" });
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, "invitation-inside");
    await page.getByRole("region", { name: "Tea" }).getByRole("button", { name: "Accept", exact: true }).click();
    await expect.poll(() => engine.askedFor("calendar.answer")).toMatchObject([{ inside: "9", index: 1, answer: "accepted" }]);
    await card.getByRole("button", { name: "Open the invitation" }).click();
    await page.getByRole("heading", { level: 1, name: /Kiln 3/u }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("is at home in Chinese, in the dark and in a narrow window", async () => {
    const answer = told(
      {
        ...TOMORROW,
        method: "REPLY",
        attendees: ["ATTENDEE;CN=Ana Sousa;PARTSTAT=TENTATIVE:mailto:ana@harbour.example"],
        more: ["COMMENT:要看船几点到。"],
      },
      { you: YOU },
    );
    const page = await reading(
      { invitations: [told({ ...SERIES_LINES, title: "窑炉开放日" }), answer] },
      { language: "zh-CN", theme: "dark", width: 700 },
    );
    const card = page.getByRole("region", { name: "窑炉开放日" });
    await card.getByText("明天").waitFor();
    await card.getByText("您的时间 06:00–07:30").waitFor();
    await card.getByText("每两周的周二，共 6 次").waitFor();
    await card.getByText("5 人 · 2 人接受 · 1 人待定 · 1 人谢绝").waitFor();
    await page.getByText("Ana Sousa 可能参加").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await card.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    await picture(page, "invitation-zh-dark-narrow");
  });
});

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC";

it.skipIf(!HAS_CHROMIUM)("a contact card is written to, copied, remembered and saved", async () => {
  const vcards = [
    [
      "FN:林薇",
      "ORG:海港陶艺;工作室",
      "TITLE:陶艺师",
      "EMAIL;TYPE=work:lin.wei@harbour.example",
      "TEL;TYPE=cell:+86 21 5555 0101",
      "ADR;TYPE=work:;;外滩路4号;上海;;200002;中国",
      `PHOTO:data:image/png;base64,${PNG}`,
    ],
    ["FN:Hannes Brandt", "EMAIL:h.brandt@kiln-works.example", "URL:https://kiln-works.example", "NOTE:Fires on Thursdays."],
  ];
  const text = vcards.map((lines) => ["BEGIN:VCARD", "VERSION:4.0", ...lines, "END:VCARD"].join("\r\n")).join("\r\n");
  const { contacts } = readContacts(text, 10, { chosen: "", likely: [] });
  const page = await reading({ contacts: contacts.map((one) => ({ ...one, part: "2" })), cards: 2 });
  const cards = page.getByRole("region", { name: "2 contact cards" });
  await cards.getByRole("img", { name: "Photo of 林薇" }).waitFor();
  await cards.getByText("上海").waitFor();
  await cards.getByRole("button", { name: "Remember lin.wei@harbour.example" }).click();
  await page.getByText("lin.wei@harbour.example is offered when you write").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await cards.scrollIntoViewIfNeeded();
  await picture(page, "contacts");
  await cards.getByRole("button", { name: "Write to h.brandt@kiln-works.example" }).click();
  await expect
    .poll(() => open?.engine.asked.filter(({ method }) => method === "compose.start"))
    .toMatchObject([{ input: { kind: "mailto", url: "mailto:h.brandt%40kiln-works.example" } }]);
});
