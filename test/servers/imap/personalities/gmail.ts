import type { Personality } from "../personality.ts";

/** imap.gmail.com. Recorded lines: transcripts of 2013-2024; inferred ones: Google's page on its IMAP extensions, and reports. */
export const gmail: Personality = {
  name: "Gmail",
  // recorded: greeting.txt
  greeting: "OK Gimap ready for requests from 127.0.0.1 i9if7359725qay.199",
  // recorded: capability+login.txt
  beforeLogin: [
    ..."IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR".split(" "),
    ..."AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER AUTH=XOAUTH".split(" "),
  ],
  // recorded: authenticate.txt. CONDSTORE without QRESYNC; no SPECIAL-USE, though LIST names special uses all the same.
  capabilities: [
    ..."IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE".split(" "),
    ..."ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- APPENDLIMIT=35651584".split(" "),
  ],
  // inferred: developers.google.com, "All LIST responses contain these Special-Use attributes"
  tellsSpecialUse: true,
  folders: {
    // recorded: list-gmail-subfolders.txt, xlist.txt
    INBOX: null,
    "[Gmail]/All Mail": "\\All",
    "[Gmail]/Drafts": "\\Drafts",
    "[Gmail]/Important": "\\Important",
    "[Gmail]/Sent Mail": "\\Sent",
    "[Gmail]/Spam": "\\Junk",
    "[Gmail]/Starred": "\\Flagged",
    "[Gmail]/Trash": "\\Trash",
    // inferred: labels of the user's own, one below another, one in Chinese (客户)
    Work: null,
    "Work/Travel": null,
    "&W6JiNw-": null,
  },
  // inferred: X-GM-LABELS and its rules are in gmail.ts
  labels: true,
  // inferred: Gmail's help
  filesSent: true,
};

/** inferred: the setting "Show in IMAP" of All Mail is off. */
export const gmailWithoutAllMail: Personality = {
  ...gmail,
  name: "Gmail without All Mail",
  folders: Object.fromEntries(Object.entries(gmail.folders).filter(([name]) => name !== "[Gmail]/All Mail")),
};

/** inferred (reports): what Gmail says when there are too many connections, or too much was downloaded. */
export const GMAIL_WORDS = {
  tooManyConnections: "[ALERT] Too many simultaneous connections. (Failure)",
  overQuota: "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
  throttled: "[THROTTLED] Rate limit hit. (Failure)",
} as const;
