import { readFolders } from "../../main/store/folders.ts";
import { uidsOf } from "../../main/store/ingest.ts";
import { act } from "../../main/store/operations.ts";
import { testAccount } from "./running-account.ts";

/*
 * A process with one running account, to be killed: `node account-process.ts PROFILE PORT USER ARCHIVE`. Prints a line of JSON
 * whenever something has changed. ARCHIVE "yes" moves every other message of the inbox to Archive as soon as all is here.
 */
const [profileDir = "", port = "", user = "", archive = ""] = process.argv.slice(2);
const account = testAccount(Number(port), { profileDir, user });
let acted = archive !== "yes";
account.start({
  onHealth: ({ done, total, pending, state }) => {
    if (!acted && state === "up-to-date" && done === total) {
      acted = true;
      const inbox = readFolders(account.store, account.id).find(({ role }) => role === "inbox");
      const ids = inbox
        ? [...uidsOf(account.store, inbox.id)].flatMap(([uid, { placementId }]) => (uid % 2 === 0 ? [placementId] : []))
        : [];
      // One act a message: a good many operations to be killed between.
      for (const id of ids) act(account.store, { kind: "placements", ids: [id] }, { kind: "archive" });
      account.running.operationsAsked();
    }
    process.stdout.write(`${JSON.stringify({ done, total, pending, state, acted })}\n`);
  },
});
