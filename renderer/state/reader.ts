import { create } from "zustand";
import type { ListRow, MessageBody, MessageHead } from "../../shared/contract/mail.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { ConversationId, PlacementId, ViewKey } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { openAtFirst, type ReadyConversation, readAhead, startReadingAhead, takeReady } from "./read-ahead.ts";
import { useSettings } from "./settings.ts";
import { toastFailure } from "./toasts.ts";

/** What is open: a conversation, or with `single` just one message of it. */
/** `alone`: in no folder and so in no conversation. */
export type Opened = { conversationId: ConversationId; placementId: PlacementId; view: ViewKey | null; single: boolean; alone?: true };

type Reader = {
  opened: Opened | null;
  subject: string;
  /** Oldest first; null until read. */
  messages: readonly MessageHead[] | null;
  bodies: ReadonlyMap<PlacementId, MessageBody>;
  unfolded: ReadonlySet<PlacementId>;
  failure: FailureData | null;
};

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
  const { opened } = useReader.getState();
  if (opened?.conversationId === row.conversationId && opened.single === single && (!single || opened.placementId === row.placementId))
    return;
  clearTimeout(readTimer);
  const ready = takeReady(row, view);
  useReader.setState({
    opened: { conversationId: row.conversationId, placementId: row.placementId, view, single },
    subject: row.subject,
    messages: null,
    bodies: ready?.bodies ?? new Map(),
    unfolded: new Set(),
    failure: null,
  });
  // What was read ahead is painted first; it is read once more all the same, since only then somebody looks at it.
  if (ready === undefined) readHeads();
  else {
    showHeads(ready);
    afterPaint(readHeads);
  }
  readAhead(row, view);
}

/** Reads a message that lies in no folder: its body is all there is to read. */
export function readAlone(placementId: PlacementId): void {
  clearTimeout(readTimer);
  const opened: Opened = { conversationId: 0 as ConversationId, placementId, view: null, single: true, alone: true };
  useReader.setState({ opened, subject: "", messages: null, bodies: new Map(), unfolded: new Set([placementId]), failure: null });
  readBody(placementId);
}

export function closeReader(): void {
  clearTimeout(readTimer);
  useReader.setState({ opened: null, messages: null, bodies: new Map(), unfolded: new Set(), failure: null });
}

function readHeads(): void {
  const { opened } = useReader.getState();
  if (opened === null || opened.alone) return;
  const { conversationId, view, placementId } = opened;
  client.request("mail.conversation", { conversationId, view, placementId }).then(
    (heads) => {
      if (useReader.getState().opened === opened) showHeads(heads);
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

function showHeads({ subject, messages }: Pick<ReadyConversation, "subject" | "messages">): void {
  const { opened, messages: before } = useReader.getState();
  if (opened === null) return;
  const shown = opened.single ? messages.filter((one) => one.placementId === opened.placementId) : messages;
  useReader.setState({ subject: opened.single ? (shown[0]?.subject ?? subject) : subject, messages: shown, failure: null });
  if (before === null) unfoldFirst(shown);
}

/** Opens with the newest message and whatever is unread. */
function unfoldFirst(messages: readonly MessageHead[]): void {
  const open = openAtFirst(messages);
  const { bodies, opened } = useReader.getState();
  useReader.setState({ unfolded: open });
  for (const id of open) {
    if (!bodies.has(id)) readBody(id);
    else afterPaint(() => useReader.getState().opened === opened && readBody(id));
  }
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
      if (state.opened === opened) useReader.setState({ bodies: new Map(state.bodies).set(id, body) });
    },
    (error: unknown) => {
      const state = useReader.getState();
      if (state.opened === opened) useReader.setState({ failure: asFailure(error).data() });
    },
  );
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
  client.request("mail.showPictures", { placementId: id, scope }).then(() => readBody(id), toastFailure);
}

/** The message that reply and forward are about: the newest one that is open. */
export function currentMessage(): MessageHead | null {
  const { messages, unfolded } = useReader.getState();
  return messages?.findLast((one) => unfolded.has(one.placementId)) ?? messages?.at(-1) ?? null;
}
