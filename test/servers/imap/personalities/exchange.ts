import type { Personality } from "../personality.ts";

/** A company's own Exchange, here in Chinese. */
export const exchange: Personality = {
  name: "Exchange",
  // recorded (reports quote it)
  greeting: "OK The Microsoft Exchange IMAP4 service is ready.",
  // inferred: Exchange 2016, no MOVE before 2019
  capabilities: "IMAP4 IMAP4rev1 AUTH=PLAIN UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+".split(" "),
  // inferred: 已发送邮件 已删除邮件 草稿 垃圾邮件 存档
  folders: {
    INBOX: null,
    "&XfJT0ZABkK5O9g-": null,
    "&XfJSIJZkkK5O9g-": null,
    "&g0l6Pw-": null,
    "&V4NXPpCuTvY-": null,
    "&W1hoYw-": null,
  },
  onCommand: ({ name, line }) => {
    // recorded (php-imap #464): CHARSET is refused
    if (name === "UID SEARCH" && line.includes("CHARSET")) return { no: "[BADCHARSET (US-ASCII)] The specified charset is not supported." };
    // inferred: notices to people come at any time
    if (name === "NOOP") return { raw: "* OK [ALERT] Your mailbox is almost full.\r\n{tag} OK NOOP completed.\r\n" };
    return undefined;
  },
};
