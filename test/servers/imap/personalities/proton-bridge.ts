import type { Personality } from "../personality.ts";

/** Proton's bridge on the user's own computer. */
export const protonBridge: Personality = {
  name: "Proton Bridge",
  // inferred: its library's documentation
  capabilities: "IMAP4rev1 ID IDLE MOVE UIDPLUS UNSELECT AUTH=PLAIN".split(" "),
  // inferred: its library tells the attributes whether SPECIAL-USE is offered or not
  tellsSpecialUse: true,
  // inferred: every message is in All Mail as well, with a number of its own there; own folders below Folders, labels below Labels
  folders: {
    INBOX: null,
    "All Mail": "\\All",
    Archive: "\\Archive",
    Drafts: "\\Drafts",
    Sent: "\\Sent",
    Spam: "\\Junk",
    Starred: "\\Flagged",
    Trash: "\\Trash",
    "Folders/Clients": null,
    "Labels/Urgent": null,
  },
};
