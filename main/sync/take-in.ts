import type { FolderId, PlacementId } from "../../shared/ids.ts";
import type { WholeRow } from "../imap/fetch-bodies.ts";
import type { IndexText } from "../mime/index-text.ts";
import { ingestBodies } from "../store/ingest-bodies.ts";
import { type IncomingHeader, ingestHeaders } from "../store/ingest-headers.ts";
import type { ArrivedBody } from "../store/message-columns.ts";
import { readPlacement } from "../store/placements.ts";
import { breathe } from "../store/slices.ts";
import type { AccountWork } from "./account-work.ts";

type WholeItem = { readonly kind: "whole"; readonly row: Omit<WholeRow, "bytes"> };
type BodyItem = { readonly kind: "body"; readonly placementId: PlacementId };
type Parsed = { readonly item: WholeItem | BodyItem; readonly body: ArrivedBody & { indexText: IndexText } };

/**
 * Takes messages from the line through the parse pool into the store. Bytes go to the parsers at once, rows are written in batches; the
 * promise of `add` is the back-pressure. After a failure nothing more is taken and `finish` rejects.
 */
export class Intake {
  readonly #work: AccountWork;
  readonly #folder: { readonly id: FolderId; readonly uidValidity: number };
  readonly #ready: Parsed[] = [];
  #taking: Promise<void> | null = null;
  #open = 0;
  #failed: unknown = null;
  #idle: (() => void) | null = null;

  constructor(work: AccountWork, folder: { readonly id: FolderId; readonly uidValidity: number }) {
    this.#work = work;
    this.#folder = folder;
  }

  /** Resolves (or answers undefined) when the next message may be read from the line. */
  add(item: WholeItem | BodyItem, bytes: Uint8Array): Promise<void> | undefined {
    if (this.#failed !== null) throw this.#failed;
    const sizeBytes = bytes.byteLength;
    this.#work.speed.arrived(sizeBytes);
    this.#open++;
    const entered = this.#work.gate.enter(sizeBytes);
    if (entered === undefined) {
      void this.#parse(item, bytes, sizeBytes);
      return undefined;
    }
    this.#work.speed.hold();
    const goOn = this.#work.round.stage("held");
    return entered.then(() => {
      goOn();
      this.#work.speed.go();
      void this.#parse(item, bytes, sizeBytes);
    });
  }

  async #parse(item: WholeItem | BodyItem, bytes: Uint8Array, sizeBytes: number): Promise<void> {
    try {
      const body = await this.#work.parsePool.arrive({ bytes, durable: false, account: this.#work.accountId });
      this.#ready.push({ item, body });
      if (this.#ready.length >= this.#work.pace.most) await this.#takeIn(this.#work.pace.most);
    } catch (error) {
      this.#failed ??= error;
    } finally {
      this.#work.gate.leave(sizeBytes);
      this.#open--;
      if (this.#open === 0) this.#idle?.();
    }
  }

  /** All that was added is in the store. */
  async finish(): Promise<void> {
    if (this.#open > 0) await this.#work.round.while("parse", () => new Promise<void>((resolve) => (this.#idle = resolve)));
    await this.#takeIn(1);
    if (this.#failed !== null) throw this.#failed;
  }

  /** Takes in what is ready while it is as many. Whoever brings more meanwhile waits as well, or they would pile up here. */
  #takeIn(least: number): Promise<void> {
    this.#taking ??= this.#takeSlices(least).finally(() => {
      this.#taking = null;
    });
    return this.#taking;
  }

  async #takeSlices(least: number): Promise<void> {
    while (this.#failed === null && this.#ready.length >= least) {
      const room = this.#work.store.roomInLog();
      if (room !== undefined) await room;
      this.#commit(this.#ready.splice(0, this.#work.pace.most));
      // What came while there was no room is more than one transaction may take.
      if (this.#ready.length >= least) await breathe();
    }
  }

  #commit(ready: readonly Parsed[]): void {
    const began = performance.now();
    const texts = this.#work.round.during("store", () => this.#write(ready));
    this.#work.pace.took(performance.now() - began);
    this.#work.round.during("index", () => this.#work.onIndexText?.(texts));
    this.#work.progressed();
  }

  #write(ready: readonly Parsed[]): { messageId: number; text: IndexText }[] {
    const { store } = this.#work;
    const texts: { messageId: number; text: IndexText }[] = [];
    const sizeBytes = ready.reduce((sum, { body }) => sum + body.sizeBytes, 0);
    store.db.write(() => {
      const bodies = ready.flatMap(({ item, body }) => (item.kind === "body" ? [{ placementId: item.placementId, body }] : []));
      const wholes = new Map(
        ready.flatMap(({ item, body }) => (item.kind === "whole" ? [[item.row.uid, { row: item.row, body }] as const] : [])),
      );
      const { id, uidValidity } = this.#folder;
      const listed = wholes.size > 0 ? ingestHeaders(store, id, uidValidity, [...wholes.values()].map(headerOf)) : [];
      for (const { placementId, messageId, uid, isNew, needsBody } of listed) {
        const whole = wholes.get(uid);
        if (!whole) continue;
        if (needsBody) bodies.push({ placementId, body: whole.body });
        else if (isNew) texts.push({ messageId, text: whole.body.indexText });
      }
      ingestBodies(store, bodies);
      this.#work.governor.arrived(sizeBytes, ready.length);
      if (!this.#work.onIndexText) return;
      for (const { placementId, body } of bodies) {
        const messageId = readPlacement(store.db, placementId)?.messageId;
        if (messageId !== undefined) texts.push({ messageId, text: body.indexText });
      }
    });
    this.#work.round.came(ready.length, sizeBytes);
    return texts;
  }
}

/** What the parser found out serves as the headers: nothing better could be asked from the server. */
function headerOf({ row, body }: { row: WholeItem["row"]; body: ArrivedBody }): IncomingHeader {
  const { messageIdHeader, inReplyTo, references, subject, from, to, cc, bcc, replyTo, sentAt } = body;
  return {
    uid: row.uid,
    modseq: row.modseq,
    flags: row.flags,
    keywords: row.keywords,
    receivedAt: row.receivedAt ?? sentAt ?? 0,
    sizeBytes: body.sizeBytes,
    emailId: row.emailId,
    threadId: row.threadId,
    labels: row.labels,
    header: { messageIdHeader, inReplyTo, references, subject, from, to, cc, bcc, replyTo, sentAt },
    hasAttachment: body.hasAttachment,
    parts: body.parts,
    body,
  };
}
