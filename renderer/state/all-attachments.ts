import { create } from "zustand";
import type { AttachmentRow } from "../../shared/contract/attachments.ts";
import type { RowKey } from "../../shared/contract/mail.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { FileGroup } from "../../shared/file-group.ts";
import { client } from "../client/engine.ts";
import { openPreview } from "./preview.ts";
import { download } from "./reader.ts";
import { goTo } from "./route.ts";
import { toastFailure } from "./toasts.ts";

/** `key` names a file while the list is on the screen. */
export type ListedFile = AttachmentRow & { readonly key: number };

type AllAttachments = {
  group: FileGroup | null;
  words: string;
  files: readonly ListedFile[];
  /** Where to read on; null at the end. */
  next: RowKey | null;
  chosen: number | null;
  loaded: boolean;
  failure: FailureData | null;
};

const PAGE = 60;
/** More files of one message than this share a key's room; the engine lists fewer. */
const KEYS_OF_ONE = 1000;

export const useAllAttachments = create<AllAttachments>(() => ({
  group: null,
  words: "",
  files: [],
  next: null,
  chosen: null,
  loaded: false,
  failure: null,
}));

let reading = 0;

/** Reads anew what is shown: as far down as it was read before. */
export function readAttachments(): void {
  const { files } = useAllAttachments.getState();
  read([], null, Math.max(PAGE, files.length));
}

export function readMoreAttachments(): void {
  const { files, next } = useAllAttachments.getState();
  if (next !== null) read(files, next, files.length + PAGE);
}

function read(above: readonly ListedFile[], from: RowKey | null, count: number): void {
  const mine = ++reading;
  const { group, words } = useAllAttachments.getState();
  const readDown = async (): Promise<void> => {
    const files = [...above];
    let before = from;
    do {
      const page = await client.request("attachments.page", { group, words, before, limit: PAGE });
      if (mine !== reading) return;
      files.push(...page.rows.map((row, at) => ({ ...row, key: row.placementId * KEYS_OF_ONE + rankIn(page.rows, at) })));
      before = page.next;
      // What is rare comes a little at a time: what was found stands there while the rest is looked for.
      if (files.length > 0 || before === null) useAllAttachments.setState({ files: [...files], next: before, loaded: true, failure: null });
    } while (before !== null && files.length < count);
  };
  readDown().catch((error: unknown) => {
    if (mine !== reading) return;
    const failure = asFailure(error);
    if (above.length > 0) toastFailure(failure);
    else useAllAttachments.setState({ failure: failure.data() });
  });
}

function rankIn(rows: readonly AttachmentRow[], at: number): number {
  const placementId = rows[at]?.placementId;
  let rank = 0;
  while (rows[at - rank - 1]?.placementId === placementId && rank < at) rank += 1;
  return rank;
}

/** Keeps the page true while it is on the screen. */
export function followAttachments(): () => void {
  let waiting: ReturnType<typeof setTimeout> | null = null;
  // Mail that comes in by the thousand changes lists twenty times a second; who looks at files need not see that.
  const later = (): void => {
    waiting ??= setTimeout(() => {
      waiting = null;
      readAttachments();
    }, SETTLE_MS);
  };
  const stops = [client.onConnect(readAttachments), client.on("mail.changed", later)];
  return () => {
    if (waiting !== null) clearTimeout(waiting);
    reading += 1;
    for (const stop of stops) stop();
  };
}
const SETTLE_MS = 1000;

export function filterAttachments(change: Partial<Pick<AllAttachments, "group" | "words">>): void {
  useAllAttachments.setState({ ...change, files: [], next: null, chosen: null, loaded: false, failure: null });
  readAttachments();
}

export function chooseAttachment(chosen: number | null): void {
  useAllAttachments.setState({ chosen });
}

/** Looks at it, with the others of its message that are listed beside it; one that is not here is fetched. */
export function lookAtAttachment(file: ListedFile): void {
  const { files } = useAllAttachments.getState();
  if (!file.part.here) {
    download(file.placementId);
    return;
  }
  const beside = files.filter(({ placementId }) => placementId === file.placementId);
  openPreview({ placementId: file.placementId, parts: beside.map(({ part }) => part), at: beside.indexOf(file) });
}

/** To the page of all attachments, looking for these words. */
export function goToAttachments(words = ""): void {
  useAllAttachments.setState({ group: null, words, files: [], next: null, chosen: null, loaded: false });
  goTo({ page: "attachments" });
}
