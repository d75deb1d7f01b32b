import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wholeOf } from "../../main/line/byte-source.ts";
import { silentLog } from "../../main/log.ts";
import { startComposing } from "../../main/outbox/composing.ts";
import { DraftWorker } from "../../main/outbox/draft-worker.ts";
import { startOutbox } from "../../main/outbox/outbox.ts";
import { insertAccount, readAccounts } from "../../main/store/accounts.ts";
import { openStore } from "../../main/store/open.ts";
import type { KilledOptions, Said } from "./killed-run.ts";
import { accountOn } from "./support.ts";

/**
 * The outbox in a process of its own, to be killed. The first run sends one message; every run says on its output what state that
 * has come to. Sent is a folder with one file per copy.
 */
const {
  profileDir,
  port,
  bodyBytes = 20,
  undoSeconds = 0,
  filing = "files",
  hangsFrozen = false,
  sendInMs = null,
  holdAtServer = false,
} = JSON.parse(process.argv[2] ?? "{}") as KilledOptions & { profileDir: string; port: number };
const sentDir = join(profileDir, "sent-on-the-server");
mkdirSync(sentDir, { recursive: true });
const say = (event: Said): void => void process.stdout.write(`${JSON.stringify(event)}\n`);

const store = openStore({ profileDir });
const settings = accountOn(port);
const first = readAccounts(store).length === 0;
if (first) insertAccount(store, { name: "Test", address: "user1@example.test", personName: "User One", settings, provider: null });

const copies = (id: string): string[] => readdirSync(sentDir).filter((name) => name.startsWith(id));
const report = (): void => {
  const item = outbox?.list().items[0];
  if (item === undefined) return;
  const { state, hold, sendAt, nextTryAt, unknown } = item;
  say({ state, hold, sendAt, nextTryAt, nextLookAt: unknown?.nextLookAt ?? null });
};
let outbox: Awaited<ReturnType<typeof startOutbox>> | undefined;
const worker = new DraftWorker(silentLog);
const freezing: Pick<DraftWorker, "run"> = {
  run: async (job) => {
    const result = await worker.run(job);
    if (job.kind === "freeze" && "hash" in result) say({ frozen: result.hash });
    return await new Promise(() => {});
  },
};
outbox = await startOutbox({
  store,
  profileDir,
  log: silentLog,
  worker: hangsFrozen ? freezing : worker,
  clock: Date.now,
  random: Math.random,
  timers: {
    after(ms, work) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  },
  credentialFor: async () => ({ kind: "password", password: "secret-user1" }),
  settingsFor: () => ({ server: settings.outgoing }),
  fileInSent: async (_account, copy, id) => {
    if (copies(id).length > 0) return { filed: false, already: true };
    if (filing === "hangs-before") {
      say({ filing: "before" });
      return await new Promise(() => {});
    }
    writeFileSync(join(sentDir, `${id}.${process.pid}`), await wholeOf(copy));
    if (filing === "hangs-after") {
      say({ filing: "after" });
      return await new Promise(() => {});
    }
    return { filed: true, already: false };
  },
  findInSent: async () => false,
  isOnline: () => true,
  onChange: report,
  notice: () => {},
  undoSeconds: () => undoSeconds,
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
if (first && !existsSync(join(profileDir, "sent-once"))) {
  const { id, revision, content } = await composing.start({ kind: "new", accountId: null });
  const html = `<p>${"words and words ".repeat(Math.ceil(bodyBytes / 16))}</p>`;
  const full = { ...content, to: [{ name: "B", address: "b@example.test" }], subject: "Kill me", html };
  const saved = composing.save(id, revision, full);
  await outbox.send(id, saved.revision, { sendAt: sendInMs === null ? null : Date.now() + sendInMs, holdAtServer });
  writeFileSync(join(profileDir, "sent-once"), "");
  say({ sent: true });
}
report();
setInterval(() => {}, 1000);
