import type { JournalReason } from "../../shared/contract/journal.ts";
import type { EventName } from "../../shared/contract/table.ts";
import type { AccountId, FolderId, MessageId, PlacementId, ViewKey } from "../../shared/ids.ts";
import type { WireEvent } from "../../shared/wire.ts";
import type { PlacementChange } from "../plan/overlay.ts";
import type { FolderRefusal } from "./folder-truth.ts";

/** A server's no to what the user did, for the one sentence that tells of it. */
export type Refusal = {
  readonly placementId: PlacementId | null;
  readonly change: PlacementChange;
  readonly count: number;
  readonly words: string;
  /** Why it waits for the user, where the server has not said no. */
  readonly reason: JournalReason | null;
  /** What the mailbox takes at most, where it was too large. */
  readonly limitBytes: number | null;
};

type Timers = { setTimeout(work: () => void, ms: number): unknown };

/** At most one event of a kind (and view) in this time. */
const MERGE_MS = 50;
const MOST_IDS = 500;

/**
 * What the store tells when its contents changed: ids and a revision, merged, after the commit. Whoever listens reads anew, so
 * a merged or doubled event does no harm.
 */
export class Changes {
  readonly #timers: Timers;
  readonly #listeners = new Set<(event: WireEvent) => void>();
  readonly #refusalListeners = new Set<(refusal: Refusal) => void>();
  readonly #freedListeners = new Set<(accountId: AccountId) => void>();
  readonly #arrivedListeners = new Set<(ids: readonly PlacementId[]) => void>();
  readonly #keptHereListeners = new Set<(folderId: FolderId) => void>();
  readonly #leftListeners = new Set<(accountId: AccountId, count: number) => void>();
  readonly #folderRefusalListeners = new Set<(refusal: FolderRefusal) => void>();
  readonly #views = new Set<ViewKey>();
  readonly #messages = new Set<MessageId>();
  readonly #plain = new Set<EventName>();
  #revision = Date.now();
  #planned = false;

  constructor(timers: Timers = globalThis) {
    this.#timers = timers;
  }

  subscribe(listener: (event: WireEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Grows with every change; starts above that of the run before. */
  revision(): number {
    return this.#revision;
  }

  viewChanged(view: ViewKey): void {
    this.#views.add(view);
    this.#plan();
  }

  messagesUpdated(ids: Iterable<MessageId>): void {
    for (const id of ids) this.#messages.add(id);
    this.#plan();
  }

  foldersChanged(): void {
    this.#note("folders.changed");
  }

  accountsChanged(): void {
    this.#note("accounts.changed");
  }

  outboxChanged(): void {
    this.#note("outbox.changed");
  }

  composeChanged(): void {
    this.#note("compose.changed");
  }

  settingsChanged(): void {
    this.#note("settings.changed");
  }

  sendersChanged(): void {
    this.#note("senders.changed");
  }

  healthChanged(): void {
    this.#note("health.changed");
  }

  journalChanged(): void {
    this.#note("journal.changed");
  }

  safetyChanged(): void {
    this.#note("safety.changed");
  }

  onRefused(listener: (refusal: Refusal) => void): void {
    this.#refusalListeners.add(listener);
  }

  refused(refusal: Refusal): void {
    for (const listener of this.#refusalListeners) listener(refusal);
  }

  /** What was done to mail of an account waited for another one, and waits no more: told after the commit. @returns how to stop listening */
  onOperationsFreed(listener: (accountId: AccountId) => void): () => void {
    this.#freedListeners.add(listener);
    return () => this.#freedListeners.delete(listener);
  }

  operationsFreed(accountId: AccountId): void {
    // Whoever listens may begin to work at once, and a transaction cannot be waited in.
    queueMicrotask(() => {
      for (const listener of this.#freedListeners) listener(accountId);
    });
  }

  /** A server listed mail that was not there before: at once, after its rows are written. */
  onArrived(listener: (ids: readonly PlacementId[]) => void): void {
    this.#arrivedListeners.add(listener);
  }

  arrived(ids: readonly PlacementId[]): void {
    for (const listener of this.#arrivedListeners) listener(ids);
  }

  /** A folder's server does not keep keywords; what the user marked stands here only. */
  onKeptHere(listener: (folderId: FolderId) => void): void {
    this.#keptHereListeners.add(listener);
  }

  keptHere(folderId: FolderId): void {
    for (const listener of this.#keptHereListeners) listener(folderId);
  }

  /** Messages that a POP3 server keeps because they are too large to fetch, or are not given. Told at each visit. */
  onLeftOnServer(listener: (accountId: AccountId, count: number) => void): void {
    this.#leftListeners.add(listener);
  }

  leftOnServer(accountId: AccountId, count: number): void {
    for (const listener of this.#leftListeners) listener(accountId, count);
  }

  onFolderRefused(listener: (refusal: FolderRefusal) => void): void {
    this.#folderRefusalListeners.add(listener);
  }

  folderRefused(refusal: FolderRefusal): void {
    for (const listener of this.#folderRefusalListeners) listener(refusal);
  }

  /** Told at once: it is rare and somebody waits for it. */
  tell(event: WireEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #note(name: EventName): void {
    this.#plain.add(name);
    this.#plan();
  }

  #plan(): void {
    this.#revision += 1;
    if (this.#planned) return;
    this.#planned = true;
    this.#timers.setTimeout(() => this.#flush(), MERGE_MS);
  }

  #flush(): void {
    this.#planned = false;
    const revision = this.#revision;
    const events: WireEvent[] = [];
    for (const view of this.#views) events.push({ event: "mail.changed", data: { view, revision } } as WireEvent);
    const ids = [...this.#messages];
    for (let at = 0; at < ids.length; at += MOST_IDS) {
      events.push({ event: "mail.updated", data: { messageIds: ids.slice(at, at + MOST_IDS), revision } } as WireEvent);
    }
    for (const name of this.#plain) events.push({ event: name, data: { revision } } as WireEvent);
    this.#views.clear();
    this.#messages.clear();
    this.#plain.clear();
    for (const event of events) this.tell(event);
  }
}
