import type { Address } from "../../shared/address.ts";
import type { Bulk, BulkOptions, BulkProblem } from "../../shared/contract/bulk.ts";
import type { InputOf } from "../../shared/contract/table.ts";
import { Failure } from "../../shared/failure.ts";
import type { BulkId, DraftId, OutboxId } from "../../shared/ids.ts";
import { type CheckedRow, checkRows, type RowProblem, recogniseColumns, unsubscribeHeader } from "../plan/bulk.ts";
import {
  changeBulk,
  decideBulkRow,
  finishBulk,
  insertBulk,
  insertBulkRows,
  readBulk,
  readBulkCells,
  removeHalfReadBulks,
  type StoredBulk,
  startBulk,
} from "../store/bulk.ts";
import { isTaken, readDraft, type StoredDraft } from "../store/drafts.ts";
import { insertOutboxItem } from "../store/outbox.ts";
import { eachSlice } from "../store/slices.ts";
import { Letter } from "./bulk-letter.ts";
import type { Commits } from "./commits.ts";
import type { Freezer } from "./freezer.ts";
import type { OutboxOptions } from "./options.ts";

/** Thirty a minute is what the strictest of the large providers takes of anybody. */
const DEFAULTS: BulkOptions = {
  doubled: "leave-out",
  empty: "leave-out",
  unknown: "stop",
  copies: "each",
  unsubscribe: false,
  perMinute: 30,
  startAt: null,
};
/** Nobody means a moment further away than this. */
const FURTHEST_MS = 366 * 86_400_000;
const FIRST_ROWS = 50;

/** One of many: the draft as it is for this recipient. */
export function draftFor(draft: StoredDraft, letter: Letter, to: Address, cells: readonly string[]): StoredDraft {
  return { ...draft, content: { ...draft.content, ...letter.for(cells), to: [to], cc: [], bcc: [] } };
}

export function howFor(from: Address, { options }: StoredBulk, now: number): { date: number; listUnsubscribe: string | null } {
  return { date: now, listUnsubscribe: options.unsubscribe ? unsubscribeHeader(from.address) : null };
}

/** A bulk until its start: the table, what is wrong with it, how each message will be. */
export class BulkPreparing {
  readonly #o: OutboxOptions;
  readonly #commits: Commits;
  readonly #freezer: Freezer;
  /** The table looked at last: it is asked for again and again while the user decides. */
  #cells: { id: BulkId; rows: string[][] } | null = null;
  readonly #starting = new Set<BulkId>();

  constructor(options: OutboxOptions, commits: Commits, freezer: Freezer) {
    this.#o = options;
    this.#commits = commits;
    this.#freezer = freezer;
    removeHalfReadBulks(options.store);
  }

  /** @throws Failure `no-table`, `table-too-long`, `no-recipients`, `draft-gone`, `already-sending` */
  async begin(draftId: DraftId, source: InputOf<"bulk.begin">["source"], likely: readonly string[]): Promise<BulkId> {
    const { db } = this.#o.store;
    const { accountId, content, ...draft } = readDraft(db, draftId);
    if (isTaken(draft)) throw new Failure("already-sending");
    const { columns, rows } =
      source.kind === "file"
        ? await this.#o.worker.run({ kind: "table", job: { bytes: Buffer.from(source.base64, "base64"), likely } })
        : { columns: source.columns, rows: content.to.map(({ name, address }) => [name, address]) };
    if (rows.length === 0) throw new Failure("no-recipients");
    const { address: addressColumn, name: nameColumn } = source.kind === "file" ? recogniseColumns(columns, rows) : { address: 1, name: 0 };
    const fileName = source.kind === "file" ? source.name : null;
    const id = db.write((tx) =>
      insertBulk(tx, { accountId, draftId, fileName, columns, addressColumn, nameColumn, options: DEFAULTS }, this.#o.clock()),
    );
    const numbered = rows.map((cells, position) => ({ position, cells }));
    await eachSlice(numbered, (slice) => db.write((tx) => insertBulkRows(tx, id, slice)));
    db.writeDurably((tx) => finishBulk(tx, id, draftId));
    return id;
  }

  change(id: BulkId, { addressColumn, nameColumn, options }: Omit<InputOf<"bulk.change">, "bulkId">): void {
    if (this.#starting.has(id)) throw new Failure("already-sending");
    this.#o.store.db.writeDurably((tx) => {
      const now = this.#unstarted(id);
      const chosen = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
      changeBulk(tx, {
        ...now,
        addressColumn: addressColumn ?? now.addressColumn,
        nameColumn: nameColumn === undefined ? now.nameColumn : nameColumn,
        options: { ...now.options, ...chosen },
      });
    });
  }

  #unstarted(id: BulkId): StoredBulk {
    const bulk = readBulk(this.#o.store.db, id);
    if (bulk.state !== "preparing") throw new Failure("already-sending");
    return bulk;
  }

  #rows(id: BulkId): string[][] {
    if (this.#cells?.id !== id) this.#cells = { id, rows: readBulkCells(this.#o.store.db, id) };
    return this.#cells.rows;
  }

  #open(bulk: StoredBulk): { draft: StoredDraft; letter: Letter } {
    if (bulk.draftId === null) throw new Failure("draft-gone");
    const draft = readDraft(this.#o.store.db, bulk.draftId);
    return { draft, letter: new Letter(draft.content, bulk) };
  }

