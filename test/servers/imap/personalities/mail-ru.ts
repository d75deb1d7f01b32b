import type { Personality } from "../personality.ts";

/** imap.mail.ru. */
export const mailRu: Personality = {
  name: "mail.ru",
  // inferred: reports
  capabilities: "IMAP4rev1 ID XLIST UIDPLUS UNSELECT MOVE LIST-STATUS IDLE AUTH=PLAIN".split(" "),
  // inferred: Отправленные, Черновики, Спам, Корзина, Архив
  folders: {
    INBOX: null,
    "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-": "\\Sent",
    "&BCcENQRABD0EPgQyBDgEOgQ4-": "\\Drafts",
    "&BCEEPwQwBDw-": "\\Junk",
    "&BBoEPgRABDcEOAQ9BDA-": "\\Trash",
    "&BBAEQARFBDgEMg-": "\\Archive",
  },
  // recorded (MailKit #1234, #446): no SEARCH by FROM or TEXT
  onCommand: ({ name, line }) =>
    name === "UID SEARCH" && /\b(FROM|TEXT)\b/.test(line) ? { no: "[CANNOT] Unsupported search criterion" } : undefined,
};
