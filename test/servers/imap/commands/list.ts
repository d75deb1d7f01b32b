import type { Arguments } from "../arguments.ts";
import { SyntaxRefusal } from "../arguments.ts";
import { type ListCommand, listFolders, listLine, lsubFolders, readList } from "../folder-list.ts";
import { mailboxName, string } from "../formats.ts";
import type { Session } from "../session.ts";
import { statusLine } from "./folders.ts";
import type { CommandSpec } from "./table.ts";

export const listCommands: Record<string, CommandSpec> = {
  LIST: { state: "user", news: "all", run: list },
  LSUB: { state: "user", news: "all", run: lsub },
  XLIST: { state: "user", news: "all", needs: "XLIST", run: xlist },
};

function list(session: Session, from: Arguments): undefined {
  from.space();
  const command = readList(from);
  from.end();
  if (command.extended && !session.can("LIST-EXTENDED") && !session.can("LIST-STATUS") && !session.can("SPECIAL-USE")) {
    throw new SyntaxRefusal("extended LIST is not offered");
  }
  // RFC 3501 §6.3.8: an empty pattern asks for the separator.
  if (!command.extended && command.patterns[0] === "") {
    session.untagged(`* LIST (\\Noselect) ${string(session.store.separator)} ""`);
    return undefined;
  }
  for (const folder of listFolders(session.store, command)) {
    session.untagged(listLine(folder, shown(session, command)));
    const status = command.status === null ? null : statusLine(session, folder.name, command.status);
    if (status !== null) session.untagged(status);
  }
  return undefined;
}

function shown(session: Session, { extended, select, returns }: ListCommand): Parameters<typeof listLine>[1] {
  return {
    extended,
    children: session.can("CHILDREN") || returns.has("CHILDREN"),
    subscribed: select.has("SUBSCRIBED") || returns.has("SUBSCRIBED"),
    specialUse: session.can("SPECIAL-USE") || session.server.personality?.tellsSpecialUse === true,
    separator: session.store.separator,
  };
}

function lsub(session: Session, from: Arguments): undefined {
  from.space();
  const reference = from.astring();
  from.space();
  const pattern = reference + from.astring(true);
  from.end();
  for (const { name, subscribed } of lsubFolders(session.store, pattern)) {
    session.untagged(`* LSUB (${subscribed ? "" : "\\Noselect"}) ${string(session.store.separator)} ${mailboxName(name)}`);
  }
  return undefined;
}

/** What Gmail and QQ had before SPECIAL-USE: the same attributes, and \Inbox. */
const XLIST_NAMES: Record<string, string> = { "\\Junk": "\\Spam", "\\All": "\\AllMail", "\\Flagged": "\\Starred" };

function xlist(session: Session, from: Arguments): undefined {
  from.space();
  const command = readList(from);
  from.end();
  for (const folder of listFolders(session.store, command)) {
    const use = folder.name === "INBOX" ? "\\Inbox" : folder.specialUse;
    const specialUse = use === null ? null : (XLIST_NAMES[use] ?? use);
    const line = listLine(
      { ...folder, specialUse },
      {
        children: true,
        subscribed: false,
        specialUse: true,
        extended: false,
        separator: session.store.separator,
      },
    );
    session.untagged(line.replace("* LIST", "* XLIST"));
  }
  return undefined;
}
