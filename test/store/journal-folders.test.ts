import { expect, test } from "vitest";
import { act } from "../../main/store/acts.ts";
import { createFolder, deleteFolder, placeFolder, previewDeletion, subscribeFolder } from "../../main/store/folder-acts.ts";
import { folderOperations } from "../../main/store/folder-operations.ts";
import { refuseFolderOperations, settleFolderOperations, writeFolderDeleted, writeFolderPlaced } from "../../main/store/folder-truth.ts";
import { readFolder, readFolders } from "../../main/store/folders.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { journalPage, retryOperations, takeBackOperations } from "../../main/store/journal.ts";
import { readMigrations } from "../../main/store/migrate.ts";
import { Failure } from "../../shared/failure.ts";
import type { AccountId, FolderId } from "../../shared/ids.ts";
import { eachMailbox } from "./each-mailbox.ts";
import { header, type Named, type Profile, START } from "./mailbox.ts";

let profile: Profile;
let account: AccountId;
let folders: Record<Named, FolderId>;

eachMailbox((made) => {
  ({ profile, account, folders } = made);
});

const entries = () => journalPage(profile.store, { filter: "all", before: null, limit: 50 }).entries;
const newest = () => {
  const [entry] = entries();
  if (entry === undefined) throw new Error("the journal is empty");
  return entry;
};
const waiting = () => folderOperations(profile.store.db, account);
/** The server does what waits, as far as it concerns one folder's place. */
function carryOut(id: FolderId, name: string, parentId: FolderId | null = null): void {
  const parent = parentId === null ? "" : `${readFolder(profile.store, parentId)?.path}/`;
  writeFolderPlaced(
    profile.store,
    id,
    parent + name,
    { name, parentId },
    waiting().map((one) => one.id),
  );
}
function made(name: string): FolderId {
  const { folderId } = createFolder(profile.store, account, null, name);
  carryOut(folderId, name);
  return folderId;
}
function refuse(id: FolderId, change: "create-folder" | "place-folder" | "delete-folder", failure: Failure): void {
  const ids = waiting().map((one) => one.id);
  refuseFolderOperations(profile.store, ids, { folderId: id, name: "x", change, failure: failure.data() });
}

test("a folder that was made stands in it, and is taken back while nothing lies in it", () => {
  const { folderId } = createFolder(profile.store, account, null, "Projects");
  expect(newest()).toMatchObject({
    subject: "Projects",
    from: [],
    placementId: null,
    shownFolderId: folderId,
    change: { kind: "create-folder" },
    state: "pending",
    createdAt: START,
    canTakeBack: true,
  });
  carryOut(folderId, "Projects");
  expect(newest()).toMatchObject({ state: "done", canTakeBack: true, undoBar: null });
  ingestHeaders(profile.store, folderId, 1, [header({ uid: 1 })]);
  expect(newest()).toMatchObject({ canTakeBack: false, undoBar: "holds-something" });
  expect(takeBackOperations(profile.store, [newest().id])).toBe(0);
});

test("what waits is cancelled: the folder is as it was before", () => {
  const { folderId } = createFolder(profile.store, account, null, "Projects");
  expect(takeBackOperations(profile.store, [newest().id])).toBe(1);
  expect(newest()).toMatchObject({ state: "undone", canTakeBack: false, shownFolderId: null });
  expect(readFolder(profile.store, folderId)).toBeUndefined();
});

test("a folder that was renamed or moved says both, and goes back only where its place is free", () => {
  const id = made("Old");
  placeFolder(profile.store, id, "New", folders.archive);
  expect(newest()).toMatchObject({
    subject: "Old",
    folderId: null,
    change: { kind: "place-folder", name: "New", parentId: folders.archive, renamed: true, moved: true },
  });
  carryOut(id, "New", folders.archive);
  const done = newest();
  expect(done).toMatchObject({ state: "done", canTakeBack: true });
  const other = made("Old");
  expect(entries().find((one) => one.id === done.id)).toMatchObject({ canTakeBack: false, undoBar: "name-taken" });
  placeFolder(profile.store, other, "Other", null);
  carryOut(other, "Other");
  expect(takeBackOperations(profile.store, [done.id])).toBe(1);
  expect(newest().change).toEqual({ kind: "place-folder", name: "Old", parentId: null, renamed: true, moved: true });
  carryOut(id, "Old");
  expect(entries().find((one) => one.id === done.id)).toMatchObject({ canTakeBack: false, undoBar: "changed-since" });
});

