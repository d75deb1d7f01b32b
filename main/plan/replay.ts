import { type Flag, type FlagBits, hasFlag } from "../../shared/flags.ts";

export type ReplayChange =
  | { readonly kind: "flag"; readonly flag: Flag; readonly on: boolean }
  | { readonly kind: "move"; readonly toFolderId: number }
  | { readonly kind: "expunge" };

/** One thing the user did to one message and the server has not heard of. Ascending ids are the order in which it was done. */
export type WaitingOperation = {
  readonly id: number;
  readonly placementId: number;
  readonly state: "pending" | "attempted";
  readonly change: ReplayChange;
  /** Server truth: where the message lies, under which number (null = not known yet), with which flags. */
  readonly folderId: number;
  readonly uid: number | null;
  readonly flags: FlagBits;
};

/** One message of a step, with the operations that the step settles for it. `uid` 0: it lies there no more. */
export type StepItem = { readonly placementId: number; readonly uid: number; readonly ids: readonly number[] };

export type ReplayStep =
  /** Undone by later ones: settled without a word to the server. */
  | { readonly kind: "settled"; readonly ids: readonly number[] }
  /** Sent before a crash and not to be repeated blindly: look whether it happened. */
  | { readonly kind: "look"; readonly folderId: number; readonly toFolderId: number; readonly items: readonly StepItem[] }
  | { readonly kind: "flag"; readonly folderId: number; readonly flag: Flag; readonly on: boolean; readonly items: readonly StepItem[] }
  | { readonly kind: "move"; readonly folderId: number; readonly toFolderId: number; readonly items: readonly StepItem[] }
  | { readonly kind: "expunge"; readonly folderId: number; readonly items: readonly StepItem[] };

/** Messages named in one command. */
const MOST_PER_STEP = 500;

/**
 * Turns waiting operations into few commands.
 *
 * Per message: the last word per flag, a flag put back to what the server has says nothing, flags go before moves (they travel with the
 * message), of several moves only the last target counts, and a move back to where the message lies vanishes. Messages whose number is not
 * known yet wait. A message with an attempted move is looked for first; what comes behind it waits for the answer.
 */
export function planReplay(operations: readonly WaitingOperation[]): ReplayStep[] {
  const chains = new Map<number, WaitingOperation[]>();
  for (const operation of [...operations].sort((a, b) => a.id - b.id)) {
    const chain = chains.get(operation.placementId);
    if (chain) chain.push(operation);
    else chains.set(operation.placementId, [operation]);
  }
  const settled: number[] = [];
  const groups = new Map<string, { step: ReplayStep; items: StepItem[] }>();
  const into = (key: string, step: ReplayStep, item: StepItem) => {
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { step, items: [item] });
  };
  for (const chain of chains.values()) planChain(chain, settled, into);
  const steps = [...groups.values()]
    .sort((a, b) => ORDER[a.step.kind] - ORDER[b.step.kind])
    .flatMap(({ step, items }) => split(step, items));
  return settled.length > 0 ? [{ kind: "settled", ids: settled }, ...steps] : steps;
}

const ORDER: Record<ReplayStep["kind"], number> = { settled: 0, look: 1, flag: 2, move: 3, expunge: 4 };

type Into = (key: string, step: ReplayStep, item: StepItem) => void;

function planChain(chain: readonly WaitingOperation[], settled: number[], into: Into): void {
  const first = chain[0];
  if (!first) return;
  const { placementId, folderId } = first;
  // An attempted move that went through has taken the number along.
  const uid = first.uid ?? 0;
  const item = (ids: readonly number[]): StepItem => ({ placementId, uid, ids });
  const attempted = chain.find((operation) => operation.state === "attempted" && operation.change.kind === "move");
  if (attempted && attempted.change.kind === "move") {
    const { toFolderId } = attempted.change;
    into(`look ${folderId} ${toFolderId}`, { kind: "look", folderId, toFolderId, items: [] }, item([attempted.id]));
    return;
  }
  if (first.uid === null) return;
  const all = chain.map(({ id }) => id);
  if (chain.some(({ change }) => change.kind === "expunge")) {
    // Nothing that was done to it before matters any more, wherever it was to go.
    into(`expunge ${folderId}`, { kind: "expunge", folderId, items: [] }, item(all));
    return;
  }
  planFlags(chain, first, settled, into);
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

function split(step: ReplayStep, items: readonly StepItem[]): ReplayStep[] {
  if (step.kind === "settled") return [step];
  const steps: ReplayStep[] = [];
  for (let at = 0; at < items.length; at += MOST_PER_STEP) steps.push({ ...step, items: items.slice(at, at + MOST_PER_STEP) });
  return steps;
}

/** What is known of a message that may have been copied before a crash. */
export type Sought = { readonly messageIdHeader: string | null; readonly sizeBytes: number; readonly emailId: string | null };
export type Seen = {
  readonly uid: number;
  readonly sizeBytes: number;
  readonly messageIdHeaders: readonly string[];
  readonly emailId?: string | null;
};

/**
 * Which message above the target's old UIDNEXT is the one that was sent there. Message-ID and size must both fit; two that fit are
 * `"ambiguous"` and nobody guesses.
 */
export function recognise(sought: Sought, candidates: readonly Seen[]): number | "ambiguous" | null {
  if (sought.emailId !== null) {
    const same = candidates.find((candidate) => candidate.emailId === sought.emailId);
    if (same) return same.uid;
  }
  const fitting = candidates.filter(
    (candidate) =>
      candidate.sizeBytes === sought.sizeBytes &&
      (sought.messageIdHeader === null
        ? candidate.messageIdHeaders.length === 0
        : candidate.messageIdHeaders.includes(sought.messageIdHeader)),
  );
  if (fitting.length > 1) return "ambiguous";
  return fitting[0]?.uid ?? null;
}
