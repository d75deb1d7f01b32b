import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wholeOf } from "../../main/line/byte-source.ts";
import { silentLog } from "../../main/log.ts";
import { type Composing, startComposing } from "../../main/outbox/composing.ts";
import { DraftWorker } from "../../main/outbox/draft-worker.ts";
import type { OutboxOptions, Timers } from "../../main/outbox/options.ts";
import { type Outbox, startOutbox } from "../../main/outbox/outbox.ts";
import { insertAccount, readIdentities } from "../../main/store/accounts.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import type { AccountSettings } from "../../shared/contract/accounts.ts";
import type { DraftContent } from "../../shared/contract/compose.ts";
import type { OutboxItem } from "../../shared/contract/outbox.ts";
import type { FailureData } from "../../shared/failure.ts";
import type { AccountId, DraftId, IdentityId, OutboxId } from "../../shared/ids.ts";

/** Time that stands still until it is told to pass; timers fire in order as it does. */
export class TestTime implements Timers {
  now = Date.UTC(2026, 10, 21, 9, 0, 0);
  #next = 1;
  readonly #timers = new Map<number, { at: number; work: () => void }>();

  after(ms: number, work: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { at: this.now + ms, work });
    return () => void this.#timers.delete(id);
  }

  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].work();
    }
    this.now = until;
  }
}

export type Desk = {
  readonly profileDir: string;
  readonly store: Store;
  readonly account: AccountId;
  readonly identity: IdentityId;
  readonly time: TestTime;
  readonly outbox: Outbox;
  readonly composing: Composing;
  readonly worker: DraftWorker;
  /** Message-IDs in Sent, in the order in which they were filed. */
  readonly sent: { id: string; bytes: Buffer }[];
  readonly notices: { code: string; failure: FailureData | null }[];
  item(id: OutboxId): OutboxItem;
  /** Resolves when the condition holds; asked after every change. */
  until(condition: () => boolean): Promise<void>;
  draft(more?: Partial<DraftContent>): Promise<{ id: DraftId; revision: number }>;
  send(more?: Partial<DraftContent>): Promise<OutboxId>;
  /** Closes everything; with `keep` the profile stays for another start. */
  close(keep?: boolean): Promise<void>;
};

export function accountOn(port: number): AccountSettings {
  const server = { host: "127.0.0.1", port, security: "plain" as const, user: "user1@example.test" };
  return { protocol: "imap", incoming: server, outgoing: server };
}

/** A profile with one account, its drafts and its outbox, against the SMTP server on `port`. */
export async function openDesk(port: number, more: Partial<OutboxOptions> = {}, profile?: string): Promise<Desk> {
  const profileDir = profile ?? mkdtempSync(join(tmpdir(), "satchel-outbox-"));
  const time = more.timers instanceof TestTime ? more.timers : new TestTime();
  const store = openStore({ profileDir, clock: () => time.now });
  let identity = readIdentities(store)[0];
  if (!identity) {
    const account = { name: "Test", address: "user1@example.test", personName: "User One", settings: accountOn(port), provider: null };
    insertAccount(store, account);
    identity = readIdentities(store)[0];
  }
  if (!identity) throw new Error("no identity");
  const { accountId: account, id: identityId } = identity;
  const sent: Desk["sent"] = [];
  const notices: Desk["notices"] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const look of waiting) look();
  };
  const worker = new DraftWorker(silentLog);
  const outbox = await startOutbox({
    store,
    profileDir,
    log: silentLog,
    worker,
    clock: () => time.now,
    random: () => 0.5,
    timers: time,
    credentialFor: async () => ({ kind: "password", password: "secret-user1" }),
    settingsFor: () => ({ server: accountOn(port).outgoing }),
    fileInSent: async (_account, copy, id) => {
      if (sent.some((one) => one.id === id)) return { filed: false, already: true };
      sent.push({ id, bytes: Buffer.from(await wholeOf(copy)) });
      return { filed: true, already: false };
    },
    findInSent: async (_account, id) => sent.some((one) => one.id === id),
    isOnline: () => true,
    onChange: changed,
    notice: (code, _params, failure) => {
      notices.push({ code, failure });
      changed();
    },
    undoSeconds: () => 0,
    ...more,
  });
  const composing = await startComposing({
    store,
    profileDir,
    log: silentLog,
    worker,
    clock: () => time.now,
    onChange: () => {},
    attachmentUrl: ({ id }) => `attachment:${id}`,
    quoteUrl: (id) => `quote:${id}`,
  });
  const draft: Desk["draft"] = async (content = {}) => {
    const { id, revision, content: blank } = await composing.start({ kind: "new", accountId: account });
    const full = { ...blank, to: [{ name: "B", address: "b@example.test" }], subject: "Hello", html: "<p>Hello there</p>", ...content };
    return { id, revision: composing.save(id, revision, full).revision };
  };
  return {
    profileDir,
    store,
    account,
    identity: identityId,
    time,
    outbox,
    composing,
    worker,
    sent,
    notices,
    item: (id) => {
      const found = outbox.list().items.find((one) => one.id === id);
      if (!found) throw new Error(`no item ${id}`);
      return found;
    },
    until: (condition) =>
      new Promise((resolve, reject) => {
        // Only against a test that would never end; nothing is decided by it.
        const limit = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`never came about; the outbox has ${JSON.stringify(outbox.list().items)}`));
        }, 10_000);
        const look = (): void => {
          if (!condition()) return;
          waiting.delete(look);
          clearTimeout(limit);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    draft,
    send: async (content) => {
      const { id, revision } = await draft(content);
      return (await outbox.send(id, revision)).outboxId;
    },
    close: async (keep = false) => {
      await outbox.stop();
      await composing.stop();
      await worker.stop();
      store.close();
      if (!keep) rmSync(profileDir, { recursive: true });
    },
  };
}
