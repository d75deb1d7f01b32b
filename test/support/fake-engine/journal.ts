import type { JournalEntry, JournalFilter } from "../../../shared/contract/journal.ts";
import type { InputOf, RequestName } from "../../../shared/contract/table.ts";
import type { OperationId } from "../../../shared/ids.ts";
import { ARCHIVE, HARBOUR } from "./mailbox.ts";
import { WritingEngine } from "./writing.ts";

const MINUTE = 60_000;
const SHOWN: Readonly<Record<JournalFilter, (entry: JournalEntry) => boolean>> = {
  all: () => true,
  waiting: ({ state }) => state === "pending" || state === "attempted",
  attention: ({ state }) => state === "parked" || state === "refused",
  done: ({ state }) => state === "done" || state === "undone",
};

/** The scripted engine with a journal: one entry of each kind on top, then as many done ones as wanted. */
export class JournalEngine extends WritingEngine {
  entries: JournalEntry[];

  constructor(now: number, done = 3) {
    super(now);
    const [first, second, third, fourth] = this.letters;
    const base = (id: number, more: Partial<JournalEntry>): JournalEntry => {
      const letter = this.letters[id % this.letters.length];
      return {
        id: id as OperationId,
        accountId: HARBOUR,
        placementId: letter?.placementId ?? null,
        conversationId: letter?.conversationId ?? null,
        shownFolderId: letter?.folderId ?? null,
        subject: letter?.subject ?? "",
        from: letter === undefined ? [] : [letter.from],
        folderId: 10 as never,
        change: { kind: "move", toFolderId: ARCHIVE },
        state: "done",
        reason: null,
        because: null,
        createdAt: now - (done + 10 - id) * MINUTE,
        endedAt: now - (done + 10 - id) * MINUTE + 2000,
        tries: 0,
        serverWords: null,
        limitBytes: null,
        canRetry: false,
        canTakeBack: true,
        undoBar: null,
        ...more,
      };
    };
    const of = (letter: typeof first): Partial<JournalEntry> =>
      letter === undefined
        ? {}
        : {
            placementId: letter.placementId,
            conversationId: letter.conversationId,
            shownFolderId: letter.folderId,
            subject: letter.subject,
            from: [letter.from],
          };
    this.entries = [
      base(done + 4, { ...of(first), state: "pending", endedAt: null, change: { kind: "flag", flag: "flagged", on: true } }),
      base(done + 3, {
        ...of(second),
        state: "parked",
        reason: "tries",
        tries: 4,
        endedAt: null,
        canRetry: true,
      }),
      base(done + 2, {
        ...of(third),
        state: "refused",
        serverWords: "NO [NOPERM] You have no right to delete here.",
        change: { kind: "expunge" },
        canRetry: true,
        canTakeBack: false,
      }),
      base(done + 1, { ...of(fourth), state: "undone", canTakeBack: false, change: { kind: "flag", flag: "seen", on: true } }),
      ...Array.from({ length: done }, (_, index) => base(done - index, {})),
    ];
  }

  override async answer(method: RequestName, input: unknown): Promise<unknown> {
    if (method === "journal.page") return this.#page(input as InputOf<"journal.page">);
    if (method === "journal.retry" || method === "journal.takeBack") {
      this.asked.push({ method, input });
      const { ids } = input as InputOf<"journal.retry">;
      this.entries = this.entries.map((entry) => {
        if (!ids.includes(entry.id)) return entry;
        if (method === "journal.retry") return { ...entry, state: "pending", reason: null, serverWords: null, canRetry: false, tries: 0 };
        return { ...entry, state: entry.state === "done" ? "done" : "undone", canTakeBack: false };
      });
      this.emit("journal.changed", { revision: this.now });
      return { count: ids.length };
    }
    return super.answer(method, input);
  }

  #page({ filter, before, limit }: InputOf<"journal.page">) {
    const count = (one: JournalFilter): number => this.entries.filter(SHOWN[one]).length;
    return {
      entries: this.entries
        .filter(SHOWN[filter])
        .filter(({ id }) => before === null || id < before)
        .slice(0, limit),
      counts: { all: count("all"), waiting: count("waiting"), attention: count("attention"), done: count("done") },
    };
  }
}
