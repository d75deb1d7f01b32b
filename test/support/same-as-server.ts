import { readBlob } from "../../main/store/blobs.ts";
import { readFolders } from "../../main/store/folders.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { FLAGS, hasFlag, imapFlag } from "../../shared/flags.ts";
import { contradictions } from "../store/check-store.ts";
import type { TestAccount } from "./running-account.ts";
import { uidsOf } from "./uids-of.ts";

/** A message as a server has it. */
export type Lying = { readonly uid: number; readonly flags: readonly string[]; readonly raw: Buffer };
export type Listing = ReadonlyMap<string, readonly Lying[]>;

/** The Message-ID's first part, which tells the messages of a test apart. */
export const idOf = (raw: Buffer): string => /^Message-ID: <([^@]*)@/mu.exec(raw.toString("latin1"))?.[1] ?? "";

/** A message in words: who it is, and its flags in order. */
export function described(id: string, flags: Iterable<string>): string {
  return [id, ...[...flags].filter((flag) => flag !== "\\Recent").sort()].join(" ");
}

/** Says where two lists of words are not the same; nothing when they are. */
export function unequal(what: string, one: readonly string[], other: readonly string[]): string[] {
  const [left, right] = [[...one].sort().join("; "), [...other].sort().join("; ")];
  return left === right ? [] : [`${what}:\n  ${left}\n  ${right}`];
}

/** Where the store says something else than the server: folders, numbers, flags, keywords, and how many are shown. */
export function differences({ store, id: accountId }: TestAccount, server: Listing): string[] {
  const stored = readFolders(store, accountId).filter(({ canSelect }) => canSelect);
  const paths = stored.map(({ path }) => path);
  return [
    ...unequal("folders, store and server", paths, [...server.keys()]),
    ...stored.flatMap(({ id, path, total }) => {
      const rows = server.get(path) ?? [];
      const here = placementsOf(store.db.connection, id).map(({ uid, flags, messageId }) => `${uid} ${described(messageId, flags)}`);
      const there = rows.map(({ uid, flags, raw }) => `${uid} ${described(idOf(raw), flags)}`);
      const visible = rows.filter(({ flags }) => !flags.includes("\\Deleted")).length;
      return [
        ...unequal(`${path}, store and server`, here, there),
        ...(total === visible ? [] : [`${path}: ${total} shown of ${visible}`]),
      ];
    }),
  ];
}

type Placed = { uid: number | null; flags: string[]; messageId: string };

function placementsOf(connection: TestAccount["store"]["db"]["connection"], folderId: number): Placed[] {
  return connection
    .prepare<[number], { uid: number | null; flags: number; keywords: string; messageId: string }>(
      `SELECT placement.uid AS uid, placement.flags AS flags, placement.keywords AS keywords, message.message_id_header AS messageId
       FROM placement JOIN message ON message.id = placement.message_id WHERE placement.folder_id = ?`,
    )
    .all(folderId)
    .map(({ uid, flags, keywords, messageId }) => ({
      uid,
      flags: [...FLAGS.filter((name) => hasFlag(flags, name)).map(imapFlag), ...(JSON.parse(keywords) as string[])],
      messageId: messageId.replace(/@.*$/u, ""),
    }));
}

/** Messages whose bytes here are not the server's, and contradictions in the store itself. */
export async function faults({ store, id: accountId }: TestAccount, server: Listing): Promise<string[]> {
  const found = contradictions(store);
  for (const { id, path } of readFolders(store, accountId)) {
    const here = uidsOf(store, id);
    for (const { uid, raw } of server.get(path) ?? []) {
      const known = here.get(uid);
      const placement = known === undefined ? undefined : readPlacement(store.db, known.placementId);
      // What is marked to be deleted is on its way out, shown nowhere and not fetched.
      if (placement !== undefined && placement.shownFolderId === null && placement.here === 0) continue;
      const hash = placement?.rawHash ?? null;
      const blob = hash === null ? null : await readBlob(store.blobs.dir, hash);
      if (blob?.equals(raw) !== true) found.push(`${path} ${uid}: other bytes than the server's`);
    }
  }
  return found;
}
