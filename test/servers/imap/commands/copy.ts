import type { Arguments } from "../arguments.ts";
import type { Mailbox } from "../mailbox.ts";
import { Refusal } from "../refusal.ts";
import { compressed } from "../sequence-set.ts";
import type { Session } from "../session.ts";
import { type Chosen, readChosen, viewOf } from "./chosen.ts";
import type { CommandSpec } from "./table.ts";

export const copyCommands: Record<string, CommandSpec> = {
  COPY: { state: "selected", news: "all", run: copy },
  "UID COPY": { state: "selected", news: "all", run: copy },
  MOVE: { state: "selected", news: "all", needs: "MOVE", run: move },
  "UID MOVE": { state: "selected", news: "all", needs: "MOVE", run: move },
};

function copy(session: Session, from: Arguments, { uid }: { uid: boolean }): string | undefined {
  const { chosen, target } = readTransfer(session, from, uid);
  const code = copyTo(target, chosen);
  return session.can("UIDPLUS") && code !== null ? `${code} Copied` : undefined;
}

/** RFC 6851: COPYUID comes untagged and before the EXPUNGE answers. */
function move(session: Session, from: Arguments, { uid }: { uid: boolean }): undefined {
  const view = viewOf(session);
  const { chosen, target } = readTransfer(session, from, uid);
  if (view.readOnly) throw new Refusal("[READ-ONLY] The mailbox is open read-only");
  const code = copyTo(target, chosen);
  const moved = new Set(chosen.map(({ message }) => message));
  view.mailbox.expunge((message) => moved.has(message));
  if (session.can("UIDPLUS") && code !== null) session.untagged(`* OK ${code} Moved`);
  return undefined;
}

function readTransfer(session: Session, from: Arguments, uid: boolean): { chosen: Chosen[]; target: Mailbox } {
  const chosen = readChosen(session, from, uid).filter(({ message }) => !message.expunged);
  from.space();
  const target = session.store.find(from.astring());
  from.end();
  if (target === undefined) throw new Refusal("[TRYCREATE] No such mailbox");
  return { chosen, target };
}

function copyTo(target: Mailbox, chosen: readonly Chosen[]): string | null {
  if (chosen.length === 0) return null;
  const copies = chosen.map(({ message }) => target.add(message).uid);
  return `[COPYUID ${target.uidValidity} ${compressed(chosen.map(({ message }) => message.uid))} ${compressed(copies)}]`;
}
