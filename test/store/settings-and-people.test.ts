import { afterEach, beforeEach, expect, test } from "vitest";
import { readAccounts, readIdentities, removeIdentity, saveIdentity, updateAccount } from "../../main/store/accounts.ts";
import { Changes } from "../../main/store/changes.ts";
import { completeContacts, noteWritten } from "../../main/store/contacts.ts";
import { folderRows } from "../../main/store/folder-rows.ts";
import { dropFromQueue, queueAll, queueLength } from "../../main/store/index-queue.ts";
import { ingestHeaders } from "../../main/store/ingest-headers.ts";
import { allowPictures, picturesAllowed } from "../../main/store/pictures.ts";
import { readSettings, writeSettings } from "../../main/store/settings.ts";
import { atOnce } from "../../main/store/slices.ts";
import { DEFAULT_SETTINGS } from "../../shared/contract/settings.ts";
import type { WireEvent } from "../../shared/wire.ts";
import { header, newMailbox, newProfile, type Profile, START } from "./mailbox.ts";

let profile: Profile;
beforeEach(() => {
  profile = newProfile();
});
afterEach(() => profile.remove());

test("settings start at their defaults, keep what was set, and one that is not understood does not take the others along", () => {
  expect(readSettings(profile.store)).toEqual(DEFAULT_SETTINGS);
  writeSettings(profile.store, { theme: "dark", listWidth: 500 });
  profile.store.db.connection.prepare("UPDATE setting SET value = json_set(value, '$.theme', 'plaid')").run();
  expect(readSettings(profile.reopen())).toEqual({ ...DEFAULT_SETTINGS, listWidth: 500 });
});

test("people are completed by the beginning of any word of name or address, Chinese names by any part; those written to first", () => {
  const { folders } = newMailbox(profile.store);
  const from = (uid: number, name: string, address: string) => header({ uid, from: { name, address } });
  ingestHeaders(profile.store, folders.inbox, 1, [
    from(1, "Ann Example", "ann@example.test"),
    from(2, "Zoe Annex", "zoe@example.test"),
    from(3, "Joanna", "jo@example.test"),
    from(4, "王小明", "wang@example.test"),
    from(5, "100% Sure_", "sure@example.test"),
  ]);
  noteWritten(profile.store, [{ name: "", address: "ZOE@example.test" }], START);
  const complete = (text: string) => completeContacts(profile.store, text, 5).map(({ address }) => address);
  expect(complete("ann")).toEqual(["zoe@example.test", "ann@example.test"]);
  expect(complete("小明")).toEqual(["wang@example.test"]);
  expect(complete("100%")).toEqual(["sure@example.test"]);
  expect(complete("%")).toEqual([]);
  expect(complete(" ")).toEqual([]);
});

test("an account keeps one default identity and never loses its last one", () => {
  const { account } = newMailbox(profile.store);
  const second = saveIdentity(profile.store, {
    id: null,
    accountId: account,
    name: "Work",
    address: "work@example.test",
    signature: "",
    isDefault: true,
  });
  expect(readIdentities(profile.store).map(({ id, isDefault }) => [id, isDefault])).toEqual([
    [second, true],
    [1, false],
  ]);
  removeIdentity(profile.store, second);
  removeIdentity(profile.store, 1 as never);
  expect(readIdentities(profile.store)).toHaveLength(1);
  updateAccount(profile.store, account, { accountName: "Home", paused: true });
  expect(readAccounts(profile.store)).toMatchObject([{ name: "Home", paused: true }]);
});

test("unified lists count over all accounts", () => {
  const one = newMailbox(profile.store);
  const two = newMailbox(profile.store, "user2@example.test");
  ingestHeaders(profile.store, one.folders.inbox, 1, [header({ uid: 1 }), header({ uid: 2, flags: ["seen", "flagged"] })]);
  ingestHeaders(profile.store, two.folders.inbox, 1, [header({ uid: 1 })]);
  const { unified } = folderRows(profile.store);
  expect(unified.find(({ view }) => view === "all:inbox")).toEqual({ view: "all:inbox", total: 3, unread: 2 });
  expect(unified.find(({ view }) => view === "all:starred")).toEqual({ view: "all:starred", total: 1, unread: 0 });
});

test("pictures are allowed for a sender or a whole domain, whatever the case of the address", () => {
  const { folders } = newMailbox(profile.store);
  const [a, b] = ingestHeaders(profile.store, folders.inbox, 1, [
    header({ uid: 1, from: { name: "", address: "News@Shop.example.test" } }),
    header({ uid: 2, from: { name: "", address: "other@shop.example.test" } }),
  ]);
  if (!a || !b) throw new Error("nothing arrived");
  allowPictures(profile.store, a.placementId, "sender");
  expect([picturesAllowed(profile.store, a.placementId), picturesAllowed(profile.store, b.placementId)]).toEqual([true, false]);
  allowPictures(profile.store, a.placementId, "domain");
  expect(picturesAllowed(profile.store, b.placementId)).toBe(true);
});

test("a message is queued for the index when it comes, and all of them when the index starts from nothing", () => {
  const { folders } = newMailbox(profile.store);
  ingestHeaders(profile.store, folders.inbox, 1, [header({ uid: 1 }), header({ uid: 2 })]);
  expect(queueLength(profile.store)).toBe(2);
  const ids = profile.store.db.connection
    .prepare<[], { id: number }>("SELECT id FROM index_queue")
    .all()
    .map(({ id }) => id);
  dropFromQueue(profile.store, ids);
  expect(queueLength(profile.store)).toBe(0);
  atOnce(queueAll(profile.store));
  expect(queueLength(profile.store)).toBe(2);
});

test("many changes in a row are told once each, after the last of them", () => {
  const planned: (() => void)[] = [];
  const changes = new Changes({ setTimeout: (work) => planned.push(work) });
  const told: WireEvent[] = [];
  changes.subscribe((event) => told.push(event));
  const before = changes.revision();
  for (let round = 0; round < 10; round++) {
    changes.viewChanged("all:inbox");
    changes.viewChanged("folder:3" as never);
    changes.messagesUpdated([1, 2] as never);
    changes.foldersChanged();
  }
  expect(told).toEqual([]);
  expect(planned).toHaveLength(1);
  planned[0]?.();
  expect(told.map(({ event }) => event)).toEqual(["mail.changed", "mail.changed", "mail.updated", "folders.changed"]);
  expect(changes.revision()).toBeGreaterThan(before);
  expect(told[0]?.data).toEqual({ view: "all:inbox", revision: changes.revision() });
});
