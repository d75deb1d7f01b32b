import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { asFailure, type Failure } from "../../shared/failure.ts";
import type { Log } from "../log.ts";
import { asStorageFailure } from "../store/database.ts";
import type { Timers } from "../sync/timers.ts";

/** What is kept free for drafts, the outbox and what the user does to mail, for when everything else has filled the disk. */
const RESERVE_BYTES = 8 * 1024 * 1024;
const LOOK_AGAIN_MS = 10_000;
const REFUSED = new Set(["disk-full", "read-only"]);

type Needs = {
  readonly profileDir: string;
  readonly log: Log;
  readonly timers: Timers;
  /** Writes something small into the database; throws when that is refused. */
  readonly touch: () => void;
  /** The disk refuses, or takes again (null). */
  readonly onChange: (trouble: Failure | null) => void;
};

/**
 * Whether the disk takes what is written to it. When it refuses, a reserve is given up, so that what nobody could give back is still written;
 * what can wait is to wait. The reserve can be made again: there is room, and all goes on.
 */
export class StorageWatch {
  readonly #needs: Needs;
  readonly #reserve: string;
  #trouble: Failure | null = null;
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#reserve = join(needs.profileDir, "reserve");
  }

  /** Why the disk refuses; null while all is well. */
  get trouble(): Failure | null {
    return this.#trouble;
  }

  /** Makes the reserve, and notices if there is no room for it. */
  async begin(): Promise<void> {
    await this.#look();
  }

  /** Something was refused; whatever is not about the disk is none of this one's business. */
  noted(error: unknown): void {
    const failure = asFailure(error);
    if (!REFUSED.has(failure.code) || this.#closed) return;
    const first = this.#trouble === null;
    this.#trouble = failure;
    if (!first) return;
    this.#needs.log.warn("storage.refused", { code: failure.code });
    this.#needs.onChange(failure);
    rm(this.#reserve, { force: true }).catch((cause: unknown) =>
      this.#needs.log.warn("storage.reserve-not-given-up", { cause: String(cause) }),
    );
    this.#lookLater();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #lookLater(): void {
    this.#cancel ??= this.#needs.timers.after(LOOK_AGAIN_MS, () => {
      this.#cancel = null;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    try {
      await writeReserve(this.#reserve);
      this.#needs.touch();
    } catch (error) {
      this.noted(asStorageFailure(error));
      if (this.#trouble !== null && !this.#closed) this.#lookLater();
      return;
    }
    if (this.#trouble === null || this.#closed) return;
    this.#trouble = null;
    this.#needs.log.info("storage.takes-again");
    this.#needs.onChange(null);
  }
}

/** Real bytes, not a hole: they are to be there when they are needed. */
async function writeReserve(path: string): Promise<void> {
  const aside = `${path}.next`;
  try {
    const file = await open(aside, "w", 0o600);
    try {
      await file.writeFile(Buffer.alloc(RESERVE_BYTES));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
