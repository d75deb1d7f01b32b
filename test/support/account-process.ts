import { act } from "../../main/store/acts.ts";
import { createFolder, deleteFolder, placeFolder } from "../../main/store/folder-acts.ts";
import { readFolders } from "../../main/store/folders.ts";
import { netPage, putBack } from "../../main/store/safety-net.ts";
import { testAccount } from "./running-account.ts";
import { uidsOf } from "./uids-of.ts";

/*
 * A process with one running account, to be killed: `node account-process.ts PROFILE PORT USER ARCHIVE`. Prints a line of JSON
 * whenever something has changed. ARCHIVE "yes" moves every other message of the inbox to Archive as soon as all is here; "restore" puts all
 * of the safety net back; "folders" makes, fills, renames and deletes folders.
 */
const [profileDir = "", port = "", user = "", archive = ""] = process.argv.slice(2);
const account = testAccount(Number(port), { profileDir, user });
let acted = archive === "no";
account.start({
  onHealth: ({ done, total, pending, state }) => {
    if (!acted && state === "up-to-date" && done === total) {
      acted = true;
      if (archive === "restore") {
        const { items } = netPage(account.store, { query: "", before: null, limit: 200 });
        putBack(
          account.store,
          items.map(({ placementId }) => placementId),
        );
        account.running.operationsAsked();
        return;
      }
      if (archive === "folders") actOnFolders();
      const inbox = readFolders(account.store, account.id).find(({ role }) => role === "inbox");
      const ids = inbox
        ? [...uidsOf(account.store, inbox.id)].flatMap(([uid, { placementId }]) => (uid % 2 === 0 ? [placementId] : []))
        : [];
      // One act a message: a good many operations to be killed between.
      for (const id of archive === "yes" ? ids : []) act(account.store, { kind: "placements", ids: [id] }, { kind: "archive" });
      account.running.operationsAsked();
    }
    process.stdout.write(`${JSON.stringify({ done, total, pending, state, acted })}\n`);
  },
});

function actOnFolders(): void {
  const { store, id } = account;
  account.running.setOffline(true);
  const { folderId } = createFolder(store, id, null, "Made");
  const inbox = [...uidsOf(store, account.folder("inbox").id).values()].map(({ placementId }) => placementId);
  act(store, { kind: "placements", ids: inbox }, { kind: "move", folderId });
  placeFolder(store, account.named("Lists").id, "Listen", null);
  deleteFolder(store, account.named("Trash/Old").id, "good");
  account.running.setOffline(false);
}
