import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { CareFindings, CareState } from "../../shared/contract/care.ts";
import type { MessageId } from "../../shared/ids.ts";
import { removeBlob } from "./blobs.ts";
import { queueMessages } from "./index-queue.ts";
import { noteBytesLost } from "./ingest-bodies.ts";
import { noteLoose } from "./loose-blobs.ts";
import { CHECK_WANTED, type Store, storeFile } from "./open.ts";
import { rebuild } from "./rebuild.ts";
import { eachSlice } from "./slices.ts";
import { statement } from "./statement.ts";
import type { Found, VerifyMessage, VerifyOrder } from "./verify-messages.ts";

const messagesOf = statement<{ hash: string }, { id: MessageId }>("SELECT id FROM message WHERE raw_hash = :hash");

export type VerificationOptions = {
  readonly store: Store;
  readonly profileDir: string;
  /** Progress or an end. */
  readonly onChange: () => void;
  /** Bytes were lost, or messages are to be indexed: whoever fetches and indexes should look. */
  readonly onMended: () => void;
};

/**
 * The check of everything that lies on this computer: every message file against its name, the database's pages, counts against messages,
 * the index against the store. It reads in a thread of its own, for minutes if need be; what it finds is mended at once, in slices.
 */
export class Verification {
  readonly #options: VerificationOptions;
  #state: CareState = { running: false, checked: 0, total: 0, findings: null };

  constructor(options: VerificationOptions) {
    this.#options = options;
  }

  get state(): CareState {
    return this.#state;
  }

  /** Nothing while one is running. */
  start(): Promise<void> {
    if (this.#state.running) return Promise.resolve();
    this.#change({ running: true, checked: 0, total: 0 });
    return this.#run().finally(() => this.#change({ running: false }));
  }

  async #run(): Promise<void> {
    const { store, profileDir } = this.#options;
    const found = await this.#read({
      storeFile: storeFile(profileDir),
      indexFile: join(profileDir, "search.db"),
      blobDir: store.blobs.dir,
    });
    this.#change({ findings: await this.#mend(found) });
  }

  #read(order: VerifyOrder): Promise<Found> {
    return new Promise((resolve, reject) => {
      const thread = new Worker(new URL("./verify-thread.ts", import.meta.url), {
        workerData: order,
        name: "verify",
        resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
      });
      thread.unref();
      thread.on("message", (message: VerifyMessage) => {
        if (message.kind === "found") resolve(message.found);
        else this.#change({ checked: message.checked, total: message.total });
      });
      thread.on("error", reject);
      thread.on("exit", () => reject(new Error("the check ended without a result")));
    });
  }

  async #mend(found: Found): Promise<CareFindings> {
    const { store, profileDir, onMended } = this.#options;
    // The file goes first: once its message counts as not here, a good one may be written in its place.
    for (const hash of found.damaged) {
      await removeBlob(store.blobs.dir, hash);
      for (const { id } of store.db.all(messagesOf, { hash })) noteBytesLost(store, id);
    }
    // Looked at again before it goes: it may be a message that is just arriving.
    await eachSlice(found.unneeded, (hashes) =>
      store.db.write((tx) => {
        for (const hash of hashes) noteLoose(tx, hash, store.clock());
      }),
    );
    await eachSlice(found.unindexed, (ids) => queueMessages(store, ids));
    if (found.database) writeFileSync(join(profileDir, CHECK_WANTED), "");
    else if (found.miscounted) await rebuild(store);
    if (found.damaged.length > 0 || found.unindexed.length > 0) onMended();
    return {
      at: store.clock(),
      files: found.files,
      damaged: found.damaged.length,
      unindexed: found.unindexed.length,
      unneeded: found.unneeded.length,
      recounted: found.miscounted && !found.database,
      database: found.database,
    };
  }

  #change(change: Partial<CareState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onChange();
  }
}
