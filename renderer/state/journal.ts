import { create } from "zustand";
import type { JournalEntry, JournalFilter } from "../../shared/contract/journal.ts";
import type { OutputOf } from "../../shared/contract/table.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { OperationId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { goToView } from "./open.ts";
import { openRow } from "./reader.ts";
import { setReading } from "./shell.ts";
import { showToast, toastFailure } from "./toasts.ts";

type Journal = {
  filter: JournalFilter;
  entries: readonly JournalEntry[];
  counts: OutputOf<"journal.page">["counts"];
  chosen: OperationId | null;
  loaded: boolean;
  failure: FailureData | null;
};

const PAGE = 100;

export const useJournal = create<Journal>(() => ({
  filter: "all",
  entries: [],
  counts: { all: 0, waiting: 0, attention: 0, done: 0 },
  chosen: null,
  loaded: false,
  failure: null,
}));

let reading = 0;

/** Reads anew what is shown: as far down as it was read before. */
export function readJournal(): void {
  const mine = ++reading;
  const { filter, entries } = useJournal.getState();
  void readDown(filter, Math.max(PAGE, entries.length)).then(
    (read) => {
      if (mine === reading) useJournal.setState({ ...read, loaded: true, failure: null });
    },
    (error: unknown) => {
      if (mine === reading) useJournal.setState({ failure: asFailure(error).data() });
    },
  );
}

async function readDown(filter: JournalFilter, count: number): Promise<Pick<Journal, "entries" | "counts">> {
  const entries: JournalEntry[] = [];
  for (;;) {
    const before = entries.at(-1)?.id ?? null;
    const page = await client.request("journal.page", { filter, before, limit: PAGE });
    entries.push(...page.entries);
    if (entries.length >= count || page.entries.length < PAGE) return { entries, counts: page.counts };
  }
}

export function readMoreOfJournal(): void {
  const mine = ++reading;
  const { filter, entries } = useJournal.getState();
  client.request("journal.page", { filter, before: entries.at(-1)?.id ?? null, limit: PAGE }).then((page) => {
    if (mine !== reading) return;
    useJournal.setState({ entries: [...entries, ...page.entries], counts: page.counts });
  }, toastFailure);
}

/** Keeps the page true while it is on the screen. */
export function followJournal(): () => void {
  const stops = [client.onConnect(readJournal), client.on("journal.changed", readJournal)];
  return () => {
    for (const stop of stops) stop();
  };
}

export function filterJournal(filter: JournalFilter): void {
  useJournal.setState({ filter, entries: [], chosen: null, loaded: false });
  readJournal();
}

export function chooseEntry(chosen: OperationId | null): void {
  useJournal.setState({ chosen });
}

export function retry(entries: readonly JournalEntry[]): void {
  const ids = entries.filter(({ canRetry }) => canRetry).map(({ id }) => id);
  if (ids.length === 0) return;
  client.request("journal.retry", { ids }).then(({ count }) => {
    readJournal();
    showToast({ key: "journal:did.retry", params: { count } });
  }, toastFailure);
}

/** Cancels what waits; does the opposite of what is done. */
export function takeBack(entry: JournalEntry): void {
  client.request("journal.takeBack", { ids: [entry.id] }).then(({ count }) => {
    readJournal();
    showToast({ key: count === 0 ? "journal:did.none" : `journal:did.${didKey(entry)}` });
  }, toastFailure);
}

function didKey({ state, change }: JournalEntry): string {
  if (state === "done") return "undo";
  return change.kind.endsWith("-folder") ? "cancelFolder" : "cancel";
}

/** Goes to where the message is shown now, and opens it; or to the folder. */
export function showMessage({ placementId, conversationId, shownFolderId, subject, change }: JournalEntry): void {
  if (shownFolderId !== null && change.kind.endsWith("-folder")) goToView(`folder:${shownFolderId}`);
  if (placementId === null || conversationId === null || shownFolderId === null) return;
  goToView(`folder:${shownFolderId}`);
  openRow({ placementId, conversationId, subject }, `folder:${shownFolderId}`, false);
  setReading(true);
}
