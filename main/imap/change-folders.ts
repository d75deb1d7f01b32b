import { asFailure } from "../../shared/failure.ts";
import { strings } from "./command-line.ts";
import type { Session } from "./session.ts";

/**
 * A folder's name on the wire below a parent whose own spelling is known: a broken name of the parent is kept as the server spells it.
 */
function learnPath(session: Session, path: string, separator: string): void {
  const end = separator === "" ? -1 : path.lastIndexOf(separator);
  if (end < 0) return;
  const parent = session.wireName(path.slice(0, end));
  session.learnWireName(path, parent + separator + session.wireName(path.slice(end + separator.length)));
}

/** CREATE, and SUBSCRIBE as mail programs do: other programs of the user may only show subscribed folders. */
export async function createFolder(session: Session, path: string, separator: string): Promise<void> {
  learnPath(session, path, separator);
  await session.send("CREATE", [session.wireName(path)]);
  await subscribe(session, path, true);
}

/** RENAME; what lies below comes along (RFC 9051 §6.3.6). Whatever is selected may have another name now. */
export async function renameFolder(session: Session, from: string, to: string, separator: string): Promise<void> {
  learnPath(session, to, separator);
  await session.send("RENAME", [session.wireName(from), session.wireName(to)]);
  session.selected = null;
}

export async function deleteFolder(session: Session, path: string): Promise<void> {
  await session.send("DELETE", [session.wireName(path)]);
  session.selected = null;
  await subscribe(session, path, false);
}

export async function subscribeFolder(session: Session, path: string, on: boolean): Promise<void> {
  await session.send(on ? "SUBSCRIBE" : "UNSUBSCRIBE", [session.wireName(path)]);
}

/** A subscription that follows from something else: a server that refuses it does no harm. */
export async function subscribe(session: Session, path: string, on: boolean): Promise<void> {
  try {
    await subscribeFolder(session, path, on);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== "refused" && failure.kind !== "gone") throw failure;
  }
}

/** The user's own rights in a folder (RFC 4314 §3.5), or null where the server does not tell them. */
export async function readRights(session: Session, path: string): Promise<string | null> {
  let rights: string | null = null;
  try {
    await session.send("MYRIGHTS", [session.wireName(path)], {
      MYRIGHTS(answer) {
        rights = strings(answer.attributes?.[1])[0] ?? rights;
      },
    });
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== "refused" && failure.kind !== "gone") throw failure;
  }
  return rights;
}

/** What begins every path of the user's own folders (RFC 2342): `INBOX.` on some servers, mostly nothing. */
export async function readPrefix(session: Session): Promise<string> {
  if (!session.abilities.namespace) return "";
  let prefix = "";
  try {
    await session.send("NAMESPACE", [], {
      NAMESPACE(answer) {
        const [personal] = answer.attributes ?? [];
        // (("INBOX." ".")): the first of the personal ones is where new folders go.
        prefix = strings(personal)[0] ?? "";
      },
    });
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== "refused" && failure.kind !== "gone") throw failure;
  }
  return prefix === "" ? "" : session.pathOf(prefix);
}
