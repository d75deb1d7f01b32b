import type { Arguments } from "../arguments.ts";
import { mailboxName } from "../formats.ts";
import { canonicalName } from "../mail-store.ts";
import { Refusal } from "../refusal.ts";
import type { Session } from "../session.ts";
import type { CommandSpec } from "./table.ts";

/** CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE and STATUS. */
export const folderCommands: Record<string, CommandSpec> = {
  CREATE: { state: "user", news: "all", run: create },
  DELETE: { state: "user", news: "all", run: remove },
  RENAME: { state: "user", news: "all", run: rename },
  SUBSCRIBE: {
    state: "user",
    news: "all",
    run: (session, from) => {
      session.store.subscribed.add(canonicalName(lastName(from)));
      return undefined;
    },
  },
  UNSUBSCRIBE: {
    state: "user",
    news: "all",
    run: (session, from) => {
      session.store.subscribed.delete(canonicalName(lastName(from)));
      return undefined;
    },
  },
  STATUS: {
    state: "user",
    news: "all",
    run: (session, from) => {
      from.space();
      const name = from.astring();
      from.space();
      const items = from.list(() => from.atom().toUpperCase());
      from.end();
      const line = statusLine(session, name, items);
      if (line === null) throw new Refusal("[NONEXISTENT] No such mailbox");
      session.untagged(line);
      return undefined;
    },
  },
};

function lastName(from: Arguments): string {
  from.space();
  const name = from.astring();
  from.end();
  return name;
}

function create(session: Session, from: Arguments): string | undefined {
  from.space();
  const name = from.astring();
  let use: string | null = null;
  // CREATE name (USE (\Sent)) (RFC 6154 §3)
  if (session.can("CREATE-SPECIAL-USE") && from.take(" (USE ")) {
    use = from.list(() => from.flag())[0] ?? null;
    from.need(")");
  }
  from.end();
  const mailbox = session.store.create(name);
  if (mailbox === null) throw new Refusal("[ALREADYEXISTS] There is one of that name");
  if (use !== null) session.store.specialUse.set(canonicalName(name), use);
  return session.can("OBJECTID") ? `[MAILBOXID (${mailbox.id})] Created` : undefined;
}

function remove(session: Session, from: Arguments): undefined {
  const name = lastName(from);
  const mailbox = session.store.find(name);
  if (!session.store.delete(name)) throw new Refusal("[NONEXISTENT] It cannot be deleted");
  if (mailbox === session.view?.mailbox) session.view = null;
  return undefined;
}

function rename(session: Session, from: Arguments): undefined {
  from.space();
  const old = from.astring();
  const name = lastName(from);
  if (!session.store.rename(old, name)) throw new Refusal("[CANNOT] It cannot be renamed");
  return undefined;
}

/** The untagged STATUS answer, or null when there is no such mailbox. */
export function statusLine(session: Session, name: string, items: readonly string[]): string | null {
  const mailbox = session.store.find(name);
  if (mailbox === undefined) return null;
  const values: Record<string, string | number> = {
    MESSAGES: mailbox.messages.length,
    RECENT: mailbox.messages.filter(({ recent }) => recent).length,
    UNSEEN: mailbox.messages.filter(({ flags }) => !flags.has("\\Seen")).length,
    UIDNEXT: mailbox.uidNext,
    UIDVALIDITY: mailbox.uidValidity,
    HIGHESTMODSEQ: mailbox.highestModseq,
    MAILBOXID: `(${mailbox.id})`,
    SIZE: mailbox.messages.reduce((sum, { raw }) => sum + raw.length, 0),
  };
  if (items.includes("HIGHESTMODSEQ")) session.enabled.add("CONDSTORE");
  const pairs = items.flatMap((item) => (values[item] === undefined ? [] : [`${item} ${values[item]}`]));
  return `* STATUS ${mailboxName(canonicalName(name))} (${pairs.join(" ")})`;
}
