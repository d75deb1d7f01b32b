import { simpleParser } from "mailparser";
import { createTransport } from "nodemailer";
import { afterEach, expect, test } from "vitest";
import { arrivingMail, demoMessages } from "./demo/mailbox.ts";
import { type Demo, startDemo } from "./demo/start.ts";
import { PlainImap } from "./plain-imap.ts";

const now = new Date(2026, 10, 21, 9, 42);

/** Timers that a test lets run by hand. */
class Later {
  readonly #waiting: { delayMs: number; deed: () => void }[] = [];
  readonly schedule = (delayMs: number, deed: () => void): (() => void) => {
    const one = { delayMs, deed };
    this.#waiting.push(one);
    return () => void this.#waiting.splice(this.#waiting.indexOf(one), 1);
  };

  get delays(): number[] {
    return this.#waiting.map(({ delayMs }) => delayMs);
  }

  runNext(): void {
    const soonest = Math.min(...this.delays);
    const [one] = this.#waiting.splice(this.delays.indexOf(soonest), 1);
    one?.deed();
  }
}

const running: { demo: Demo; client?: PlainImap }[] = [];
afterEach(async () => {
  for (const { demo, client } of running.splice(0)) {
    client?.close();
    await demo.stop();
  }
});

async function start(lang = "en"): Promise<{ demo: Demo; later: Later; inbox: () => Promise<Buffer[]> }> {
  const later = new Later();
  const demo = await startDemo({ lang, now: () => now, schedule: later.schedule });
  const client = await PlainImap.open(demo.imapPort);
  running.push({ demo, client });
  await client.expectOk(`LOGIN ${demo.address} ${demo.password}`);
  const inbox = async (): Promise<Buffer[]> => {
    await client.expectOk("EXAMINE INBOX");
    return (await client.expectOk("FETCH 1:* BODY.PEEK[]")).flatMap(({ literals }) => literals);
  };
  return { demo, later, inbox };
}

test("some four hundred messages lie in ten folders, none twice and none from the future", async () => {
  const messages = demoMessages(now);
  expect(messages.length).toBeGreaterThanOrEqual(400);
  expect(new Set(messages.map(({ folder }) => folder)).size).toBe(10);
  expect(messages.every(({ at }) => at <= now)).toBe(true);
  const parsed = await Promise.all(messages.map(({ raw }) => simpleParser(raw)));
  expect(new Set(parsed.map(({ messageId }) => messageId)).size).toBe(messages.length);
  expect(new Set(parsed.map(({ text }) => text)).size).toBe(messages.length);
  expect(parsed.filter(({ text, subject }) => /\{[+-]\d/.test(`${subject} ${text}`))).toEqual([]);
  expect(parsed.every(({ date }, index) => Math.abs(Number(date) - Number(messages[index]?.at)) < 1_000)).toBe(true);
});

test("at least eighty messages are written out in full", async () => {
  const parsed = await Promise.all(demoMessages(now).map(({ raw }) => simpleParser(raw)));
  const long = parsed.filter(({ text = "" }) => {
    const characters = text.match(/[\u3040-\u30ff\u4e00-\u9fff]/g)?.length ?? 0;
    return text.split(/\s+/).length + characters / 1.7 >= 60;
  });
  expect(long.length).toBeGreaterThanOrEqual(80);
});

test("the first screen is that of the pictures, its conversations hang together", async () => {
  const inbox = demoMessages(now)
    .filter(({ folder }) => folder === "inbox")
    .reverse();
  const [mira, xiaowen, bank, ken, tomas] = await Promise.all(inbox.slice(0, 5).map(({ raw }) => simpleParser(raw)));
  expect(mira).toMatchObject({
    subject: "Osaka shipment: crates, dates, one question",
    references: ["<osaka-1.demo@northwind-crates.example>", "<osaka-2.demo@osaka-crafthall.example>"],
  });
  expect(mira?.attachments.map(({ filename }) => filename)).toEqual(["Packing list v3.pdf", "crate-photos.zip"]);
  expect(mira?.text).toContain("Sato-san confirmed the 28th");
  expect(xiaowen?.subject).toBe("十一月展会物流安排及报价确认");
  expect(bank?.text).toContain("481 920");
  expect(ken?.from?.text).toContain("佐藤 健");
  expect(tomas?.attachments[0]?.contentType).toBe("image/png");
  expect(inbox.filter(({ flags }) => !flags.includes("\\Seen"))).toHaveLength(12);
});

test("folders and the owner's name follow the language", async () => {
  const { demo } = await start("zh-CN");
  expect(demo.personName).toBe("林薇");
  const client = await PlainImap.open(demo.imapPort);
  await client.expectOk(`LOGIN ${demo.address} ${demo.password}`);
  const names = (await client.expectOk('LIST "" *')).map(({ line }) => line.split('"/" ')[1]);
  expect(names).toHaveLength(10);
  expect(names).toContain("&VAhUDA-");
  client.close();
});

test("new mail arrives after three quarters of a minute, and then ever more seldom", async () => {
  const { later, inbox } = await start();
  expect(later.delays).toEqual([45_000]);
  const before = (await inbox()).length;
  const gaps = arrivingMail(now).map(() => {
    const [gap = 0] = later.delays;
    later.runNext();
    return gap;
  });
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  expect(later.delays).toEqual([]);
  const after = await inbox();
  expect(after).toHaveLength(before + gaps.length);
  expect((await simpleParser(after[before] ?? "")).subject).toBe("800 and rising");
});

test("who is written to answers into the same conversation, in their own words", async () => {
  const { demo, later, inbox } = await start();
  const transport = createTransport({ host: "127.0.0.1", port: demo.smtpPort, auth: { user: demo.address, pass: demo.password } });
  const before = (await inbox()).length;
  const sent = await transport.sendMail({
    from: demo.address,
    to: "mira@northwind-crates.example, xiaowen@qinglan-expo.example",
    subject: "Re: Osaka shipment",
    references: "<osaka-1.demo@northwind-crates.example>",
    text: "Monday noon is fine.",
  });
  later.runNext();
  later.runNext();
  const [mira, xiaowen] = await Promise.all((await inbox()).slice(before).map((raw) => simpleParser(raw)));
  expect(mira).toMatchObject({ subject: "Re: Osaka shipment", inReplyTo: sent.messageId });
  expect(mira?.references).toEqual(["<osaka-1.demo@northwind-crates.example>", sent.messageId]);
  expect(mira?.text).toContain("> Monday noon is fine.");
  expect(xiaowen?.from?.text).toContain("陈晓雯");
});

test("a message to nobody of the demo comes back as a delivery report", async () => {
  const { demo, later, inbox } = await start();
  const transport = createTransport({ host: "127.0.0.1", port: demo.smtpPort, auth: { user: demo.address, pass: demo.password } });
  await transport.sendMail({ from: demo.address, to: "somebody@example.test", subject: "hello", text: "x" });
  later.runNext();
  const bounce = (await inbox()).at(-1)?.toString() ?? "";
  expect(bounce).toContain("multipart/report; report-type=delivery-status");
  expect(bounce).toContain("Final-Recipient: rfc822; somebody@example.test");
  expect(bounce).toContain("Status: 5.1.1");
});

test("the mailbox is ready within 300 ms of work", async () => {
  await (await startDemo({ now: () => now })).stop();
  const before = process.cpuUsage();
  const demo = await startDemo({ now: () => now });
  const used = process.cpuUsage(before);
  await demo.stop();
  // Time of the processor and not of the clock: other tests run beside this one.
  expect((used.user + used.system) / 1_000).toBeLessThan(300);
});
