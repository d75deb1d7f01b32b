import { expect, test } from "vitest";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, scriptedAccount } from "../support/scripted-account.ts";
import { uidsOf } from "../support/uids-of.ts";

const three = (server: { folder(user: string, name: string): { deliver(raw: string): unknown } }): void => {
  for (const id of ["one", "two", "three"]) server.folder(ME, "INBOX").deliver(sampleMail(id));
};

test.each([[[]], [["QRESYNC"]], [["QRESYNC", "CONDSTORE"]]])(
  "flags go as what changed and never as a whole, without %j",
  async (without) => {
    const { server, account, doTo } = await scriptedAccount({ without, fill: three });
    // Of another program, and unknown here until the next look: a whole set of flags would take it off.
    server.folder(ME, "INBOX").setFlags(1, ["$Label1", "\\Answered"]);
    for (const flag of ["seen", "flagged"] as const) doTo("INBOX", [1, 2], { kind: "flag", flag, on: true });
    await account.complete();
    doTo("INBOX", [1], { kind: "flag", flag: "seen", on: false });
    await account.complete();
    const stores = server.commands.filter(({ name }) => name === "UID STORE" || name === "STORE").map(({ line }) => line);
    expect(stores.length).toBeGreaterThanOrEqual(3);
    expect(stores.filter((line) => !/ [+-]FLAGS(?:\.SILENT)? \(/u.test(line))).toEqual([]);
    const flags = (uid: number) =>
      [
        ...(server
          .folder(ME, "INBOX")
          .messages()
          .find((one) => one.uid === uid)?.flags ?? []),
      ].sort();
    expect(flags(1)).toEqual(["$Label1", "\\Answered", "\\Flagged"]);
    expect(flags(2)).toEqual(["\\Flagged", "\\Seen"]);
  },
);

test.each([[[]], [["QRESYNC"]]])(
  "what was deleted is gone here before the mod-sequence that covers it is kept, without %j",
  async (without) => {
    const { server, account } = await scriptedAccount({ without, fill: three });
    const { connection } = account.store.db;
    const inbox = account.folder("inbox");
    const modseq = () => Number(connection.prepare("SELECT highest_modseq FROM folder WHERE id = ?").pluck().get(inbox.id));
    const before = modseq();
    expect(uidsOf(account.store, inbox.id).has(2)).toBe(true);
    // Should the program end between the two, the deletion would never be told again.
    connection.exec(`CREATE TEMP TRIGGER too_early BEFORE UPDATE OF highest_modseq ON main.folder
    WHEN NEW.highest_modseq IS NOT OLD.highest_modseq
      AND EXISTS (SELECT 1 FROM placement WHERE folder_id = OLD.id AND uid = 2)
    BEGIN SELECT RAISE(ABORT, 'the deletion is not applied yet'); END`);
    server.folder(ME, "INBOX").expunge(2);
    await account.running.syncNow();
    await account.complete();
    expect(uidsOf(account.store, inbox.id).has(2)).toBe(false);
    expect(modseq()).toBeGreaterThan(before);
  },
);
