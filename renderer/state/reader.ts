import { create } from "zustand";
import type { ListRow, MessageHead } from "../../shared/contract/mail.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { ConversationId, PlacementId, ViewKey } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { keyOf, type Opened, openAtFirst, partShown, type Shown } from "./first-shown.ts";
import { takePrepared } from "./prepared.ts";
import { comingUp, forgetAhead, isComingUp, readAhead, startReadingAhead, stopReadingAhead, takeReady } from "./read-ahead.ts";
import { useSettings } from "./settings.ts";
import { toastFailure } from "./toasts.ts";

type Reader = Omit<Shown, "opened"> & { readonly opened: Opened | null; readonly failure: FailureData | null };

export const useReader = create<Reader>(() => ({
  opened: null,
  subject: "",
  messages: null,
  bodies: new Map(),
  unfolded: new Set(),
  failure: null,
}));

let readTimer: ReturnType<typeof setTimeout> | undefined;

export function startReader(): void {
  startReadingAhead();
  client.on("mail.changed", ({ view }) => {
    if (useReader.getState().opened?.view === view) readHeads();
  });
  client.on("mail.updated", ({ messageIds }) => {
    for (const message of useReader.getState().messages ?? []) {
      if (messageIds.includes(message.messageId)) {
        if (useReader.getState().unfolded.has(message.placementId)) readBody(message.placementId);
      }
    }
  });
  client.onConnect(() => {
    readHeads();
    for (const id of useReader.getState().unfolded) readBody(id);
  });
}

export function openRow(row: Pick<ListRow, "conversationId" | "placementId" | "subject">, view: ViewKey | null, single: boolean): void {
  const { opened: before } = useReader.getState();
  const { conversationId, placementId, subject } = row;
  if (before?.conversationId === conversationId && before.single === single && (!single || before.placementId === placementId)) return;
  clearTimeout(readTimer);
  const opened: Opened = { conversationId, placementId, view, single };
  const ready = takePrepared(keyOf(opened)) ?? takeReady(opened);
  if (ready !== undefined) showReady(opened, ready);
  else {
    useReader.setState({ opened, subject, messages: null, bodies: new Map(), unfolded: new Set(), failure: null });
    if (isComingUp(opened)) void comingUp(opened).then((come) => (come === undefined ? readAll(opened) : showReady(opened, come, opened)));
    else readAll(opened);
  }
  readAhead(row, view);
}

/**
 * Shows what was read ahead. It is read once more after it was painted, since only then somebody looks at it.
 * @param still shown only while this is open
 */
function showReady(opened: Opened, { subject, messages, bodies, unfolded }: Shown, still?: Opened): void {
  if (still !== undefined && useReader.getState().opened !== still) return;
  useReader.setState({ opened, subject, messages, bodies, unfolded, failure: null });
  for (const id of unfolded) if (!bodies.has(id)) readBody(id);
  markSeenLater(messages ?? []);
  afterPaint(() => {
    if (useReader.getState().opened !== opened) return;
    readHeads();
    for (const id of unfolded) if (bodies.has(id)) readBody(id);
  });
}

/** Asks for the message that surely opens beside what tells which others do. */
function readAll(opened: Opened): void {
  if (useReader.getState().opened !== opened) return;
  readHeads(new Set([opened.placementId]));
  readBody(opened.placementId);
}

/** Reads a message that lies in no folder: its body is all there is to read. */
export function readAlone(placementId: PlacementId): void {
  clearTimeout(readTimer);
  stopReadingAhead();
  const opened: Opened = { conversationId: 0 as ConversationId, placementId, view: null, single: true, alone: true };
  useReader.setState({ opened, subject: "", messages: null, bodies: new Map(), unfolded: new Set([placementId]), failure: null });
  readBody(placementId);
}

export function closeReader(): void {
  clearTimeout(readTimer);
  stopReadingAhead();
  useReader.setState({ opened: null, messages: null, bodies: new Map(), unfolded: new Set(), failure: null });
}

