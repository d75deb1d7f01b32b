import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { silentLog } from "../../../main/log.ts";
import { startComposing } from "../../../main/outbox/composing.ts";
import { DraftWorker } from "../../../main/outbox/draft-worker.ts";
import { startOutbox } from "../../../main/outbox/outbox.ts";
import { insertAccount } from "../../../main/store/accounts.ts";
import { openStore } from "../../../main/store/open.ts";
import { accountOn } from "../../outbox/support.ts";

const TEXT = "A few words of text, as people send them to each other all day long. ".repeat(8);

/**
 * Messages a second through the whole outbox: from the first Send to the last acceptance that is on disk, composing included,
 * filing off. The drafts are there before the clock starts.
 *
 * @param folder on the file system to be measured
 */
export async function measureOutbox(port: number, count: number, connections: number, folder = tmpdir()): Promise<number> {
  const profileDir = mkdtempSync(join(folder, "satchel-throughput-"));
  const store = openStore({ profileDir });
  const settings = accountOn(port);
  insertAccount(store, { name: "Test", address: "user1@example.test", personName: "User One", settings, provider: null });
  const done = Promise.withResolvers<void>();
  const worker = new DraftWorker(silentLog);
  const outbox = await startOutbox({
    store,
    profileDir,
    log: silentLog,
    worker,
    clock: Date.now,
    random: Math.random,
    timers: {
      after(ms, work) {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    },
    credentialFor: async () => ({ kind: "password", password: "secret-user1" }),
    settingsFor: () => ({ server: settings.outgoing, connections }),
    fileInSent: null,
    findInSent: async () => false,
    isOnline: () => true,
    onChange: () => {},
    notice: (code) => {
      if (code === "message-sent" && --left === 0) done.resolve();
      else if (code !== "message-sent") done.reject(new Error(code));
    },
    undoSeconds: () => 0,
  });
  const composing = await startComposing({
    store,
    profileDir,
    log: silentLog,
    worker,
    clock: Date.now,
    onChange: () => {},
    attachmentUrl: () => "",
    quoteUrl: () => "",
  });
  let left = count;
  try {
    const drafts: { id: Parameters<typeof outbox.send>[0]; revision: number }[] = [];
    for (let at = 0; at < count; at += 1) {
      const { id, revision, content } = await composing.start({ kind: "new", accountId: null });
      const full = { ...content, to: [{ name: "", address: "b@example.test" }], subject: `Number ${at}`, html: `<p>${TEXT}</p>` };
      drafts.push({ id, revision: composing.save(id, revision, full).revision });
    }
    const started = performance.now();
    await Promise.all([...drafts.map(({ id, revision }) => outbox.send(id, revision)), done.promise]);
    return count / ((performance.now() - started) / 1000);
  } finally {
    await outbox.stop();
    await composing.stop();
    await worker.stop();
    store.close();
    rmSync(profileDir, { recursive: true });
  }
}

/** The same messages through nodemailer's pool, which keeps nothing and promises nothing. */
export async function measurePool(port: number, count: number, connections: number): Promise<number> {
  const pool = createTransport({
    pool: true,
    host: "127.0.0.1",
    port,
    ignoreTLS: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  const started = performance.now();
  await Promise.all(
    Array.from({ length: count }, (_, at) =>
      pool.sendMail({ from: "user1@example.test", to: "b@example.test", subject: `Number ${at}`, text: TEXT, html: `<p>${TEXT}</p>` }),
    ),
  );
  const perSecond = count / ((performance.now() - started) / 1000);
  pool.close();
  return perSecond;
}
