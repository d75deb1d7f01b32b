import { type Flag, type FlagBits, hasFlag } from "../../shared/flags.ts";
import { NOWHERE } from "./overlay.ts";

export type ReplayChange =
  | { readonly kind: "flag"; readonly flag: Flag; readonly on: boolean }
  | { readonly kind: "move"; readonly toFolderId: number }
  | { readonly kind: "copy"; readonly toFolderId: number; readonly fromId: number; readonly across?: "copy" | "move" }
  | { readonly kind: "leave"; readonly toFolderId: number }
  | { readonly kind: "label"; readonly folderId: number; readonly on: boolean }
  | { readonly kind: "expunge" }
  | { readonly kind: "restore"; readonly toFolderId: number };

/** One thing the user did to one message and the server has not heard of. Ascending ids are the order in which it was done. */
export type WaitingOperation = {
  readonly id: number;
  readonly placementId: number;
  readonly state: "pending" | "attempted";
  readonly change: ReplayChange;
  /** How often it failed without being refused; left out = never. */
  readonly tries?: number;
  /** Server truth: where the message lies, under which number (null = not known yet), with which flags. */
  readonly folderId: number;
  readonly uid: number | null;
  readonly flags: FlagBits;
  /** Of a copy: where its original lies. */
  readonly source?: CopySource | null;
  /** Folders whose Gmail label the server has on it; null or left out where it can carry none: outside of All Mail. */
  readonly labels?: readonly number[] | null;
};

/**
 * `here`: of another account, and its bytes are on this computer. `unasked`: of another account, and nobody has asked for its bytes yet. `unnumbered`:
 * somewhere, its number is not known yet, or its bytes are on their way. `gone`: the server has it no more.
 */
export type CopySource = { readonly folderId: number; readonly uid: number } | "here" | "unasked" | "unnumbered" | "gone";

/** One message of a step, with the operations that the step settles for it. `uid` 0: it lies there no more. */
export type StepItem = { readonly placementId: number; readonly uid: number; readonly ids: readonly number[] };

export type ReplayStep =
  /** Undone by later ones: settled without a word to the server. */
  | { readonly kind: "settled"; readonly ids: readonly number[] }
  /** Sent before a crash and not to be repeated blindly: look whether it happened. */
  | { readonly kind: "look"; readonly folderId: number; readonly toFolderId: number; readonly items: readonly StepItem[] }
  | { readonly kind: "flag"; readonly folderId: number; readonly flag: Flag; readonly on: boolean; readonly items: readonly StepItem[] }
  | {
      readonly kind: "label";
      readonly folderId: number;
      readonly labelFolderId: number;
      readonly on: boolean;
      readonly items: readonly StepItem[];
    }
  /** Items name the copies by their placement and the originals by their UID. */
  | { readonly kind: "copy"; readonly folderId: number; readonly toFolderId: number; readonly items: readonly StepItem[] }
  /** A copy of what lies in another account, out of its file. One message each: a no is about that one. */
  | { readonly kind: "append"; readonly folderId: number; readonly items: readonly StepItem[] }
  /** Copies of what lies in another account and has yet to be fetched: only what the server takes is. */
  | { readonly kind: "ask"; readonly folderId: number; readonly items: readonly StepItem[] }
  /** As `look`, for copies; the folder is where they were to go. */
  | { readonly kind: "look-copy"; readonly folderId: number; readonly items: readonly StepItem[] }
  | { readonly kind: "move"; readonly folderId: number; readonly toFolderId: number; readonly items: readonly StepItem[] }
  | { readonly kind: "expunge"; readonly folderId: number; readonly items: readonly StepItem[] }
  /** Originals whose copies are in another account. `uid` 0: sent before, and not listed since. */
  | { readonly kind: "leave"; readonly folderId: number; readonly items: readonly StepItem[] }
  /**
   * Its bytes from here into the folder: from the safety net, or a copy whose original is gone. Tried before or not, the message is looked for
   * there first.
   */
  | { readonly kind: "restore"; readonly folderId: number; readonly items: readonly StepItem[] };

/** Messages named in one command, by how often one of them was tried in vain: the one that spoils it for the others is found in few steps. */
const MOST_PER_STEP = [500, 50, 5, 1] as const;
/** A message whose operations failed so often has had a command of its own: they are parked. */
export const MOST_TRIES = MOST_PER_STEP.length;

