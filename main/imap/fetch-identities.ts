import { atom, uidSet } from "./command-line.ts";
import { fetchItems, identityItems, identityOf } from "./fetch-rows.ts";
import type { Session } from "./session.ts";

/** The server's own identities (EMAILID or X-GM-MSGID) of all messages in the open folder. */
export async function fetchIdentities(session: Session): Promise<Set<string>> {
  const found = new Set<string>();
  await session.send("UID FETCH", [uidSet("1:*"), [atom("UID"), ...identityItems(session)]], {
    FETCH(answer) {
      const identity = identityOf(fetchItems(answer));
      if (identity !== null) found.add(identity);
    },
  });
  return found;
}
