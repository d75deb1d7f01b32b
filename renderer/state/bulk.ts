import i18next from "i18next";
import { create } from "zustand";
import type { Bulk, BulkRecipientState, BulkRow } from "../../shared/contract/bulk.ts";
import type { InputOf, OutputOf } from "../../shared/contract/table.ts";
import { writeCsv } from "../../shared/csv.ts";
import { asFailure, type FailureData } from "../../shared/failure.ts";
import type { BulkId, DraftId } from "../../shared/ids.ts";
import { client } from "../client/engine.ts";
import { reasonText } from "../i18n/failure-text.ts";
import { formatFullTime } from "../i18n/format.ts";
import { closeComposer, saveNow } from "./composer-saving.ts";
import { composerOf, openDraft } from "./composers.ts";
import { goTo } from "./route.ts";
import { showToast, toastFailure } from "./toasts.ts";

type Preview = OutputOf<"bulk.preview"> & { readonly position: number };
type State = {
  bulk: Bulk | null;
  failure: FailureData | null;
  preview: Preview | null;
  rows: readonly BulkRow[];
  /** Which of them are shown; null = all. */
  states: readonly BulkRecipientState[] | null;
};
const NOTHING: State = { bulk: null, failure: null, preview: null, rows: [], states: null };
const PAGE = 200;

export const useBulk = create<State>(() => NOTHING);

/** From a composer: what was written is kept, and its recipients are chosen next. */
export async function beginBulk(key: number): Promise<void> {
  await saveNow(key);
  const one = composerOf(key);
  if (one === undefined || one.save.kind !== "saved") return;
  await closeComposer(key);
  goTo({ page: "bulk", draftId: one.draft.id, people: one.content.to.length, bulkId: null });
}

export async function takeTable(draftId: DraftId, file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  await take(draftId, { kind: "file", name: file.name, base64: btoa(text) });
}

export function takePeople(draftId: DraftId): Promise<void> {
  return take(draftId, { kind: "people", columns: [i18next.t("bulk:nameColumn"), i18next.t("bulk:addressColumn")] });
}

async function take(draftId: DraftId, source: InputOf<"bulk.begin">["source"]): Promise<void> {
  try {
    openBulk((await client.request("bulk.begin", { draftId, source })).bulkId);
  } catch (error) {
    toastFailure(error);
  }
}

export function openBulk(bulkId: BulkId): void {
  goTo({ page: "bulk", bulkId });
}

/** Keeps the page true while it is on the screen. */
export function followBulk(id: BulkId): () => void {
  useBulk.setState(NOTHING);
  const read = (): void => void readBulk(id);
  const stops = [client.onConnect(read), client.on("outbox.changed", read)];
  return () => {
    for (const stop of stops) stop();
  };
}

async function readBulk(id: BulkId): Promise<void> {
  try {
    const bulk = await client.request("bulk.read", { bulkId: id });
    useBulk.setState({ bulk, failure: null });
    if (bulk.state !== "preparing") return await readRows(Math.max(PAGE, useBulk.getState().rows.length));
    const { preview } = useBulk.getState();
    const [first] = bulk.check.sendable;
    const position = preview !== null && bulk.check.sendable.includes(preview.position) ? preview.position : first;
    if (position === undefined) useBulk.setState({ preview: null });
    else await showPreview(position);
  } catch (error) {
    useBulk.setState({ failure: asFailure(error).data() });
  }
}

export async function showPreview(position: number): Promise<void> {
  const { bulk } = useBulk.getState();
  if (bulk === null) return;
  const preview = await client.request("bulk.preview", { bulkId: bulk.id, position });
  useBulk.setState({ preview: { ...preview, position } });
}

async function readRows(limit: number): Promise<void> {
  const { bulk, states } = useBulk.getState();
  if (bulk === null) return;
  const { rows } = await client.request("bulk.rows", {
    bulkId: bulk.id,
    states: states && [...states],
    after: -1,
    limit: Math.min(500, limit),
  });
  if (useBulk.getState().states === states) useBulk.setState({ rows });
}

export function showRows(states: readonly BulkRecipientState[] | null): void {
  useBulk.setState({ states, rows: [] });
  readRows(PAGE).catch(toastFailure);
}

export function moreRows(): void {
  const { bulk, states, rows } = useBulk.getState();
  if (bulk === null) return;
  client
    .request("bulk.rows", { bulkId: bulk.id, states: states && [...states], after: rows.at(-1)?.position ?? -1, limit: PAGE })
    .then((more) => useBulk.setState({ rows: [...rows, ...more.rows] }), toastFailure);
}

/** Does one thing and looks again. */
function does(id: BulkId, work: Promise<unknown>): void {
  work.catch(toastFailure).finally(() => void readBulk(id));
}

export function changeBulk(id: BulkId, change: Omit<InputOf<"bulk.change">, "bulkId">): void {
  does(id, client.request("bulk.change", { bulkId: id, ...change }));
}

export function testBulk(id: BulkId, position: number): void {
  client
    .request("bulk.test", { bulkId: id, position })
    .then(() => showToast({ key: "bulk:test.sent", icon: "sent", lastsMs: 4_000 }), toastFailure);
}

export function startBulk({ id, revision }: Bulk): void {
  does(id, client.request("bulk.start", { bulkId: id, revision }));
}

export function pauseBulk(id: BulkId, paused: boolean): void {
  does(id, client.request("bulk.pause", { bulkId: id, paused }));
}

export function beginBulkNow(id: BulkId): void {
  does(id, client.request("bulk.now", { bulkId: id }));
}

export function cancelBulk(id: BulkId): void {
  does(id, client.request("bulk.cancel", { bulkId: id }));
}

/** @param position null = all who were refused */
export function retryBulk(id: BulkId, position: number | null): void {
  does(id, client.request("bulk.retry", { bulkId: id, position }));
}

export function resolveBulk(id: BulkId, position: number | null, decision: InputOf<"bulk.resolve">["decision"]): void {
  does(id, client.request("bulk.resolve", { bulkId: id, position, decision }));
}

/** Back into the composer; what was prepared is forgotten. */
export function editBulk({ id, draftId }: Bulk): void {
  client.request("bulk.discard", { bulkId: id }).then(() => {
    goTo({ page: "drafts" });
    if (draftId !== null) openDraft(draftId);
  }, toastFailure);
}

export function duplicateBulk(id: BulkId): void {
  client.request("bulk.duplicate", { bulkId: id }).then(({ draftId }) => openDraft(draftId), toastFailure);
}

export function discardBulk(id: BulkId): void {
  client.request("bulk.discard", { bulkId: id }).then(() => goTo({ page: "outbox" }), toastFailure);
}

/** Everyone and what became of it, as a table on the disk. */
export async function saveReport(id: BulkId): Promise<void> {
  const t = (key: string): string => i18next.t(`bulk:${key}`);
  const table = [["address", "person", "state", "time", "reason", "words"].map((column) => t(`report.${column}`))];
  try {
    for (let after = -1; ; ) {
      const { rows } = await client.request("bulk.rows", { bulkId: id, states: null, after, limit: 500 });
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.position;
      for (const { address, name, state, at, failure } of rows) {
        const reason = failure === null ? "" : reasonText(failure, address);
        table.push([address, name, t(`row.${state}`), at === null ? "" : formatFullTime(at), reason, failure?.serverWords ?? ""]);
      }
    }
  } catch (error) {
    return toastFailure(error);
  }
  const url = URL.createObjectURL(new Blob([writeCsv(table)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = t("report.name");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
