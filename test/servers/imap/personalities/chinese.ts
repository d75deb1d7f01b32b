import type { Personality } from "../personality.ts";
import { encodeFolderName } from "../utf7.ts";

const PLAIN = "IMAP4rev1 ID IDLE NAMESPACE UIDPLUS AUTH=PLAIN AUTH=LOGIN";

/** Folders by the names that people read. No server of these tells special uses. */
const named = (...names: string[]): Record<string, null> =>
  Object.fromEntries(["INBOX", ...names.map(encodeFolderName)].map((name) => [name, null]));

/** imap.sina.com, imap.sina.cn. inferred: folders of the web mail */
export const sina: Personality = {
  name: "Sina",
  capabilities: PLAIN.split(" "),
  folders: named("草稿夹", "已发送", "已删除", "垃圾邮件", "星标邮件", "商讯"),
};

/** imap.sohu.com. inferred: folders of the web mail; no IDLE */
export const sohu: Personality = {
  name: "Sohu",
  capabilities: "IMAP4rev1 ID NAMESPACE UIDPLUS AUTH=PLAIN".split(" "),
  folders: named("草稿箱", "已发送", "已删除", "垃圾邮件"),
};

/** imap.aliyun.com. inferred: folders of the web mail */
export const aliyun: Personality = {
  name: "Alimail",
  capabilities: `${PLAIN} XLIST CHILDREN`.split(" "),
  folders: named("草稿", "已发送", "已删除邮件", "垃圾邮件"),
};

/** imap.139.com. inferred: folders of the web mail */
export const mobile139: Personality = {
  name: "139",
  capabilities: PLAIN.split(" "),
  folders: named("草稿箱", "已发送", "已删除", "垃圾邮件", "病毒邮件", "广告邮件", "账单邮件"),
};

/** imap.189.cn. inferred: folders of the web mail */
export const telecom189: Personality = {
  name: "189",
  capabilities: PLAIN.split(" "),
  folders: named("草稿箱", "已发送", "废件箱", "垃圾邮件"),
};
