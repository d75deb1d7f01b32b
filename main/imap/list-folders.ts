import type { ImapResponse } from "imapflow";
import type { FolderRole } from "../../shared/contract/folders.ts";
import { asFailure } from "../../shared/failure.ts";
import { type Argument, atom, strings } from "./command-line.ts";
import { assignRoles } from "./folder-roles.ts";
import { type FolderStatus, readStatus, statusItems } from "./folder-status.ts";
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
};

export type FolderListing = { readonly folders: ListedFolder[]; readonly statuses: Map<string, FolderStatus> };

type Found = { path: string; delimiter: string; attributes: string[] };

function readListed(session: Session, answer: ImapResponse): Found | null {
  const [attributes, delimiter, name] = answer.attributes ?? [];
  const raw = strings(name)[0];
  if (raw === undefined || raw === "") return null;
  const path = session.pathOf(raw);
  session.learnWireName(path, raw);
  return { path, delimiter: strings(delimiter)[0] ?? "", attributes: strings(attributes) };
}

const has = (found: Found, attribute: string) => found.attributes.some((one) => one.toLowerCase() === attribute);

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
    if (folder && !has(folder, "\\nonexistent")) found.set(folder.path, folder);
  };
  const takeStatus = (answer: ImapResponse) => {
    const read = readStatus(session, answer);
    if (read) statuses.set(read.path, read.status);
  };
  const returns: Argument[] = [];
  if (abilities.specialUse && abilities.listExtended) returns.push(atom("SPECIAL-USE"));
  if (abilities.listExtended) returns.push(atom("SUBSCRIBED"));
  if (abilities.listStatus) returns.push(atom("STATUS"), statusItems(session));
  const command = abilities.xlist && !abilities.specialUse ? "XLIST" : "LIST";
  const plain: Argument[] = ["", "*"];
  const handlers = { LIST: take, XLIST: take, STATUS: takeStatus };
  try {
    await session.send(command, command === "LIST" && returns.length > 0 ? [...plain, atom("RETURN"), returns] : plain, handlers);
  } catch (error) {
    // Some servers advertise what they then refuse; the plain form is in every one of them.
    if (asFailure(error).kind !== "refused") throw error;
    await session.send("LIST", plain, handlers);
  }
  return { folders: withRoles([...found.values()]), statuses };
}

function withRoles(found: readonly Found[]): ListedFolder[] {
  const knowsSubscriptions = found.some((folder) => has(folder, "\\subscribed"));
  const paths = new Set(found.map((folder) => folder.path));
  const named = found.map((folder) => {
    const end = folder.delimiter === "" ? -1 : folder.path.lastIndexOf(folder.delimiter);
    return {
      ...folder,
      name: folder.path.slice(end + 1),
      parentPath: end > 0 && paths.has(folder.path.slice(0, end)) ? folder.path.slice(0, end) : null,
      canSelect: !has(folder, "\\noselect"),
      subscribed: !knowsSubscriptions || has(folder, "\\subscribed"),
    };
  });
  const roles = assignRoles(named);
  return named.map(({ path, delimiter, name, parentPath, canSelect, subscribed }) => ({
    path,
    delimiter,
    name,
    parentPath,
    role: roles.get(path) ?? "none",
    canSelect,
    canWrite: true,
    subscribed,
  }));
}