/** @param asked messages whose bodies are on their way */
function readHeads(asked: ReadonlySet<PlacementId> = new Set()): void {
  const { opened } = useReader.getState();
  if (opened === null || opened.alone) return;
  const { conversationId, view, placementId } = opened;
  client.request("mail.conversation", { conversationId, view, placementId }).then(
    ({ subject, messages }) => {
      if (useReader.getState().opened === opened) showHeads(partShown(opened, subject, messages), asked);
    },
    (error: unknown) => {
      const state = useReader.getState();
      if (state.opened === opened && state.messages === null) useReader.setState({ failure: asFailure(error).data() });
    },
  );
}

/** Once the next frame stands on the screen. */
function afterPaint(work: () => void): void {
  requestAnimationFrame(() => setTimeout(work));
}

function showHeads({ subject, messages }: { subject: string; messages: readonly MessageHead[] }, asked: ReadonlySet<PlacementId>): void {
  // Gone while it was open, or just before: to another account, by another program, for good.
  if (messages.length === 0) {
    closeReader();
    return;
  }
  const { opened, messages: before, unfolded } = useReader.getState();
  if (opened === null) return;
  // What has come in the place of all that was there, as after an undo, opens as any other message does.
  const first = before === null || !messages.some(({ placementId }) => before.some((one) => one.placementId === placementId));
  const open = first ? openAtFirst(messages, opened.placementId) : unfolded;
  useReader.setState({ subject, messages: asBefore(before, messages), unfolded: open, failure: null });
  if (!first) return;
  for (const id of open) if (!asked.has(id)) readBody(id);
  markSeenLater(messages);
}

function markSeenLater(messages: readonly MessageHead[]): void {
  const unread = messages.filter((one) => !one.seen).map((one) => one.placementId);
  const { markReadAfterMs } = useSettings.getState().settings;
  if (unread.length > 0 && markReadAfterMs !== null) readTimer = setTimeout(() => markSeen(unread), markReadAfterMs);
}

function markSeen(ids: PlacementId[]): void {
  client
    .request("mail.act", { targets: { kind: "placements", ids }, change: { kind: "flag", flag: "seen", on: true } })
    .catch(toastFailure);
}

function readBody(id: PlacementId): void {
  const { opened } = useReader.getState();
  client.request("mail.read", { placementId: id }).then(
    (body) => {
      const state = useReader.getState();
      if (state.opened !== opened || asBefore(state.bodies.get(id), body) !== body) return;
      useReader.setState({ bodies: new Map(state.bodies).set(id, body) });
    },
    (error: unknown) => {
      const state = useReader.getState();
      // While it is not known what else there is, that is what is told of.
      const told = state.messages !== null || opened?.alone === true;
      if (state.opened === opened && told) useReader.setState({ failure: asFailure(error).data() });
    },
  );
}

/** What was there already if it says the same, so that nothing is drawn anew for it. */
function asBefore<T>(before: T | null | undefined, now: T): T {
  return before !== undefined && before !== null && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

export function unfold(message: MessageHead): void {
  useReader.setState(({ unfolded }) => ({ unfolded: new Set(unfolded).add(message.placementId) }));
  readBody(message.placementId);
  if (!message.seen && useSettings.getState().settings.markReadAfterMs !== null) markSeen([message.placementId]);
}

export function fold(id: PlacementId): void {
  useReader.setState(({ unfolded }) => {
    const next = new Set(unfolded);
    next.delete(id);
    return { unfolded: next };
  });
}

export function download(id: PlacementId): void {
  client.request("mail.download", { placementIds: [id] }).catch(toastFailure);
}

export function showPictures(id: PlacementId, scope: "once" | "sender" | "domain"): void {
  // Nothing that lies ready from this sender may ask for a picture before it is opened.
  forgetAhead();
  void client
    .request("mail.showPictures", { placementId: id, scope })
    .then(() => readBody(id), toastFailure)
    .finally(forgetAhead);
}

/** The message that reply and forward are about: the newest one that is open. */
export function currentMessage(): MessageHead | null {
  const { messages, unfolded } = useReader.getState();
  return messages?.findLast((one) => unfolded.has(one.placementId)) ?? messages?.at(-1) ?? null;
}
