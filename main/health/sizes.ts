import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { measureMail } from "../store/health.ts";
import type { Store } from "../store/open.ts";

/** Counting a large store reads much of it. */
const MEASURED_FOR_MS = 10 * 60_000;

/** What lies on the disk, and what is left of it. */
export class Sizes {
  readonly #store: Store;
  readonly #profileDir: string;
  #mail: { readonly at: number; readonly found: Promise<{ files: number; bytes: number }> } | null = null;

  constructor(store: Store, profileDir: string) {
    this.#store = store;
    this.#profileDir = profileDir;
  }

  /** With the log that is not in it yet. */
  async database(): Promise<number> {
    return (await this.#of("satchel.db")) + (await this.#of("satchel.db-wal"));
  }

  async index(): Promise<number> {
    return (await this.#of("search.db")) + (await this.#of("search.db-wal"));
  }

  /** Counted anew after ten minutes. */
  mail(): Promise<{ files: number; bytes: number }> {
    const now = this.#store.clock();
    if (this.#mail === null || now - this.#mail.at >= MEASURED_FOR_MS || now < this.#mail.at)
      this.#mail = { at: now, found: measureMail(this.#store) };
    return this.#mail.found;
  }

  /** Null where the system does not say. */
  async free(): Promise<number | null> {
    try {
      const { bavail, bsize } = await statfs(this.#profileDir);
      return bavail * bsize;
    } catch (error) {
      // A network drive of some systems.
      if (error instanceof Error && "code" in error) return null;
      throw error;
    }
  }

  async #of(name: string): Promise<number> {
    try {
      return (await stat(join(this.#profileDir, name))).size;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
      throw error;
    }
  }
}
