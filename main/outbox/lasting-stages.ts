import type { SmtpStage } from "../../shared/contract/outbox.ts";
import { asFailure } from "../../shared/failure.ts";
import type { OutboxId } from "../../shared/ids.ts";
import type { Log } from "../log.ts";
import type { Database } from "../store/database.ts";
import { noteOutboxStage } from "../store/outbox.ts";

/** A dialogue that hurries is in its next stage before a row could say so. */
const LASTS_MS = 250;

/** Writes down where a dialogue stands when it stays there, so that what is killed in the middle of it can be told exactly after the next start. */
export class LastingStages {
  readonly #db: Database;
  readonly #log: Log;
  readonly #reached = new Map<OutboxId, SmtpStage>();
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  reached(id: OutboxId, stage: SmtpStage): void {
    this.#reached.set(id, stage);
    this.#timer ??= setTimeout(() => this.#write(), LASTS_MS).unref();
  }

  /** What became of it is written by whoever knows. */
  left(id: OutboxId): void {
    this.#reached.delete(id);
  }

  #write(): void {
    this.#timer = null;
    if (this.#reached.size === 0) return;
    try {
      this.#db.write((tx) => {
        for (const [id, stage] of this.#reached) noteOutboxStage(tx, id, stage);
      });
    } catch (error) {
      // The message itself lacks nothing: only its history would be less exact after a kill.
      this.#log.warn("outbox.stage-not-kept", { code: asFailure(error).code });
    }
    this.#reached.clear();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#reached.clear();
  }
}
