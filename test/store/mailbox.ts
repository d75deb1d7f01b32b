import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insertAccount } from "../../main/store/accounts.ts";
import { writeFolderList } from "../../main/store/folder-list.ts";
import { folderOfRole, readFolders } from "../../main/store/folders.ts";
import type { IncomingHeader } from "../../main/store/ingest-headers.ts";
import type { ArrivedBody } from "../../main/store/message-columns.ts";
import { openStore, type Store } from "../../main/store/open.ts";
import type { Address } from "../../shared/address.ts";
import type { FolderRole } from "../../shared/contract/folders.ts";
import { type Flag, flagBits } from "../../shared/flags.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";

export const START = Date.UTC(2026, 10, 1);
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export type Profile = {
  readonly dir: string;
  readonly store: Store;
  at(time: number): void;
  reopen(): Store;
  reopenAfter(): Store;
  remove(): void;
};

/** A store in a folder of its own, with a clock that stands still until it is told otherwise. */
export function newProfile(): Profile {
  const dir = mkdtempSync(join(tmpdir(), "satchel-store-"));
  let now = START;
  const open = (): Store => openStore({ profileDir: dir, clock: () => now });
  let store = open();
  return {
    dir,
    get store() {
      return store;
    },
    at(time) {
      now = time;
    },
    reopen() {
      store.close();
      store = open();
      return store;
    },
    /** As `reopen`, when the test has closed the store itself. */
    reopenAfter() {
      store = open();
      return store;
    },
    remove() {
      if (store.db.connection.open) store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const server = { host: "mail.example.test", port: 993, security: "tls" as const, user: "user1@example.test" };

export function newAccount(store: Store, address = "user1@example.test"): AccountId {
  return insertAccount(store, {
    name: address,
    address,
    personName: "User One",
    settings: { protocol: "imap", incoming: server, outgoing: server },
    provider: null,
  });
}

export const ROLES = ["inbox", "sent", "drafts", "archive", "junk", "trash"] as const satisfies readonly FolderRole[];
export type Named = (typeof ROLES)[number] | "lists";

export function listing(paths: readonly Named[] = [...ROLES, "lists"]): Parameters<typeof writeFolderList>[2] {
  return paths.map((path) => ({
    path,
    delimiter: "/",
    name: path,
    parentPath: null,
    role: path === "lists" ? "none" : path,
    canSelect: true,
    canWrite: true,
    subscribed: true,
  }));
}

/** An account with the usual folders and one for mailing lists; their ids by name. */
export function newMailbox(store: Store, address?: string): { account: AccountId; folders: Record<Named, FolderId> } {
  const account = newAccount(store, address);
  writeFolderList(store, account, listing());
  const byPath = new Map(readFolders(store, account).map(({ path, id }) => [path, id]));
  const id = (path: Named): FolderId => byPath.get(path) ?? (0 as FolderId);
  const folders = Object.fromEntries([...ROLES, "lists" as const].map((path) => [path, id(path)])) as Record<Named, FolderId>;
  if (folderOfRole(store, account, "inbox")?.id !== folders.inbox) throw new Error("no inbox");
  return { account, folders };
}

export function person(number: number): Address {
  return { name: `User ${number}`, address: `user${number}@example.test` };
}

export type Wanted = {
  uid: number;
  id?: string | null;
  inReplyTo?: string | null;
  references?: string[];
  subject?: string;
  flags?: Flag[];
  at?: number;
  sizeBytes?: number;
  emailId?: string | null;
  hasAttachment?: boolean;
  from?: Address;
  to?: Address[];
};

/** One row of a FETCH; what is not said is made from the number. */
export function header(wanted: Wanted): IncomingHeader {
  const { uid } = wanted;
  return {
    uid,
    modseq: null,
    flags: flagBits(wanted.flags ?? []),
    keywords: [],
    receivedAt: wanted.at ?? START - uid * MINUTE,
    sizeBytes: wanted.sizeBytes ?? 1000 + uid,
    emailId: wanted.emailId ?? null,
    header: {
      messageIdHeader: wanted.id === undefined ? `m${uid}@example.test` : wanted.id,
      inReplyTo: wanted.inReplyTo ?? null,
      references: wanted.references ?? [],
      subject: wanted.subject ?? `Message ${uid}`,
      from: [wanted.from ?? person(uid % 7)],
      to: wanted.to ?? [person(1)],
      cc: [],
      bcc: [],
      replyTo: [],
      sentAt: START - uid * MINUTE,
    },
    hasAttachment: wanted.hasAttachment ?? false,
    parts: [],
  };
}

/** The whole message of a row, under a hash of its own or a given one. */
export function bodyOf(row: IncomingHeader, hash = row.uid.toString(16).padStart(64, "0"), more: Partial<ArrivedBody> = {}): ArrivedBody {
  return {
    ...row.header,
    hash,
    sizeBytes: row.sizeBytes,
    snippet: `Text of ${row.header.subject}`,
    hasAttachment: row.hasAttachment,
    parts: row.parts,
    lang: "en",
    unreadable: false,
    report: null,
    receiptTo: "",
    calendar: [],
    ...more,
  };
}
