import { expect, test } from "vitest";
import { assignRoles, type Nameable } from "../../main/imap/folder-roles.ts";

const folder = (path: string, ...attributes: string[]): Nameable => ({
  path,
  name: path.slice(path.lastIndexOf("/") + 1),
  attributes,
  canSelect: true,
});
const rolesOf = (...folders: Nameable[]) => Object.fromEntries(assignRoles(folders));

test("what the server says goes before what a name sounds like", () => {
  expect(rolesOf(folder("INBOX"), folder("Sent"), folder("Outgoing", "\\Sent"))).toEqual({ INBOX: "inbox", Outgoing: "sent" });
});

test("folders of a server that says nothing are known by their English and Chinese names", () => {
  expect(
    rolesOf(
      folder("INBOX"),
      folder("Sent Messages"),
      folder("Deleted Messages"),
      folder("Junk"),
      folder("Drafts"),
      folder("其他文件夹/归档"),
    ),
  ).toEqual({
    INBOX: "inbox",
    "Sent Messages": "sent",
    "Deleted Messages": "trash",
    Junk: "junk",
    Drafts: "drafts",
    "其他文件夹/归档": "archive",
  });
  expect(rolesOf(folder("已发送"), folder("草稿箱"), folder("垃圾邮件"), folder("已删除"))).toEqual({
    已发送: "sent",
    草稿箱: "drafts",
    垃圾邮件: "junk",
    已删除: "trash",
  });
});

test("XLIST attributes count as well", () => {
  expect(rolesOf(folder("[Gmail]/全部", "\\AllMail"), folder("[Gmail]/垃圾", "\\Spam"))).toEqual({
    "[Gmail]/全部": "all",
    "[Gmail]/垃圾": "junk",
  });
});

test("each role is given once, to the folder nearest the top", () => {
  expect(rolesOf(folder("Old/Sent"), folder("Sent"))).toEqual({ Sent: "sent" });
});

test("a folder that only holds others plays no role", () => {
  expect(rolesOf({ ...folder("Trash"), canSelect: false })).toEqual({});
});
