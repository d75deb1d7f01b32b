import { expect, test } from "vitest";
import { readBodyTrouble, retryBodies } from "../../main/store/body-troubles.ts";
import { missingBodies } from "../../main/store/missing-bodies.ts";
import { readPlacement } from "../../main/store/placements.ts";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, scriptedAccount } from "../support/scripted-account.ts";
import { uidsOf } from "../support/uids-of.ts";

test("a body that breaks the line each time is left alone, says so, and comes when it is tried again", { timeout: 60_000 }, async () => {
  let broken = true;
  let tries = 0;
  const mail = await scriptedAccount({
    complete: false,
    fill: (server) => {
      for (const id of ["m1", "m2", "m3"]) server.folder(ME, "INBOX").deliver(sampleMail(id));
      server.hooks = {
        onCommand: ({ line }) => {
          const set = /UID FETCH (\S+) .*BODY\.PEEK\[\]/u.exec(line)?.[1];
          if (!broken || set === undefined || !["2", "1:3", "1:2", "2:3"].includes(set)) return undefined;
          tries += 1;
          // The first message of the answer arrives whole, the one that breaks the line does not.
          return { cutAfter: set.startsWith("1") ? 450 : 60 };
        },
      };
    },
  });
  const { account } = mail;
  await account.until(
    "the others are here",
    () => account.counts("INBOX").here === 2 && missingBodies(account.store, account.id, 10).bodies.length === 0,
  );
  expect(tries).toBeGreaterThanOrEqual(4);
  const placementId = uidsOf(account.store, account.named("INBOX").id).get(2)?.placementId ?? (0 as never);
  const messageId = readPlacement(account.store.db, placementId)?.messageId ?? (0 as never);
  const trouble = readBodyTrouble(account.store.db, messageId);
  expect(trouble?.times).toBe(1);
  expect((trouble?.retryAt ?? 0) - Date.now()).toBeGreaterThan(5 * 3_600_000);
  broken = false;
  retryBodies(account.store, [placementId]);
  account.running.downloadsAsked();
  await account.complete();
  expect(readBodyTrouble(account.store.db, messageId)).toBeUndefined();
});
