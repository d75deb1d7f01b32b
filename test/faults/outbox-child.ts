import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { wholeOf } from "../../main/line/byte-source.ts";
import { silentLog } from "../../main/log.ts";
import { startComposing } from "../../main/outbox/composing.ts";
import { DraftWorker } from "../../main/outbox/draft-worker.ts";
import { startOutbox } from "../../main/outbox/outbox.ts";
import { insertAccount, readAccounts } from "../../main/store/accounts.ts";
import { openStore } from "../../main/store/open.ts";
import type { ServerSettings } from "../../shared/contract/accounts.ts";

export type OutboxChildOptions = {
  readonly profileDir: string;
  /** Begins every subject; a number follows. */
  readonly title: string;
  readonly server: ServerSettings;
  /** PEM of an authority. */
  readonly trust: string | undefined;
  /** How long it waits for each answer, ms. */
  readonly patienceMs: number;
  /** One message to each of these groups. */
  readonly recipients: readonly (readonly string[])[];
  /** ms UTC */
  readonly startedAt: number;
};

/**
 * An outbox with a few messages in a process of its own, for outbox-story.ts to kill. Its time runs a thousand times as fast. Its user tries
 * again whatever is held and never sends an `unknown` again. Sent is a folder with one file per copy. Says on its output where each message
 * stands, and that nothing more will happen by itself.
 */
const { profileDir, title, server, trust, patienceMs, recipients, startedAt } = JSON.parse(process.argv[2] ?? "{}") as OutboxChildOptions;
const FASTER = 1000;
const sentDir = join(profileDir, "sent-on-the-server");
mkdirSync(sentDir, { recursive: true });
const say = (event: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify(event)}\n`);

const store = openStore({ profileDir });
const settings = { protocol: "imap" as const, incoming: server, outgoing: server };
const first = readAccounts(store).length === 0;
if (first) insertAccount(store, { name: "Test", address: "user1@example.test", personName: "User One", settings, provider: null });

const copies = (id: string): number => readdirSync(sentDir).filter((name) => name.startsWith(id)).length;
let outbox: Awaited<ReturnType<typeof startOutbox>> | undefined;
let said = "";

/** Sent at once, or never mind when: the user presses Try again. */
function tryHeld(): void {
  for (const item of outbox?.list().items ?? []) if (item.state === "held") void outbox?.retry(item.id).catch(() => {});
}

function report(): void {
  const items = outbox?.list().items ?? [];
  const states = items.map(({ subject, state, stage, recipients: people }) => ({
    subject,
    state,
    stage,
    recipients: people.map((one) => ({ address: one.address, state: one.state })),
  }));
  const now = JSON.stringify(states);
  if (now !== said) say({ states });
  said = now;
  const over = items.filter((item) => item.state === "filed" || (item.state === "unknown" && item.unknown?.nextLookAt === null));
  if (items.length === recipients.length && over.length === items.length) say({ quiet: true, states });
}

const worker = new DraftWorker(silentLog);
outbox = await startOutbox({
  store,
  profileDir,
  log: silentLog,
  worker,
  clock: () => startedAt + (Date.now() - startedAt) * FASTER,
  random: Math.random,
  timers: {
    after(ms, work) {
      const timer = setTimeout(work, ms / FASTER);
      return () => clearTimeout(timer);
    },
  },
  credentialFor: async () => ({ kind: "password", password: "secret-user1" }),
  settingsFor: () => ({ server: settings.outgoing }),
  fileInSent: async (_account, copy, id) => {
    if (copies(id) > 0) return { filed: false, already: true };
    writeFileSync(join(sentDir, `${id}.ours.${process.pid}`), await wholeOf(copy));
    return { filed: true, already: false };
  },
  findInSent: async (_account, id) => copies(id) > 0,
  isOnline: () => true,
  onChange: () => queueMicrotask(report),
  notice: () => {},
  undoSeconds: () => 0,
  trust,
  deadlines: { connect: patienceMs, greeting: patienceMs, command: patienceMs, stall: patienceMs, final: patienceMs },
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
for (const [at, addresses] of recipients.entries()) {
  const marker = join(profileDir, `sent-${at}`);
  const subject = `${title} ${at}`;
  // Killed between Send and the marker: the outbox itself says whether it has it.
  if (existsSync(marker) || outbox.list().items.some((item) => item.subject === subject)) continue;
  for (const draft of composing.drafts()) await composing.discard(draft.id);
  const { id, revision, content } = await composing.start({ kind: "new", accountId: null });
  const to = addresses.map((address) => ({ name: "", address }));
  const html = `<p>${"words and words ".repeat(at === 0 ? 20_000 : 10)}</p>`;
  const saved = composing.save(id, revision, { ...content, to, subject, html });
  await outbox.send(id, saved.revision);
  writeFileSync(marker, "");
}
createInterface({ input: process.stdin }).on("line", (subject) => {
  const item = outbox?.list().items.find((one) => one.subject === subject);
  if (item) void outbox?.resolve(item.id, "arrived").catch(() => {});
});
setInterval(tryHeld, 20);
// What is killed leaves nothing for the next to start faster with.
flushCompileCache();
say({ ready: true });
report();
