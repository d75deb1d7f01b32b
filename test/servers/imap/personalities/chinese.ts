import type { Personality } from "../personality.ts";
import { encodeFolderName } from "../utf7.ts";

/*
 * Nothing here is recorded: no dialogue with these servers is at hand. Each line says what it rests on. What the tests prove with them is that
 * folders without SPECIAL-USE are known by such names, not that the servers have exactly these.
 */

/** inferred: what all of them need to work with mail programs at all; ID is sent whether it is offered or not. */
const PLAIN = "IMAP4rev1 ID IDLE NAMESPACE UIDPLUS AUTH=PLAIN AUTH=LOGIN";

/** Folders by the names that people read. No server of these tells special uses. */
const named = (...names: string[]): Record<string, null> =>
  Object.fromEntries(["INBOX", ...names.map(encodeFolderName)].map((name) => [name, null]));

/** imap.sina.com, imap.sina.cn */
export const sina: Personality = {
  name: "Sina",
  // inferred: as the others
  capabilities: PLAIN.split(" "),
  // inferred: the names in its web mail
  folders: named("草稿夹", "已发送", "已删除", "垃圾邮件", "星标邮件", "商讯"),
};

/** imap.sohu.com */
export const sohu: Personality = {
  name: "Sohu",
  // inferred: the sparest of them, without IDLE, so that polling is tried as well
  capabilities: "IMAP4rev1 ID NAMESPACE UIDPLUS AUTH=PLAIN".split(" "),
  // inferred: the names in its web mail
  folders: named("草稿箱", "已发送", "已删除", "垃圾邮件"),
};

/** imap.aliyun.com */
export const aliyun: Personality = {
  name: "Alimail",
  // inferred: XLIST and CHILDREN besides, for a server that offers them and marks nothing
  capabilities: `${PLAIN} XLIST CHILDREN`.split(" "),
  // inferred: the names in its web mail
  folders: named("草稿", "已发送", "已删除邮件", "垃圾邮件"),
};

/** imap.139.com */
export const mobile139: Personality = {
  name: "139",
  // inferred: as the others
  capabilities: PLAIN.split(" "),
  // inferred: the names in its web mail
  folders: named("草稿箱", "已发送", "已删除", "垃圾邮件", "病毒邮件", "广告邮件", "账单邮件"),
};

/** imap.189.cn */
export const telecom189: Personality = {
  name: "189",
  // inferred: as the others
  capabilities: PLAIN.split(" "),
  // inferred: the names in its web mail
  folders: named("草稿箱", "已发送", "废件箱", "垃圾邮件"),
};
