import { closeSync, fdatasync, fsync, open } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";

const openFile = promisify(open);
const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);

/**
 * A database's write-ahead log, waited for outside of SQLite. A commit with synchronous NORMAL has written its pages into the log;
 * once the log is on disk so is the commit, and the thread need not stand still for that. A checkpoint in between takes nothing away: it
 * brings the log to the disk before it begins.
 */
export class LogFile {
  readonly #path: string;
  #opened: Promise<number> | null = null;
  #under = 0;
  #closing = false;

  /** @param database the path of the database itself */
  constructor(database: string) {
    this.#path = `${database}-wal`;
  }

  /** Settles when what the log held at the call is on disk. @throws the error of the system */
  async sync(): Promise<void> {
    this.#under += 1;
    try {
      this.#opened ??= this.#open();
      await syncData(await this.#opened);
    } catch (error) {
      this.#opened = null;
      throw error;
    } finally {
      this.#under -= 1;
      if (this.#closing) this.close();
    }
  }

  /** Lets go of the file; what is being waited for is waited for still. */
  close(): void {
    this.#closing = true;
    if (this.#under > 0 || this.#opened === null) return;
    const opened = this.#opened;
    this.#opened = null;
    // Open already: nothing is under way.
    void opened.then((descriptor) => closeSync(descriptor));
  }

  async #open(): Promise<number> {
    // For writing: Windows flushes no file that was opened to be read.
    const descriptor = await openFile(this.#path, "r+");
    // A log that was just created is not on disk while its name is not.
    if (process.platform !== "win32") {
      const folder = await openFile(dirname(this.#path), "r");
      await syncAll(folder).finally(() => closeSync(folder));
    }
    return descriptor;
  }
}
