import { createHash, type Hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../../shared/failure.ts";
import type { AttachmentId } from "../../shared/ids.ts";
import { syncFolder } from "../store/durable-stream.ts";
import { writeDurably } from "./durable-file.ts";

type Part = { readonly file: FileHandle; readonly path: string; readonly sha: Hash; received: number; busy: Promise<unknown> };

/** What one attachment may weigh. Servers stop far below; this only keeps a disk from filling by mistake. */
export const LARGEST_ATTACHMENT_BYTES = 2 * 1024 ** 3;

/** The files of drafts: attachments and quoted originals, named by the SHA-256 of their bytes, in one folder of the profile. */
export class DraftFiles {
  readonly #folder: string;
  readonly #parts = new Map<AttachmentId, Part>();

  constructor(profileDir: string) {
    this.#folder = join(profileDir, "drafts");
    mkdirSync(this.#folder, { recursive: true });
  }

  path(hash: string): string {
    return join(this.#folder, hash);
  }

  async begin(id: AttachmentId): Promise<void> {
    const path = join(this.#folder, `attachment-${id}.part`);
    this.#parts.set(id, { file: await open(path, "w"), path, sha: createHash("sha256"), received: 0, busy: Promise.resolve() });
  }

  /** @returns bytes received so far; pieces come in order, and one that was given twice is taken once */
  async append(id: AttachmentId, offset: number, bytes: Uint8Array): Promise<number> {
    const part = this.#part(id);
    const turn = part.busy.then(async () => {
      if (offset + bytes.length <= part.received) return;
      if (offset !== part.received) throw new Failure("invalid-input", { params: { what: "offset", expected: part.received } });
      await part.file.write(bytes, 0, bytes.length, offset);
      part.sha.update(bytes);
      part.received += bytes.length;
    });
    // The next piece waits for this one, and is refused by its own offset when this one fails.
    part.busy = turn.catch(() => undefined);
    await turn;
    return part.received;
  }

  /** On disk under its hash before it resolves. */
  async end(id: AttachmentId): Promise<{ hash: string; sizeBytes: number }> {
    const part = this.#part(id);
    await part.busy;
    this.#parts.delete(id);
    await part.file.sync();
    await part.file.close();
    const hash = part.sha.digest("hex");
    await rename(part.path, this.path(hash));
    await syncFolder(this.#folder);
    return { hash, sizeBytes: part.received };
  }

  async drop(id: AttachmentId): Promise<void> {
    const part = this.#parts.get(id);
    if (!part) return;
    this.#parts.delete(id);
    await part.busy;
    await part.file.close();
    await rm(part.path, { force: true });
  }

  /** Attachments that were not completed go; the window that sent them is gone too. */
  async close(): Promise<void> {
    for (const id of this.#parts.keys()) await this.drop(id);
  }

  /** Keeps bytes that are here already: a quoted original, a forwarded attachment. */
  async keep(bytes: Uint8Array): Promise<{ hash: string; sizeBytes: number }> {
    const hash = createHash("sha256").update(bytes).digest("hex");
    await writeDurably([{ path: this.path(hash), bytes }]);
    return { hash, sizeBytes: bytes.length };
  }

  /** @throws Failure `blob-damaged` when the file is missing or is not what was kept */
  async read(hash: string): Promise<Buffer> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.path(hash));
    } catch (error) {
      throw new Failure("blob-damaged", { cause: error });
    }
    if (createHash("sha256").update(bytes).digest("hex") !== hash) throw new Failure("blob-damaged");
    return bytes;
  }

  /** Removes what no draft counts on, once it is older than `olderThanMs`: a file may be there a moment before its row. */
  async sweep(inUse: ReadonlySet<string>, now: number, olderThanMs = 60_000): Promise<number> {
    let removed = 0;
    const open = new Set([...this.#parts.values()].map(({ path }) => path));
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if (inUse.has(name) || open.has(path)) continue;
      if (now - (await stat(path)).mtimeMs < olderThanMs) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }

  #part(id: AttachmentId): Part {
    const part = this.#parts.get(id);
    if (!part) throw new Failure("part-gone");
    return part;
  }
}
