import { Failure } from "../../shared/failure.ts";
import type { Flag } from "../../shared/flags.ts";
import type { AccountId, PlacementId } from "../../shared/ids.ts";
import type { Tokens } from "../accounts/tokens.ts";
import { outgoingSecret } from "../accounts/vault.ts";
import type { Notices } from "../api/notices.ts";
import { UploadLimit } from "../line/upload-limit.ts";
import type { Log } from "../log.ts";
import type { DraftWorker } from "../outbox/draft-worker.ts";
import { type Outbox, startOutbox } from "../outbox/outbox.ts";
import type { Via } from "../plan/proxy.ts";
import { readAccount } from "../store/accounts.ts";
import { noteWritten } from "../store/contacts.ts";
import { wasReached } from "../store/folders.ts";
import type { Store } from "../store/open.ts";
import { readOutgoing } from "../store/outgoing-servers.ts";
import { readSettings } from "../store/settings.ts";
import type { Timers } from "../sync/timers.ts";
import { found } from "./found.ts";
import type { Accounts } from "./running-accounts.ts";

type Around = {
  readonly store: Store;
  readonly profileDir: string;
  readonly log: Log;
  readonly worker: DraftWorker;
  readonly clock: () => number;
  readonly random: () => number;
  readonly timers: Timers;
  readonly tokens: Tokens;
  readonly accounts: Accounts;
  readonly notices: Notices;
  viaFor(id: AccountId): Via | undefined;
  isOnline(): boolean;
  /** Marks the message that one in the outbox answers or forwards. */
  mark(placementId: PlacementId, flag: Flag): void;
};

/** The outbox on this store: what it may use of accounts, their servers and their folders. */
export function outboxOf(around: Around): Promise<Outbox> {
  const { store, accounts, tokens, notices } = around;
  const { changes } = store;
  const uploads = new UploadLimit({ clock: around.clock, timers: around.timers, bytesASecond: () => uploadBytes(store) });
  changes.subscribe(({ event }) => {
    if (event === "settings.changed") uploads.changed();
  });
  return startOutbox({
    store,
    profileDir: around.profileDir,
    log: around.log,
    worker: around.worker,
    clock: around.clock,
    random: around.random,
    timers: around.timers,
    credentialFor: (id, refused, server) => tokens.current(server === null ? id : outgoingSecret(server), refused),
    settingsFor(id) {
      const account = readAccount(store, id);
      if (account === undefined || account.paused) return null;
      const own = { server: account.settings.outgoing, hasWorked: wasReached(store, id) };
      const { fallback } = account;
      // What nobody has agreed to is not even read.
      if (fallback === "none") return own;
      return { ...own, further: { fallback, servers: readOutgoing(store, id).map((one) => ({ id: one.id, server: one.settings })) } };
    },
    viaFor: around.viaFor,
    uploads,
    async fileInSent(id, source, messageIdHeader, acceptedAt, server) {
      const running = accounts.get(id);
      const outgoing = readAccount(store, id)?.settings.outgoing;
      if (running === undefined || outgoing === undefined) throw new Failure("account-gone");
      const sentBy = server ?? `${outgoing.host}:${outgoing.port}`;
      return running.appendSent({
        folderRole: "sent",
        source: uploads.paced(source),
        flags: ["\\Seen"],
        messageIdHeader,
        acceptedAt,
        sentBy,
      });
    },
    findInSent: (id, messageIdHeader, toSelf) => found(accounts.get(id)?.findInSent(messageIdHeader, toSelf)),
    isOnline: around.isOnline,
    onChange: () => {
      changes.outboxChanged();
      changes.healthChanged();
    },
    notice: (code, params, failure) => notices.add(code, params, failure === null ? null : Failure.from(failure)),
    undoSeconds: () => readSettings(store).undoSendSeconds,
    markOriginal: ({ placementId, flag }) => around.mark(placementId, flag),
    noteWritten: (people, at) => noteWritten(store, people, at),
  });
}

function uploadBytes(store: Store): number | null {
  const { uploadKilobytes } = readSettings(store);
  return uploadKilobytes === null ? null : uploadKilobytes * 1000;
}