  #checked(bulk: StoredBulk, letter: Letter): CheckedRow[] {
    return checkRows(this.#rows(bulk.id), bulk.addressColumn, letter.needed, bulk.options);
  }

  /** What is prepared, and what is wrong with it. */
  read(
    bulk: StoredBulk,
  ): Pick<
    Bulk,
    "draftId" | "revision" | "subject" | "from" | "fileName" | "columns" | "addressColumn" | "nameColumn" | "options" | "check"
  > {
    const { draft, letter } = this.#open(bulk);
    const rows = this.#rows(bulk.id);
    const checked = bulk.state === "preparing" ? this.#checked(bulk, letter) : [];
    const text = (position: number): string =>
      (rows[position] ?? [])
        .filter((cell) => cell !== "")
        .join(" · ")
        .slice(0, 300);
    const having = (problem: RowProblem): BulkProblem => {
      const found = checked.filter(({ problems }) => problems.includes(problem));
      return { count: found.length, rows: found.slice(0, FIRST_ROWS).map(({ position }) => ({ position, text: text(position) })) };
    };
    return {
      draftId: draft.id,
      revision: draft.revision,
      subject: draft.content.subject,
      from: this.#freezer.senderOf(draft),
      fileName: bulk.fileName,
      columns: [...bulk.columns],
      addressColumn: bulk.addressColumn,
      nameColumn: bulk.nameColumn,
      options: bulk.options,
      check: {
        sendable: checked.filter(({ leftOut }) => !leftOut).map(({ position }) => position),
        badAddress: having("bad-address"),
        doubled: having("doubled"),
        empty: having("empty"),
        unknown: [...letter.unknown],
        looseBraces: letter.looseBraces,
        used: [...letter.used],
      },
    };
  }

  #one(id: BulkId, position: number): { bulk: StoredBulk; draft: StoredDraft; to: Address } {
    const bulk = readBulk(this.#o.store.db, id);
    const { draft, letter } = this.#open(bulk);
    const cells = this.#rows(id)[position];
    if (cells === undefined) throw new Failure("message-gone");
    const checked = checkRows([cells], bulk.addressColumn, [], { doubled: "send", empty: "send" })[0];
    const to = { name: nameIn(cells, bulk), address: checked?.address ?? "" };
    return { bulk, draft: draftFor(draft, letter, to, cells), to };
  }

  preview(id: BulkId, position: number): { draft: StoredDraft; to: Address } {
    const { draft, to } = this.#one(id, position);
    return { draft, to };
  }

  /** That message to the sender, as any other message goes. @returns the item, for the outbox to take up */
  async test(id: BulkId, position: number): Promise<OutboxId> {
    const { bulk, draft } = this.#one(id, position);
    const from = this.#freezer.senderOf(draft);
    const own = { ...draft, content: { ...draft.content, to: [from] } };
    const now = this.#o.clock();
    const frozen = await this.#freezer.bytesOf(own, from, howFor(from, bulk, now));
    const how = { createdAt: now, undoUntil: now, sendAt: null, report: null, hold: null, requireTls: draft.content.requireTls === true };
    return await this.#commits.durably((tx) => insertOutboxItem(tx, frozen, [from.address], how));
  }

  /** @throws Failure `draft-changed`, `already-sending`, `placeholder-unknown`, `no-recipients`, `invalid-input` */
  async start(id: BulkId, revision: number): Promise<void> {
    const { db } = this.#o.store;
    const bulk = this.#unstarted(id);
    const { draft, letter } = this.#open(bulk);
    if (draft.revision !== revision) throw new Failure("draft-changed", { params: { revision: draft.revision } });
    if (bulk.options.unknown === "stop" && letter.unknown.length > 0) throw new Failure("placeholder-unknown");
    const { startAt } = bulk.options;
    if (startAt !== null && startAt > this.#o.clock() + FURTHEST_MS) throw new Failure("invalid-input", { params: { what: "startAt" } });
    this.#freezer.senderOf(draft);
    const checked = this.#checked(bulk, letter);
    if (checked.every(({ leftOut }) => leftOut)) throw new Failure("no-recipients");
    if (this.#starting.has(id)) throw new Failure("already-sending");
    this.#starting.add(id);
    try {
      const rows = this.#rows(id);
      await eachSlice(checked, (slice) =>
        db.write((tx) => {
          for (const row of slice) decideBulkRow(tx, id, { ...row, name: nameIn(rows[row.position] ?? [], bulk) });
        }),
      );
      await this.#commits.durably((tx) => {
        // Much may have happened while the rows were written: a second press, another window.
        const now = readDraft(tx, draft.id);
        if (isTaken(now)) throw new Failure("already-sending");
        if (now.revision !== revision) throw new Failure("draft-changed", { params: { revision: now.revision } });
        if (!startBulk(tx, id, draft.accountId, draft.id, draft.content.subject, this.#o.clock())) throw new Failure("already-sending");
      });
    } finally {
      this.#starting.delete(id);
      this.#cells = null;
    }
  }
}

function nameIn(cells: readonly string[], { nameColumn }: StoredBulk): string {
  return nameColumn === null ? "" : (cells[nameColumn] ?? "").replace(/\s+/gu, " ").slice(0, 200);
}
