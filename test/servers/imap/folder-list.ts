import { type Arguments, SyntaxRefusal } from "./arguments.ts";
import { mailboxName, string } from "./formats.ts";
import { canonicalName, type MailStore } from "./mail-store.ts";

/** A LIST command (RFC 3501 §6.3.8, RFC 5258). */
export interface ListCommand {
  select: Set<string>;
  patterns: string[];
  returns: Set<string>;
  /** Items of RETURN (STATUS (...)) (RFC 5819). */
  status: string[] | null;
  /** It used a syntax that plain IMAP4rev1 does not have. */
  extended: boolean;
}

const SELECT_OPTIONS = ["SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE"];
const RETURN_OPTIONS = ["SUBSCRIBED", "CHILDREN", "SPECIAL-USE"];

export function readList(from: Arguments): ListCommand {
  const command: ListCommand = { select: new Set(), patterns: [], returns: new Set(), status: null, extended: false };
  if (from.rest.startsWith("(")) {
    command.extended = true;
    command.select = new Set(from.list(() => option(from.atom(), SELECT_OPTIONS)));
    from.space();
  }
  const reference = from.astring();
  from.space();
  const listed = from.rest.startsWith("(");
  const patterns = listed ? from.list(() => from.astring(true)) : [from.astring(true)];
  command.patterns = patterns.map((pattern) => reference + pattern);
  command.extended ||= listed;
  if (from.take(" RETURN ")) {
    command.extended = true;
    const names = from.list(() => {
      const name = from.atom();
      if (name.toUpperCase() !== "STATUS") return option(name, RETURN_OPTIONS);
      from.space();
      command.status = from.list(() => from.atom().toUpperCase());
      return "STATUS";
    });
    command.returns = new Set(names);
  }
  if (command.select.has("RECURSIVEMATCH") && !command.select.has("SUBSCRIBED"))
    throw new SyntaxRefusal("RECURSIVEMATCH needs another option");
  return command;
}

function option(name: string, known: readonly string[]): string {
  const upper = name.toUpperCase();
  if (!known.includes(upper)) throw new SyntaxRefusal(`unknown option ${name}`);
  return upper;
}

export interface ListedFolder {
  name: string;
  exists: boolean;
  subscribed: boolean;
  hasChildren: boolean;
  specialUse: string | null;
  /** Folders below answer the selection although this one, or not it alone, does. */
  childInfo: boolean;
}

/** The folders that a LIST command names, parents that exist only by their children included. */
export function listFolders(store: MailStore, command: ListCommand): ListedFolder[] {
  const { separator } = store;
  const wanted = command.patterns.map((pattern) => patternOf(pattern, separator));
  const matches = (name: string): boolean => wanted.some((pattern) => pattern.test(name));
  const bySubscription = command.select.has("SUBSCRIBED");
  const candidates = new Set(
    [...store.mailboxes.keys(), ...(bySubscription ? store.subscribed : [])].flatMap((name) => withParents(name, separator)),
  );
  return [...candidates].sort(inboxFirst).flatMap((name): ListedFolder[] => {
    if (!matches(name)) return [];
    const folder = describe(store, name);
    if (command.select.has("SPECIAL-USE") && folder.specialUse === null) return [];
    if (!bySubscription) return folder.exists || folder.hasChildren ? [folder] : [];
    if (folder.subscribed) return [folder];
    if (!command.select.has("RECURSIVEMATCH")) return [];
    const hidden = [...store.subscribed].some((other) => other.startsWith(name + separator) && !matches(other));
    return hidden ? [{ ...folder, childInfo: true }] : [];
  });
}

function withParents(name: string, separator: string): string[] {
  const steps = name.split(separator);
  return steps.map((_, index) => steps.slice(0, index + 1).join(separator));
}

function inboxFirst(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "INBOX") return -1;
  return b === "INBOX" || a > b ? 1 : -1;
}

function describe(store: MailStore, name: string): ListedFolder {
  return {
    name,
    exists: store.mailboxes.has(name),
    subscribed: store.subscribed.has(name),
    hasChildren: store.hasChildren(name),
    specialUse: store.specialUse.get(name) ?? null,
    childInfo: false,
  };
}

/** `*` is anything, `%` anything within one level. */
function patternOf(text: string, separator: string): RegExp {
  const source = canonicalName(text).replace(/[*%]|[^*%]+/g, (piece) => {
    if (piece === "*") return ".*";
    return piece === "%" ? `[^${separator === "\\" ? "\\\\" : separator}]*` : piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "s");
}

/** LSUB (RFC 3501 §6.3.9): a parent of subscribed folders stands for them when `%` does not reach them. */
export function lsubFolders(store: MailStore, pattern: string): { name: string; subscribed: boolean }[] {
  const { separator } = store;
  const wanted = patternOf(pattern, separator);
  const names = pattern.endsWith("%") ? [...store.subscribed].flatMap((name) => withParents(name, separator)) : [...store.subscribed];
  return [...new Set(names)].filter((name) => wanted.test(name)).map((name) => ({ name, subscribed: store.subscribed.has(name) }));
}

/** The attributes and name of one LIST answer. */
export function listLine(
  folder: ListedFolder,
  show: { children: boolean; subscribed: boolean; specialUse: boolean; extended: boolean; separator: string },
): string {
  const attributes: string[] = [];
  if (!folder.exists) attributes.push(show.extended ? "\\NonExistent" : "\\Noselect");
  if (folder.subscribed && show.subscribed) attributes.push("\\Subscribed");
  if (show.children) attributes.push(folder.hasChildren ? "\\HasChildren" : "\\HasNoChildren");
  if (show.specialUse && folder.specialUse !== null) attributes.push(folder.specialUse);
  const extra = folder.childInfo ? ' ("CHILDINFO" ("SUBSCRIBED"))' : "";
  return `* LIST (${attributes.join(" ")}) ${string(show.separator)} ${mailboxName(folder.name)}${extra}`;
}
