import type { Arguments } from "../arguments.ts";
import { Refusal } from "../refusal.ts";
import type { Session } from "../session.ts";
import { readChosen, viewOf } from "./chosen.ts";
import type { CommandSpec } from "./table.ts";

export const expungeCommands: Record<string, CommandSpec> = {
  EXPUNGE: { state: "selected", news: "all", run: (session, from) => expunge(session, from, false) },
  "UID EXPUNGE": { state: "selected", news: "all", needs: "UIDPLUS", run: (session, from) => expunge(session, from, true) },
};

function expunge(session: Session, from: Arguments, uid: boolean): string | undefined {
  const view = viewOf(session);
  const only = uid ? new Set(readChosen(session, from, true).map(({ message }) => message)) : null;
  from.end();
  if (view.readOnly) throw new Refusal("[READ-ONLY] The mailbox is open read-only");
  view.mailbox.expunge((message) => message.flags.has("\\Deleted") && (only === null || only.has(message)));
  return session.enabled.has("QRESYNC") ? `[HIGHESTMODSEQ ${view.mailbox.highestModseq}] Expunged` : undefined;
}