/**
 * Turns waiting operations into few commands.
 *
 * Per message: the last word per flag, a flag put back to what the server has says nothing, flags go before moves (they travel with the
 * message), and so do labels, of several moves only the last target counts, and a move back to where the message lies vanishes. Messages whose number is not
 * known yet wait. A copy is made before anything that was done to its original later. A message with an attempted move is looked for first; what comes behind it waits for the answer, and so does
 * whatever else goes into the folder where it is looked for. What was tried in vain comes after everything else, in smaller and smaller company.
 */
export function planReplay(operations: readonly WaitingOperation[]): ReplayStep[] {
  const chains = new Map<number, WaitingOperation[]>();
  for (const operation of [...operations].sort((a, b) => a.id - b.id)) {
    const chain = chains.get(operation.placementId);
    if (chain) chain.push(operation);
    else chains.set(operation.placementId, [operation]);
  }
  const settled: number[] = [];
  const groups = new Map<string, Group>();
  const copied = firstCopies(operations);
  const sought = soughtIn(operations);
  for (const whole of chains.values()) {
    const chain = notBehindCopy(whole, copied);
    const tries = Math.min(
      MOST_TRIES - 1,
      Math.max(0, ...[...chain, ...originalOf(chain, chains)].map((operation) => operation.tries ?? 0)),
    );
    planChain(chain, settled, (key, step, item) => {
      if (sought.has(goesInto(step) ?? NOWHERE)) return;
      const group = groups.get(`${tries} ${key}`);
      if (group) group.items.push(item);
      else groups.set(`${tries} ${key}`, { tries, step, items: [item] });
    });
  }
  const steps = [...groups.values()].sort((a, b) => a.tries - b.tries || ORDER[a.step.kind] - ORDER[b.step.kind]).flatMap(split);
  return settled.length > 0 ? [{ kind: "settled", ids: settled }, ...steps] : steps;
}

const ORDER: Record<ReplayStep["kind"], number> = {
  settled: 0,
  look: 1,
  "look-copy": 2,
  ask: 3,
  flag: 4,
  label: 5,
  copy: 6,
  append: 7,
  move: 8,
  expunge: 9,
  leave: 10,
  restore: 11,
};

/** The first copy that waits of each message, by the message's placement. */
function firstCopies(operations: readonly WaitingOperation[]): Map<number, number> {
  const copied = new Map<number, number>();
  for (const { id, change } of operations)
    if (change.kind === "copy") copied.set(change.fromId, Math.min(id, copied.get(change.fromId) ?? Number.POSITIVE_INFINITY));
  return copied;
}

/**
 * What was done to a message after it was copied would be in the copy, too, if it went out first; and a message that leaves its place without UIDPLUS
 * stays there marked \Deleted, as the copy would be. Of two copies of it one is made after the other.
 */
function notBehindCopy(chain: readonly WaitingOperation[], copied: ReadonlyMap<number, number>): WaitingOperation[] {
  return chain.filter(({ id, placementId, state, change }) => {
    const first = copied.get(change.kind === "copy" ? change.fromId : placementId);
    if (first === undefined || state !== "pending") return true;
    if (change.kind === "copy") return id === first;
    return id < first && (change.kind === "flag" || change.kind === "label");
  });
}

/** The folder that gets another message by a step. */
export function goesInto(step: ReplayStep): number | undefined {
  if (step.kind === "append" || step.kind === "restore") return step.folderId;
  return step.kind === "copy" || step.kind === "move" ? step.toFolderId : undefined;
}

/** Where something may have arrived that is to be looked for: an equal one that came in between would be taken for it, or put it in doubt. */
function soughtIn(operations: readonly WaitingOperation[]): Set<number> {
  return new Set(
    operations.flatMap(({ state, change }) =>
      state === "attempted" && (change.kind === "copy" || change.kind === "move") ? [change.toFolderId] : [],
    ),
  );
}

/** A copy waits for what was done to its original before. */
function originalOf(
  chain: readonly WaitingOperation[],
  chains: ReadonlyMap<number, readonly WaitingOperation[]>,
): readonly WaitingOperation[] {
  const copy = chain.find(({ change }) => change.kind === "copy");
  return copy?.change.kind === "copy" ? (chains.get(copy.change.fromId) ?? []).filter(({ id }) => id < copy.id) : [];
}

type Group = { readonly tries: number; readonly step: ReplayStep; readonly items: StepItem[] };
type Into = (key: string, step: ReplayStep, item: StepItem) => void;

