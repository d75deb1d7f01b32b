import type { Personality } from "../personality.ts";

/** A small host's Courier: plain IMAP4rev1, all folders below INBOX. */
export const courier: Personality = {
  name: "Courier",
  // inferred: nothing but the base protocol
  capabilities: "IMAP4rev1 NAMESPACE AUTH=PLAIN".split(" "),
  // inferred: Courier's documentation, maildirs in maildirs
  separator: ".",
  // inferred: Courier's documentation
  namespace: '(("INBOX." ".")) NIL (("#shared." "."))',
  // inferred: the names that mail programs make there
  folders: {
    INBOX: null,
    "INBOX.Drafts": null,
    "INBOX.Sent": null,
    "INBOX.Spam": null,
    "INBOX.Trash": null,
    "INBOX.Archive": null,
    "INBOX.Clients": null,
    "INBOX.Clients.North": null,
  },
};
