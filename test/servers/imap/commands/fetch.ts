import { type Arguments, SyntaxRefusal } from "../arguments.ts";
import { type FetchItem, fetchAnswer, marksSeen, readFetchItems } from "../fetch.ts";
import { compressed } from "../sequence-set.ts";
import type { Session } from "../session.ts";
import { readChosen, viewOf } from "./chosen.ts";
import type { CommandSpec } from "./table.ts";

export const fetchCommands: Record<string, CommandSpec> = {
  FETCH: { state: "selected", news: "no-expunge", run: fetch },
  "UID FETCH": { state: "selected", news: "all", run: fetch },
};

function fetch(session: Session, from: Arguments, { uid }: { uid: boolean }): undefined {
  const view = viewOf(session);
  const chosen = readChosen(session, from, uid);
  from.space();
  const items = readFetchItems(from);
  const since = from.take(" ") ? readModifiers(session, from) : null;
  from.end();
  if (since !== null || items.some((item) => item.kind === "plain" && item.name === "MODSEQ")) announceModseq(session);

  if (since?.vanished === true) {
    const gone = view.mailbox.vanished.filter((one) => one.modseq > since.modseq).map((one) => one.uid);
    if (gone.length > 0) session.untagged(`* VANISHED (EARLIER) ${compressed(gone.sort((a, b) => a - b))}`);
  }
  const setsSeen = marksSeen(items) && !view.readOnly;
  for (const { number, message } of chosen) {
    if (since !== null && message.modseq <= since.modseq) continue;
    const seenNow = setsSeen && !message.flags.has("\\Seen");
    if (seenNow) view.mailbox.setFlags(message, [...message.flags, "\\Seen"]);
    session.write(fetchAnswer(view, number, message, withImplied(items, { uid, modseq: since !== null, flags: seenNow })));
  }
  return undefined;
}

/** Items that the answer carries although nobody asked (RFC 3501 §6.4.8, §7.4.2, RFC 7162 §3.1.4.1). */
function withImplied(items: readonly FetchItem[], implied: { uid: boolean; modseq: boolean; flags: boolean }): FetchItem[] {
  const has = (name: string): boolean => items.some((item) => item.kind === "plain" && item.name === name);
  const before: FetchItem[] = implied.uid && !has("UID") ? [{ kind: "plain", name: "UID" }] : [];
  const after: FetchItem[] = [];
  if (implied.flags && !has("FLAGS")) after.push({ kind: "plain", name: "FLAGS" });
  if (implied.modseq && !has("MODSEQ")) after.push({ kind: "plain", name: "MODSEQ" });
  return [...before, ...items, ...after];
}

function readModifiers(session: Session, from: Arguments): { modseq: number; vanished: boolean } {
  let modseq: number | null = null;
  let vanished = false;
  from.list(() => {
    const name = from.atom().toUpperCase();
    if (name === "CHANGEDSINCE" && session.can("CONDSTORE")) {
      from.space();
      modseq = from.number();
    } else if (name === "VANISHED" && session.enabled.has("QRESYNC")) vanished = true;
    else throw new SyntaxRefusal(`unknown modifier ${name}`);
  });
  if (modseq === null) throw new SyntaxRefusal("VANISHED needs CHANGEDSINCE");
  return { modseq, vanished };
}

/** The first command that speaks of MODSEQ switches CONDSTORE on (RFC 7162 §3.1.2). */
export function announceModseq(session: Session): void {
  if (!session.can("CONDSTORE")) throw new SyntaxRefusal("CONDSTORE is not offered");
  if (session.enabled.has("CONDSTORE")) return;
  session.enabled.add("CONDSTORE");
  session.untagged(`* OK [HIGHESTMODSEQ ${viewOf(session).mailbox.highestModseq}] Highest`);
}
