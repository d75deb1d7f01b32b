import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { wholeOf } from "../../main/line/byte-source.ts";
import { parseForReading } from "../../main/mime/parse-for-reading.ts";
import type { OutboxOptions } from "../../main/outbox/options.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { type Desk, openDesk } from "./support.ts";

const missing = mailServersAvailable();
test.skipIf(missing === null)(`against real servers: skipped, ${missing ?? ""}`, () => {
  expect(missing).not.toBeNull();
});

const real = test.skipIf(missing !== null);
let servers: RealServers;
let desk: Desk | undefined;
beforeAll(async () => {
  if (missing === null) servers = await startMailServers();
});
afterAll(async () => {
  if (missing === null) await servers.stop();
});
afterEach(async () => {
  await desk?.close();
  desk = undefined;
});

const ME = "user1@example.test";
const idOf = (raw: Buffer): string | null => parseForReading(raw).header.messageIdHeader;
const copiesOf = async (address: string, folder: string, id: string): Promise<number> =>
  (await servers.mailboxOf(address, folder)).filter(({ raw }) => idOf(raw) === id).length;

/** Sent is Dovecot's own folder. */
function overReal(): Partial<OutboxOptions> {
  return {
    settingsFor: () => ({ server: { host: "localhost", port: servers.ports.smtp, security: "starttls", user: ME } }),
    trust: readFileSync(servers.ca, "utf8"),
    fileInSent: async (_account, copy, id) => {
      if ((await copiesOf(ME, "Sent", id)) > 0) return { filed: false, already: true };
      await servers.deliver(ME, Buffer.from(await wholeOf(copy)), "Sent");
      return { filed: true, already: false };
    },
    findInSent: async (_account, id) => (await copiesOf(ME, "Sent", id)) > 0,
  };
}

real("written while the server is down, it is delivered and in Sent exactly once when it is back", async () => {
  await servers.stopExim();
  desk = await openDesk(servers.ports.smtp, overReal());
  const { item, until, outbox, time } = desk;
  const id = await desk.send({ to: [{ name: "二", address: "user2@example.test" }], subject: "搬入日時", html: "<p>十二月に</p>" });
  await until(() => item(id).failure?.code === "connection-refused");
  expect(item(id)).toMatchObject({ state: "queued", attempts: 0 });
  await servers.startExim();
  time.pass(3_600_000);
  await until(() => item(id).state === "filed");
  outbox.wake();
  const sent = (await servers.mailboxOf(ME, "Sent")).at(-1)?.raw ?? Buffer.alloc(0);
  const header = idOf(sent) ?? "";
  await expect.poll(() => copiesOf("user2@example.test", "INBOX", header), { timeout: 10_000 }).toBe(1);
  expect(await copiesOf(ME, "Sent", header)).toBe(1);
  const arrived = (await servers.mailboxOf("user2@example.test", "INBOX")).find(({ raw }) => idOf(raw) === header);
  expect(parseForReading(arrived?.raw ?? Buffer.alloc(0)).header.subject).toBe("搬入日時");
});

real("one recipient taken, one refused, one deferred by Exim: each is told, and the first is not written to again", async () => {
  desk = await openDesk(servers.ports.smtp, overReal());
  const { item, until, outbox } = desk;
  const to = ["user3@example.test", "someone@reject.test", "tempfail@example.test"].map((address) => ({ name: "", address }));
  const id = await desk.send({ to, subject: "three" });
  await until(() => item(id).attempts === 1 && item(id).filedAt !== null);
  expect(item(id)).toMatchObject({ state: "queued", recipients: [{ state: "accepted" }, { state: "refused" }, { state: "deferred" }] });
  await outbox.retry(id);
  await until(() => item(id).attempts === 2);
  const header = idOf((await servers.mailboxOf(ME, "Sent")).at(-1)?.raw ?? Buffer.alloc(0)) ?? "";
  await expect.poll(() => copiesOf("user3@example.test", "INBOX", header), { timeout: 10_000 }).toBe(1);
  await outbox.cancel(id);
  expect(item(id).recipients.map(({ address }) => address)).toEqual(["user3@example.test"]);
  expect(await copiesOf(ME, "Sent", header)).toBe(1);
});

real("Exim dies in the middle and comes back: the message arrives once", async () => {
  desk = await openDesk(servers.ports.smtp, overReal());
  const { item, until, time } = desk;
  servers.pauseExim();
  const id = await desk.send({ to: [{ name: "", address: "user2@example.test" }], subject: "through a crash" });
  await until(() => item(id).state === "sending");
  await servers.killExim();
  await until(() => item(id).state === "queued");
  await servers.startExim();
  time.pass(3_600_000);
  await until(() => item(id).state === "filed");
  const header = idOf((await servers.mailboxOf(ME, "Sent")).at(-1)?.raw ?? Buffer.alloc(0)) ?? "";
  await expect.poll(() => copiesOf("user2@example.test", "INBOX", header), { timeout: 10_000 }).toBe(1);
});
