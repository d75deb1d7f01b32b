import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { outboxItem } from "../../support/fake-engine/outbox-items.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function outbox(engine = new WritingEngine(Date.now()), look: Look = {}): Promise<OpenWindow> {
  open = await openWindow(engine, look);
  await open.page.getByRole("button", { name: /^(?:Outbox|发件箱)/ }).click();
  await open.page.getByRole("main", { name: /^(?:Outbox|发件箱)$/ }).waitFor();
  return open;
}

describe.skipIf(!HAS_CHROMIUM)("the outbox page", () => {
  it("sends a message that may have arrived again only after naming the risk", async () => {
    const { page, engine } = await outbox();
    const card = page.getByRole("article", { name: /Signed contract.*May have been delivered/ });
    await card.getByText(/Looked for it in Sent 6 times/).waitFor();
    // What may have left can be kept and copied, and not be taken back.
    await card.getByRole("button", { name: /^More/ }).click();
    await page.getByRole("menuitem", { name: "Save as .eml" }).waitFor();
    expect(await page.getByRole("menuitem").allInnerTexts()).not.toContain("Cancel sending");
    await page.keyboard.press("Escape");
    await card.getByRole("button", { name: "Send it again…" }).click();
    await page.getByText("It may have arrived already. Then Accounts, Lotus Print would have it twice.").waitFor();
    await page.getByRole("button", { name: "Don’t send" }).click();
    expect(engine.askedFor("outbox.resolve")).toEqual([]);
    await card.getByRole("button", { name: "Send it again…" }).click();
    await page.getByRole("button", { name: "Send it again", exact: true }).click();
    await expect.poll(() => engine.askedFor("outbox.resolve")).toEqual([{ outboxId: 2, decision: "send-again" }]);
  });

  it("keeps what waits for the user in a place of its own, with how many there are, for as long as there are any", async () => {
    const engine = new WritingEngine(Date.now());
    engine.health = { ...engine.health, outbox: { ...engine.health.outbox, waiting: 2, needsUser: 2 } };
    const { page } = await outbox(engine);
    const folders = page.getByRole("navigation", { name: "Folders" });
    const place = folders.getByRole("button", { name: /^Needs you/ });
    expect(await folders.getByRole("button", { name: /^Outbox/ }).innerText()).toMatch(/4/);
    expect(await place.innerText()).toMatch(/2/);
    await place.click();
    const main = page.getByRole("main", { name: "Needs you" });
    await main.getByRole("article", { name: /Signed contract/ }).waitFor();
    expect(await main.getByRole("article").count()).toBe(2);
    await main.getByRole("button", { name: "Whole outbox" }).click();
    await page
      .getByRole("main", { name: "Outbox" })
      .getByRole("article", { name: /Catalogue proofs/ })
      .waitFor();
    await place.click();
    engine.items = engine.items.filter(({ state }) => state !== "held" && state !== "unknown");
    engine.tell("outbox.changed");
    await main.getByText("Nothing needs you", { exact: true }).waitFor();
    engine.health = { ...engine.health, outbox: { ...engine.health.outbox, needsUser: 0 } };
    engine.tell("health.changed");
    await main.getByRole("button", { name: "Whole outbox" }).click();
    await place.waitFor({ state: "detached" });
  });

  it("gives the server’s words apart from ours and says who has it already", async () => {
    const { page } = await outbox();
    const card = page.getByRole("article", { name: /Studio visit/ });
    await card.getByText("The other 3 have it.").waitFor();
    expect(await card.getByRole("note", { name: "The server’s words" }).textContent()).toContain("550 5.1.2");
  });

  it("follows an upload and what comes after it", async () => {
    const { page, engine } = await outbox();
    const card = page.getByRole("article", { name: /Catalogue proofs/ });
    expect(await card.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("63.9");
    engine.items = engine.items.map((item) =>
      item.id === 3 ? { ...item, state: "filed", acceptedAt: engine.now, filedAt: engine.now } : item,
    );
    engine.tell("outbox.changed");
    await page
      .getByRole("region", { name: /^Sent today/ })
      .getByRole("article", { name: /Catalogue proofs.*Accepted/ })
      .waitFor();
  });

  it("says calmly that the last piece may have gone when it is too late to stop", async () => {
    const { page, engine } = await outbox();
    engine.items = engine.items.map((item) => (item.id === 3 ? { ...item, state: "finishing" } : item));
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("The last piece may have gone already").waitFor();
  });

  it("shows what a server keeps until its time, and what was held for want of encrypted lines", async () => {
    const engine = new WritingEngine(Date.now());
    const at = engine.now + 2 * 86_400_000;
    engine.items = [
      outboxItem(1, engine.now, { subject: "Kept", state: "accepted", acceptedAt: engine.now, sendAt: at, hold: "asked" }),
      outboxItem(2, engine.now, {
        subject: "Secret",
        state: "held",
        requireTls: true,
        failure: { kind: "refused", code: "tls-not-promised", params: {} },
      }),
    ];
    const { page } = await outbox(engine);
    await page
      .getByRole("region", { name: /^Later/ })
      .getByRole("article", { name: /Kept, The server sends it/ })
      .getByText("cannot be taken back")
      .waitFor();
    const held = page.getByRole("article", { name: /Secret/ });
    await held.getByText("does not promise to pass mail on over encrypted lines only.").waitFor();
    await held.getByRole("button", { name: "Send without that" }).click();
    await expect.poll(() => engine.askedFor("outbox.withoutTls")).toEqual([{ outboxId: 2 }]);
  });

  it("does not promise another try of what has had all of them, nor of what may have been delivered", async () => {
    const engine = new WritingEngine(Date.now());
    const params = { host: "smtp.harbour.example", port: 465 };
    const lost = { kind: "offline", code: "line-closed", params } as const;
    engine.items = [outboxItem(1, engine.now, { state: "held", subject: "Often tried", attempts: 10, failure: lost })];
    const at = engine.now - 60_000;
    const line = { stage: "finishing", code: "line-closed", params, words: "", server: null, insteadOf: null } as const;
    engine.events = [
      { ...line, at, what: "put-off" },
      { ...line, at: at + 1000, what: "unanswered" },
      { ...line, at: at + 2000, what: "held" },
    ];
    const { page } = await outbox(engine);
    const card = page.getByRole("article", { name: /^Often tried/ });
    await card.getByText("It was tried 10 times, and waits for you now.").waitFor();
    await card.getByRole("button", { name: "Details" }).click();
    const lines = card.getByRole("listitem").filter({ hasText: /Put off|went dead|Held/ });
    await lines.first().waitFor();
    expect((await lines.allInnerTexts()).map((text) => text.replace(/^\S+\s+/, ""))).toEqual([
      "Put off at the end. The connection closed before the answer came. We try again by ourselves.",
      "The line went dead before the answer.",
      "Held at the end. The connection closed before the answer came.",
    ]);
  });

  it("pauses, says so, and goes on", async () => {
    const { page, engine } = await outbox();
    await page.getByRole("button", { name: "Pause sending" }).click();
    await page.getByText("Sending is paused.").waitFor();
    await expect.poll(() => engine.paused).toBe(true);
    await page.getByRole("button", { name: "Send again" }).click();
    await expect.poll(() => engine.paused).toBe(false);
  });

  it("takes a queued one back into a composer", async () => {
    const { page } = await outbox();
    await page
      .getByRole("article", { name: /搬入日時/ })
      .getByRole("button", { name: "Edit", exact: true })
      .click();
    await page
      .getByRole("region", { name: "Messages being written" })
      .getByRole("article", { name: /搬入日時/ })
      .waitFor();
  });

  it("tells the history of a message in words, and gives its technical detail and a copy to write on", async () => {
    const engine = new WritingEngine(Date.now());
    const at = engine.now - 60_000;
    engine.events = [
      { at, what: "begun", stage: "connecting", code: null, params: {}, words: "", server: null, insteadOf: null },
      {
        at: at + 1000,
        what: "put-off",
        stage: "finishing",
        code: "greylisted",
        params: { host: "smtp.harbour.example", port: 465 },
        words: "451 4.7.1 greylisted, come back later",
        server: null,
        insteadOf: null,
      },
    ];
    const { page } = await outbox(engine);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const card = page.getByRole("article", { name: /电子发票/ });
    await card.getByRole("button", { name: /^More/ }).click();
    await page.getByRole("menuitem", { name: "Details" }).click();
    await card.getByText(/Put off at the end/).waitFor();
    await card.getByRole("button", { name: "Copy technical details" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("Message-ID: <m5@harbour.example>");
    await card.getByRole("button", { name: "Save as .eml" }).click();
    await expect.poll(() => engine.askedFor("outbox.source")).toEqual([{ outboxId: 5 }]);
    await card.getByRole("button", { name: "Duplicate as a draft" }).click();
    await page
      .getByRole("region", { name: "Messages being written" })
      .getByRole("article", { name: /电子发票/ })
      .waitFor();
  });

  it("says which server has had enough and until when, and whose copy Sent does not take", async () => {
    const engine = new WritingEngine(Date.now());
    const full = { kind: "refused", code: "over-quota", params: {}, serverWords: "NO [OVERQUOTA] full" } as const;
    const limit = { kind: "throttled", code: "sending-limit", params: { host: "smtp.harbour.example", port: 465 } } as const;
    const waiting = outboxItem(1, engine.now, { subject: "Waiting" });
    engine.items = [
      waiting,
      outboxItem(2, engine.now, { state: "accepted", subject: "Gone", acceptedAt: engine.now, filingFailure: full }),
    ];
    const until = new Date(engine.now).setHours(23, 59, 0, 0);
    const standing = {
      accountId: waiting.accountId,
      server: "smtp.harbour.example:465",
      breaker: "closed",
      tryAt: null,
      failure: null,
      stopped: null,
    } as const;
    const counts = { messagesAMinute: null, acceptedLastMinute: 0, acceptedLastDay: 500 };
    const servers = [{ ...standing, ...counts, wait: { why: "server" as const, until, failure: limit } }];
    engine.health = { ...engine.health, outbox: { ...engine.health.outbox, servers } };
    const { page } = await outbox(engine);
    await page.getByText("Sending over smtp.harbour.example is paused until 23:59.").waitFor();
    // Offered, and taken by nobody but the user.
    await page
      .getByText("1 message waits for it. One that cannot wait can go from another address (lin@mail.example): choose it under Edit.")
      .waitFor();
    expect(engine.askedFor("outbox.edit")).toEqual([]);
    const card = page.getByRole("region", { name: /^Needs you/ }).getByRole("article", { name: /Gone.*not in Sent/ });
    expect(await card.getByRole("note").textContent()).toContain("NO [OVERQUOTA] full");
    await card.getByRole("button", { name: "File it now" }).click();
    await expect.poll(() => engine.askedFor("outbox.file")).toEqual([{ outboxId: 2, how: "now" }]);
    await page
      .getByRole("region", { name: /^Sent today/ })
      .getByRole("article", { name: /Gone/ })
      .waitFor();
  });

  it("says of what waits for the user to mend or resume its account that it does", async () => {
    const engine = new WritingEngine(Date.now());
    const [own] = engine.accounts;
    const waiting = outboxItem(1, engine.now, { subject: "Waiting" });
    engine.items = [waiting, outboxItem(2, engine.now, { subject: "Behind it" })];
    const wrong = { kind: "auth", code: "wrong-password", params: { host: "smtp.harbour.example", port: 465 } } as const;
    const server = {
      accountId: waiting.accountId,
      server: "smtp.harbour.example:465",
      breaker: "closed",
      tryAt: null,
      failure: null,
      wait: null,
      messagesAMinute: null,
      acceptedLastMinute: 0,
      acceptedLastDay: 0,
    } as const;
    engine.health = { ...engine.health, outbox: { ...engine.health.outbox, servers: [{ ...server, stopped: wrong }] } };
    // Nobody else to send from: no other address is offered.
    engine.accounts = engine.accounts.slice(0, 1);
    const { page } = await outbox(engine);
    const banner = page.getByRole("status").filter({ hasText: "Nothing goes over smtp.harbour.example for now." });
    await banner.getByText(/2 messages wait for it\.(?! One)/).waitFor();
    await page
      .getByRole("article", { name: /^Behind it/ })
      .getByText("waits for you to mend its account")
      .waitFor();
    expect(await page.getByText(/number 2 in line|goes next|another address/).count()).toBe(0);

    engine.health = { ...engine.health, outbox: { ...engine.health.outbox, servers: [] } };
    engine.accounts = engine.accounts.map((one) => ({ ...one, paused: true }));
    engine.tell("accounts.changed");
    engine.tell("health.changed");
    const paused = page.getByRole("status").filter({ hasText: `${own?.name} is paused.` });
    await page
      .getByRole("article", { name: /^Waiting/ })
      .getByText("its account is paused")
      .waitFor();
    await paused.getByRole("button", { name: "Resume the account" }).click();
    await page
      .getByRole("article", { name: /^Waiting/ })
      .getByText("goes next")
      .waitFor();

    await page.getByRole("button", { name: "Pause sending" }).click();
    await page
      .getByRole("article", { name: /^Behind it/ })
      .getByText("waits until you go on")
      .waitFor();
  });

  it("tells of twenty that wait for the user in one notice, which what is sent meanwhile does not push aside", async () => {
    const engine = new WritingEngine(Date.now());
    open = await openWindow(engine);
    const { page } = open;
    await page.getByRole("button", { name: /^Outbox/ }).click();
    const place = page.locator(".toast-place");
    const refused = { kind: "refused", code: "refused-by-server", params: {}, serverWords: "554 5.7.1 No" } as const;
    const tell = (code: "message-held" | "message-sent", item: number): void => {
      const id = engine.notices.length + 1;
      const failure = code === "message-held" ? refused : null;
      engine.notices = [...engine.notices, { id, at: engine.now, code, params: { subject: `Letter ${item}`, item }, failure }];
      engine.emit("health.noticed", { id });
    };
    tell("message-held", 1);
    await place.getByText("“Letter 1” waits for you in the outbox").waitFor();
    for (let item = 2; item <= 20; item++) tell("message-held", item);
    await place.getByText("20 messages wait for you in the outbox").waitFor();
    tell("message-sent", 21);
    tell("message-sent", 7);
    await place.getByText("19 messages wait for you in the outbox").waitFor();
    expect(await page.locator(".toast").count()).toBe(1);
    // Beside the sidebar, also when it was said while the page was still coming.
    const main = page.getByRole("main", { name: "Outbox" });
    await expect.poll(async () => ((await place.boundingBox())?.x ?? 0) >= ((await main.boundingBox())?.x ?? 1)).toBe(true);
    await place.getByRole("button", { name: "Show" }).waitFor();
    await place.getByRole("button", { name: "Close" }).click();
    tell("message-sent", 22);
    tell("message-sent", 23);
    await place.getByText("2 messages were sent").waitFor();
  });

  it("tells offline apart from an empty outbox", async () => {
    const engine = new WritingEngine(Date.now());
    engine.items = [outboxItem(1, engine.now, { subject: "Waiting" })];
    engine.health = { ...engine.health, workOffline: true };
    const { page } = await outbox(engine);
    await page.getByText("goes first when online").waitFor();
    engine.items = [];
    engine.tell("outbox.changed");
    await page.getByText("Nothing waits here").waitFor();
  });
});
