import type { FolderRole } from "../../shared/contract/folders.ts";

/** RFC 6154 §2 attributes, and the older ones of XLIST. */
const BY_ATTRIBUTE: Readonly<Record<string, FolderRole>> = {
  "\\inbox": "inbox",
  "\\sent": "sent",
  "\\drafts": "drafts",
  "\\archive": "archive",
  "\\junk": "junk",
  "\\spam": "junk",
  "\\trash": "trash",
  "\\all": "all",
  "\\allmail": "all",
};

/** Names that mean a role where the server does not say. Compared without case, blanks, dashes and quotes. */
const BY_NAME: Readonly<Record<Exclude<FolderRole, "inbox" | "none" | "all">, readonly string[]>> = {
  sent: [
    "sent",
    "sentitems",
    "sentmail",
    "sentmessages",
    "sentmails",
    "已发送",
    "已发送邮件",
    "已发邮件",
    "已发信件",
    "发件箱",
    "寄件備份",
    "已傳送",
  ],
  drafts: ["drafts", "draft", "draftbox", "草稿", "草稿箱", "草稿夹"],
  archive: ["archive", "archives", "archived", "归档", "存档", "邮件归档", "封存"],
  junk: ["junk", "junkemail", "junkmail", "spam", "bulk", "bulkmail", "垃圾邮件", "垃圾箱", "垃圾郵件", "广告邮件"],
  trash: ["trash", "deleted", "deleteditems", "deletedmessages", "bin", "已删除", "已删除邮件", "已删除信件", "废件箱", "回收站", "垃圾桶"],
};

const folded = (name: string) => name.toLowerCase().replace(/[\s\-_'’"]/gu, "");

export type Nameable = {
  readonly path: string;
  readonly name: string;
  readonly attributes: readonly string[];
  readonly canSelect: boolean;
};

/**
 * Which folder plays which role: what the server says first, then names; each role once. Of several folders with a fitting name the
 * one nearest the top wins.
 */
export function assignRoles(folders: readonly Nameable[]): Map<string, FolderRole> {
  const roles = new Map<string, FolderRole>();
  const taken = new Set<FolderRole>();
  const give = (path: string, role: FolderRole) => {
    if (taken.has(role) || roles.has(path)) return;
    taken.add(role);
    roles.set(path, role);
  };
  for (const folder of folders) if (folder.path.toUpperCase() === "INBOX") give(folder.path, "inbox");
  const selectable = folders.filter((folder) => folder.canSelect);
  for (const folder of selectable) {
    for (const attribute of folder.attributes) {
      const role = BY_ATTRIBUTE[attribute.toLowerCase()];
      if (role) give(folder.path, role);
    }
  }
  const byDepth = [...selectable].sort((a, b) => a.path.length - a.name.length - (b.path.length - b.name.length));
  for (const folder of byDepth) {
    const name = folded(folder.name);
    for (const [role, names] of Object.entries(BY_NAME)) if (names.includes(name)) give(folder.path, role as FolderRole);
  }
  return roles;
}