test("a deletion into Trash is undone; one for good is not, and says why", async () => {
  const id = made("Letters");
  ingestHeaders(profile.store, id, 1, [header({ uid: 1 })]);
  expect(previewDeletion(profile.store, id).way).toBe("trash");
  deleteFolder(profile.store, id, "trash");
  carryOut(id, "Letters", folders.trash);
  expect(newest()).toMatchObject({ state: "done", canTakeBack: true, change: { parentId: folders.trash, renamed: false, moved: true } });
  expect(takeBackOperations(profile.store, [newest().id])).toBe(1);
  carryOut(id, "Letters");
  const empty = made("Empty");
  deleteFolder(profile.store, empty, "empty");
  await writeFolderDeleted(
    profile.store,
    empty,
    waiting().map((one) => one.id),
  );
  expect(newest()).toMatchObject({ change: { kind: "delete-folder" }, state: "done", canTakeBack: false, undoBar: "gone" });
});

test("a refusal says why, in the server's words where there are some, and is tried again where that can help", () => {
  const id = made("A");
  placeFolder(profile.store, id, "B", null);
  refuse(id, "place-folder", new Failure("refused-by-server", { serverWords: "NO [NOPERM] Not yours" }));
  expect(newest()).toMatchObject({ state: "refused", reason: null, serverWords: "NO [NOPERM] Not yours", canRetry: true });
  expect(retryOperations(profile.store, [newest().id])).toBe(1);
  expect(newest()).toMatchObject({ state: "pending", serverWords: null });
  refuse(id, "place-folder", new Failure("folder-taken"));
  expect(newest()).toMatchObject({ state: "refused", reason: "folder-taken", serverWords: null });
  made("B");
  const refused = entries().find(({ state }) => state === "refused");
  expect(refused?.canRetry).toBe(false);
  deleteFolder(profile.store, id, "empty");
  refuse(id, "delete-folder", new Failure("folder-has-new-mail"));
  expect(newest()).toMatchObject({ reason: "folder-has-new-mail", canRetry: false });
  expect(retryOperations(profile.store, [newest().id])).toBe(0);
});

test("a folder that the server would not make is made anew, in place of the refused one", () => {
  const { folderId } = createFolder(profile.store, account, null, "Projects");
  refuse(folderId, "create-folder", new Failure("refused-by-server", { serverWords: "NO Not today" }));
  expect(newest()).toMatchObject({ state: "refused", serverWords: "NO Not today", shownFolderId: null, canRetry: true });
  expect(retryOperations(profile.store, [newest().id])).toBe(1);
  expect(entries().map(({ state, subject }) => `${state} ${subject}`)).toEqual(["pending Projects"]);
  expect(readFolders(profile.store, account).filter(({ name }) => name === "Projects")).toHaveLength(1);
});

test("a subscription is undone, and those on messages stand beside those on folders, newest first", () => {
  const id = made("Lists");
  subscribeFolder(profile.store, id, false);
  expect(takeBackOperations(profile.store, [newest().id])).toBe(1);
  const [arrived] = ingestHeaders(profile.store, folders.inbox, 1, [header({ uid: 5 })]);
  if (arrived) act(profile.store, { kind: "placements", ids: [arrived.placementId] }, { kind: "archive" });
  expect(entries().map(({ change }) => change.kind)).toEqual(["move", "subscribe-folder", "create-folder"]);
  settleFolderOperations(
    profile.store,
    waiting().map((one) => one.id),
  );
  expect(journalPage(profile.store, { filter: "all", before: null, limit: 50 }).counts).toEqual({
    all: 3,
    waiting: 1,
    attention: 0,
    done: 2,
  });
});

test("a profile from before has its refusals of folders with their reason, and a server's words stay what they are", () => {
  const id = made("A");
  for (const failure of [new Failure("folder-taken"), new Failure("refused-by-server", { serverWords: "NO taken" })]) {
    placeFolder(profile.store, id, "B", null);
    refuse(id, "place-folder", failure);
  }
  const { connection } = profile.store.db;
  connection.exec("UPDATE operation SET reason = NULL, server_words = 'folder-taken' WHERE reason = 'folder-taken'");
  connection.exec("DROP INDEX operation_in_state; CREATE INDEX operation_in_state ON operation(state, id) WHERE folder_id IS NULL");
  const migrations = readMigrations(new URL("../../main/store/migrations/", import.meta.url));
  connection.exec(migrations.find(({ name }) => name === "journal-folders")?.sql ?? "");
  expect(entries().map(({ reason, serverWords }) => [reason, serverWords])).toEqual([
    [null, "NO taken"],
    ["folder-taken", null],
    [null, null],
  ]);
});