function planChain(chain: readonly WaitingOperation[], settled: number[], into: Into): void {
  const first = chain[0];
  if (!first) return;
  const { placementId, folderId } = first;
  // An attempted move that went through has taken the number along.
  const uid = first.uid ?? 0;
  const item = (ids: readonly number[]): StepItem => ({ placementId, uid, ids });
  const restore = chain.find(({ change }) => change.kind === "restore");
  if (restore?.change.kind === "restore") {
    // Listed again before its answer was written down: it is there. What was done to it since goes by its new number.
    if (folderId !== NOWHERE) settled.push(restore.id);
    else {
      const to = restore.change.toFolderId;
      into(`restore ${to}`, { kind: "restore", folderId: to, items: [] }, item([restore.id]));
    }
    return;
  }
  const copy = chain.find(({ change }) => change.kind === "copy");
  if (copy?.change.kind === "copy") {
    planCopy(chain, copy, copy.change.toFolderId, settled, into);
    return;
  }
  // Of several moves in one command the last is where it went.
  const attempted = chain.findLast((operation) => operation.state === "attempted" && operation.change.kind === "move");
  if (attempted && attempted.change.kind === "move") {
    const { toFolderId } = attempted.change;
    const overtaken = chain.filter(({ id, change }) => change.kind === "move" && id <= attempted.id).map(({ id }) => id);
    into(`look ${folderId} ${toFolderId}`, { kind: "look", folderId, toFolderId, items: [] }, item(overtaken));
    return;
  }
  const all = chain.map(({ id }) => id);
  // Its copy is known to be there: repeated, it finds nothing more to do.
  const leaving = chain.find(({ change }) => change.kind === "leave");
  if (leaving !== undefined && (first.uid !== null || leaving.state === "attempted")) {
    const before = all.filter((id) => id !== leaving.id);
    into(`leave ${folderId}`, { kind: "leave", folderId, items: [] }, item([...before, leaving.id]));
    return;
  }
  if (first.uid === null) return;
  if (chain.some(({ change }) => change.kind === "expunge")) {
    // Nothing that was done to it before matters any more, wherever it was to go.
    into(`expunge ${folderId}`, { kind: "expunge", folderId, items: [] }, item(all));
    return;
  }
  planFlags(chain, first, settled, into);
  planLabels(chain, first, settled, into);
  const moves = chain.flatMap(({ id, change }) => (change.kind === "move" ? [{ id, toFolderId: change.toFolderId }] : []));
  const last = moves.at(-1);
  if (!last) return;
  const ids = moves.map(({ id }) => id);
  if (last.toFolderId === folderId) settled.push(...ids);
  else {
    const { toFolderId } = last;
    into(`move ${folderId} ${toFolderId}`, { kind: "move", folderId, toFolderId, items: [] }, item(ids));
  }
}

/** First of all it has to be made; what was done to the copy waits for its number. */
function planCopy(chain: readonly WaitingOperation[], copy: WaitingOperation, to: number, settled: number[], into: Into): void {
  const { id, placementId, state, source = "gone" } = copy;
  const item = (uid: number): StepItem => ({ placementId, uid, ids: [id] });
  if (state === "attempted") into(`look-copy ${to}`, { kind: "look-copy", folderId: to, items: [] }, item(0));
  // Deleted for good, or gone on to another account, before it was made.
  else if (chain.some(({ change }) => change.kind === "expunge" || change.kind === "leave")) settled.push(...chain.map((one) => one.id));
  else if (source === "gone" || source === null) into(`restore ${to}`, { kind: "restore", folderId: to, items: [] }, item(0));
  else if (source === "unasked") into(`ask ${to}`, { kind: "ask", folderId: to, items: [] }, item(0));
  else if (source === "here") into(`append ${to}`, { kind: "append", folderId: to, items: [] }, item(0));
  else if (source !== "unnumbered") {
    const { folderId, uid } = source;
    into(`copy ${folderId} ${to}`, { kind: "copy", folderId, toFolderId: to, items: [] }, item(uid));
  }
}

function planFlags(
  chain: readonly WaitingOperation[],
  { placementId, folderId, uid, flags }: WaitingOperation,
  settled: number[],
  into: Into,
): void {
  if (uid === null) return;
  const words = new Map<Flag, { on: boolean; ids: number[] }>();
  for (const { id, change } of chain) {
    if (change.kind !== "flag") continue;
    const word = words.get(change.flag);
    if (word) {
      word.on = change.on;
      word.ids.push(id);
    } else words.set(change.flag, { on: change.on, ids: [id] });
  }
  for (const [flag, { on, ids }] of words) {
    // A single word is sent even if it seems to say nothing: what we take for the truth may be old.
    if (ids.length > 1 && hasFlag(flags, flag) === on) settled.push(...ids);
    else into(`flag ${folderId} ${flag} ${on}`, { kind: "flag", folderId, flag, on, items: [] }, { placementId, uid, ids });
  }
}

