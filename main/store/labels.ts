import type { AccountId, FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { ALL_MAIL, overlayLabels } from "../plan/labels.ts";
import type { PlacementChange, Standing } from "../plan/overlay.ts";
import type { Reader, Writer } from "./database.ts";
import type { Listed, ListUpkeep } from "./list-upkeep.ts";
import { statement } from "./statement.ts";
import { deletePlacement, labelPlacements, listed, type StoredPlacement } from "./stored-placement.ts";

// A Gmail message is one placement in All Mail, and one more for each label, which only says under which folders it is shown: it has no
// number on the server, and what is done to it is done to the one in All Mail.

const insertRow = statement<{
  messageId: number;
  folderId: number;
  homeId: number;
  onServer: number;
  receivedAt: number;
  hasAttachment: number;
}>(
  `INSERT INTO placement (message_id, folder_id, home_id, label_on_server, received_at, has_attachment)
   VALUES (:messageId, :folderId, :homeId, :onServer, :receivedAt, :hasAttachment)`,
);
const setOnServer = statement<{ id: number; onServer: number }>("UPDATE placement SET label_on_server = :onServer WHERE id = :id");
const writeShown = statement<{ id: number; shownFolderId: number | null; shownFlags: number; pending: number }>(
  "UPDATE placement SET shown_folder_id = :shownFolderId, shown_flags = :shownFlags, pending = :pending WHERE id = :id",
);
const labelFolders = statement<{ accountId: number }, { id: FolderId; label: string }>(
  "SELECT id, label FROM folder WHERE account_id = :accountId AND label IS NOT NULL",
);

/** The folders of a Gmail account that stand for labels, by label; All Mail among them. Empty for every other account. */
export function readLabelFolders(reader: Reader, accountId: AccountId): Map<string, FolderId> {
  return new Map(reader.all(labelFolders, { accountId }).map(({ id, label }) => [label, id]));
}

/** Folders whose label the server has on this message. */
export function labelsOnServer(reader: Reader, homeId: PlacementId): FolderId[] {
  return labelPlacements(reader, homeId).flatMap(({ folderId, onServer }) => (onServer === 1 ? [folderId] : []));
}

/** Folders under which the message is shown besides All Mail. */
export function labelsShown(reader: Reader, homeId: PlacementId): FolderId[] {
  return labelPlacements(reader, homeId).flatMap(({ shownFolderId }) => shownFolderId ?? []);
}

/**
 * The server's labels of a message are these. What is shown does not change by that alone.
 * @returns whether they were others before
 */
export function writeLabels(
  tx: Writer,
  home: StoredPlacement,
  labels: ReadonlySet<FolderId>,
  onChange: (folderId: FolderId, on: boolean) => void = () => undefined,
): boolean {
  let changed = false;
  const missing = new Set(labels);
  for (const row of labelPlacements(tx, home.id)) {
    missing.delete(row.folderId);
    const onServer = labels.has(row.folderId) ? 1 : 0;
    if (row.onServer === onServer) continue;
    tx.run(setOnServer, { id: row.id, onServer });
    onChange(row.folderId, onServer === 1);
    changed = true;
  }
  for (const folderId of missing) {
    insert(tx, home, folderId, 1);
    onChange(folderId, true);
  }
  return changed || missing.size > 0;
}

const insertShown = statement<{
  messageId: number;
  folderId: number;
  homeId: number;
  shownFolderId: number | null;
  flags: number;
  receivedAt: number;
  hasAttachment: number;
}>(
  `INSERT INTO placement (message_id, folder_id, home_id, label_on_server, shown_folder_id, shown_flags, received_at, has_attachment)
   VALUES (:messageId, :folderId, :homeId, 1, :shownFolderId, :flags, :receivedAt, :hasAttachment)`,
);

/** The labels of a message that was not known before: `writeLabels` and `showLabels` in one step, for the first listing. */
export function insertLabels(tx: Writer, lists: ListUpkeep, messageId: MessageId, home: Listed, labels: Iterable<FolderId>): void {
  for (const folderId of labels) {
    const shownFolderId = home.folderId === null ? null : folderId;
    const { flags, receivedAt } = home;
    const hasAttachment = home.hasAttachment ? 1 : 0;
    const id = tx.run(insertShown, { messageId, folderId, homeId: home.id, shownFolderId, flags, receivedAt, hasAttachment })
      .lastId as PlacementId;
    lists.entered({ ...home, id, folderId: shownFolderId });
  }
}

function insert(tx: Writer, { id, messageId, receivedAt, hasAttachment }: StoredPlacement, folderId: FolderId, onServer: 0 | 1): void {
  tx.run(insertRow, { messageId, folderId, homeId: id, onServer, receivedAt, hasAttachment });
}

/** One label of the server more or less. */
export function writeLabel(tx: Writer, home: StoredPlacement, folderId: FolderId, on: boolean): void {
  const labels = new Set(labelsOnServer(tx, home.id));
  if (on) labels.add(folderId);
  else labels.delete(folderId);
  writeLabels(tx, home, labels);
}

/**
 * Shows a message under its labels, as far as it is shown in All Mail; one that is in Trash or Spam is shown only there.
 *
 * @param shown where it is shown itself
 * @param open the user's open operations on it
 */
export function showLabels(tx: Writer, lists: ListUpkeep, home: StoredPlacement, shown: Standing, open: readonly PlacementChange[]): void {
  const rows = labelPlacements(tx, home.id);
  if (rows.length === 0 && !open.some(({ kind }) => kind === "label")) return;
  const truth = rows.flatMap(({ folderId, onServer }) => (onServer === 1 ? [folderId] : []));
  const inAllMail = shown.folderId !== null && shown.folderId === readLabelFolders(tx, home.accountId).get(ALL_MAIL);
  const wanted = inAllMail ? overlayLabels(truth, open) : new Set<FolderId>();
  const known = new Set(rows.map(({ folderId }) => folderId));
  const added = [...wanted].filter((folderId) => !known.has(folderId));
  for (const folderId of added) insert(tx, home, folderId, 0);
  for (const row of added.length > 0 ? labelPlacements(tx, home.id) : rows) {
    const shownFolderId = wanted.has(row.folderId) ? row.folderId : null;
    lists.left(listed(row));
    if (shownFolderId === null && row.onServer === 0) tx.run(deletePlacement, { id: row.id });
    else {
      tx.run(writeShown, { id: row.id, shownFolderId, shownFlags: shown.flags, pending: open.length });
      lists.entered({ ...listed(row), folderId: shownFolderId, flags: shown.flags });
    }
  }
}

/** All its label rows go: it has left All Mail, or goes itself. */
export function dropLabels(tx: Writer, lists: ListUpkeep, homeId: PlacementId): void {
  for (const row of labelPlacements(tx, homeId)) {
    lists.left(listed(row));
    tx.run(deletePlacement, { id: row.id });
  }
}

/** The folder that messages with labels lie in, when the account has such. */
export function allMailOf(reader: Reader, accountId: AccountId): FolderId | undefined {
  return readLabelFolders(reader, accountId).get(ALL_MAIL);
}
