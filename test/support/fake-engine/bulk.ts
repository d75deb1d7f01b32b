import type { Bulk, BulkCounts, BulkOptions, BulkRow, BulkSummary } from "../../../shared/contract/bulk.ts";
import type { InputOf, OutputOf, RequestName } from "../../../shared/contract/table.ts";
import { parseCsv } from "../../../shared/csv.ts";
import { Failure } from "../../../shared/failure.ts";
import type { BulkId, DraftId } from "../../../shared/ids.ts";
import { HARBOUR, ME } from "./mailbox.ts";
import { WritingEngine } from "./writing.ts";

type Handlers = { [N in RequestName]?: (input: InputOf<N>) => OutputOf<N> };

const ID = 1 as BulkId;
const NOBODY: BulkCounts = { waiting: 0, onTheWay: 0, accepted: 0, held: 0, unknown: 0, cancelled: 0, leftOut: 0 };
const OPTIONS: BulkOptions = {
  doubled: "leave-out",
  empty: "leave-out",
  unknown: "stop",
  copies: "each",
  unsubscribe: false,
  perMinute: 30,
  startAt: null,
};

/** The scripted engine with one bulk: a table of name and address whose text asks for `{{Name}}` alone. It sends nothing by itself. */
export class BulkEngine extends WritingEngine {
  bulk: Bulk | null = null;
  rows: BulkRow[] = [];

  override async answer(method: RequestName, input: unknown): Promise<unknown> {
    const handler = (this.#bulks as Record<string, ((input: unknown) => unknown) | undefined>)[method];
    if (handler === undefined) return super.answer(method, input);
    this.asked.push({ method, input });
    return handler(input);
  }

  /** Something has happened to it. */
  become(change: Partial<Bulk>): void {
    if (this.bulk === null) throw new Failure("message-gone");
    this.bulk = { ...this.bulk, ...change };
    const { draftId, revision, from, fileName, columns, addressColumn, nameColumn, options, check, ...summary } = this.bulk;
    this.bulks = summary.state === "preparing" ? [] : [summary satisfies BulkSummary];
    this.tell("outbox.changed");
  }

  #known(): Bulk {
    if (this.bulk === null) throw new Failure("message-gone");
    return this.bulk;
  }

  #begin(draftId: DraftId, csv: string): void {
    const [columns = [], ...cells] = parseCsv(csv, ",");
    const rows = cells.map(([name = "", address = ""], position) => ({ position, name, address }));
    const good = rows.filter(({ address }) => address.includes("@"));
    const bad = rows.filter(({ address }) => !address.includes("@"));
    this.rows = rows.map((one) => ({ ...one, state: one.address.includes("@") ? "waiting" : "left-out", failure: null, at: null }));
    const none = { count: 0, rows: [] };
    this.bulk = {
      id: ID,
      accountId: HARBOUR,
      subject: "Your kiln, {{Name}}",
      state: "preparing",
      failure: null,
      counts: NOBODY,
      total: rows.length,
      startedAt: null,
      startAt: null,
      endedAt: null,
      perMinute: 30,
      leftMs: good.length * 2000,
      draftId,
      revision: 1,
      from: ME,
      fileName: "guests.csv",
      columns,
      addressColumn: 1,
      nameColumn: 0,
      options: OPTIONS,
      check: {
        sendable: good.map(({ position }) => position),
        badAddress: { count: bad.length, rows: bad.map(({ position, name, address }) => ({ position, text: `${name} · ${address}` })) },
        doubled: none,
        empty: none,
        unknown: [],
        looseBraces: false,
        used: [0],
      },
    };
  }

  readonly #bulks: Handlers = {
    "bulk.begin": ({ draftId, source }) => {
      this.#begin(draftId, source.kind === "file" ? Buffer.from(source.base64, "base64").toString() : "Name,Address");
      return { bulkId: ID };
    },
    "bulk.read": () => this.#known(),
    "bulk.change": ({ options, addressColumn, nameColumn }) => {
      const now = this.#known();
      const chosen = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
      const all = { ...now.options, ...chosen };
      this.become({
        options: all,
        startAt: all.startAt,
        perMinute: all.perMinute,
        addressColumn: addressColumn ?? now.addressColumn,
        nameColumn: nameColumn === undefined ? now.nameColumn : nameColumn,
      });
      return {};
    },
    "bulk.preview": ({ position }) => {
      const row = this.rows[position];
      if (row === undefined) throw new Failure("message-gone");
      return { to: row, subject: `Your kiln, ${row.name}`, url: "/body/1" };
    },
    "bulk.start": () => {
      const { check, total, subject } = this.#known();
      const waiting = check.sendable.length;
      this.become({
        state: "running",
        subject: subject.replace("{{Name}}", "…"),
        startedAt: this.now,
        counts: { ...NOBODY, waiting, leftOut: total - waiting },
      });
      return {};
    },
    "bulk.now": () => {
      this.become({ startAt: null });
      return {};
    },
    "bulk.pause": ({ paused }) => {
      this.become({ state: paused ? "paused" : "running", failure: null });
      return {};
    },
    "bulk.cancel": () => {
      const { counts } = this.#known();
      this.rows = this.rows.map((row) => (row.state === "waiting" ? { ...row, state: "cancelled" } : row));
      this.become({ state: "ended", startAt: null, counts: { ...counts, waiting: 0, cancelled: counts.waiting } });
      return {};
    },
    "bulk.retry": () => ({}),
    "bulk.resolve": () => ({}),
    "bulk.rows": ({ states, after }) => ({
      rows: this.rows.filter(({ position, state }) => position > after && (states === null || states.includes(state))),
    }),
  };
}
