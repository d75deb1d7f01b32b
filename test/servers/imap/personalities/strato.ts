import type { Personality } from "../personality.ts";

/** imap.strato.de. */
export const strato: Personality = {
  name: "Strato",
  // inferred (imapflow 2.2.1): offers IMAP4rev2 and ENABLE, and refuses ENABLE
  capabilities:
    "IMAP4rev2 IMAP4rev1 ENABLE ID IDLE NAMESPACE UIDPLUS MOVE UNSELECT CHILDREN SPECIAL-USE LIST-EXTENDED LITERAL+ AUTH=PLAIN".split(" "),
  // inferred: German names
  folders: { INBOX: null, Archiv: "\\Archive", Entwurf: "\\Drafts", Gesendet: "\\Sent", Papierkorb: "\\Trash", Spam: "\\Junk" },
  // inferred (imapflow 2.2.1): as above
  onCommand: ({ name }) => (name === "ENABLE" ? { bad: "Unknown command" } : undefined),
};
