import { sourceOf } from "../line/byte-source.ts";
import { dateInWords } from "../plan/clock.ts";
import { appendMessage } from "./append-message.ts";
import { createFolder, deleteFolder } from "./change-folders.ts";
import { strings, uidSet } from "./command-line.ts";
import { fetchItems } from "./fetch-rows.ts";
import { openFolder } from "./select-folder.ts";
import type { Session } from "./session.ts";

const LETTER = [
  "From: Satchel <check@localhost>",
  "Subject: Satchel looks whether this folder takes mail",
  "",
  "This message is removed again at once.",
  "",
].join("\r\n");

/**
 * Makes a folder of its own, puts a message into it, and takes both away again. No other folder is touched.
 *
 * @param place where folders of the user's may be made: the namespace's prefix and separator
 * @param mark makes the folder's name one that nobody has
 * @returns what the server's clock said when it took the message, ms UTC, or null
 * @throws Failure of kind refused; the folder is gone then too, unless the line is
 */
export async function tryAppend(session: Session, place: { prefix: string; separator: string }, mark: string): Promise<number | null> {
  const path = `${place.prefix}Satchel check ${mark}`;
  await createFolder(session, path, place.separator);
  try {
    await appendMessage(session, path, { source: sourceOf(Buffer.from(LETTER)), flags: ["\\Seen"] });
    return await readClock(session, path);
  } finally {
    // A folder that is open cannot be deleted everywhere.
    if (!session.closed) {
      await openFolder(session, "INBOX", "read");
      await deleteFolder(session, path);
    }
  }
}

async function readClock(session: Session, path: string): Promise<number | null> {
  await openFolder(session, path, "read");
  let at: number | null = null;
  await session.send("FETCH", [uidSet("1"), [{ type: "ATOM", value: "INTERNALDATE" }]], {
    FETCH(answer) {
      at ??= dateInWords(strings(fetchItems(answer).get("INTERNALDATE"))[0] ?? "");
    },
  });
  return at;
}
