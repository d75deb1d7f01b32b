import type { FolderId } from "../../shared/ids.ts";
import type { ReplayStep } from "../plan/replay.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import type { Replay } from "./replay-run.ts";
import { type KnownListing, takeWholeList } from "./take-folder-list.ts";

/** What became of the folders that a refused step is about; `as-it-was`: that is not why it was refused. */
export type Whereabouts = "elsewhere" | "gone" | "as-it-was";

/** The tree as it is now: operations go out before it is listed, and another program may have renamed what they name. At most one LIST for each run. */
export class TreeLook {
  readonly #known: KnownListing;
  #listed: { readonly folders: ReadonlyMap<FolderId, StoredFolder>; readonly paths: ReadonlySet<string> } | null = null;
  #changed = false;

  constructor(known: KnownListing) {
    this.#known = known;
  }

  /** Folders of the run are not where it has them: it is planned anew. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Whether a folder that has another UIDVALIDITY than it had lies under another name now. */
  async isDisplaced(replay: Replay, folder: StoredFolder): Promise<boolean> {
    const { folders } = await this.#list(replay);
    const elsewhere = folders.get(folder.id)?.path !== folder.path;
    this.#changed ||= elsewhere;
    return elsewhere;
  }

  async whereabouts(replay: Replay, step: Exclude<ReplayStep, { kind: "settled" }>): Promise<Whereabouts> {
    const { folders, paths } = await this.#list(replay);
    const ids = [step.folderId, ...("toFolderId" in step ? [step.toFolderId] : [])] as FolderId[];
    const about = ids.map((id) => ({ before: replay.folders.get(id), now: folders.get(id) }));
    // Of one that went with its messages nothing is left to be done.
    if (about.some(({ before, now }) => before?.path !== now?.path)) {
      this.#changed = true;
      return "elsewhere";
    }
    return about.some(({ now }) => now?.onServer === true && !paths.has(now.path)) ? "gone" : "as-it-was";
  }

  async #list(replay: Replay): Promise<{ readonly folders: ReadonlyMap<FolderId, StoredFolder>; readonly paths: ReadonlySet<string> }> {
    if (this.#listed !== null) return this.#listed;
    const { work, session } = replay;
    // The truth may be older than the listing that was written last.
    this.#known.text = null;
    const { paths } = await takeWholeList(work, session, this.#known);
    // A folder that nothing waits for any more goes with the next listing, though that says the same.
    this.#known.text = null;
    const folders = new Map(readFolders(work.store, work.accountId).map((folder) => [folder.id, folder]));
    this.#listed = { folders, paths };
    return this.#listed;
  }
}
