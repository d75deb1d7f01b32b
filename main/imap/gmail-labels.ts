import { ALL_MAIL, type Label } from "../plan/labels.ts";

type Listed = { readonly path: string; readonly attributes: readonly string[]; readonly canSelect: boolean };

/** RFC 6154 and XLIST attributes of Gmail's folders, and what X-GM-LABELS calls what is in them; null for mailboxes beside All Mail. */
const BY_ATTRIBUTE: Readonly<Record<string, Label>> = {
  "\\all": ALL_MAIL,
  "\\allmail": ALL_MAIL,
  "\\inbox": "\\Inbox",
  "\\sent": "\\Sent",
  "\\drafts": "\\Draft",
  "\\important": "\\Important",
  "\\junk": null,
  "\\spam": null,
  "\\trash": null,
};

function attributeOf({ attributes }: Listed, wanted: (attribute: string) => boolean): string | undefined {
  return attributes.map((attribute) => attribute.toLowerCase()).find(wanted);
}

/** Whether the account shows All Mail over IMAP: only then can its folders be taken for the labels that they are. */
export function showsAllMail(folders: readonly Listed[]): boolean {
  return folders.some((folder) => folder.canSelect && attributeOf(folder, (one) => BY_ATTRIBUTE[one] === ALL_MAIL) !== undefined);
}

/** The label whose messages a Gmail folder shows. */
export function labelOf(folder: Listed): Label {
  if (!folder.canSelect) return null;
  if (folder.path.toUpperCase() === "INBOX") return "\\Inbox";
  const attribute = attributeOf(folder, (one) => one in BY_ATTRIBUTE);
  return attribute === undefined ? folder.path : (BY_ATTRIBUTE[attribute] ?? null);
}

/** Starred is the flag \Flagged once more, which Satchel shows for all accounts together. */
export function isStarred(folder: Listed): boolean {
  return attributeOf(folder, (one) => one === "\\flagged" || one === "\\starred") !== undefined;
}
