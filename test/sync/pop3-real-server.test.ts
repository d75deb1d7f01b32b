import { connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readBlob } from "../../main/store/blobs.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { parseHere } from "../support/parse-here.ts";
import { testAccount } from "../support/running-account.ts";
import { sampleMail } from "../support/sample-mail.ts";

const ME = "user1@example.test";
const MAILS = 60;

/** A line that ends after so many bytes of the server, another number each time. */
async function cuttingProxy(port: number, next: () => number): Promise<Server> {
  const server = createServer((client) => {
    const real = connect(port, "127.0.0.1");
    let left = next();
    const end = (): void => {
      client.destroy();
      real.destroy();
    };
    real.on("data", (chunk: Buffer) => {
      client.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) end();
    });
    client.on("data", (chunk: Buffer) => real.write(chunk));
    for (const socket of [client, real]) socket.on("error", end).on("close", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

describe.skipIf(mailServersAvailable() !== null)("Dovecot's POP3 over a line that breaks after every so many bytes", () => {
  let servers: RealServers;
  beforeAll(async () => {
    servers = await startMailServers({ users: 1 });
  });
  afterAll(() => servers.stop());

  test("every message is here once, byte for byte, and gone from the server in the end", { timeout: 120_000 }, async () => {
    const raws = Array.from({ length: MAILS }, (_, n) => sampleMail(`m${n}`, n % 4));
    for (const raw of raws) await servers.deliver(ME, raw);
    let seed = 7;
    const proxy = await cuttingProxy(servers.ports.pop3, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return 3000 + (seed % 30_000);
    });
    const address = proxy.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const account = testAccount(port, { user: ME, leaveOnServer: { kind: "days", days: 0 }, startPool: parseHere });
    onTestFinished(async () => {
      await account.close();
      proxy.close();
    });
    // Pauses pass at once: this is about what is kept, not about how long one waits.
    account.start({
      timers: {
        after: (ms, work) => {
          const timer = setTimeout(work, Math.min(ms, 50));
          return () => clearTimeout(timer);
        },
      },
    });
    await account.until("all here", () => account.counts("INBOX").here === MAILS);
    await expect.poll(async () => (await servers.mailboxOf(ME, "INBOX")).length, { timeout: 30_000, interval: 200 }).toBe(0);
    const hashes = account.store.db.connection
      .prepare<[], { hash: string }>("SELECT raw_hash AS hash FROM placement JOIN message ON message.id = placement.message_id")
      .all();
    const kept = await Promise.all(hashes.map(async ({ hash }) => (await readBlob(account.store.blobs.dir, hash))?.toString()));
    expect(kept.sort()).toEqual(raws.map((raw) => (raw.endsWith("\r\n") ? raw : `${raw}\r\n`)).sort());
  });
});
