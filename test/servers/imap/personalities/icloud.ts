import type { Personality } from "../personality.ts";

/** imap.mail.me.com. */
export const icloud: Personality = {
  name: "iCloud",
  // recorded: greeting.txt
  beforeLogin: "XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN AUTH=ATOKEN2 AUTH=XOAUTH2".split(" "),
  // recorded: capability.txt, without what this server cannot do
  capabilities: [
    ..."XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 CONDSTORE ENABLE QRESYNC QUOTA XAPPLELITERAL NAMESPACE UIDPLUS CHILDREN UNSELECT".split(" "),
    ..."ESEARCH SASL-IR ID IDLE LIST-STATUS".split(" "),
  ],
  // inferred: the names that Apple Mail makes
  folders: { INBOX: null, Archive: null, "Deleted Messages": null, Drafts: null, Junk: null, "Sent Messages": null },
  onCommand: ({ name }, { folder }) => {
    if (name !== "ENABLE") return undefined;
    // inferred (imap-mcp #8): ENABLE wants to come before SELECT
    if (folder !== null) return { bad: "ENABLE not allowed now" };
    // recorded: enable-qresync.txt, no untagged ENABLED
    return { raw: "{tag} OK ENABLE completed\r\n" };
  },
};
