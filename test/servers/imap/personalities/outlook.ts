import type { Personality } from "../personality.ts";

/** outlook.office365.com. It files sent mail itself, under a Message-ID of its own. */
export const outlook: Personality = {
  name: "Outlook",
  // recorded (reports quote it)
  greeting: "OK The Microsoft Exchange IMAP4 service is ready.",
  // recorded (reports quote it): no SPECIAL-USE
  capabilities: "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+".split(" "),
  // recorded (chatmail/core #2250): with the sender's own Message-ID moved to X-Microsoft-Original-Message-ID
  filesSent: true,
  // inferred: the English names
  folders: {
    INBOX: null,
    Archive: null,
    "Deleted Items": null,
    Drafts: null,
    "Junk Email": null,
    Notes: null,
    Outbox: null,
    "Sent Items": null,
  },
};

/** recorded: what every command is answered with when IMAP is switched off for the mailbox. */
export const outlookSwitchedOff: Personality = {
  ...outlook,
  name: "Outlook without IMAP",
  onCommand: ({ name }) =>
    ["LIST", "SELECT", "EXAMINE", "STATUS"].includes(name) ? { bad: "User is authenticated but not connected." } : undefined,
};
