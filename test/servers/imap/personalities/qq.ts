import type { Personality } from "../personality.ts";

/** imap.qq.com and imap.exmail.qq.com. */
export const qq: Personality = {
  name: "QQ",
  // recorded (reports quote it): no CONDSTORE, no SPECIAL-USE, no ENABLE, no LIST-STATUS
  beforeLogin: "IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2 NAMESPACE".split(" "),
  // recorded (reports quote it): more than that is not offered after the login either
  capabilities: "IMAP4rev1 XLIST MOVE IDLE XAPPLEPUSHSERVICE NAMESPACE CHILDREN ID UIDPLUS".split(" "),
  folders: {
    // recorded: LIST of reports
    INBOX: null,
    "Sent Messages": "\\Sent",
    Drafts: "\\Drafts",
    "Deleted Messages": "\\Trash",
    Junk: "\\Junk",
    // recorded: own folders lie below 其他文件夹
    "&UXZO1mWHTvZZOQ-": null,
    // inferred: 其他文件夹/发票
    "&UXZO1mWHTvZZOQ-/&U9F5aA-": null,
  },
  // recorded (MailKit #946): SEARCH ignores its criteria
  searchFindsAll: true,
};
