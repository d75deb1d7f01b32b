import { type Arguments, SyntaxRefusal } from "../arguments.ts";
import { string } from "../formats.ts";
import { canonicalFlag } from "../mailbox.ts";
import { Refusal } from "../refusal.ts";
import { compressed } from "../sequence-set.ts";
import type { Session } from "../session.ts";
import { type Chosen, readChosen, viewOf } from "./chosen.ts";
import { announceModseq } from "./fetch.ts";
import type { CommandSpec } from "./table.ts";

export const storeCommands: Record<string, CommandSpec> = {
  STORE: { state: "selected", news: "no-expunge", run: store },
  "UID STORE": { state: "selected", news: "all", run: store },
};

function store(session: Session, from: Arguments, { uid }: { uid: boolean }): string | undefined {
  const view = viewOf(session);
  const chosen = readChosen(session, from, uid);
  from.space();
  if (/^[+-]?X-GM-LABELS/i.test(from.rest) && session.can("X-GM-EXT-1")) return storeLabels(session, from, chosen);
  const unchangedSince = from.rest.startsWith("(") ? readUnchangedSince(session, from) : null;
  const [, sign = "", silent] = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(from.match(/[+-]?FLAGS(?:\.SILENT)?/i) ?? "") ?? [];
  from.space();
  const flags = from.rest.startsWith("(") ? from.list(() => from.flag()) : readBareFlags(from);
  from.end();
  if (view.readOnly) throw new Refusal("[READ-ONLY] The mailbox is open read-only");

  const stale: number[] = [];
  for (const { number, message } of chosen) {
    if (unchangedSince !== null && message.modseq > unchangedSince) {
      stale.push(uid ? message.uid : number);
      continue;
    }
    const before = message.modseq;
    view.mailbox.setFlags(message, changed(message.flags, kept(session, flags), sign));
    // A change of our own that nobody else made one beside is known to this client.
    if (silent !== undefined && message.modseq === before) continue;
    if (silent !== undefined && !session.enabled.has("CONDSTORE")) {
      view.markTold(message);
      continue;
    }
    const items = [
      ...(uid ? [`UID ${message.uid}`] : []),
      ...(session.enabled.has("CONDSTORE") ? [`MODSEQ (${message.modseq})`] : []),
      ...(silent === undefined ? [view.flags(message)] : []),
    ];
    session.untagged(`* ${number} FETCH (${items.join(" ")})`);
    view.markTold(message);
  }
  return stale.length === 0 ? undefined : `[MODIFIED ${compressed(stale)}] Conditional STORE failed`;
}

/** `+X-GM-LABELS (\\Inbox "Custom Label")` and its kin. */
function storeLabels(session: Session, from: Arguments, chosen: readonly Chosen[]): undefined {
  const [, sign = "", silent] = /^([+-]?)X-GM-LABELS(\.SILENT)?$/i.exec(from.match(/[+-]?X-GM-LABELS(?:\.SILENT)?/i) ?? "") ?? [];
  from.space();
  const read = (): string => (from.rest.startsWith("\\") ? from.flag() : from.astring());
  const labels = from.rest.startsWith("(") ? from.list(read) : [read()];
  from.end();
  const view = viewOf(session);
  if (view.readOnly) throw new Refusal("[READ-ONLY] The mailbox is open read-only");
  for (const { number, message } of chosen) {
    session.server.gmail.get(session.store)?.label(message, labels, sign);
    if (silent === undefined)
      session.untagged(`* ${number} FETCH (X-GM-LABELS (${[...(message.gm?.labels ?? [])].map(string).join(" ")}) UID ${message.uid})`);
  }
  return undefined;
}

function readUnchangedSince(session: Session, from: Arguments): number {
  from.need("(UNCHANGEDSINCE ");
  const modseq = from.number();
  from.need(")");
  from.space();
  announceModseq(session);
  return modseq;
}

function readBareFlags(from: Arguments): string[] {
  const flags = [from.flag()];
  while (from.take(" ")) flags.push(from.flag());
  return flags;
}

/** What the server does not keep is dropped without a word. */
function kept(session: Session, flags: readonly string[]): readonly string[] {
  const only = session.server.personality?.keepsFlags?.only;
  return only === undefined ? flags : flags.filter((flag) => only.some((one) => one.toLowerCase() === flag.toLowerCase()));
}

function changed(current: ReadonlySet<string>, given: readonly string[], sign: string): Set<string> {
  const named = given.map(canonicalFlag);
  if (named.some((flag) => flag.startsWith("\\") && !SETTABLE.has(flag))) throw new SyntaxRefusal("no such system flag");
  if (sign === "+") return new Set([...current, ...named]);
  return sign === "-" ? new Set([...current].filter((flag) => !named.includes(flag))) : new Set(named);
}

const SETTABLE = new Set(["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"]);
