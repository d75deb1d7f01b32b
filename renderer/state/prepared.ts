import { create } from "zustand";
import type { MessageBody } from "../../shared/contract/mail.ts";
import { keyOf, type Shown } from "./first-shown.ts";
import { useSearch } from "./search.ts";
import { useShell } from "./shell.ts";

/** A conversation that is laid out before it is opened. */
export type Prepared = Shown & {
  readonly key: string;
  /** Its row in the list, by whose leaving it is forgotten. */
  readonly rowId: number;
};

/** At one time: each is a page with its own fonts, styles and words, some megabytes. */
export const MOST_PREPARED = 3;
/** Larger ones are laid out when somebody wants to see them. */
const MOST_TEXT = 200_000;
const MOST_BYTES = 600_000;
const MOST_MESSAGES = 40;

/** What is laid out out of sight, the one that was wanted last at the end. The reader draws it. */
export const usePrepared = create<{ panes: readonly Prepared[] }>(() => ({ panes: [] }));

export function dropPrepared(): void {
  keepPrepared(() => false);
}

export function keepPrepared(holds: (pane: Prepared) => boolean): void {
  const { panes } = usePrepared.getState();
  const kept = panes.filter(holds);
  if (kept.length < panes.length) usePrepared.setState({ panes: kept });
}

/** Where the reader stands beside the list, and somebody may be looking. */
export function canPrepare(): boolean {
  return useShell.getState().layout !== "one" && !document.hidden;
}

/** Has a conversation laid out that is likely opened next. */
export function prepare(shown: Shown, rowId: number): void {
  if (!canPrepare() || !isSmall(shown) || useSearch.getState().open) return;
  const key = keyOf(shown.opened);
  const { panes } = usePrepared.getState();
  const known = panes.find((pane) => pane.key === key);
  if (known !== undefined && known.messages === shown.messages && known === panes.at(-1)) return;
  const others = panes.filter((pane) => pane !== known);
  const next = known?.bodies === shown.bodies ? known : { ...shown, key, rowId };
  usePrepared.setState({ panes: [...others, next].slice(-MOST_PREPARED) });
}

/** Takes out what was laid out of it, because it is opened now. */
export function takePrepared(key: string): Prepared | undefined {
  const { panes } = usePrepared.getState();
  const found = panes.find((pane) => pane.key === key);
  if (found !== undefined) usePrepared.setState({ panes: panes.filter((pane) => pane !== found) });
  return found;
}

/** Few enough words to be laid out on a guess, and none that would call anybody before it is opened. */
function isSmall({ messages, bodies, unfolded }: Shown): boolean {
  if (messages === null || messages.length > MOST_MESSAGES) return false;
  const open = [...unfolded].map((id) => bodies.get(id));
  return open.every((body) => body !== undefined && isQuiet(body)) && sum(open, (body) => body?.text.length ?? 0) <= MOST_TEXT;
}

function isQuiet(body: MessageBody): boolean {
  const files = sum(body.parts, ({ inline, sizeBytes }) => (inline ? 0 : sizeBytes));
  // A sender whose pictures are shown would hear of a message that nobody has opened.
  const calls = body.picturesAllowed && body.remoteHosts.length > 0;
  return body.state.kind === "here" && !calls && body.head.sizeBytes - files <= MOST_BYTES;
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
