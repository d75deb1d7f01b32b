import { type Arguments, SyntaxRefusal } from "../arguments.ts";
import { parseDateTime } from "../formats.ts";
import type { NewMessage } from "../mailbox.ts";
import { Refusal } from "../refusal.ts";
import { compressed } from "../sequence-set.ts";
import type { Session } from "../session.ts";
import type { CommandSpec } from "./table.ts";

export const appendCommands: Record<string, CommandSpec> = {
  APPEND: { state: "user", news: "all", run: append },
};

function append(session: Session, from: Arguments): string | undefined {
  from.space();
  const name = from.astring();
  const messages: NewMessage[] = [];
  do {
    from.space();
    messages.push(readMessage(from));
  } while (!from.atEnd && session.can("MULTIAPPEND"));
  from.end();
  const mailbox = session.store.find(name);
  if (mailbox === undefined) throw new Refusal("[TRYCREATE] No such mailbox");
  const uids = messages.map((message) => mailbox.add(message).uid);
  return session.can("UIDPLUS") ? `[APPENDUID ${mailbox.uidValidity} ${compressed(uids)}] Appended` : undefined;
}

function readMessage(from: Arguments): NewMessage {
  let flags: string[] = [];
  if (from.rest.startsWith("(")) {
    flags = from.list(() => from.flag());
    from.space();
  }
  let date: ReturnType<typeof parseDateTime> = null;
  if (from.rest.startsWith('"')) {
    date = parseDateTime(from.string() ?? "");
    if (date === null) throw new SyntaxRefusal("not a date");
    from.space();
  }
  const raw = from.literal();
  if (raw === null) throw new SyntaxRefusal("expected a literal");
  return date === null ? { raw, flags } : { raw, flags, internalDate: date.at, zoneMinutes: date.zoneMinutes };
}
