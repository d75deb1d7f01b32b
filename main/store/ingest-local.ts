import type { FlagBits } from "../../shared/flags.ts";
import type { FolderId } from "../../shared/ids.ts";
import { readFolder } from "./folders.ts";
import { type IngestedRow, insertNew, noteNewcomers, placeFor, takeNew } from "./ingest-headers.ts";
import { ListUpkeep } from "./list-upkeep.ts";
import type { ArrivedBody } from "./message-columns.ts";
import type { Store } from "./open.ts";
import type { Remembered } from "./remembered.ts";

/** A message for a folder that is on this computer only. `lost`: it lay there before its row was lost. */
export type LocalMessage = {
  readonly body: ArrivedBody;
  readonly flags: FlagBits;
  readonly receivedAt: number;
  readonly lost?: Remembered;
};

/** Puts whole messages into a local folder: placements without a number on any server. */
export function ingestLocal(store: Store, folderId: FolderId, messages: readonly LocalMessage[]): Omit<IngestedRow, "uid">[] {
  const folder = readFolder(store, folderId);
  if (folder === undefined || messages.length === 0) return [];
  return store.db.write((tx) => {
    const lists = new ListUpkeep(store);
    const rows = messages.map(({ body, flags, receivedAt }) => localRow(body, flags, receivedAt));
    const target = placeFor(tx, folder, null, rows);
    const ingested = rows.map((row, at) => insertNew(tx, lists, target, row, messages[at]?.lost));
    noteNewcomers(tx, target);
    takeNew(store, tx, lists, folder.accountId, rows, ingested);
    lists.settle(tx);
    return ingested;
  });
}

/** A message that is here whole and has no number on any server, as a row to be inserted. */
export function localRow(body: ArrivedBody, flags: number, receivedAt: number) {
  return {
    uid: null,
    modseq: null,
    flags,
    keywords: [],
    receivedAt,
    sizeBytes: body.sizeBytes,
    emailId: null,
    header: body,
    hasAttachment: body.hasAttachment,
    parts: body.parts,
    body,
  };
}
