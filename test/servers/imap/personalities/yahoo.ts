import type { Personality } from "../personality.ts";

/** imap.mail.yahoo.com. */
export const yahoo: Personality = {
  name: "Yahoo",
  // recorded (mailcore2 #1274): no IDLE
  capabilities: "IMAP4rev1 ID MOVE NAMESPACE X-ID-ACLID UIDPLUS LITERAL+ CHILDREN XAPPLEPUSHSERVICE XYMHIGHESTMODSEQ AUTH=PLAIN".split(" "),
  // inferred: the names of the web page
  folders: { INBOX: null, Archive: null, "Bulk Mail": null, Draft: null, Sent: null, Trash: null },
};
