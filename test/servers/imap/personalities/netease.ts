import type { Personality } from "../personality.ts";

const SELECTS = ["SELECT", "EXAMINE", "STATUS"];

/** imap.163.com, imap.126.com, imap.yeah.net. */
export const netease: Personality = {
  name: "163",
  // inferred: reports; no IDLE, no MOVE
  capabilities: "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1 SASL-IR AUTH=PLAIN".split(" "),
  folders: {
    // recorded: names of reports, in modified UTF-7: 草稿箱 已发送 已删除 垃圾邮件 病毒文件夹 广告邮件 订阅邮件
    INBOX: null,
    "&g0l6P3ux-": "\\Drafts",
    "&XfJT0ZAB-": "\\Sent",
    "&XfJSIJZk-": "\\Trash",
    "&V4NXPpCuTvY-": "\\Junk",
    "&dcVr0mWHTvZZOQ-": null,
    "&Xn9USpCuTvY-": null,
    "&i6KWBZCuTvY-": null,
  },
  // recorded: "Unsafe Login" to clients that did not introduce themselves (RFC 2971)
  onCommand: ({ name }, { clientId }) =>
    SELECTS.includes(name) && clientId === null ? { no: `${name} Unsafe Login. Please contact kefu@188.com for help` } : undefined,
};
