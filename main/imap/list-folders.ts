import type { ImapResponse } from "imapflow";
import type { FolderRole } from "../../shared/contract/folders.ts";
import { asFailure } from "../../shared/failure.ts";
import type { Label } from "../plan/labels.ts";
import { readPrefix } from "./change-folders.ts";
import { type Argument, atom, strings } from "./command-line.ts";
import { assignRoles } from "./folder-roles.ts";
import { type FolderStatus, readStatus, statusItems } from "./folder-status.ts";
import { isStarred, labelOf, showsAllMail } from "./gmail-labels.ts";
import type { Session } from "./session.ts";

export type ListedFolder = {
  readonly path: string;
  readonly delimiter: string;
  readonly name: string;
  readonly parentPath: string | null;
  readonly role: FolderRole;
  readonly canSelect: boolean;
  readonly canWrite: boolean;
  readonly subscribed: boolean;
  /** Of a Gmail account, see plan/labels. */
  readonly label: Label;
  readonly noInferiors: boolean;
};

export type FolderListing = {
  /** Of the personal namespace; see change-folders. */
  readonly prefix: string;
  readonly folders: ListedFolder[];
  readonly statuses: Map<string, FolderStatus>;
};

type Found = { path: string; delimiter: string; attributes: string[] };

function readListed(session: Session, answer: ImapResponse): Found | null {
  const [attributes, delimiter, name] = answer.attributes ?? [];
  const raw = strings(name)[0];
  if (raw === undefined || raw === "") return null;
  const told = strings(attributes);
  // XLIST calls the inbox what it is called in the user's language.
  const path = told.some((one) => one.toLowerCase() === "\\inbox") ? "INBOX" : session.pathOf(raw);
  if (path !== "INBOX") session.learnWireName(path, raw);
  return { path, delimiter: strings(delimiter)[0] ?? "", attributes: told };
}

const has = (found: Found, attribute: string) => found.attributes.some((one) => one.toLowerCase() === attribute);

const USES = ["\\all", "\\allmail", "\\sent", "\\drafts", "\\trash", "\\junk", "\\spam", "\\archive"];
const tellsUse = (found: Found) => found.attributes.some((one) => USES.includes(one.toLowerCase()));

/**
 * All folders of the account with their roles, and with LIST-STATUS how each stands, in one round trip.
 *
 * Attributes asked for with RETURN are RFC 6154 and RFC 5258; QQ and old Gmail answer XLIST instead.
 */
export async function listFolders(session: Session): Promise<FolderListing> {
  const { abilities } = session;
  const found = new Map<string, Found>();
  const statuses = new Map<string, FolderStatus>();
  const take = (answer: ImapResponse) => {
    const folder = readListed(session, answer);
    if (folder) found.set(folder.path, folder);
  };
  const takeStatus = (answer: ImapResponse) => {
    const read = readStatus(session, answer);
    if (read) statuses.set(read.path, read.status);
  };
  const returns: Argument[] = [];
  if (abilities.specialUse && abilities.listExtended) returns.push(atom("SPECIAL-USE"));
  if (abilities.listExtended) returns.push(atom("SUBSCRIBED"));
  if (abilities.listStatus) returns.push(atom("STATUS"), statusItems(session));
  const command = abilities.xlist && !abilities.specialUse && !abilities.listStatus ? "XLIST" : "LIST";
  const plain: Argument[] = ["", "*"];
  const handlers = { LIST: take, XLIST: take, STATUS: takeStatus };
  try {
    await session.send(command, command === "LIST" && returns.length > 0 ? [...plain, atom("RETURN"), returns] : plain, handlers);
  } catch (error) {
    // Some servers advertise what they then refuse; the plain form is in every one of them.
    if (asFailure(error).kind !== "refused") throw error;
    await session.send("LIST", plain, handlers);
  }
  // Gmail tells special uses in LIST without offering the extension, or only in XLIST.
  if (command === "LIST" && abilities.xlist && ![...found.values()].some(tellsUse)) await session.send("XLIST", plain, { XLIST: take });
  dropNonExistent(found);
  if (!abilities.listExtended && !abilities.gmail) await readSubscriptions(session, found);
  const prefix = session.prefix ?? (await readPrefix(session));
  session.prefix = prefix;
  return { prefix, folders: withRoles([...found.values()], abilities.gmail, prefix), statuses };
}

/** RFC 5258 §3: a name that is only there for what lies below it stays, and holds it; any other is none. */
function dropNonExistent(found: Map<string, Found>): void {
  for (const [path, folder] of found) {
    if (!has(folder, "\\nonexistent")) continue;
    const holds = folder.delimiter !== "" && [...found.keys()].some((other) => other.startsWith(path + folder.delimiter));
    if (!holds) found.delete(path);
  }
}

/** LSUB, where LIST does not tell subscriptions. */
async function readSubscriptions(session: Session, found: ReadonlyMap<string, Found>): Promise<void> {
  try {
    await session.send("LSUB", ["", "*"], {
      LSUB(answer) {
        const folder = readListed(session, answer);
        const known = folder && found.get(folder.path);
        // \Noselect: only a parent of subscribed ones (RFC 3501 §6.3.9).
        if (known && !has(folder, "\\noselect")) known.attributes.push("\\Subscribed");
      },
    });
  } catch (error) {
    if (asFailure(error).kind !== "refused") throw error;
  }
}

function withRoles(found: readonly Found[], gmail: boolean, prefix: string): ListedFolder[] {
  const knowsSubscriptions = found.some((folder) => has(folder, "\\subscribed"));
  const paths = new Set(found.map((folder) => folder.path));
  const named = found.map((folder) => {
    const end = folder.delimiter === "" ? -1 : folder.path.lastIndexOf(folder.delimiter);
    const above = end > 0 && paths.has(folder.path.slice(0, end)) ? folder.path.slice(0, end) : null;
    return {
      ...folder,
      name: folder.path.slice(end + 1),
      // Where all folders are called INBOX.something, they are not in the inbox: that is only how their names begin.
      parentPath: above !== null && prefix !== "" && above + folder.delimiter === prefix ? null : above,
      canSelect: !has(folder, "\\noselect") && !has(folder, "\\nonexistent"),
      subscribed: !knowsSubscriptions || has(folder, "\\subscribed"),
    };
  });
  const labelled = gmail && showsAllMail(named);
  // A label that somebody called "Archive" is not where Gmail archives: there only the server's own word counts.
  const roles = assignRoles(labelled ? named.map((folder) => ({ ...folder, name: "" })) : named);
  const shown = labelled ? named.filter((folder) => !isStarred(folder)) : named;
  return shown.map((folder) => {
    const { path, delimiter, name, parentPath, canSelect, subscribed } = folder;
    const role = roles.get(path) ?? "none";
    const noInferiors = has(folder, "\\noinferiors");
    const label = labelled ? labelOf(folder) : null;
    return { path, delimiter, name, parentPath, role, canSelect, canWrite: true, subscribed, label, noInferiors };
  });
}