/** As flags. What comes back from Trash or Spam gets its labels once it is in All Mail again. */
function planLabels(
  chain: readonly WaitingOperation[],
  { placementId, folderId, uid, labels = null }: WaitingOperation,
  settled: number[],
  into: Into,
): void {
  if (uid === null) return;
  const words = new Map<number, { on: boolean; ids: number[] }>();
  for (const { id, change } of chain) {
    if (change.kind !== "label") continue;
    const word = words.get(change.folderId);
    words.set(change.folderId, { on: change.on, ids: [...(word?.ids ?? []), id] });
  }
  const onItsWay = chain.some(({ change }) => change.kind === "move");
  for (const [labelFolderId, { on, ids }] of words) {
    if (labels === null) {
      if (!onItsWay) settled.push(...ids);
    } else if (ids.length > 1 && labels.includes(labelFolderId) === on) settled.push(...ids);
    else
      into(
        `label ${folderId} ${labelFolderId} ${on}`,
        { kind: "label", folderId, labelFolderId, on, items: [] },
        { placementId, uid, ids },
      );
  }
}

function split({ tries, step, items }: Group): ReplayStep[] {
  if (step.kind === "settled") return [step];
  const most = step.kind === "append" ? 1 : (MOST_PER_STEP[tries] ?? 1);
  const steps: ReplayStep[] = [];
  for (let at = 0; at < items.length; at += most) steps.push({ ...step, items: items.slice(at, at + most) });
  return steps;
}

/** How the target stood before a command went out: whatever it made has a number from `uidNext` on. */
export type Attempt = { readonly by: "move" | "copy" | "append"; readonly uidNext: number; readonly uidValidity: number };

/** Of a copy that may have been made before the store was lost: nobody knows when, so that any like it in the folder counts. */
export const ANYWHERE: Attempt = { by: "copy", uidNext: 1, uidValidity: 0 };

/** What is known of a message that may have been copied before a crash. */
export type Sought = { readonly messageIdHeader: string | null; readonly sizeBytes: number; readonly emailId: string | null };
export type Seen = {
  readonly uid: number;
  readonly sizeBytes: number;
  readonly messageIdHeaders: readonly string[];
  readonly emailId?: string | null;
};

/** What became of a message that was sent to a folder: its number there, not there, or more copies than were sent. */
export type Whereabouts = number | "ambiguous" | null;

/**
 * Which of the messages above the target's old UIDNEXT are those that were sent there. The server's own identity decides, else Message-ID
 * and size together. Equal copies are interchangeable: as many as were sent are paired in order, the first of `sought` first. More of them,
 * or the same Message-ID in another size (there are servers that only estimate sizes), and nobody guesses.
 */
export function recogniseAll<T extends Sought>(sought: readonly T[], candidates: readonly Seen[]): Map<T, Whereabouts> {
  const groups = new Map<string, T[]>();
  for (const one of sought) {
    const key = JSON.stringify([one.emailId, one.messageIdHeader, one.sizeBytes]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const found = new Map<T, Whereabouts>();
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const uids = candidates.filter((candidate) => isSame(first, candidate)).map(({ uid }) => uid);
    uids.sort((a, b) => a - b);
    const doubtful = uids.length > group.length || (uids.length === 0 && candidates.some((candidate) => resembles(first, candidate)));
    for (const [index, one] of group.entries()) found.set(one, doubtful ? "ambiguous" : (uids[index] ?? null));
  }
  return found;
}

function isSame(sought: Sought, candidate: Seen): boolean {
  if (sought.emailId !== null && candidate.emailId) return sought.emailId === candidate.emailId;
  if (candidate.sizeBytes !== sought.sizeBytes) return false;
  return sought.messageIdHeader === null
    ? candidate.messageIdHeaders.length === 0
    : candidate.messageIdHeaders.includes(sought.messageIdHeader);
}

function resembles({ emailId, messageIdHeader }: Sought, candidate: Seen): boolean {
  if (emailId !== null && candidate.emailId) return false;
  return messageIdHeader !== null && candidate.messageIdHeaders.includes(messageIdHeader);
}
