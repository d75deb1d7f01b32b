import { type Arguments, SyntaxRefusal } from "./arguments.ts";
import type { Message } from "./mailbox.ts";
import { compressed } from "./sequence-set.ts";

const RETURNS = ["MIN", "MAX", "ALL", "COUNT"] as const;
export type SearchReturn = (typeof RETURNS)[number];

/** `RETURN (...)` of ESEARCH (RFC 4731), or null for a plain SEARCH. An empty list means ALL. */
export function readReturn(from: Arguments): Set<SearchReturn> | null {
  if (!from.take("RETURN ")) return null;
  const options = from.list(() => {
    const name = from.atom().toUpperCase();
    const known = RETURNS.find((one) => one === name);
    if (known === undefined) throw new SyntaxRefusal(`unknown return option ${name}`);
    return known;
  });
  from.space();
  return new Set(options.length === 0 ? ["ALL"] : options);
}

export interface Hit {
  message: Message;
  /** Message number or UID, as the command asked. */
  id: number;
}

export interface AnswerStyle {
  tag: string;
  uid: boolean;
  modseq: boolean;
  returns: Set<SearchReturn> | null;
}

export function searchAnswer(hits: readonly Hit[], { tag, uid, modseq, returns }: AnswerStyle): string {
  const [first, last] = [hits[0], hits.at(-1)];
  const top = Math.max(0, ...hits.map(({ message }) => message.modseq));
  if (returns === null) {
    return `* SEARCH${hits.map(({ id }) => ` ${id}`).join("")}${modseq && first !== undefined ? ` (MODSEQ ${top})` : ""}`;
  }
  const items: string[] = [];
  if (first !== undefined && last !== undefined) {
    if (returns.has("MIN")) items.push(`MIN ${first.id}`);
    if (returns.has("MAX")) items.push(`MAX ${last.id}`);
    if (returns.has("ALL")) items.push(`ALL ${compressed(hits.map(({ id }) => id))}`);
  }
  if (returns.has("COUNT")) items.push(`COUNT ${hits.length}`);
  if (modseq && first !== undefined && last !== undefined) {
    // RFC 7162 §3.1.10: with MIN and MAX alone, only the messages named count.
    const namesOnlyEnds = !returns.has("ALL") && !returns.has("COUNT");
    const ends = [...(returns.has("MIN") ? [first] : []), ...(returns.has("MAX") ? [last] : [])];
    items.push(`MODSEQ ${namesOnlyEnds ? Math.max(...ends.map(({ message }) => message.modseq)) : top}`);
  }
  return ["* ESEARCH", `(TAG "${tag}")`, ...(uid ? ["UID"] : []), ...items].join(" ");
}
