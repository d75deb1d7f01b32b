import { expect, test } from "vitest";
import { readBodyTrouble } from "../../main/store/body-troubles.ts";
import { missingOutlines } from "../../main/store/missing-bodies.ts";
import { writePolicy } from "../../main/store/offline.ts";
import { readOutline } from "../../main/store/outlines.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { mailWithFilm } from "../support/large-mail.ts";
import { ME, scriptedAccount } from "../support/scripted-account.ts";
import { uidsOf } from "../support/uids-of.ts";

test("a large message whose parts break the line each time is left alone, and the others can be read", { timeout: 60_000 }, async () => {
  let tries = 0;
  const { account, server } = await scriptedAccount();
  writePolicy(account.store, account.id, null, { keep: { kind: "everything" }, largestMb: 1 });
  server.hooks = {
    onCommand: ({ line }) => {
      if (!/UID FETCH 2 .*BODY\.PEEK\[1/u.test(line)) return undefined;
      tries += 1;
      return { cutAfter: 40 };
    },
  };
  for (const id of ["one", "two", "three"]) server.folder(ME, "INBOX").deliver(mailWithFilm(id));
  void account.running.syncNow();
  const messageOf = (uid: number) => {
    const placementId = uidsOf(account.store, account.named("INBOX").id).get(uid)?.placementId;
    return placementId === undefined ? undefined : readPlacement(account.store.db, placementId)?.messageId;
  };
  const read = () => [1, 2, 3].map((uid) => readOutline(account.store.db, messageOf(uid) ?? (0 as never)) !== null);
  await account.until(
    "nothing more can be read",
    () => messageOf(2) !== undefined && missingOutlines(account.store, account.id, 10).length === 0,
  );
  expect(read()).toEqual([true, false, true]);
  expect(tries).toBeGreaterThanOrEqual(4);
  expect(readBodyTrouble(account.store.db, messageOf(2) ?? (0 as never))?.times).toBe(1);
  await account.until("at rest", ({ state }) => state === "up-to-date");
});
